"""The network: learns choices and answers at once, from what is known, the same way each time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from botkit.nlu.network import UNKNOWN, Floats, Network

MESSAGES, COLUMNS = 600, 30


def data() -> tuple[csr_matrix, NDArray[np.int64], Floats]:
    """The first three columns tell the choice; of the two answers, the first is whether the sixth column is there, the second
    whether choice 2 is."""
    dice = np.random.default_rng(1)
    present = dice.random((MESSAGES, COLUMNS)) < 0.2
    choices = dice.integers(0, 3, MESSAGES)
    present[:, :3] = np.eye(3, dtype=bool)[choices]
    answers = np.stack([present[:, 5], choices == 2], axis=1).astype(np.float32)
    return csr_matrix(present.astype(float)), choices, answers


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(hidden=16, epochs=20, batch_size=32).fit(*data())


def test_it_learns_both(network: Network) -> None:
    rows, choices, answers = data()
    right = 0
    for row, choice, answer in zip(rows, choices, answers, strict=True):
        chosen, margins = network.answer(row)
        right += int(chosen.argmax() == choice and ((margins > 0) == answer).all())
    assert right > 0.97 * MESSAGES


def test_choices_are_probabilities(network: Network) -> None:
    for row in (data()[0][0], csr_matrix((1, COLUMNS))):
        assert np.exp(network.answer(row)[0]).sum() == pytest.approx(1)


def test_from_what_is_unknown_nothing_is_learned() -> None:
    """Half the choices and answers are unknown, and what stands where they were is wrong throughout."""
    rows, choices, answers = data()
    half = np.arange(MESSAGES) % 2 == 0
    known = Network(hidden=16, epochs=30, batch_size=32).fit(
        rows, np.where(half, choices, UNKNOWN), np.where(half[:, None], answers, UNKNOWN).astype(np.float32)
    )
    wrong = Network(hidden=16, epochs=30, batch_size=32).fit(
        rows, np.where(half, choices, (choices + 1) % 3), np.where(half[:, None], answers, 1 - answers)
    )

    def right(network: Network) -> float:
        return float(
            np.mean([network.answer(row)[0].argmax() == choice for row, choice in zip(rows, choices, strict=True)])
        )

    assert right(known) > 0.95 > right(wrong)
    answered = [(known.answer(row)[1] > 0) == answer for row, answer in zip(rows, answers, strict=True)]
    assert np.mean(answered) > 0.95


def test_training_twice_gives_the_same(network: Network) -> None:
    again = Network(hidden=16, epochs=20, batch_size=32).fit(*data())
    for row in data()[0][:20]:
        assert all((one == other).all() for one, other in zip(network.answer(row), again.answer(row), strict=True))
    anew = Network(hidden=16, epochs=20, batch_size=32).fit(*data()).fit(*data())
    assert (anew.answer(data()[0][0])[0] == network.answer(data()[0][0])[0]).all(), (
        "what was learned before is forgotten"
    )


def test_without_any_choice_it_says_so() -> None:
    rows, choices, answers = data()
    with pytest.raises(ValueError, match="nothing to choose"):
        Network().fit(rows, np.full_like(choices, UNKNOWN), answers)
