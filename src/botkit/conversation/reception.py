"""What the desk says to a customer who waits for it, within the router's unit of work. Written by `botkit.desk`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from botkit.conversation.reply import Reply
from botkit.store.tables.conversation import ConversationRow

CALL_BACK = "/leave_call_back"
"""The customer wants to be called back instead of waiting."""


@dataclass(frozen=True)
class Standing:
    """How it stands with a customer who waits or is served, for a channel that can show it.

    ahead: customers before him; minutes: until he is served; both None where unknown. agent: who serves him, "" for nobody.
    """

    ahead: int | None = None
    minutes: int | None = None
    agent: str = ""


class Reception(Protocol):
    """`conversation` is locked by the caller, who says the replies as system lines; None: nothing is said."""

    @property
    def payloads(self) -> Collection[str]:
        """Its buttons that may be chosen at any time."""

    def handed_over(self, session: Session, conversation: ConversationRow) -> Reply | None:
        """Right after a hand-over."""

    def still_waiting(self, session: Session, conversation: ConversationRow) -> Reply | None:
        """He waits and asks how long."""

    def standing(self, session: Session, conversation: ConversationRow) -> Standing:
        """What may be shown beside the conversation. Changes nothing; `conversation` need not be locked."""

    def takes(self, payload: str) -> bool:
        """Whether this chosen button is the desk's to act on."""

    def act(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        """Do what it stands for."""

    def awaits(self, session: Session, conversation: ConversationRow) -> bool:
        """Whether the desk has asked him something. Changes nothing; `conversation` need not be locked."""

    def answered(self, session: Session, conversation: ConversationRow, text: str) -> Reply | None:
        """What he said then, a chosen button's payload or his words; None where it is no answer and goes its way."""

    def listen(self, conversation_id: str, message_id: int, text: str) -> Reply | None:
        """Before a message goes to the human who serves: the answer, where it is meant for the desk itself (a one-time
        code). Called outside of any unit of work; called again with the same id it answers the same."""


class NoDesk:
    """Says nothing: for the bot alone."""

    payloads: Collection[str] = ()

    def handed_over(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return None

    def still_waiting(self, session: Session, conversation: ConversationRow) -> Reply | None:
        return None

    def standing(self, session: Session, conversation: ConversationRow) -> Standing:
        return Standing()

    def takes(self, payload: str) -> bool:
        return False

    def act(self, session: Session, conversation: ConversationRow, payload: str) -> Reply | None:
        return None

    def awaits(self, session: Session, conversation: ConversationRow) -> bool:
        return False

    def answered(self, session: Session, conversation: ConversationRow, text: str) -> Reply | None:
        return None

    def listen(self, conversation_id: str, message_id: int, text: str) -> Reply | None:
        return None
