"""Chatwoot's JSON in both directions, after its own source.

Requests: `swagger/definitions/request/**`; webhooks: `app/listeners/webhook_listener.rb`, `Message#webhook_data`,
`Conversations::EventDataPresenter#push_data`; messages read back: `app/views/api/v1/models/_message.json.jbuilder`.
https://github.com/chatwoot/chatwoot, https://developers.chatwoot.com/api-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEY_PREFIX = "botkit:"
"""Begins the `source_id` of every message that is ours."""

OUTGOING = (1, "outgoing")
"""`message_type` of what an agent says: a number when read back, a word in webhooks."""

_STATE_EVENTS = frozenset(
    {
        "conversation_created",
        "conversation_updated",
        "conversation_status_changed",
        "conversation_opened",
        "conversation_resolved",
    }
)


class Malformed(ValueError):
    """Not what Chatwoot sends."""


@dataclass(frozen=True)
class RemoteAgent:
    """name: the one that customers see."""

    id: int
    name: str


@dataclass(frozen=True)
class Said:
    """An agent's public message. remote_id: the conversation's number. files: it has attachments."""

    message_id: int
    remote_id: int
    agent: RemoteAgent
    text: str
    files: bool = False


@dataclass(frozen=True)
class Stands:
    """How a conversation stands. at: Unix seconds, None where this Chatwoot does not say.

    changed: the attributes that this event is about with their new values; None: not known.
    """

    remote_id: int
    event: str
    status: str
    assignee: RemoteAgent | None
    changed: Mapping[str, Any] | None = None
    at: float | None = None


@dataclass(frozen=True)
class Ignored:
    """Genuine, but nothing to do with us."""

    why: str


Heard = Said | Stands | Ignored


# ---- in


def heard(payload: Any, account: int, inbox: int) -> Heard:
    """What a webhook says. Raises Malformed."""
    if not isinstance(payload, dict) or not isinstance(payload.get("event"), str):
        raise Malformed("no event")
    event = payload["event"]
    if event == "message_created":
        return _message(payload, account, inbox)
    if event in _STATE_EVENTS:
        return _state(payload, event, inbox)
    return Ignored("event")


def _message(payload: Mapping[str, Any], account: int, inbox: int) -> Heard:
    conversation = payload.get("conversation")
    if not isinstance(conversation, dict):
        raise Malformed("no conversation")
    message_id, remote_id = _id(payload), _id(conversation)
    if _id(_object(payload, "account")) != account or _id(_object(payload, "inbox")) != inbox:
        return Ignored("elsewhere")
    return said_in(payload, message_id, remote_id, conversation)


def said_in(
    message: Mapping[str, Any], message_id: int, remote_id: int, conversation: Mapping[str, Any] | None = None
) -> Said | Ignored:
    """What an agent said to the customer, in a webhook's message or one read back. Raises Malformed."""
    if message.get("message_type") not in OUTGOING:
        return Ignored("not from an agent")
    if message.get("private") is not False:
        return Ignored("private")
    source, content, files = message.get("source_id"), message.get("content"), message.get("attachments")
    if isinstance(source, str) and source.startswith(KEY_PREFIX):
        return Ignored("ours")
    sender = message.get("sender")
    if not isinstance(sender, dict) or sender.get("type", "user") != "user":
        return Ignored("not from a person")
    if content is not None and not isinstance(content, str):
        raise Malformed("content")
    agent = _agent(sender, _shown_names(conversation or {}))
    return Said(message_id, remote_id, agent, content or "", isinstance(files, list) and bool(files))


def _state(payload: Mapping[str, Any], event: str, inbox: int) -> Heard:
    remote_id = _id(payload)
    if payload.get("inbox_id") != inbox:
        return Ignored("elsewhere")
    return state_in(payload, event, remote_id)


def state_in(conversation: Mapping[str, Any], event: str, remote_id: int) -> Stands:
    """How a conversation stands, in a webhook or read back. Raises Malformed."""
    status, meta, at = conversation.get("status"), conversation.get("meta"), conversation.get("updated_at")
    if not isinstance(status, str) or not isinstance(meta, dict):
        raise Malformed("status or meta")
    assignee: Any = meta.get("assignee")
    person = isinstance(assignee, dict) and meta.get("assignee_type") in (None, "User")
    return Stands(
        remote_id,
        event,
        status,
        _agent(assignee, {}) if person else None,
        _changed(conversation.get("changed_attributes")),
        float(at) if isinstance(at, int | float) and not isinstance(at, bool) else None,
    )


def _changed(given: Any) -> Mapping[str, Any] | None:
    """`[{"status": {"previous_value": …, "current_value": …}}, …]` as name and new value."""
    if not isinstance(given, list):
        return None
    pairs = [(name, values) for one in given if isinstance(one, dict) for name, values in one.items()]
    return {name: values.get("current_value") for name, values in pairs if isinstance(values, dict)}


def _shown_names(conversation: Mapping[str, Any]) -> Mapping[int, str]:
    """The names that people show, by id: a webhook's `sender` has only the full name."""
    meta, messages = conversation.get("meta"), conversation.get("messages")
    people = [meta.get("assignee")] if isinstance(meta, dict) else []
    people += [one.get("sender") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    return {
        one["id"]: one["available_name"]
        for one in people
        if isinstance(one, dict)
        and isinstance(one.get("id"), int)
        and one.get("type", "user") == "user"
        and isinstance(one.get("available_name"), str)
    }


def _agent(person: Mapping[str, Any], shown: Mapping[int, str]) -> RemoteAgent:
    agent_id = _id(person)
    name = shown.get(agent_id) or person.get("available_name") or person.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Malformed("an agent without a name")
    return RemoteAgent(agent_id, name.strip())


def _object(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"no {name}")
    return value


def _id(of: Mapping[str, Any]) -> int:
    value = of.get("id")
    if type(value) is not int or not 0 < value < 2**63:
        raise Malformed("id")
    return value


# ---- out


@dataclass(frozen=True)
class Contact:
    """identifier: stable and not personal. name: masked."""

    identifier: str
    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


def contact_body(contact: Contact, inbox: int) -> dict[str, Any]:
    return {"inbox_id": inbox, "identifier": contact.identifier} | contact_update(contact)


def contact_update(contact: Contact) -> dict[str, Any]:
    return {"name": contact.name, "custom_attributes": dict(contact.attributes)}


def conversation_body(inbox: int, contact_id: int, source_id: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "inbox_id": inbox,
        "contact_id": contact_id,
        "status": "open",
        "custom_attributes": dict(attributes),
    }


def customers_message(key: str, text: str) -> dict[str, Any]:
    """A customer's line. key: by which it is known again."""
    return {"content": text, "message_type": "incoming", "private": False, "source_id": key}


def private_note(key: str, text: str) -> dict[str, Any]:
    """For agents only. key: by which it is known again."""
    return {"content": text, "message_type": "outgoing", "private": True, "source_id": key}
