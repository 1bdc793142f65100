"""From what Rasa understood of a message to what the judge needs of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from botkit.handoff.judge import Heard

MESSAGES = 20
"""So many of the customer's last messages are looked at."""

_AMOUNTS = ("amount", "number")

_LARGEST_BARE = 10_000
"""A number without a unit from here on is hardly a sum: 12300, 10036, the digits of a card."""


def heard_in(parsed: Mapping[str, Any]) -> Heard:
    """Of a message's `parse_data`, with `frustration`, `matters` and `for_a_human` as `botkit.nlu.mood_component` leaves them; where a
    model knows none of them, it is calm and about nothing in particular."""
    entities = [entity for entity in parsed.get("entities") or () if entity.get("entity")]
    return Heard(
        intent=str((parsed.get("intent") or {}).get("name") or ""),
        text=str(parsed.get("text") or ""),
        sure=float((parsed.get("intent") or {}).get("confidence") or 0.0),
        about=frozenset((str(entity["entity"]), str(entity.get("value"))) for entity in entities),
        frustration=float((parsed.get("frustration") or {}).get("score") or 0.0),
        signs=frozenset((parsed.get("frustration") or {}).get("reasons") or ()),
        human=float(parsed.get("for_a_human") or 0.0),
        matters={str(name): float(sure) for name, sure in (parsed.get("matters") or {}).items()},
        amounts=tuple(_amounts(entities)),
        typed=not str(parsed.get("text") or "").startswith("/"),
    )


def heard_since_hand_over(events: Sequence[Mapping[str, Any]], most: int = MESSAGES) -> Sequence[Heard]:
    """The customer's last messages in a tracker's events, oldest first; what was said before a human had the conversation
    is settled.

    events: with `event`, and `parse_data` (of `user`) or `text` and `data` (of `bot`).
    """
    heard: list[Heard] = []
    answers: list[str] = []
    unhelped = False
    for event in reversed(events):
        if len(heard) == most or (event["event"] == "bot" and hands_over(event)):
            break
        if event["event"] == "bot":
            answers.append(str(event.get("text") or ""))
            unhelped = unhelped or bool(_custom(event).get("unhelped"))
        elif event["event"] == "user":
            answer = "\n".join(reversed(answers))
            heard.append(replace(heard_in(event.get("parse_data") or {}), answer=answer, unhelped=unhelped))
            answers, unhelped = [], False
    return heard[::-1]


def hands_over(answer: Mapping[str, Any]) -> bool:
    """Whether this `bot` event sent the conversation to a human."""
    return bool(_custom(answer).get("hand_over"))


def _custom(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return (answer.get("data") or {}).get("custom") or {}


def _amounts(entities: Sequence[Mapping[str, Any]]) -> Iterator[float]:
    """Sums of money that are named as such; where there is none, bare numbers: 扣了我500."""
    sums = [entity for entity in entities if entity["entity"] == "amount"]
    for entity in sums or entities:
        if entity["entity"] in _AMOUNTS:
            try:
                amount = float(entity.get("value"))  # type: ignore[arg-type]
            except (TypeError, ValueError):
                continue
            if math.isfinite(amount) and (entity["entity"] == "amount" or amount < _LARGEST_BARE):
                yield amount
