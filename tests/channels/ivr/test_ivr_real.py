"""A call to the real server with the trained model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from botkit.bss.demo.scenario import load_scenarios
from tests.channels.ivr.pbx import SECRET
from tests.channels.ivr.pbx import Phone as Caller
from tests.driver import last_code
from tests.integration.server.server import Server

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    process = Server(tmp_path_factory.mktemp("ivr"), trained_model, BOTKIT_IVR_SECRET=SECRET)
    process.start()
    yield process
    process.stop()
    assert process.errors() == []


async def test_a_call(server: Server) -> None:
    number = load_scenarios()[0].phone
    caller = Caller(server.url, "call-1", number)
    await caller.ask("start")
    answer = await caller.says("查余额", confidence=0.9)
    assert answer["expect"] == "digits" and answer["max_digits"] == 6, "the number is vouched for, only the code is asked for"
    await caller.presses(last_code(server.var / "sms.jsonl", number) + "#")
    assert caller.told.startswith("核对好了。") and "块" in caller.told
    await caller.says("畅选59和畅选79比一比")
    assert "每月" in caller.told and ("便宜" in caller.told or "贵" in caller.told)
    answer = await caller.presses("0")
    assert "0" not in answer["keys"]
    answer = await caller.ask("hangup")
    assert answer["hangup"] is True

    again = Caller(server.url, "call-2", number)
    await again.ask("start")
    answer = await again.says("查余额")
    assert answer["expect"] == "digits", "who calls later proves anew who he is"
    await again.ask("hangup")
    print(caller.heard, again.heard)
