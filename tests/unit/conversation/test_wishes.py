"""Which messages are two wishes, with an understanding that knows a few words."""

from __future__ import annotations

import asyncio

import pytest

from botkit.conversation.wishes import MOST_PARTS, clearest_part, has_parts, wishes_in

KNOWN = {
    "查下余额": "ask_balance",
    "余额": "ask_balance",
    "查余额": "ask_balance",
    "流量都查一下": "ask_usage",
    "流量": "ask_usage",
    "流量用完了": "ask_usage",
    "流量和账单": "ask_bill",
    "账单": "ask_bill",
    "加个包": "order_addon",
    "看看有没有便宜的套餐": "find_cheaper_plan",
    "5g怎么开": "setup_5g",
    "59哪个划算": "compare_plans",
}


async def understand(text: str) -> tuple[str, float]:
    return (KNOWN[text], 0.9) if text in KNOWN else ("inform", 0.9)


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("查下余额再看看有没有便宜的套餐", ["查下余额", "看看有没有便宜的套餐"]),
        ("余额和流量都查一下", ["余额", "流量都查一下"]),
        ("查余额, 顺便5g怎么开", ["查余额", "5g怎么开"]),
        ("查余额，另外也看看有没有便宜的套餐", ["查余额", "看看有没有便宜的套餐"]),
        ("余额、流量和账单", ["余额", "流量", "账单"]),
    ],
)
def test_two_wishes(text: str, wishes: list[str]) -> None:
    assert asyncio.run(wishes_in(text, understand)) == wishes


@pytest.mark.parametrize(
    "text", ["79和59哪个划算", "流量用完了, 加个包", "查余额", '/ask_balance{"a": "余额和流量"}', "余额和流量" * 20]
)
def test_one_wish(text: str) -> None:
    assert asyncio.run(wishes_in(text, understand)) == [text]


def test_parts_that_are_not_sure_stay_together() -> None:
    async def unsure(text: str) -> tuple[str, float]:
        return KNOWN[text], 0.3

    assert asyncio.run(wishes_in("余额和流量", unsure)) == ["余额和流量"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("按错了 查余额", "查余额"),
        ("那个啥，嗯，查余额。", "查余额"),
        ("查余额", None),
        ("按错了 不是这个", None),
        ("查余额 再看看 5g怎么开", None),
        (" ".join(["嗯"] * MOST_PARTS + ["那个"] * MOST_PARTS + ["查余额"]), None),
    ],
)
def test_the_clear_part_of_a_message(text: str, part: str | None) -> None:
    assert asyncio.run(clearest_part(text, understand)) == part


def test_a_part_must_be_clear_to_be_taken_for_the_whole() -> None:
    async def unsure(text: str) -> tuple[str, float]:
        return KNOWN.get(text, "inform"), 0.7

    assert asyncio.run(clearest_part("按错了 查余额", unsure)) is None


def test_what_has_parts() -> None:
    assert has_parts("按错了 查余额") and has_parts("按错了，查余额")
    assert not has_parts(" 查余额 ") and not has_parts("")
