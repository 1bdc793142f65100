"""What the webhook refuses: nothing of it changes anything."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from botkit.handoff.machine import Owner
from tests.chatwoot.conftest import Office
from tests.chatwoot.standin import LIN, SECRET, Chatwoot, wire

JSON = {"Content-Type": "application/json"}


async def post(url: str, content: bytes, headers: dict[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.post(url, content=content, headers=headers)).status_code


async def test_a_wrong_secret_is_refused(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "您好")
    with capture_logs() as logged:
        assert set(await chatwoot.sends(office.url, secret="another secret of somebody")) == {401}
    assert {(one["event"], one["status"]) for one in logged} == {("chatwoot webhook refused", 401)}
    assert office.owner(talk) is Owner.WAITING


async def test_a_signature_grows_old(office: Office, chatwoot: Chatwoot) -> None:
    at, body = office.clock(), b'{"event": "unknown"}'
    assert await chatwoot.send(office.url, body) == 200
    office.clock.forward(seconds=301)
    chatwoot._clock = lambda: at
    assert await chatwoot.send(office.url, body) == 401


async def test_an_older_chatwoot_that_signs_nothing_has_the_secret_in_the_address(office: Office) -> None:
    assert await post(f"{office.url}?token={SECRET}", b'{"event": "unknown"}', JSON) == 200
    assert await post(f"{office.url}?token={SECRET}x", b'{"event": "unknown"}', JSON) == 401
    assert await post(office.url, b'{"event": "unknown"}', JSON) == 401


async def test_content_type_and_size_are_checked(office: Office) -> None:
    address = f"{office.url}?token={SECRET}"
    assert await post(address, b'{"event": "unknown"}', {"Content-Type": "text/plain"}) == 415
    assert await post(address, b'{"event": "unknown"}', {}) == 415
    assert await post(address, b'"' + b"x" * 600_000 + b'"', JSON) == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"event": 7}',
        b"[" * 100_000,
        b'{"event": "message_created"}',
        b'{"event": "message_created", "id": 1, "conversation": {"id": "42"}, "account": {"id": 3}, "inbox": {"id": 5}}',
        b'{"event": "message_created", "id": true, "conversation": {"id": 42}, "account": {"id": 3}, "inbox": {"id": 5}}',
        b'{"event": "conversation_updated", "id": 1, "inbox_id": 5}',
        b'{"event": "conversation_updated", "id": 1, "inbox_id": 5, "status": "open", "meta": {"assignee": {"id": 1}}}',
    ],
    ids=lambda body: repr(body[:60]),
)
async def test_what_is_no_event_of_chatwoot_is_a_bad_request(office: Office, chatwoot: Chatwoot, body: bytes) -> None:
    assert await chatwoot.send(office.url, body) == 400


@pytest.mark.parametrize("name", ["webhook_message_created", "webhook_conversation_updated"])
async def test_mutilated_events_never_make_a_server_error(office: Office, chatwoot: Chatwoot, name: str) -> None:
    """Each part of an event in turn is missing, or something else."""
    talk, number = await office.waits_there()
    for path in _paths(wire(name)):
        for other in (None, 7, "x", [], {}, [None], {"id": None}, -1, 1e308, True):
            payload = wire(name)
            _put(payload, path, other)
            if payload.get("conversation") and isinstance(payload["conversation"], dict):
                payload["conversation"]["id"] = number
            assert await chatwoot.send(office.url, payload) in (200, 400, 404), (path, other)
    assert office.owner(talk) in (Owner.WAITING, Owner.HUMAN)


async def test_a_message_in_a_conversation_of_somebody_else_is_not_found(office: Office, chatwoot: Chatwoot) -> None:
    """Chatwoot then marks it as failed for the agent."""
    assert await chatwoot.send(office.url, wire("webhook_message_created")) == 404
    assert await chatwoot.send(office.url, wire("webhook_conversation_updated")) == 200


async def test_events_of_other_inboxes_and_accounts_are_nothing_to_us(office: Office, chatwoot: Chatwoot) -> None:
    talk, number = await office.waits_there()
    chatwoot.says(number, LIN, "您好")
    payload = chatwoot.webhooks[-1]
    assert await chatwoot.send(office.url, payload | {"inbox": {"id": 6, "name": "other"}}) == 200
    assert await chatwoot.send(office.url, payload | {"account": {"id": 4, "name": "other"}}) == 200
    assert office.owner(talk) is Owner.WAITING


async def test_the_desk_says_where_the_agents_are(office: Office) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(office.url.replace("/webhooks/chatwoot", "/desk"))
    assert answer.status_code == 404 and "Chatwoot" in answer.text


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict) or len(path) > 2:
        return [path] if path else []
    return ([path] if path else []) + [found for name in value for found in _paths(value[name], (*path, name))]


def _put(payload: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        payload = payload[name]
    payload[path[-1]] = json.loads(json.dumps(value))
