"""Figures from what was expected and what came out. Pure: nothing here knows the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from botkit.evaluation.labelled import Dialogue, Message

OUT_OF_SCOPE = "out_of_scope"
ASKED_BACK = "nlu_fallback"
BINS = 10
SHOWN = 25
"""So many confusions and worst examples are kept."""


@dataclass(frozen=True)
class Result:
    """What the model made of a message. level: 0 calm, 1 annoyed, 2 angry. rule: "" where no human gets it."""

    intent: str
    confidence: float
    score: float
    level: int
    rule: str = ""


@dataclass(frozen=True)
class Course:
    """How a dialogue went. handed_over, offered: 1-based turns, None: never. rule: by which it was handed over."""

    handed_over: int | None = None
    rule: str = ""
    offered: int | None = None


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of one label; `support`: how often it was right, `found`: how often it came out."""

    name: str
    support: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        total = self.support + self.found
        return 2 * self.right / total if total else 0.0


@dataclass(frozen=True)
class Bin:
    """Predictions that were sure by `low` to `high`."""

    low: float
    high: float
    count: int
    right: int
    sure: float


@dataclass(frozen=True)
class Error:
    """A message and what was wrong about it: `what` is intent, frustration or handoff."""

    what: str
    text: str
    expected: str
    got: str
    sure: float


@dataclass(frozen=True)
class Handoffs:
    """Decisions on whether a human gets a message or dialogue: wrong ones are those that nobody wanted."""

    right: int
    wrong: int
    missed: int
    left: int

    @property
    def wrong_share(self) -> float:
        """Of what a human should not have got."""
        return self.wrong / (self.wrong + self.left) if self.wrong + self.left else 0.0

    @property
    def missed_share(self) -> float:
        """Of what a human should have got."""
        return self.missed / (self.missed + self.right) if self.missed + self.right else 0.0


@dataclass(frozen=True)
class DialogueError:
    id: str
    about: str
    expected: str
    got: str


@dataclass(frozen=True)
class Measures:
    """Parts that nothing was labelled for are empty or None. `scope`: out of scope as a label of its own, `false_alarms`
    the share of other messages called so."""

    messages: int
    intents: Sequence[Score]
    accuracy: float | None
    macro_f1: float | None
    asked_back: int
    confusions: Sequence[tuple[str, str, int]]
    calibration: Sequence[Bin]
    calibration_error: float | None
    scope: Score | None
    false_alarms: float | None
    frustration: Sequence[Score]
    handoffs: Handoffs | None
    rules: Sequence[Score]
    dialogues: int
    dialogue_handoffs: Handoffs | None
    too_early: int
    offers_missed: int
    dialogue_errors: Sequence[DialogueError]
    worst: Sequence[Error]


def measure(
    messages: Sequence[Message],
    results: Sequence[Result],
    dialogues: Sequence[Dialogue] = (),
    courses: Sequence[Course] = (),
) -> Measures:
    """Hold results against labels, one for each message and dialogue, in the same order."""
    pairs = list(zip(messages, results, strict=True))
    meant = [(message.intent, result) for message, result in pairs if message.intent is not None]
    intents = _scores((expected, result.intent) for expected, result in meant)
    wanted = [score for score in intents if score.support]
    bins = _bins([(expected == result.intent, result.confidence) for expected, result in meant])
    others = [result for expected, result in meant if expected != OUT_OF_SCOPE]
    felt = [(message.frustration, result) for message, result in pairs if message.frustration is not None]
    decided = [(message, result) for message, result in pairs if message.handoff is not None]
    ran = list(zip(dialogues, courses, strict=True))
    return Measures(
        messages=len(pairs),
        intents=sorted(wanted, key=lambda score: score.f1),
        accuracy=sum(expected == result.intent for expected, result in meant) / len(meant) if meant else None,
        macro_f1=sum(score.f1 for score in wanted) / len(wanted) if wanted else None,
        asked_back=sum(result.intent == ASKED_BACK for _, result in meant),
        confusions=_confusions((expected, result.intent) for expected, result in meant),
        calibration=bins,
        calibration_error=_calibration_error(bins),
        scope=next((score for score in intents if score.name == OUT_OF_SCOPE), None),
        false_alarms=sum(result.intent == OUT_OF_SCOPE for result in others) / len(others) if others else None,
        frustration=[
            _binary(name, [(label >= least, result.level >= least) for label, result in felt])
            for least, name in ((1, "annoyed or angry"), (2, "angry"))
        ]
        if felt
        else [],
        handoffs=_handoffs([(bool(message.handoff), bool(result.rule)) for message, result in decided]),
        rules=_scores((message.rule, result.rule) for message, result in decided if message.rule or result.rule),
        dialogues=len(ran),
        dialogue_handoffs=_handoffs([(d.latest is not None, _in_time(d, course)) for d, course in ran]),
        too_early=sum(_too_early(dialogue, course) for dialogue, course in ran),
        offers_missed=sum(_offer_missed(dialogue, course) for dialogue, course in ran),
        dialogue_errors=[error for dialogue, course in ran if (error := _dialogue_error(dialogue, course))],
        worst=_worst(pairs),
    )


def _scores(pairs: Iterable[tuple[str, str]]) -> list[Score]:
    support, found, right = Counter[str](), Counter[str](), Counter[str]()
    for expected, got in pairs:
        support[expected] += 1
        found[got] += 1
        right[expected] += expected == got
    return [Score(name, support[name], found[name], right[name]) for name in sorted({*support, *found} - {""})]


def _binary(name: str, pairs: Sequence[tuple[bool, bool]]) -> Score:
    return Score(name, sum(e for e, _ in pairs), sum(g for _, g in pairs), sum(e and g for e, g in pairs))


def _confusions(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    counts = Counter((expected, got) for expected, got in pairs if expected != got)
    return [(expected, got, count) for (expected, got), count in counts.most_common(SHOWN)]


def _bins(predictions: Sequence[tuple[bool, float]]) -> list[Bin]:
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [(right, sure) for right, sure in predictions if min(int(sure * BINS), BINS - 1) == number]
        if inside:
            sure = sum(sure for _, sure in inside) / len(inside)
            bins.append(Bin(low, high, len(inside), sum(right for right, _ in inside), sure))
    return bins


def _calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: how far sureness and accuracy lie apart, on the average over predictions."""
    total = sum(found.count for found in bins)
    return sum(abs(found.right - found.sure * found.count) for found in bins) / total if total else None


def _handoffs(pairs: Sequence[tuple[bool, bool]]) -> Handoffs | None:
    if not pairs:
        return None
    counts = Counter(pairs)
    return Handoffs(counts[True, True], counts[False, True], counts[True, False], counts[False, False])


def _in_time(dialogue: Dialogue, course: Course) -> bool:
    """Whether a human got it by when he had to; where nobody should have, whether one got it at all."""
    if course.handed_over is None:
        return False
    return dialogue.latest is None or course.handed_over <= dialogue.latest


def _too_early(dialogue: Dialogue, course: Course) -> bool:
    return bool(dialogue.earliest and course.handed_over and course.handed_over < dialogue.earliest)


def _offer_missed(dialogue: Dialogue, course: Course) -> bool:
    if dialogue.offered_by is None:
        return False
    times = [turn for turn in (course.offered, course.handed_over) if turn is not None]
    return not times or min(times) > dialogue.offered_by


def _dialogue_error(dialogue: Dialogue, course: Course) -> DialogueError | None:
    late = (dialogue.latest is not None) != _in_time(dialogue, course)
    if not late and not _too_early(dialogue, course) and not _offer_missed(dialogue, course):
        return None
    expected = f"turn {dialogue.earliest}-{dialogue.latest} ({dialogue.rule})" if dialogue.latest else "no human"
    if dialogue.offered_by:
        expected += f", offered by {dialogue.offered_by}"
    got = f"turn {course.handed_over} ({course.rule})" if course.handed_over else "no human"
    return DialogueError(
        dialogue.id, dialogue.about, expected, got + (f", offered {course.offered}" if course.offered else "")
    )


def _worst(pairs: Sequence[tuple[Message, Result]]) -> list[Error]:
    """The surest errors of each kind."""
    errors = []
    for message, result in pairs:
        if message.intent is not None and message.intent != result.intent:
            errors.append(Error("intent", message.text, message.intent, result.intent, result.confidence))
        if message.frustration is not None and (message.frustration > 0) != (result.level > 0):
            far = abs(result.score - 0.5) * 2
            errors.append(Error("frustration", message.text, str(message.frustration), f"{result.score:.2f}", far))
        if message.handoff is not None and message.handoff != bool(result.rule):
            got = result.rule or "bot"
            errors.append(Error("handoff", message.text, message.rule or "bot", got, result.score))
    kinds = ("intent", "frustration", "handoff")
    by_kind = {kind: sorted((e for e in errors if e.what == kind), key=lambda error: -error.sure) for kind in kinds}
    return [error for kind in kinds for error in by_kind[kind][:SHOWN]]
