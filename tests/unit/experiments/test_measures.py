"""How right and how sure predictions were, on examples small enough to reckon by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.experiments.measures import (
    Scored,
    best_temperature,
    calibrated,
    calibration_error,
    calibration_table,
    log_loss,
    measures,
)

NAMES = ["ask_bill", "greet", "out_of_scope"]
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [0.2, 0.1, 0.7]])
TRUTH = np.array([0, 1, 2, 1])


def test_shares() -> None:
    found = measures(PROBABILITIES, TRUTH, NAMES)
    assert found["accuracy"] == 0.5
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0 + 2 / 3) / 3)
    assert found["scope_recall"] == 1.0
    assert found["false_alarms"] == pytest.approx(1 / 3)
    assert found["log_loss"] == pytest.approx(-math.log(0.7 * 0.3 * 0.8 * 0.1) / 4)


def test_without_that_intent_there_is_no_figure_for_it() -> None:
    assert "scope_recall" not in measures(PROBABILITIES, TRUTH, ["a", "b", "c"])


def test_an_impossible_answer_that_was_right_costs_much_but_not_everything() -> None:
    assert 20 < log_loss(np.array([[1.0, 0.0]]), np.array([1])) < math.inf


def test_calibration_is_counted_in_tenths() -> None:
    rows = calibration_table(PROBABILITIES, TRUTH)
    assert [(row["from"], row["predictions"], row["right"]) for row in rows] == [
        (0.6, 1, 0.0),
        (0.7, 2, 0.5),
        (0.8, 1, 1.0),
    ]
    assert calibration_error(PROBABILITIES, TRUTH) == pytest.approx((0.6 + 2 * 0.2 + 0.2) / 4)


def test_one_who_is_sure_and_right_makes_no_error() -> None:
    assert calibration_error(np.array([[1.0, 0.0]]), np.array([0])) == 0


def overconfident(seed: int, count: int = 400, factor: float = 5.0) -> Scored:
    """Scores drawn from the probabilities they stand for, then multiplied."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(count, 3))
    chance = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    truth = np.array([random.choice(3, p=row) for row in chance])
    return Scored(scores * factor, truth, NAMES)


def test_the_best_temperature_takes_back_what_was_too_sure() -> None:
    assert best_temperature(overconfident(1, 2000)) == pytest.approx(5, rel=0.2)


@pytest.mark.parametrize("parts", [1, 3])
def test_calibration_makes_the_probabilities_honest(parts: int) -> None:
    scored = [overconfident(seed) for seed in range(parts)]
    truth = np.concatenate([part.truth for part in scored])
    before, after = np.vstack([part.probabilities() for part in scored]), np.vstack(calibrated(scored))
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert log_loss(after, truth) < log_loss(before, truth)
    assert calibration_error(after, truth) < calibration_error(before, truth) / 2


def test_a_fold_is_calibrated_by_the_others_alone() -> None:
    mine = overconfident(1)
    other_truth = Scored(mine.scores, (mine.truth + 1) % 3, NAMES)
    rest = overconfident(2)
    assert np.array_equal(calibrated([mine, rest])[0], calibrated([other_truth, rest])[0])


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=1), st.floats(0.02, 20))
def test_probabilities_are_probabilities(scores: list[list[float]], temperature: float) -> None:
    found = Scored(np.array(scores), np.zeros(len(scores), dtype=int), NAMES).probabilities(temperature)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(1)
