"""Numbers that customers type, from the absurd to the impossible; and how long ones are answered."""

from __future__ import annotations

import pytest

from actions.base import BotkitAction
from actions.change import ChangePlan
from actions.charges import ExplainCharge
from actions.compare import ComparePlans
from actions.plans import ListPlans, ShowPlan
from actions.recommend import FindBiggerPlan, FindCheaperPlan
from tests.actions.conftest import Serve
from tests.actions.fakes import run, tracker

ABSURD = ["9" * 7, "1" + "0" * 26, "9" * 27, "9" * 400, "-" + "9" * 30, "1e9999", "NaN", "sNaN", "Infinity", "两百"]


@pytest.mark.parametrize("number", ABSURD)
@pytest.mark.parametrize("entity", ["amount", "number"])
@pytest.mark.parametrize(
    "action", [ExplainCharge, ListPlans, ShowPlan, ComparePlans, ChangePlan, FindCheaperPlan, FindBiggerPlan]
)
def test_no_number_makes_an_answer_fail(serve: Serve, action: type[BotkitAction], entity: str, number: str) -> None:
    outcome = run(action, serve(), tracker("50 以内的, 为什么扣", entities=[(entity, number)]))
    assert (outcome.text or outcome.follow_up) and "9" * 8 not in outcome.text


def test_an_amount_beyond_reason_is_not_looked_for(serve: Serve) -> None:
    said = "为什么扣了我这么多"
    absurd = run(ExplainCharge, serve(), tracker(said, "dispute_charge", [("amount", "9" * 30)]))
    assert absurd.text == run(ExplainCharge, serve(), tracker(said, "dispute_charge")).text
    outcome = run(ExplainCharge, serve(), tracker(said, "dispute_charge", [("amount", "1000000")]))
    assert "没有正好 1000000 元的一笔" in outcome.text
