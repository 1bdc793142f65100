"""When the bot changes its tone and when it gives up, on the trained model: the rules of `content/handoff.yml` in talk."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from botkit.store.tables.conversation import LineRow
from tests.conversations.conftest import SignIn
from tests.driver import Answer, Bot, Customer

pytestmark = pytest.mark.model

SORRY = "让您不痛快了, 抱歉。"


def rule(bot: Bot, answer: Answer) -> str | None:
    """By which rule this answer's conversation was handed over, if it was."""
    with bot.house.unit_of_work(reading=True) as session:
        lines = session.query(LineRow).filter_by(conversation_id=answer.lines[0].conversation_id).order_by(LineRow.seq)
        events = [line.detail for line in lines if (line.detail or {}).get("event") == "HandOver"]
    return events[-1]["rule"] if events else None


def talk(customer: Customer, words: Sequence[str]) -> list[Answer]:
    return [customer.says(text) for text in words]


def rules(bot: Bot, customer: Customer, words: Sequence[str]) -> list[str | None]:
    """After each turn, by which rule the conversation has been handed over so far; it ends there."""
    found: list[str | None] = []
    for text in words:
        found.append(rule(bot, customer.says(text)))
        if found[-1]:
            break
    return found


def test_who_is_annoyed_gets_a_word_of_apology_the_answer_and_a_way_out(sign_in: SignIn, bot: Bot) -> None:
    answer = sign_in(6).says("又乱扣我20块, 你们也太过分了吧")
    assert answer.text.startswith(SORRY) and "炫动视频会员" in answer.text
    assert any("转人工" in title for title in answer.titles) and rule(bot, answer) is None


def test_he_is_not_told_sorry_again_and_again(sign_in: SignIn) -> None:
    first, second = talk(sign_in(6), ["怎么老是乱扣钱, 真让人失望", "那余额总没错吧, 多少, 别又糊弄我"])
    assert first.text.startswith(SORRY) and not second.text.startswith(SORRY)


def test_calm_questions_get_none_of_it(sign_in: SignIn, bot: Bot) -> None:
    for answer in talk(sign_in(6), ["查一下余额", "流量还剩多少", "我是什么套餐", "79和59差在哪"]):
        assert SORRY not in answer.text and rule(bot, answer) is None


def test_six_polite_turns_of_growing_disappointment(sign_in: SignIn, bot: Bot) -> None:
    found = rules(
        bot,
        sign_in(2),
        [
            "麻烦帮我看下上个月的账单",
            "怎么每个月都比说好的多",
            "我问过好几次了, 每次说法都不一样",
            "说实话, 用了这么多年, 挺失望的",
            "你们就是这样对待老客户的吗",
            "算了, 反正说了也没人管",
        ],
    )
    assert found[-1] in ("frustrated", "repeated_question") and len(found) >= 3, "when it has gathered, not before"


@pytest.mark.parametrize(
    "words", ["你们可真行啊, 停机连个短信都不发", "好一个不限量, 刷两个视频就没了", "呵呵, 这也叫5G, 笑死人了"]
)
def test_sarcasm_is_no_praise(sign_in: SignIn, words: str) -> None:
    answer = sign_in(1).says(words)
    assert "不客气。" not in answer.text and any("转人工" in title for title in answer.titles)


def test_a_sudden_threat(sign_in: SignIn, bot: Bot) -> None:
    calm, threat = talk(sign_in(1), ["查一下余额", "再不给我解决我就去工信部投诉你们"])
    assert rule(bot, threat) in ("threat", "complaint") and SORRY not in calm.text


@pytest.mark.parametrize("words", ["卧槽太快了吧, 牛逼", "我靠这也太好用了, 谢谢啊", "妈呀终于弄好了, 爱死你了"])
def test_praise_with_strong_words(sign_in: SignIn, bot: Bot, words: str) -> None:
    answer = sign_in(1).says(words)
    assert SORRY not in answer.text and rule(bot, answer) is None


@pytest.mark.parametrize("words", ["有没有跳楼价的套餐", "不想活动结束以后自动扣费", "1069开头的短信扣了我5块钱"])
def test_words_that_only_look_like_it(sign_in: SignIn, bot: Bot, words: str) -> None:
    assert rule(bot, sign_in(6).says(words)) is None


def test_who_waits_for_his_code_threatens_nobody(customer: Customer, bot: Bot) -> None:
    assert rules(bot, customer, ("查话费", "17000000006", "我等着收验证码呢")) == [None] * 3


@pytest.mark.parametrize(
    "questions",
    [
        ("朝阳区营业厅在哪", "海淀区营业厅在哪", "西城区营业厅在哪"),
        ("流量还剩多少", "那个没用到过啊"),
        ("加个流量包", "第二个不要钱么"),
    ],
)
def test_different_questions_are_no_repetition(sign_in: SignIn, bot: Bot, questions: Sequence[str]) -> None:
    found = rules(bot, sign_in(1), questions)
    assert found[:-1] == [None] * (len(found) - 1) and found[-1] != "misunderstood"


@pytest.mark.parametrize("words", ["今天热死我了, 查下流量还剩多少", "诈骗电话烦死了, 帮我查下余额"])
def test_anger_at_the_world_is_not_anger_at_us(sign_in: SignIn, bot: Bot, words: str) -> None:
    answer = sign_in(1).says(words)
    assert rule(bot, answer) is None and ("GB" in answer.text or "元" in answer.text)


def test_money_back_is_answered_as_far_as_it_can_be_and_handed_over(sign_in: SignIn, bot: Bot) -> None:
    answer = sign_in(6).says("这20块的会员我没开过, 把钱退给我")
    assert "炫动视频会员" in answer.text and "能不能退" in answer.text
    assert rule(bot, answer) in ("refund", "denied_charge")


def test_money_back_is_still_wanted_after_he_has_proved_who_he_is(customer: Customer, bot: Bot) -> None:
    customer.says("多扣了我20块钱会员费, 我没开过, 退给我")
    customer.says("17000000006")
    answer = customer.says(customer.code("17000000006"))
    assert "炫动视频会员" in answer.text
    assert rule(bot, answer) in ("refund", "denied_charge")


def test_who_proves_who_he_is_for_a_plain_question_is_not_handed_over(customer: Customer, bot: Bot) -> None:
    customer.says("为什么多扣了20块")
    customer.says("17000000006")
    answer = customer.says(customer.code("17000000006"))
    assert "炫动视频会员" in answer.text and rule(bot, answer) is None


def test_money_back_for_what_was_just_shown(sign_in: SignIn, bot: Bot) -> None:
    """Another action than the intent's own gives the answer; the hand-over comes after it all the same."""
    customer = sign_in(5)
    customer.says("10月22号用了多少流量")
    answer = customer.says("那天我家wifi一直连着的, 这笔钱请你们退回来")
    assert "10月22日" in answer.text
    assert rule(bot, answer) in ("refund", "denied_charge")


def test_who_says_that_it_was_no_answer_gets_a_human(sign_in: SignIn, bot: Bot) -> None:
    words = ("套餐外打电话怎么收", "等于没说, 再问一遍, 超了一分钟几毛钱")
    assert rules(bot, sign_in(4), words) == [None, "repeated_question"]


def test_cancelling_a_service_is_no_refund(sign_in: SignIn, bot: Bot) -> None:
    answer = sign_in(6).says("帮我把视频会员退订了")
    assert rule(bot, answer) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("我七十多了眼睛看不清, 这些我弄不来, 找个人帮我弄弄", ("struggling", "asked")),
        ("扣费不对, 宽带也断了, 合约还说我违约, 三件事没一件有人管", ("several_matters", "frustrated")),
        ("抓包看到IMS注册返回403, 是你们核心网没开吗", ("technical_depth",)),
        ("凭空扣我六百多, 这钱我不认", ("high_amount", "denied_charge", "frustrated")),
        ("活着没意思, 被你们逼得不想活了", ("despair",)),
        ("我不想活了, 给我转人工", ("despair",)),
    ],
)
def test_matters_for_a_human(sign_in: SignIn, bot: Bot, words: str, expected: tuple[str, ...]) -> None:
    assert rule(bot, sign_in(1).says(words)) in expected


def test_the_same_question_a_third_time(sign_in: SignIn, bot: Bot) -> None:
    words = ["我流量还剩多少", "流量还剩下多少", "我问流量还剩多少"]
    assert rules(bot, sign_in(1), words) == [None, None, "repeated_question"]


def test_the_same_answer_a_third_time(sign_in: SignIn, bot: Bot) -> None:
    found = rules(bot, sign_in(1), ["话费到账没有", "我刚充的五十, 余额里算上了吗", "再帮我看看, 那五十块进来没"])
    assert found == [None, None, "repeated_question"]


def test_reports_of_nuisance_calls_are_answered(sign_in: SignIn, bot: Bot) -> None:
    answer = sign_in(1).says("老有人打电话来问我要不要贷款, 怎么能不让他打进来")
    assert "12321" in answer.text and rule(bot, answer) is None


def test_one_wish_among_words_that_make_no_sense(sign_in: SignIn, bot: Bot) -> None:
    customer = sign_in(1)
    first = customer.says("呃那个锁三挂 啵")
    second = customer.says("按错了 查话费")
    assert rule(bot, first) is None and rule(bot, second) is None and "余额" in second.text


def test_what_was_not_got_twice_in_a_row(customer: Customer, bot: Bot) -> None:
    first = customer.says("鸑鷟是什么意思")
    assert "不会解释" in first.text and rule(bot, first) is None
    second = customer.says("那鸑鷟又是啥意思")
    assert rule(bot, second) == "misunderstood" and "不会解释" not in second.text


def test_back_with_the_bot_it_begins_anew(sign_in: SignIn, bot: Bot) -> None:
    customer = sign_in(1)
    customer.says("你们这帮骗子, 气死我了")
    customer.chooses("继续用机器人")
    answer = customer.says("查一下余额")
    assert "元" in answer.text and SORRY not in answer.text
