"""A stand-in for a telephone system: asks the webhook as one does, and checks that each answer is fit to be spoken."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

SECRET = "a-secret-for-tests"
WEBHOOK = "/webhooks/ivr"
FIT = re.compile(r"[\u3400-\u9fffA-Za-z，、 ]+[。？]")
LONGEST = 60 + 20
OPTIONAL = {"max_digits", "transfer", "hangup", "again"}

Answer = dict[str, Any]


def conforms(answer: Answer) -> None:
    """The answer is as docs/ivr.md has it. Raises AssertionError."""
    assert {"say", "keys", "expect", "barge_in"} <= set(answer) <= {"say", "keys", "expect", "barge_in"} | OPTIONAL
    for sentence in answer["say"]:
        assert FIT.fullmatch(sentence), f"not fit for a voice: {sentence!r}"
        assert len(sentence) <= 120, sentence
    assert set(answer["keys"]) <= set("0123456789*"), answer["keys"]
    assert all(isinstance(title, str) and title for title in answer["keys"].values())
    assert answer["expect"] in ("keys", "speech", "digits")
    assert ("max_digits" in answer) == (answer["expect"] == "digits")
    assert isinstance(answer["barge_in"], bool)
    content = [sentence for sentence in answer["say"] if "请按" not in sentence]
    assert len(content) <= 5 and sum(map(len, content)) <= LONGEST, f"too long for one breath: {content}"
    if "transfer" in answer:
        assert set(answer["transfer"]) == {"queue", "summary", "conversation"} and all(answer["transfer"].values())
    assert answer.get("again", True) is True and answer.get("hangup", True) is True
    assert answer["say"] or answer.get("hangup"), "silence"


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """Headers with a signature made at this time (seconds since 1970)."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Botkit-Timestamp": stamp, "X-Botkit-Signature": digest}


def headers(secret: str = SECRET) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}


@dataclass
class Phone:
    """A caller on the line. `last`: what he was told last; `heard`: all of it."""

    url: str
    call_id: str
    number: str | None = None
    turn: int = -1
    last: Answer = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def body(self, event: str, **fields: Any) -> dict[str, Any]:
        number = {"number": self.number} if self.number else {}
        return {"call_id": self.call_id, "event": event, "turn": self.turn, **number, **fields}

    async def ask(self, event: str, **fields: Any) -> Answer:
        """One request with the next turn, and with `again` until the answer is ready."""
        self.turn += 1
        self.last = await self.post(self.body(event, **fields))
        while self.last.get("again"):
            self.turn += 1
            self.last = await self.post(self.body("again"))
        return self.last

    async def post(self, body: dict[str, Any]) -> Answer:
        async with httpx.AsyncClient(timeout=30, verify=False) as client:
            response = await client.post(f"{self.url}{WEBHOOK}", json=body, headers=headers())
        assert response.status_code == 200, response.text
        answer: Answer = json.loads(response.content)
        conforms(answer)
        self.heard += answer["say"]
        return answer

    async def says(self, text: str, **fields: Any) -> Answer:
        return await self.ask("input", text=text, **fields)

    async def presses(self, keys: str) -> Answer:
        return await self.ask("input", keys=keys)

    async def chooses(self, title: str) -> Answer:
        (key,) = [key for key, offered in self.last["keys"].items() if offered == title]
        return await self.presses(key)

    @property
    def told(self) -> str:
        return "".join(self.last["say"])
