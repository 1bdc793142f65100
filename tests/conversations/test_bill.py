"""账单: the sum, the items, and what differs from the bill before."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import Demo, SignIn
from tests.conversations.figures import DemoCustomer, month, written

pytestmark = pytest.mark.model


def items(mine: DemoCustomer, back: int) -> dict[str, str]:
    """The items of a bill as a table writes them, by name."""
    sums: dict[str, str] = {}
    for item in mine.bill(back).items:
        same = [other.amount.yuan for other in mine.bill(back).items if other.name == item.name]
        sums[item.name] = f"{sum(same):.2f}".replace("-", "−")
    return sums


@pytest.mark.parametrize("number", [2, 6, 17, 27, 28])
def test_the_running_bill_with_its_items(sign_in: SignIn, demo: Demo, number: int) -> None:
    mine = demo(number)
    answer = sign_in(number).says("看账单")
    assert f"{month(mine.cycle, mine.today)}到现在一共 {mine.amount():.2f} 元" in answer.text
    assert f"{month(mine.cycle.shifted(-1), mine.today)}一共 {mine.amount(1):.2f} 元" in answer.text
    rows = answer.rows()
    for name, amount in items(mine, 0).items():
        assert rows[name][0] == amount
    for name, amount in items(mine, 1).items():
        assert rows[name][1] == amount


@pytest.mark.parametrize("question", ["上个月的账单", "查一下上个月的", "上月话费一共多少"])
def test_last_month(sign_in: SignIn, demo: Demo, question: str) -> None:
    mine = demo(9)
    customer = sign_in(9)
    customer.says("看账单")
    answer = customer.says(question)
    less = mine.amount(2) - mine.amount(1)
    assert less == 33
    assert f"{month(mine.cycle.shifted(-1), mine.today)}一共 {mine.amount(1):.2f} 元" in answer.text
    assert f"比{month(mine.cycle.shifted(-2), mine.today)}的 {mine.amount(2):.2f} 元少 33 元" in answer.text
    assert "套外语音少" in answer.text and "10GB流量包少 15 元" in answer.text


def test_more_than_the_month_before(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(8)
    answer = sign_in(8).says("上个月的账单")
    more = mine.amount(1) - mine.amount(2)
    assert f"多 {written(more)} 元" in answer.text and "国际漫游日包多 120 元" in answer.text
    assert answer.rows()["国际漫游日包"] == ["120.00", "0.00", "+120"]
    assert "为什么有国际漫游日包" in answer.titles


def test_the_same_as_the_month_before(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(28)
    assert mine.amount(1) == mine.amount(2)
    assert f"和{month(mine.cycle.shifted(-2), mine.today)}一样" in sign_in(28).says("上个月的账单").text


def test_a_month_by_name(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(6)
    wanted = mine.cycle.shifted(-3)
    answer = sign_in(6).says(f"{wanted.start.month}月的账单")
    assert f"{month(wanted, mine.today)}一共 {mine.amount(3):.2f} 元" in answer.text
    customer = sign_in(6)
    customer.says("账单")
    assert f"{month(wanted, mine.today)}一共 {mine.amount(3):.2f} 元" in customer.says(f"{wanted.start.month}月的").text


def test_back_month_by_month_with_the_button(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(6)
    customer = sign_in(6)
    customer.says("账单")
    for back in (1, 2, 3):
        title = f"{mine.cycle.shifted(-back).start.month}月的"
        assert (
            f"{month(mine.cycle.shifted(-back), mine.today)}一共 {mine.amount(back):.2f} 元"
            in customer.chooses(title).text
        )


def test_a_month_without_a_bill(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(6)
    first = mine.cycle
    while mine.operator.bill(mine.customer.id, first.shifted(-1)):
        first = first.shifted(-1)
    wanted = mine.cycle.shifted(1)  # of a month to come, that is of last year
    answer = sign_in(6).says(f"{wanted.start.month}月的账单")
    assert "查不到" in answer.text and f"最早能查到{month(first, mine.today)}的" in answer.text
    assert answer.table is None and "本期账单" in answer.titles


def test_the_first_bill(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(19)
    customer = sign_in(19)
    customer.says("账单")
    answer = customer.chooses("上一期的")
    assert f"一共 {mine.amount(1):.2f} 元。这是您的第一张账单" in answer.text
    assert "到现在" not in answer.text


def test_a_share_of_the_fee_and_the_whole_fee_are_one_line(sign_in: SignIn, demo: Demo) -> None:
    mine = demo(19)
    rows = sign_in(19).says("账单").table
    assert rows is not None and [row[0]["text"] for row in rows["rows"]].count("畅选39") == 1
    difference = mine.amount() - mine.amount(1)
    assert sign_in(19).says("账单").rows()["畅选39"][2] == f"+{written(difference)}"


def test_discount_has_a_real_minus_sign(sign_in: SignIn) -> None:
    rows = sign_in(28).says("账单").rows()
    assert rows["36 个月购机分期"][:2] == ["−20.00", "−20.00"]


def test_old_service_is_on_it(sign_in: SignIn) -> None:
    answer = sign_in(16).says("账单")
    assert "月费 29 元、掌上新闻手机报 3 元" in answer.text and answer.table is None


def test_sub_card_pays_for_his_own_service_only(sign_in: SignIn) -> None:
    answer = sign_in(18).says("账单")
    assert "一共 5.00 元" in answer.text and answer.rows()["彩铃"][0] == "5.00"


def test_by_the_button_to_the_reason(sign_in: SignIn) -> None:
    customer = sign_in(8)
    customer.says("上个月的账单")
    assert "30 元 × 4 天 = 120 元" in customer.chooses("为什么有国际漫游日包").text
