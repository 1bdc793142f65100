"""The real server, told to stop at a certain point of a certain message, so that it can be killed right there.

Run as a program it is `botkit serve` with hooks: at each point it looks whether the file `stop_at` in its folder names that
point and that message; then it writes `stopped` and stays there for ever.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from tests.server_process import ServerProcess

POINTS = ("received", "thought", "writing", "sending", "sent")
"""In the order in which a message passes them.

received: it is in the inbox. thought: the dialogue has answered. writing: the answer is in the open transaction.
sending: that is committed, the response is about to be sent. sent: it is, and that is not noted yet.
"""


class Server(ServerProcess):
    """A server of a test's own."""

    def say(self, sender: str, text: str, message_id: str | None = None, **options: Any) -> list[dict[str, Any]]:
        """The answer through the REST channel."""
        body = {"sender": sender, "message": text, **({"message_id": message_id} if message_id else {})}
        response = httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60, verify=False, **options)
        assert response.status_code == 200, response.text
        answer: list[dict[str, Any]] = response.json()
        return answer

    def errors(self) -> list[str]:
        """Lines of the log that nobody wants to see."""
        signs = ("Traceback", "level=error", " ERROR ", "never retrieved", "was destroyed but it is pending")
        return [line for line in self.output().splitlines() if any(sign in line for sign in signs)]


class StoppingServer(Server):
    """One that can be stopped at a point of a message."""

    command = ("-m", "tests.integration.server.server")

    def stop_at(self, point: str, text: str) -> None:
        (self.var / "stopped").unlink(missing_ok=True)
        _replace(self.var / "stop_at", json.dumps([point, text]))

    def wait_until_stopped(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not (self.var / "stopped").exists():
            assert time.monotonic() < deadline, f"the server did not come to the point\n{self.output()}"
            assert self.process.poll() is None, self.output()
            time.sleep(0.01)  # between two looks; the deadline decides

    def go_on(self) -> None:
        (self.var / "stop_at").unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text, encoding="utf-8")
    path.with_suffix(".new").replace(path)


# ------------------------------------------------------------------------------------------------------- in the server


def _wanted(point: str, text: str) -> bool:
    var = Path(os.environ["BOTKIT_VAR"])
    try:
        return json.loads((var / "stop_at").read_text(encoding="utf-8")) == [point, text]
    except FileNotFoundError:
        return False


def _say_so() -> None:
    _replace(Path(os.environ["BOTKIT_VAR"]) / "stopped", "")


def _stay_in_thread() -> None:
    _say_so()
    threading.Event().wait()


async def _stay() -> None:
    _say_so()
    await asyncio.Event().wait()


def _install() -> None:
    from botkit.conversation.router import Router
    from botkit.store.tables.conversation import InboundRow
    from channels import rest

    handle, store, done, answer = Router.handle, Router._store, Router._done, rest._answer

    async def handle_or_stop(router: Router, message_id: int) -> None:
        with router._unit_of_work(reading=True) as session:
            text = session.get(InboundRow, message_id).text
        if _wanted("received", text):
            await _stay()
        await handle(router, message_id)

    def store_or_stop(router: Router, work: Any, response: Any) -> bool:
        if _wanted("thought", work.said):
            _stay_in_thread()
        return store(router, work, response)

    def done_or_stop(router: Router, row: Any) -> None:
        done(router, row)
        if _wanted("writing", row.text):
            _stay_in_thread()

    async def answer_or_stop(request: Any, outbox: Any, sender: str, receipt: Any) -> None:
        text = request.json["message"]
        if _wanted("sending", text):
            await _stay()
        if _wanted("sent", text):
            outbox.mark_delivered = lambda *_: _stay_in_thread()
        await answer(request, outbox, sender, receipt)

    Router.handle, Router._store, Router._done = handle_or_stop, store_or_stop, done_or_stop  # type: ignore[method-assign]
    rest._answer = answer_or_stop


if __name__ == "__main__":
    from botkit.cli import main

    _install()
    sys.exit(main(["serve"]))
