"""Where a customer stands in a guide, and where the next word of theirs leads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from botkit.fiveg.guide import Guide, Step


class End(str, Enum):
    """How a guide ends."""

    FINISHED = "finished"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Show:
    """What to show: the step, and in place of its text ``hint`` where one is given."""

    position: GuidePosition
    step: Step
    hint: str = ""


@dataclass(frozen=True)
class GuidePosition:
    """A place in a guide: two small numbers, to be kept between messages.

    ``step`` counts from 0. ``hint`` 0 is the step itself, n is its n-th hint for 找不到.
    Going on always shows a step's own text; a position that a changed guide no longer has moves to the nearest.
    """

    step: int = 0
    hint: int = 0

    def show(self, guide: Guide) -> Show | End:
        """What stands here (再说一遍); an empty guide is finished."""
        if not guide.steps:
            return End.FINISHED
        index = min(max(self.step, 0), len(guide.steps) - 1)
        step = guide.steps[index]
        hint = min(max(self.hint, 0), len(step.not_found))
        return Show(GuidePosition(index, hint), step, step.not_found[hint - 1] if hint else "")

    def next(self, guide: Guide) -> Show | End:
        """好了: the next step, or finished after the last."""
        here = self.show(guide)
        if isinstance(here, End) or here.position.step + 1 >= len(guide.steps):
            return End.FINISHED
        return GuidePosition(here.position.step + 1).show(guide)

    def back(self, guide: Guide) -> Show | End:
        """上一步: from a hint to its step, from a step to the one before; the first step stays."""
        here = self.show(guide)
        if isinstance(here, End):
            return here
        index = here.position.step if here.position.hint else max(here.position.step - 1, 0)
        return GuidePosition(index).show(guide)

    def not_found(self, guide: Guide) -> Show | End:
        """找不到: the next hint of this step, or a human when there is none left."""
        here = self.show(guide)
        if isinstance(here, End) or here.position.hint >= len(here.step.not_found):
            return End.HAND_OVER
        return GuidePosition(here.position.step, here.position.hint + 1).show(guide)
