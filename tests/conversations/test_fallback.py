"""Not understood: likely meanings first, a human second; and what is nobody's business."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import SignIn
from tests.driver import Answer, Customer

pytestmark = pytest.mark.model

GIBBERISH = (
    "哦泼派去我", "蹦蹦恰恰恰", "嘛咪嘛咪哄", "叽里呱啦蹦擦擦", "qpwo eiru tyzx", "呃那个什么来着咕噜咕噜", "zxcv qwer",
    "咿呀咿呀哟", "滴滴答答哗啦啦", "紫色的大象跳绳", "左三圈右三圈", "asdf ghjk", "乒乒乓乓当当当",
    "蓝天白云青草地", "啊呜啊呜嗷呜", "锄禾日当午", "东临碣石以观沧海", "嘟嘟囔囔嘀嘀咕咕", "三只松鼠两只羊",
)  # fmt: skip


def not_understood(customer: Customer, times: int) -> list[Answer]:
    """Says things that this model does not understand, that often in a row. What it makes of gibberish is chance."""
    bot = customer.bot
    opaque = [words for words in GIBBERISH if bot.run(bot.dialogue.parse(words))["intent"]["name"] == "nlu_fallback"]
    assert len(opaque) >= times, f"the model takes {len(GIBBERISH) - len(opaque)} of {len(GIBBERISH)} for something"
    return [customer.says(words) for words in opaque[:times]]


def test_once_helped_then_handed_over(customer: Customer) -> None:
    first, second = not_understood(customer, 2)
    assert "没太听准" in first.text or "换个说法" in first.text
    assert "都不是" in first.titles or "转人工" in first.titles
    assert "还是没听懂" in second.text and second.titles == ["继续用机器人"]


VAGUE = (
    "套餐余额账单发票", "话费流量宽带一坨", "那个卡那个网那个钱", "弄一下那个那个流量还是宽带", "手机卡钱网", "合约积分漫游",
    "副卡信号发票", "账单信号套餐密码", "钱啊网啊卡啊", "5g宽带余额", "流量发票", "密码套餐", "积分信号", "漫游账单副卡",
)  # fmt: skip


def something_offered(customer: Customer) -> Answer:
    """What the bot says to the first of these that it does not understand, and guesses at."""
    bot = customer.bot
    for words in (*VAGUE, *GIBBERISH):
        if bot.run(bot.dialogue.parse(words))["intent"]["name"] == "nlu_fallback":
            answer = customer.says(words)
            if "都不是" in answer.titles:
                return answer
            customer.says("你好")
    raise AssertionError("nothing likely was ever offered")


def test_none_of_these_asks_for_other_words(customer: Customer) -> None:
    something_offered(customer)
    assert "换个说法试试" in customer.chooses("都不是").text


def test_a_likely_meaning_is_one_click_away(customer: Customer) -> None:
    assert customer.chooses(something_offered(customer).titles[0]).text


def test_understood_between_starts_anew(customer: Customer) -> None:
    not_understood(customer, 1)
    customer.says("79和59差在哪")
    assert "还是没听懂" not in not_understood(customer, 1)[0].text


def test_while_a_number_is_waited_for(customer: Customer) -> None:
    customer.says("查余额")
    first, second, third = not_understood(customer, 3)
    for answer in (first, second):
        assert "还差您的手机号码" in answer.text and len(answer.lines) == 1
    assert "转给人工专员" in third.text


@pytest.mark.parametrize("words", ["今天天气怎么样", "帮我写首诗", "推荐一只股票"])
def test_none_of_our_business(customer: Customer, words: str) -> None:
    answer = customer.says(words)
    assert "帮不上" in answer.text or "机器人客服" in answer.text
    assert answer.choices


def test_help(customer: Customer, sign_in: SignIn) -> None:
    answer = customer.says("你能做什么")
    assert "查余额" in answer.text and "转人工" in answer.text
    assert "身份已核对" in sign_in(1).says("你能做什么").text


@pytest.mark.parametrize("words", ["你好", "在吗", "谢谢", "再见", "你是机器人吗"])
def test_small_talk_is_short(customer: Customer, words: str) -> None:
    assert len(customer.says(words).text) < 60


@pytest.mark.parametrize("words", ["嗯", "不", "为什么", "还有呢", "算了", "下一步", "小米"])
def test_words_that_need_something_before_them(customer: Customer, words: str) -> None:
    assert customer.says(words).choices


@pytest.mark.parametrize("words", ["", "   ", "…", "?", "/restart", "/action_balance", "😀", "a" * 1999])
def test_strange_messages(customer: Customer, words: str) -> None:
    assert customer.says(words).text
