"""Whether a message, after those before it, is one for a human: the rules of `content/handoff.yml` on what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from botkit.content.handoff import Gathering, HandoffContent, HandoffRule

ASKED_WITHIN = 8
"""Messages of the customer within which the same question counts as asked again."""

NO_QUESTIONS: Collection[str] = frozenset(
    (
        "affirm", "deny", "inform", "greet", "goodbye", "thank", "abort", "help", "chitchat", "out_of_scope", "ask_why",
        "ask_more", "step_done", "step_back", "step_not_found", "sign_in", "sign_out", "resend_code", "rate_service",
        "nlu_fallback", "vent", "request_human", "make_complaint",
    )
)  # fmt: skip
"""Intents that are said again and again without being a question that was not answered."""

NOT_UNDERSTOOD = "nlu_fallback"

SMALL_TALK = "chitchat"
SURE_OF_TALK = 0.75
"""Below it, what is taken for small talk is more likely something that was not understood."""

GUESS = 0.5
"""Below it an intent is wrong three times out of four (`tests/heldout/moods-development*`)."""

SURE_TO_COUNT = 0.6
"""Below it, what is said calmly is hardly the same question again."""

IMPATIENT_FROM = 0.35
"""The frustration from which on somebody may well be asking again, however he says it."""

BESIDE_THE_POINT: frozenset[str] = frozenset(("deaf", "unanswered"))
"""Kinds of words by which the customer says that the last answer was not what he asked for."""

TALK = 25
"""Characters below which an answer may be said again and again."""


@dataclass(frozen=True)
class Heard:
    """A message of the customer, as it was understood.

    sure: of the intent, 0 to 1. about: what the question was about, its entities; two questions are the same where intent
    and `about` are.
    frustration: 0 calm to 1. human: how much, all in all, it is one for a human, 0 to 1. signs: kinds of words in it, see
    `data/moods/signs.yml`. matters: probability by kind.
    amounts: yuan that it names. typed: not a chosen button. answer: what the bot has said to it; unhelped: that it did not
    get it.
    """

    intent: str
    about: frozenset[tuple[str, str]] = frozenset()
    frustration: float = 0.0
    signs: Collection[str] = ()
    matters: Mapping[str, float] = field(default_factory=dict)
    amounts: Sequence[float] = ()
    typed: bool = True
    answer: str = ""
    unhelped: bool = False
    sure: float = 1.0
    human: float = 0.0


@dataclass(frozen=True)
class Mood:
    """How the last message and the conversation stand, 0 calm to 1 and beyond."""

    message: float
    conversation: float


def mood_of(heard: Sequence[Heard], how: Gathering) -> Mood:
    """Of the customer's messages, oldest first."""
    gathered = 0.0
    for message in heard:
        counts = message.frustration if message.frustration >= how.counts_from else 0.0
        gathered = gathered * how.keeps + counts * how.adds
    return Mood(heard[-1].frustration if heard else 0.0, round(gathered, 3))


def wants_soothing(heard: Sequence[Heard], content: HandoffContent) -> bool:
    """Whether the bot should apologise, be short, and offer a human."""
    mood = mood_of(heard, content.conversation)
    return mood.message >= content.soothe.message or (
        mood.conversation >= content.soothe.conversation and mood.message >= content.conversation.counts_from
    )


def rule_for(heard: Sequence[Heard], content: HandoffContent, in_form: bool = False) -> HandoffRule | None:
    """The first rule that sends the conversation to a human at the last of these messages, oldest first.

    in_form: a form asks for something, such as a code; what is typed there more than once, or not understood, is its own
    affair.
    """
    if not heard:
        return None
    mood = mood_of(heard, content.conversation)
    rules = [rule for rule in content.rules if rule.conditional]
    if in_form:
        rules = [rule for rule in rules if not rule.same_question and not rule.misunderstood and not rule.guessed]
    return next((rule for rule in rules if _applies(rule, heard, mood)), None)


def _applies(rule: HandoffRule, heard: Sequence[Heard], mood: Mood) -> bool:
    message = heard[-1]
    return (
        (not rule.intents or message.intent in rule.intents)
        and message.intent not in rule.except_intents
        and (rule.mood is None or mood.message >= rule.mood)
        and (rule.human is None or message.human >= rule.human)
        and (rule.conversation is None or mood.conversation >= rule.conversation)
        and (rule.sign is None or rule.sign in message.signs)
        and (rule.matter is None or message.matters.get(rule.matter, 0.0) >= rule.sure)
        and (rule.amount_over is None or any(amount > rule.amount_over for amount in message.amounts))
        and (rule.after is None or questions(heard[:-1]) >= rule.after)
        and (rule.same_question is None or times_asked(heard) >= rule.same_question)
        and (rule.same_answer is None or times_answered(heard) >= rule.same_answer)
        and (rule.misunderstood is None or not_understood_in_a_row(heard) >= rule.misunderstood)
        and (rule.guessed is None or guessed_in_a_row(heard) >= rule.guessed)
    )


def times_asked(heard: Sequence[Heard]) -> int:
    """How often the last question has been asked lately, this time included; 0 where it is no question, or only taken for
    one: a guess at what somebody says calmly."""
    last = heard[-1]
    guessed = last.sure < SURE_TO_COUNT and last.frustration < IMPATIENT_FROM
    if last.intent in NO_QUESTIONS or not last.typed or guessed:
        return 0
    return sum(
        message.intent == last.intent and message.about == last.about and message.typed
        for message in heard[-ASKED_WITHIN:]
    )


def questions(heard: Sequence[Heard]) -> int:
    """How many of these messages ask for something."""
    return sum(message.typed and message.intent not in NO_QUESTIONS for message in heard)


def times_answered(heard: Sequence[Heard]) -> int:
    """How often the bot has lately said what it said to the last message, this time included; small talk does not count,
    nor does a word before it, such as an apology."""
    last = heard[-1]
    if len(last.answer) < TALK or not last.typed:
        return 0
    answers = [message.answer for message in heard[-ASKED_WITHIN:] if len(message.answer) >= TALK]
    return sum(answer.endswith(last.answer) or last.answer.endswith(answer) for answer in answers)


def not_understood_in_a_row(heard: Sequence[Heard], before_the_last: bool = False) -> int:
    """Up to the last message, or the one before it. A button that says so ("none of these") is no message that was not
    understood, but does not end the row either."""
    following: Sequence[Heard | None] = [*heard[1:], None]
    backwards = list(zip(heard, following, strict=True))[::-1][before_the_last:]
    return sum(message.typed for message, _ in takewhile(lambda pair: _not_understood(*pair), backwards))


def _not_understood(message: Heard, following: Heard | None) -> bool:
    return (
        message.unhelped
        or message.intent == NOT_UNDERSTOOD
        or (message.intent == SMALL_TALK and message.sure < SURE_OF_TALK)
        or (following is not None and not BESIDE_THE_POINT.isdisjoint(following.signs))
    )


def guessed_in_a_row(heard: Sequence[Heard]) -> int:
    """How many of the last messages were answered on a guess."""
    return sum(1 for _ in takewhile(lambda message: message.typed and message.sure < GUESS, reversed(heard)))
