"""Whether a message, after those before it, is one for a human: the rules of `content/handoff.yml` on what is known of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from rapidfuzz.distance import Postfix, Prefix

from botkit.content.handoff import Gathering, HandoffContent, HandoffRule
from botkit.nlu.normalise import normalise

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

FALLBACK, DENY, INFORM, CHITCHAT = "nlu_fallback", "deny", "inform", "chitchat"

SURE_OF_TALK = 0.75
"""Below it, what is taken for small talk is more likely something that was not understood."""

SURE_ENOUGH = 0.5
"""Below it an intent is wrong three times out of four (`tests/heldout/moods-development*`)."""

SURE_TO_REPEAT = 0.6
"""Below it, what is said calmly is hardly the same question again."""

IMPATIENT_FROM = 0.35
"""The frustration from which on somebody may well be asking again, however he says it."""

ALIKE = 0.4
"""Of the pairs of neighbouring characters of the shorter of two questions, the share in both from which they ask the same."""

SAME_WORDS, A_NAME = 4, 2
"""Characters that two questions begin and end with alike, and that differ between, from which on they ask about two things."""

BESIDE_THE_POINT: frozenset[str] = frozenset(("deaf", "unanswered"))
"""Kinds of words by which the customer says that the last answer was not what he asked for."""

VEXED_FROM = 0.5
"""The frustration from which on a third question on the same subject is taken for the same question."""

SHORTEST_ANSWER = 12
"""Characters below which an answer may be said again and again."""


@dataclass(frozen=True)
class Heard:
    """A message of the customer, as it was understood.

    sure: of the intent, 0 to 1. about: what the question was about, its entities; two questions are the same where intent
    and `about` are.
    frustration: 0 calm to 1. human: how much, all in all, it is one for a human, 0 to 1. signs: kinds of words in it, see
    `data/moods/signs.yml`. matters: probability by kind.
    amounts: yuan that it names. typed: not a chosen button. answer: what the bot has said to it; unhelped: that it did not
    get it. text: his words.
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
    text: str = ""


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
    wish = heard[-1].intent not in content.no_wish
    return next((rule for rule in rules if (wish or not rule.wish) and _applies(rule, heard, mood)), None)


def _applies(rule: HandoffRule, heard: Sequence[Heard], mood: Mood) -> bool:
    message = heard[-1]
    return (
        (not rule.intents or message.intent in rule.intents)
        and message.intent not in rule.except_intents
        and (rule.mood is None or mood.message >= rule.mood)
        and (rule.human is None or message.human >= rule.human)
        and (rule.conversation is None or mood.conversation >= rule.conversation)
        and (rule.sign is None or rule.sign in message.signs)
        and (rule.words is None or re.search(rule.words, normalise(message.text).text) is not None)
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
    one: a guess at what somebody says calmly.

    Calmly, three questions on one subject may be three questions: then the words must be alike too. Who is impatient is hard
    to understand, or not understood at all: of him either is enough, as it is that he says that he says it again.
    """
    last = heard[-1]
    impatient = last.frustration >= IMPATIENT_FROM
    asks = last.intent not in NO_QUESTIONS or (impatient and last.intent == FALLBACK)
    if not asks or not last.typed or not (impatient or last.sure >= SURE_TO_REPEAT):
        return 0
    lately = [message for message in heard[-ASKED_WITHIN:-1] if message.typed]
    if not impatient:
        return 1 + sum(_same_subject(message, last) and _alike(message.text, last.text) for message in lately)
    as_understood = sum(_same_subject(message, last, last.frustration >= VEXED_FROM) for message in lately)
    in_words = sum(_says_again(message) or _alike(message.text, last.text) for message in lately)
    return 1 + max(as_understood if last.intent != FALLBACK else 0, in_words)


def _same_subject(one: Heard, other: Heard, roughly: bool = False) -> bool:
    return one.intent == other.intent and (roughly or one.about == other.about)


def _says_again(message: Heard) -> bool:
    """我是说…: what he wants is what he wanted before."""
    return not BESIDE_THE_POINT.isdisjoint(message.signs)


def _alike(one: str, other: str) -> bool:
    pairs, others = _pairs(one), _pairs(other)
    shared = len(pairs & others)
    return bool(shared) and shared >= ALIKE * min(len(pairs), len(others)) and not _about_another(one, other)


def _about_another(one: str, other: str) -> bool:
    """日本漫游多少钱, 泰国漫游多少钱: the same words but for one stretch in the place of another."""
    start = Prefix.similarity(one, other)
    end = Postfix.similarity(one[start:], other[start:])
    return start + end >= SAME_WORDS and min(len(one), len(other)) - start - end >= A_NAME


def _pairs(text: str) -> set[str]:
    return {first + second for first, second in pairwise(filter(str.isalnum, text))}


def questions(heard: Sequence[Heard]) -> int:
    """How many of these messages ask for something."""
    return sum(message.typed and message.intent not in NO_QUESTIONS for message in heard)


def times_answered(heard: Sequence[Heard]) -> int:
    """How often the bot has lately said what it said to the last question, this time included; 0 where that is only a guess.
    A word before it, such as an apology, makes no other answer of it."""
    last = heard[-1]
    if len(last.answer) < SHORTEST_ANSWER or last.intent in NO_QUESTIONS or last.sure < SURE_ENOUGH or not last.typed:
        return 0
    questions_lately = [message for message in heard[-ASKED_WITHIN:] if message.intent not in NO_QUESTIONS]
    answers = [message.answer for message in questions_lately if len(message.answer) >= SHORTEST_ANSWER]
    return sum(answer.endswith(last.answer) or last.answer.endswith(answer) for answer in answers)


def not_understood_in_a_row(heard: Sequence[Heard], before_the_last: bool = False) -> int:
    """Up to the last message, or the one before it. A button that says so ("none of these") is no message that was not
    understood, but does not end the row either."""
    around = list(zip([None, *heard[:-1]], heard, [*heard[1:], None], strict=True))
    backwards = around[::-1][before_the_last:]
    return sum(message.typed for _, message, _ in takewhile(lambda three: _not_understood(*three), backwards))


def _not_understood(before: Heard | None, message: Heard, following: Heard | None) -> bool:
    """A message that the model could not place may still have been answered well, by what went before it."""
    return (
        message.unhelped
        or (message.intent == FALLBACK and not message.answer)
        or (message.intent == CHITCHAT and message.sure < SURE_OF_TALK)
        or (message.intent == DENY and before is not None and before.unhelped and _says_again(message))
        or (following is not None and _says_again(following))
    )


def guessed_in_a_row(heard: Sequence[Heard]) -> int:
    """How many of the last messages were answered on a guess. A bare name that was recognised is none."""
    return sum(1 for _ in takewhile(_guessed, reversed(heard)))


def _guessed(message: Heard) -> bool:
    named = message.intent == INFORM and bool(message.about)
    return message.typed and message.sure < SURE_ENOUGH and not named
