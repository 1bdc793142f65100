"""From what the model made of a message to what the judge reads."""

from __future__ import annotations

import pytest

from botkit.handoff.hearing import heard_in


def test_everything_the_model_says_is_heard() -> None:
    heard = heard_in(
        {
            "text": "把20块退我",
            "intent": {"name": "dispute_charge", "confidence": 0.8},
            "entities": [{"entity": "amount", "value": "20"}, {"entity": "topic"}],
            "frustration": {"score": 0.6, "reasons": ["anger"]},
            "matters": {"refund": 0.9},
            "for_a_human": 0.7,
        }
    )
    assert (heard.intent, heard.sure, heard.frustration, heard.human) == ("dispute_charge", 0.8, 0.6, 0.7)
    assert heard.matters == {"refund": 0.9} and set(heard.signs) == {"anger"} and list(heard.amounts) == [20.0]
    assert ("amount", "20") in heard.about and heard.typed


def test_a_model_that_knows_less_hears_somebody_calm() -> None:
    heard = heard_in({"text": "/ask_bill", "intent": {"name": "ask_bill"}})
    assert (heard.frustration, heard.human, heard.matters, list(heard.signs)) == (0.0, 0.0, {}, [])
    assert not heard.typed


@pytest.mark.parametrize(
    ("kind", "value", "sums"),
    [("number", "500", [500.0]), ("number", "12300", []), ("amount", "12300", [12300.0]), ("number", "inf", [])],
)
def test_what_counts_as_a_sum(kind: str, value: str, sums: list[float]) -> None:
    assert list(heard_in({"entities": [{"entity": kind, "value": value}]}).amounts) == sums


def test_a_bare_number_is_no_sum_beside_one_that_is() -> None:
    entities = [{"entity": "number", "value": "1069"}, {"entity": "amount", "value": "5"}]
    assert list(heard_in({"entities": entities}).amounts) == [5.0]
