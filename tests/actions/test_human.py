"""To a human, or first a word on what one can do oneself."""

from __future__ import annotations

import pytest

from actions.human import Complain
from tests.actions.conftest import Serve
from tests.actions.fakes import run, tracker


def test_who_reports_a_nuisance_calmly_is_told_what_helps(serve: Serve) -> None:
    told = run(Complain, serve(), tracker("诈骗电话怎么举报", "make_complaint", for_a_human=0.1))
    assert told.hand_over is None
    assert "12321" in told.text and told.titles == ["我要投诉", "转人工"]
    more = run(
        Complain, serve(), tracker("短信也能一块举报不", "make_complaint", before=["make_complaint"], for_a_human=0.1)
    )
    assert more.hand_over is None
    assert "短信截图" in more.text and more.text != told.text


@pytest.mark.parametrize(
    ("said", "before", "for_a_human"),
    [("我要投诉你们", [], 0.9), ("/make_complaint", [], 0.0), ("那到底归谁管", ["make_complaint"] * 2, 0.1)],
    ids=["about us", "chosen", "a third time"],
)
def test_a_complaint_goes_to_a_human(serve: Serve, said: str, before: list[str], for_a_human: float) -> None:
    told = run(Complain, serve(), tracker(said, "make_complaint", before=before, for_a_human=for_a_human))
    assert told.hand_over and told.hand_over["rule"] == "complaint"
