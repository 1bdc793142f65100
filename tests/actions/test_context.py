"""Readings of a message in its conversation, on literal trackers."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.context import meant_instead
from tests.actions.conftest import Serve
from tests.actions.fakes import FakeVerifications, tracker

OVERAGE = [("term", "overage")]
ON_THE_22ND = {"focus": {"day": "2026-10-22"}, "topic": "charge"}


@pytest.mark.parametrize(
    ("text", "action", "entities", "slots", "meant"),
    [
        ("那NSA呢", "action_setup_5g", [("term", "nsa")], {"topic": "term"}, "action_explain_term"),
        ("她65", "action_change_plan", [("number", "65")], {"topic": "plans"}, "action_list_plans"),
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
