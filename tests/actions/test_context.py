"""Readings of a message in its conversation, on literal trackers."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.context import declines, meant_instead
from tests.actions.conftest import Serve
from tests.actions.fakes import FakeVerifications, tracker

OVERAGE = [("term", "overage")]
ON_THE_22ND = {"focus": {"day": "2026-10-22"}, "topic": "charge"}


@pytest.mark.parametrize(
    ("text", "action", "entities", "slots", "meant"),
    [
        ("那NSA呢", "action_setup_5g", [("term", "nsa")], {"topic": "term"}, "action_explain_term"),
        ("她65", "action_change_plan", [("number", "65")], {"topic": "plans"}, "action_list_plans"),
        ("给我妈办 她65", "action_clarify", [("number", "65")], {"topic": "plans"}, "action_list_plans"),
        ("换成65的", "action_change_plan", [("number", "65")], {"topic": "plans"}, None),
        ("能省多少", "action_find_cheaper_plan", [], {"topic": "cancel"}, "action_cancel_service"),
        ("能省多少", "action_find_cheaper_plan", [], {}, None),
        ("不要了", "action_deny", [], {"topic": "orders"}, "action_abort"),
        ("还是不行", "action_guide_step", [], {"topic": "network"}, "action_network_problem"),
        ("还是不行", "action_guide_step", [], {"topic": "network", "guide": {"step": 0}}, None),
        ("50G以上的", "action_find_bigger_plan", [("data_volume", "51200")], {}, "action_list_plans"),
        ("想要流量多点的", "action_find_bigger_plan", [], {}, None),
        ("嗐 甭开了 一月发不了两条", "action_clarify", [], {"topic": "addon"}, "action_deny"),
        ("嗐 甭开了 一月发不了两条", "action_clarify", [], {}, None),
        ("那能用了吧", "action_deny", [], {"topic": "fiveg"}, "action_setup_5g"),
        ("不能用", "action_deny", [], {"topic": "fiveg"}, None),
        ("那天怎么了", "action_why", [], ON_THE_22ND, "action_usage"),
        ("套外怎么收", "action_explain_charge", OVERAGE, {}, "action_explain_term"),
        ("套餐外流量怎么算钱", "action_roaming", OVERAGE, {}, "action_explain_term"),
        ("为什么多扣我套外费", "action_explain_charge", OVERAGE, {}, None),
        ("上个月套外怎么收的", "action_explain_charge", [*OVERAGE, ("month", "last")], {}, None),
        ('/order_addon{"term": "sa"}', "action_order_addon", [("term", "sa")], {"topic": "term"}, None),
    ],
)
def test_reading(
    serve: Serve, text: str, action: str, entities: list[tuple[str, str]], slots: dict[str, Any], meant: str | None
) -> None:
    services = serve(verifications=FakeVerifications())
    turn = Turn(services, CollectingDispatcher(), tracker(text, entities=entities, slots=slots), {}, action)
    assert meant_instead(turn, action) == meant


@pytest.mark.parametrize(
    "said",
    ["不用了", "先别换", "不办了", "算了", "再说吧", "我再想想, 不换", "唔要啦", "不要了, 太贵", "甭开了", "別換了"],
)
def test_words_that_turn_down(said: str) -> None:
    assert declines(said)


@pytest.mark.parametrize(
    "said",
    ["第二个不要钱么", "不要钱吗", "别墅里能收到吗", "打不开", "识别不了", "类别怎么分", "划算了", "再说具体点", "打算了解一下",
     "换不换都行吗", "再说一遍", "不要紧", "个别地方没信号"],
)  # fmt: skip
def test_words_that_only_look_like_turning_down(said: str) -> None:
    assert not declines(said)
