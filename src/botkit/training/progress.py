"""How far a training is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from botkit.settings import Settings


class Phase(Enum):
    WAITING = "waiting for another training"
    CHECKING = "checking content"
    READING = "reading data"
    UNDERSTANDING = "understanding (NLU)"
    DIALOGUE = "dialogue"
    PACKING = "packing"


@dataclass(frozen=True)
class Step:
    """`part` of the phase is done (0 to 1); `detail` is what is being worked on."""

    phase: Phase
    part: float = 0.0
    detail: str = ""


Report = Callable[[Step], None]

_FIRST_GUESS = {
    Phase.CHECKING: 8.0,
    Phase.READING: 3.0,
    Phase.UNDERSTANDING: 20.0,
    Phase.DIALOGUE: 3.0,
    Phase.PACKING: 3.0,
}


class Estimate:
    """The done share of a training (0 to 1), from the steps so far and the seconds that each phase took last time.

    Rasa works through its graph in an order of its own, so a phase may be left and taken up again.
    """

    def __init__(self, expected: Mapping[Phase, float], clock: Callable[[], float]) -> None:
        self._expected = {phase: max(expected.get(phase, guess), 0.1) for phase, guess in _FIRST_GUESS.items()}
        self._clock = clock
        self._since = clock()
        self._now = Phase.WAITING
        self._parts: dict[Phase, float] = {}
        self._shown = 0.0
        self.seconds: dict[Phase, float] = {}
        """What each phase has taken, up to the last step."""

    def take(self, step: Step) -> bool:
        """Note a step; True when it belongs to another phase than the last."""
        self.seconds[self._now] = self._seconds_of(self._now)
        self._since = self._clock()
        other = step.phase is not self._now
        self._now = step.phase
        self._parts[step.phase] = step.part
        return other

    def share(self) -> float:
        """Grows with the clock inside a phase, but not to its end before a step says so. Never shrinks."""
        done = sum(seconds * self._part(phase) for phase, seconds in self._expected.items())
        self._shown = max(self._shown, done / sum(self._expected.values()))
        return self._shown

    def _part(self, phase: Phase) -> float:
        told = self._parts.get(phase, 0.0)
        if phase is not self._now:
            return told
        return max(told, min(self._seconds_of(phase) / self._expected[phase], 0.95))

    def _seconds_of(self, phase: Phase) -> float:
        running = self._clock() - self._since if phase is self._now else 0.0
        return self.seconds.get(phase, 0.0) + running


def expected_seconds(settings: Settings) -> dict[Phase, float]:
    """What the phases took at the last trainings here; empty before the first."""
    try:
        seconds = json.loads(_file(settings).read_text(encoding="utf-8"))
        return {Phase[name]: float(value) for name, value in seconds.items()}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}


def keep_seconds(settings: Settings, seconds: Mapping[Phase, float]) -> None:
    """Mix what the phases took into what is expected; half and half, as some trainings find much in Rasa's cache."""
    before = _FIRST_GUESS | expected_seconds(settings)
    seconds = {phase: (seconds.get(phase, 0.0) + guess) / 2 for phase, guess in before.items()}
    file = _file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({phase.name: round(value, 2) for phase, value in seconds.items()}), encoding="utf-8")


def _file(settings: Settings) -> Path:
    return settings.var / "cache" / "training-seconds.json"
