"""How the bot speaks to this customer now: shorter and sorry to who is upset, and not twice in a row that it did not get it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from botkit.content.handoff import HandoffContent
from botkit.handoff.hearing import heard_since_hand_over
from botkit.handoff.judge import Heard, not_understood_in_a_row, rule_for, wants_soothing

_NOTHING_TO_SOOTHE = ("vent_", "human_", "rate_", "abort", "affirm_", "deny_", "help", "verify_")
"""How texts begin that speak of his mood or of a human themselves, or answer nothing."""


class Tone:
    """Of one turn. events: the tracker's, up to the message that is answered."""

    def __init__(self, content: HandoffContent, events: Sequence[Mapping[str, Any]]) -> None:
        self._content = content
        self._events = events
        self._spoken = False

    @cached_property
    def _heard(self) -> Sequence[Heard]:
        return heard_since_hand_over(self._events)

    @property
    def calls_for_a_human(self) -> bool:
        """Whether a rule of `content/handoff.yml` sends the last message to a human, or nothing is known that tells."""
        users = (event for event in reversed(self._events) if event["event"] == "user")
        unknown = "for_a_human" not in ((next(users, None) or {}).get("parse_data") or {})
        return unknown or rule_for(self._heard, self._content) is not None

    def soothes(self, name: str) -> bool:
        """Whether this text is said to somebody upset; only the first one of a turn."""
        first, self._spoken = not self._spoken, True
        return first and not name.startswith(_NOTHING_TO_SOOTHE) and wants_soothing(self._heard, self._content)

    def is_unhelpful(self, name: str) -> bool:
        """Whether this text says that the bot did not get it."""
        return name in self._content.unhelpful

    def asks_back(self, name: str) -> bool:
        """Whether this text asks what was meant."""
        return name in self._content.asks_back

    @property
    def unhelped_before(self) -> bool:
        """Whether the message before the last was not understood."""
        return len(self._heard) > 1 and self._heard[-2].unhelped

    def fails_again(self, name: str) -> bool:
        """Whether this text would say so a second time in a row."""
        return self.is_unhelpful(name) and not_understood_in_a_row(self._heard, before_the_last=True) > 0
