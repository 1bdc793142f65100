"""Chatwoot's application API over HTTP, as far as the desk needs it. https://developers.chatwoot.com/api-reference

Every request carries the header `api_access_token`. Outside errors become `Unavailable` or `RequestRefused` here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx

from botkit.desk.chatwoot.wire import Contact, contact_body, contact_update, conversation_body
from botkit.settings import ChatwootAccess

TIMEOUT = 10.0

_COME_AGAIN = (408, 425, 429)


class Unavailable(Exception):
    """No answer, or one that may be another at another time; the request may have been carried out all the same.

    retry_after: seconds that Chatwoot asks to wait, None where it does not say.
    """

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class RequestRefused(Exception):
    """Chatwoot understood and said no. status: of HTTP, 4xx."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Client:
    """Its methods raise Unavailable and RequestRefused."""

    def __init__(self, access: ChatwootAccess, timeout: float = TIMEOUT) -> None:
        """timeout: seconds for one request."""
        self._inbox = access.inbox
        self._account = f"/api/v1/accounts/{access.account}"
        self._http = httpx.AsyncClient(
            base_url=access.url, headers={"api_access_token": access.token}, timeout=timeout, trust_env=False
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def contact(self, contact: Contact) -> tuple[int, str]:
        """Find the contact by its identifier or make it: (id, its source_id in the inbox), brought up to date."""
        known = await self._known_contact(contact)
        if known is not None:
            await self._call("PUT", f"/contacts/{known[0]}", contact_update(contact))
            return known
        made = _object((await self._call("POST", "/contacts", contact_body(contact, self._inbox))), "payload")
        return _number(_object(made, "contact"), "id"), _text(_object(made, "contact_inbox"), "source_id")

    async def _known_contact(self, contact: Contact) -> tuple[int, str] | None:
        found = await self._call("GET", "/contacts/search", query={"q": contact.identifier})
        for one in _list(found, "payload"):
            if one.get("identifier") != contact.identifier:
                continue  # the search looks into names and addresses too
            for session in one.get("contact_inboxes") or ():
                if (session.get("inbox") or {}).get("id") == self._inbox:
                    return _number(one, "id"), _text(session, "source_id")
            contact_id = _number(one, "id")
            made = await self._call("POST", f"/contacts/{contact_id}/contact_inboxes", {"inbox_id": self._inbox})
            return contact_id, _text(made, "source_id")
        return None

    async def conversation(
        self, contact_id: int, source_id: str, attributes: Mapping[str, Any], key: str
    ) -> Mapping[str, Any]:
        """Find the conversation of this contact whose attribute `key` is as wanted, or make it, open."""
        known = await self._call("GET", f"/contacts/{contact_id}/conversations")
        for one in _list(known, "payload"):
            if (one.get("custom_attributes") or {}).get(key) == attributes[key]:
                return one
        body = conversation_body(self._inbox, contact_id, source_id, attributes)
        return await self._call("POST", "/conversations", body)

    async def shown(self, remote_id: int) -> Mapping[str, Any]:
        """A conversation as it stands."""
        return await self._call("GET", f"/conversations/{remote_id}")

    async def post(self, remote_id: int, message: Mapping[str, Any]) -> None:
        await self._call("POST", f"/conversations/{remote_id}/messages", message)

    async def messages(self, remote_id: int) -> AsyncIterator[Mapping[str, Any]]:
        """All of a conversation, oldest first; Chatwoot gives at most a hundred at once."""
        last = 0
        while True:
            page = await self._call("GET", f"/conversations/{remote_id}/messages", query={"after": str(last)})
            messages = [one for one in _list(page, "payload") if _number(one, "id") > last]
            if not messages:
                return
            for message in messages:
                last = max(last, message["id"])
                yield message

    async def set_status(self, remote_id: int, status: str) -> None:
        await self._call("POST", f"/conversations/{remote_id}/toggle_status", {"status": status})

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        try:
            response = await self._http.request(method, self._account + path, json=body, params=query)
        except httpx.HTTPError as error:
            raise Unavailable(f"{method} {path}: {type(error).__name__}") from error
        status = response.status_code
        if status in _COME_AGAIN or status >= 500 or 300 <= status < 400:
            raise Unavailable(f"{method} {path}: HTTP {status}", _seconds(response.headers.get("Retry-After")))
        if status >= 400:
            raise RequestRefused(status, f"{method} {path}: HTTP {status} {response.text[:200]}")
        try:
            answer = response.json()
        except ValueError:
            raise Unavailable(f"{method} {path}: no JSON") from None
        return answer if isinstance(answer, dict) else {}


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    if not isinstance(value, dict):
        raise Unavailable(f"an answer without {name}")
    return value


def _list(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = of.get(name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unavailable(f"an answer without {name}")
    return value


def _number(of: Mapping[str, Any], name: str) -> int:
    value = of.get(name)
    if type(value) is not int:
        raise Unavailable(f"an answer without {name}")
    return value


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    if not isinstance(value, str) or not value:
        raise Unavailable(f"an answer without {name}")
    return value
