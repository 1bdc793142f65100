"""Setting up 5G, VoLTE and the 5G-only pack by brand and model; whether a phone can; and changing the phone on the way."""

from __future__ import annotations

import pytest

from botkit.telecom.usage import BucketKind
from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import volume
from tests.driver import Answer, Customer

pytestmark = pytest.mark.model


def is_step(answer: Answer, number: int) -> bool:
    return answer.step is not None and answer.step["number"] == number


def test_brand_then_model_then_steps_to_the_end(customer: Customer) -> None:
    answer = customer.says("5G怎么开")
    assert "什么牌子的手机" in answer.text and "华为" in answer.titles
    answer = customer.chooses("小米 / 红米")
    assert "是哪一款 小米 / Redmi" in answer.text
    answer = customer.says("14")
    assert "按 小米14 来" in answer.lines[0].text and is_step(answer, 1)
    assert "想查什么用的" not in answer.text
    steps = answer.step["of"] if answer.step else 0
    assert f"一共 {steps} 步" in answer.text and 2 <= steps <= 6
    for number in range(2, steps + 1):
        assert is_step(customer.says("好了"), number)
    answer = customer.says("弄好了")
    assert "都设置好了" in answer.text and "还是不行" in answer.titles
    assert "没有进行中的设置" in customer.says("下一步").text


def test_model_in_the_first_sentence_is_not_asked_for(customer: Customer) -> None:
    answer = customer.says("华为mate60怎么开5G")
    assert "按 华为 Mate 60 来" in answer.text and is_step(answer, 1)


def test_brand_in_the_first_sentence_is_not_asked_for(customer: Customer) -> None:
    answer = customer.says("华为手机5G在哪开")
    assert "是哪一款 华为" in answer.text
    assert is_step(customer.says("mate 60"), 1)


def test_phone_named_once_is_kept_in_mind(customer: Customer) -> None:
    assert "iPhone 15" in customer.says("iPhone 15支持5G吗").text
    assert "按 iPhone 15 来" in customer.says("那怎么开5G").text
    assert "按 iPhone 15 来" in customer.says("VoLTE怎么开").text


def test_phone_alone_then_the_wish(customer: Customer) -> None:
    answer = customer.says("小米14")
    assert "记下了, 小米14" in answer.text
    assert is_step(customer.chooses("怎么开 5G"), 1)


@pytest.mark.parametrize(
    ("number", "phone"),
    [(1, "vivo X90"), (2, "OPPO Find X6"), (5, "荣耀V30"), (13, "iPhone 15 Pro"), (28, "小米13 Pro")],
)
def test_phone_on_record_is_asked_about_by_its_name_once(sign_in: SignIn, number: int, phone: str) -> None:
    customer = sign_in(number)
    answer = customer.says("怎么打开5G")
    assert f"您登记的手机是 {phone}" in answer.text and answer.titles == ["是", "换了手机"]
    assert is_step(customer.says("是的"), 1)
    customer.says("算了")
    assert is_step(customer.says("怎么打开5G"), 1)  # confirmed once is enough


def test_phone_on_record_is_another_by_now(sign_in: SignIn) -> None:
    customer = sign_in(1)
    customer.says("5G怎么开")
    answer = customer.chooses("换了手机")
    assert "什么牌子的手机" in answer.text and "不动" not in answer.text
    assert "按 小米13 来" in customer.says("小米13").text


def test_phone_on_record_corrected_in_one_go(sign_in: SignIn) -> None:
    customer = sign_in(1)
    customer.says("5G怎么开")
    assert "按 小米13 来" in customer.says("不是, 换成小米13了").text


def test_no_phone_on_record(sign_in: SignIn) -> None:
    assert "什么牌子的手机" in sign_in(15).says("5G怎么开").text


def test_unknown_brand_is_asked_for_once_more_then_general_steps(customer: Customer) -> None:
    customer.says("5G怎么开")
    assert "没认出是哪个牌子" in customer.says("诺基亚3310").text
    answer = customer.says("就是诺基亚")
    assert "先按一般的步骤来" in answer.text and is_step(answer, 1)


def test_unknown_model_is_asked_for_once_more_then_general_steps(customer: Customer) -> None:
    customer.says("5G怎么开")
    customer.says("华为")
    assert "这个型号我没认出来" in customer.says("mate二百").text
    answer = customer.says("p九十九")
    assert "先按一般的步骤来" in answer.text and is_step(answer, 1)


def test_model_not_known_to_the_customer(customer: Customer) -> None:
    customer.says("5G怎么开")
    customer.says("荣耀")
    assert is_step(customer.chooses("不知道型号"), 1)


def test_brand_corrected(customer: Customer) -> None:
    customer.says("5G怎么开")
    customer.says("小米")
    assert "是哪一款 华为" in customer.says("不是, 是华为").text


def test_early_phone(customer: Customer) -> None:
    answer = customer.says("iqoo pro 5g支持sa吗")
    assert answer.text.startswith("iQOO Pro 5G 能用 5G, 用不了独立组网")
    assert answer.text.count("独立组网") == 2 and answer.text.count("用不了") == 1
    answer = customer.says("怎么开5G")
    assert "用不了独立组网" in answer.lines[0].text and is_step(answer, 1)
    assert "硬件" in sa_reason(customer)


def sa_reason(customer: Customer) -> str:
    customer.says("算了")
    customer.says("iqoo pro 5g支持sa吗")
    return customer.says("为什么").text


def test_4g_phone(customer: Customer, sign_in: SignIn) -> None:
    answer = customer.says("iPhone 11支持5G吗")
    assert "iPhone 11 是 4G 手机, 用不了 5G" in answer.text
    customer.says("小米13怎么开5G")
    answer = sign_in(14).says("我的手机支持5G吗")
    assert "iPhone 11 是 4G 手机" in answer.text and "还在用" not in answer.text  # told, not asked
    customer = sign_in(14)
    customer.says("怎么开5G")
    answer = customer.says("是")
    assert "4G 手机" in answer.text and answer.step is None and "看通用流量包" in answer.titles
    assert "10GB流量包" in customer.chooses("看通用流量包").rows()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("小米14支持5G吗", "支持 5G, 也支持独立组网"),
        ("荣耀v30 pro支持独立组网吗", "支持 5G"),
        ("华为mate30 4g能用5G吗", "是 4G 手机"),
    ],
)
def test_can_it(customer: Customer, question: str, says: str) -> None:
    assert says in customer.says(question).text


def test_can_mine(sign_in: SignIn, customer: Customer) -> None:
    assert "小米13 支持 5G" in sign_in(11).says("我的手机支持5G吗").text
    assert "什么牌子的手机" in customer.says("我的手机支持5G吗").text
    assert "4G 手机" in customer.says("iphone 11").text  # the question that was asked, not a guide
    answer = customer.chooses("换了手机")
    assert "什么牌子的手机" in answer.text
    assert "小米14 支持 5G" in customer.says("小米14").text


def test_volte(customer: Customer) -> None:
    customer.says("VoLTE怎么开")
    assert "是哪一款 苹果 iPhone" in customer.says("苹果").text
    answer = customer.says("15pro")
    assert "按 iPhone 15 Pro 来" in answer.text and "VoLTE" in (answer.step or {}).get("title", "")
    assert "HD" in customer.says("好了").text


def test_not_found_leads_on_and_in_the_end_to_a_human(customer: Customer) -> None:
    answer = customer.says("小米13怎么开5G")
    assert answer.titles == ["好了", "找不到"]  # no way back from the first step
    customer.says("好了")
    step = customer.last.text
    seen = [step]
    for _ in range(6):
        answer = customer.says("找不到")
        if "人工" in answer.text:
            break
        assert is_step(answer, 2) and answer.text not in seen
        seen.append(answer.text)
    assert "转人工" in answer.titles and "跳过这一步" in answer.titles  # offered first
    answer = customer.says("找不到")
    assert "请人工帮您看" in answer.text and answer.titles == ["继续用机器人"] and len(seen) >= 2


def test_back_and_again(customer: Customer) -> None:
    first = customer.says("小米13怎么开5G").lines[-1].text
    second = customer.says("好了").text
    assert customer.says("再说一遍").text == second
    assert customer.says("没看清, 再发一次").text == second
    hint = customer.says("找不到").text
    assert hint != second and customer.says("上一步").text == second
    assert customer.says("上一步").text == first


def test_a_word_explained_within_a_guide(customer: Customer) -> None:
    customer.says("小米13怎么开5G")
    second = customer.says("好了").text
    assert "独立组网" in customer.says("什么是SA").text
    assert customer.says("再说一遍").text == second


def test_a_word_explained_before_the_brand(customer: Customer) -> None:
    customer.says("5G怎么开")
    answer = customer.says("什么是SA")
    assert "独立组网" in answer.lines[0].text and "什么牌子的手机" in answer.lines[-1].text
    assert is_step(customer.says("华为mate60"), 1)


def test_another_phone_in_the_middle(customer: Customer) -> None:
    customer.says("小米13怎么开5G")
    customer.says("好了")
    answer = customer.says("不是, 我换成红米k70了")
    assert "按 Redmi K70 来" in answer.text and is_step(answer, 1)


def test_given_up(customer: Customer) -> None:
    customer.says("小米13怎么开5G")
    assert "停下了" in customer.says("算了").text
    assert "没有进行中的设置" in customer.says("下一步").text
    assert is_step(customer.says("好的"), 1)  # yes, begin again


def test_a_human_within_a_guide(customer: Customer) -> None:
    customer.says("小米13怎么开5G")
    assert "好的, 转人工" in customer.says("转人工").text


def test_pack_not_used_is_helped_again(sign_in: SignIn, demo: Demo) -> None:
    left = demo(11).bucket(BucketKind.SA_DATA).left
    customer = sign_in(11)
    answer = customer.says("5G单模流量包怎么一点没用")
    assert f"一点没抵扣 (剩 {volume(left)})" in answer.lines[0].text and "小米13" in answer.lines[-1].text
    answer = customer.says("是")
    assert "独立组网 5G 下抵扣" in answer.lines[0].text and is_step(answer, 1)
    for _ in range(8):
        answer = customer.says("好了")
        if answer.step is None:
            break
    assert "都设置好了" in answer.text


def test_pack_that_is_used(sign_in: SignIn, demo: Demo) -> None:
    bucket = demo(13).bucket(BucketKind.SA_DATA)
    answer = sign_in(13).says("我的5G单模流量包好像没用上")
    assert f"已抵扣 {volume(bucket.used)}, 剩 {volume(bucket.left)}, 是在用的" in answer.text
    assert answer.step is None and "检查手机设置" in answer.titles


def test_no_such_pack(sign_in: SignIn) -> None:
    assert "您名下没有 5G 单模流量包" in sign_in(24).says("5G单模流量包为什么没用上").text
