"""A call to the real server with the trained model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.bss.demo.scenario import load_scenarios
from botkit.clock import system_clock
from botkit.store.engine import create_engine, unit_of_work
from botkit.store.tables.desk import AgentRow
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


def answer_titles(caller: Caller) -> list[str]:
    return list(caller.last["keys"].values())


def somebody_is_there(server: Server) -> None:
    """An agent of all groups, as the server sees him when he has signed in."""
    engine = create_engine(f"sqlite:///{server.var / 'botkit.db'}")
    skills = ["billing", "plans", "technical", "complaints", "general"]
    with unit_of_work(engine)() as session:
        session.add(
            AgentRow(
                login="li", name="小李", password_hash="", role="agent", skills=skills, places=3,
                presence="online", active=True, created_at=system_clock(),
            )
        )  # fmt: skip
    engine.dispose()


async def test_a_call(server: Server) -> None:
    number = load_scenarios()[0].phone
    caller = Caller(server.url, "call-1", number)
    await caller.ask("start")
    answer = await caller.says("查余额", confidence=0.9)
    assert answer["expect"] == "digits" and answer["max_digits"] == 6, (
        "the number is vouched for, only the code is asked for"
    )
    await caller.presses(last_code(server.var / "sms.jsonl", number) + "#")
    assert caller.told.startswith("核对好了。") and "块" in caller.told
    await caller.says("畅选59和畅选79比一比")
    assert "每月" in caller.told and ("便宜" in caller.told or "贵" in caller.told)
    assert any("全部规则" in title for title in answer_titles(caller))
    somebody_is_there(server)
    answer = await caller.presses("0")
    assert answer["transfer"]["queue"] in ("general", "plans", "billing") and "0" not in answer["keys"]
    assert answer["transfer"]["summary"].startswith(f"尾号 {number[-4:]} 的客户, 已核身")
    answer = await caller.ask("hangup")
    assert answer["hangup"] is True

    again = Caller(server.url, "call-2", number)
    await again.ask("start")
    answer = await again.says("查余额")
    assert answer["expect"] == "digits", "who calls later proves anew who he is"
    await again.ask("hangup")
