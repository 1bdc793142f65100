"""Figures from labels and results, on cases that can be counted by hand."""

from __future__ import annotations

import pytest

from botkit.evaluation import Course, Dialogue, Message, Result, measure

TURNS = tuple(Message(str(number)) for number in range(1, 7))


def result(intent: str = "a", sure: float = 0.9, score: float = 0.0, level: int = 0, rule: str = "") -> Result:
    return Result(intent, sure, score, level, rule)


def test_accuracy_macro_f1_and_confusions() -> None:
    messages = [Message("1", "a"), Message("2", "a"), Message("3", "b"), Message("4", "b")]
    measures = measure(messages, [result("a"), result("b"), result("b"), result("nlu_fallback")])
    assert measures.accuracy == 0.5 and measures.asked_back == 1
    scores = {score.name: score for score in measures.intents}
    assert set(scores) == {"a", "b"}, "what only came out is no intent of its own"
    assert (scores["a"].precision, scores["a"].recall) == (1.0, 0.5)
    assert (scores["b"].precision, scores["b"].recall) == (0.5, 0.5)
    assert measures.macro_f1 == pytest.approx((2 / 3 + 0.5) / 2)
    assert set(measures.confusions) == {("a", "b", 1), ("b", "nlu_fallback", 1)}


def test_calibration() -> None:
    messages = [Message("", "a")] * 4
    measures = measure(messages, [result("a", 0.95), result("a", 0.95), result("b", 0.55), result("a", 1.0)])
    assert [(found.low, found.count, found.right) for found in measures.calibration] == [(0.5, 1, 0), (0.9, 3, 3)]
    assert measures.calibration_error == pytest.approx((0.55 + (3 - 2.9)) / 4)


def test_out_of_scope() -> None:
    messages = [Message("", "out_of_scope"), Message("", "out_of_scope"), Message("", "a"), Message("", "a")]
    measures = measure(messages, [result("out_of_scope"), result("a"), result("out_of_scope"), result("a")])
    assert measures.scope is not None and measures.scope.recall == 0.5 and measures.false_alarms == 0.5


def test_frustration_by_level() -> None:
    messages = [Message("", frustration=level) for level in (0, 0, 1, 2)]
    measures = measure(messages, [result(level=level) for level in (0, 1, 2, 2)])
    upset, angry = measures.frustration
    assert (upset.support, upset.found, upset.right) == (2, 3, 2)
    assert (angry.support, angry.found, angry.right) == (1, 2, 1)
    assert measures.accuracy is None and measures.intents == [], "nothing was labelled with an intent"


def test_handoff_decisions() -> None:
    messages = [Message("", handoff=True, rule="refund"), Message("", handoff=True, rule="threat")]
    messages += [Message("", handoff=False), Message("", handoff=False), Message("", handoff=False)]
    results = [result(rule="frustrated"), result(), result(rule="refund"), result(), result()]
    measures = measure(messages, results)
    assert measures.handoffs is not None
    assert (measures.handoffs.right, measures.handoffs.wrong) == (1, 1), "another rule is a right decision too"
    assert (measures.handoffs.missed, measures.handoffs.left) == (1, 2)
    assert measures.handoffs.wrong_share == pytest.approx(1 / 3) and measures.handoffs.missed_share == 0.5


@pytest.mark.parametrize(
    ("course", "missed", "early"),
    [
        (Course(handed_over=4), 0, 0),
        (Course(handed_over=3), 0, 0),
        (Course(handed_over=2), 0, 1),
        (Course(handed_over=5), 1, 0),
        (Course(), 1, 0),
    ],
)
def test_a_dialogue_that_a_human_must_have(course: Course, missed: int, early: int) -> None:
    dialogue = Dialogue("d", "1", TURNS, latest=4, earliest=3, rule="frustrated")
    measures = measure([], [], [dialogue], [course])
    assert measures.dialogue_handoffs is not None
    assert (measures.dialogue_handoffs.missed, measures.too_early) == (missed, early)
    assert len(measures.dialogue_errors) == missed + early


def test_a_dialogue_that_nobody_should_have() -> None:
    measures = measure([], [], [Dialogue("d", "1", TURNS)] * 2, [Course(), Course(handed_over=6, rule="x")])
    assert measures.dialogue_handoffs is not None and measures.dialogue_handoffs.wrong_share == 0.5


def test_a_human_must_be_offered_in_time() -> None:
    dialogue = Dialogue("d", "1", TURNS, offered_by=2)
    courses = [Course(offered=2), Course(handed_over=1), Course(offered=3), Course()]
    assert measure([], [], [dialogue] * 4, courses).offers_missed == 2


def test_the_surest_errors_come_first() -> None:
    messages = [Message("x", "a"), Message("y", "a"), Message("z", "a", frustration=1)]
    worst = measure(messages, [result("b", 0.5), result("b", 0.8), result("a", score=0.1)]).worst
    assert [(error.what, error.text) for error in worst] == [("intent", "y"), ("intent", "x"), ("frustration", "z")]


def test_one_result_for_each_message() -> None:
    with pytest.raises(ValueError, match="shorter"):
        measure([Message("a")], [])
