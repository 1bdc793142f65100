"""The AGI script as Asterisk runs it: a stand-in speaks AGI on its standard input and output, the webhook is the real one."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from botkit.clock import system_clock
from botkit.conversation.reply import Choice, Reply
from botkit.handoff.machine import HandOver, Reason
from tests.channels.ivr.conftest import Exchange
from tests.channels.ivr.pbx import SECRET, WEBHOOK

ROOT = Path(__file__).parents[3]
AGI = ROOT / "deploy" / "asterisk" / "botkit_ivr.py"
HANG_UP = "hang up"
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass
class Asterisk:
    """A channel, and what its caller does: a key, nothing (""), a recording's words (said …), or HANG_UP, in turn."""

    folder: Path
    exchange: Exchange
    does: list[str]
    secret: str = SECRET
    variables: dict[str, str] = field(default_factory=dict)
    spoken: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    async def run(self, *arguments: str, recognise: bool = False) -> str:
        """Run the script once; what it wrote to the console."""
        self.exchange.clock.now = system_clock()  # the script signs with the real time
        environment = {
            "PATH": os.environ["PATH"],
            "BOTKIT_IVR_URL": f"{self.exchange.url}{WEBHOOK}",
            "BOTKIT_IVR_SECRET": self.secret,
            "BOTKIT_IVR_SPEAK": self._program("speak", 'cat > "$1"'),
            "BOTKIT_IVR_SOUNDS": str(self.folder / "sounds"),
        }
        if recognise:
            environment["BOTKIT_IVR_RECOGNISE"] = self._program("recognise", 'cat "$1"')
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(AGI), *arguments, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"agi_request: botkit_ivr.py\nagi_channel: PJSIP/1\nagi_uniqueid: 1795500000.7\n\n")
        while line := (await process.stdout.readline()).decode():
            reply = self._do(line.strip())
            process.stdin.write(f"{reply}\n".encode())
            await process.stdin.drain()
        assert await process.wait() == 0
        return (await process.stderr.read()).decode()

    def _program(self, name: str, script: str) -> str:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def _next(self) -> str:
        return self.does.pop(0) if self.does else HANG_UP

    def _do(self, line: str) -> str:
        """As res_agi.c answers."""
        self.commands.append(line)
        words = [(quoted or bare).replace('\\"', '"').replace("\\\\", "\\") for quoted, bare in WORD.findall(line)]
        command, arguments = " ".join(words[:2]), words[2:]
        if command == "GET VARIABLE":
            value = self.variables.get(arguments[0])
            return f"200 result=1 ({value})" if value is not None else "200 result=0"
        if command == "SET VARIABLE":
            self.variables[arguments[0]] = arguments[1]
            return "200 result=1"
        if command == "STREAM FILE":
            self.spoken.append(Path(f"{arguments[0]}.wav").read_text())
            return "200 result=0 endpos=1"
        if command == "EXEC Log":
            self.logged.append(arguments[0])
            return "200 result=0"
        if words[:3] == ["WAIT", "FOR", "DIGIT"]:
            does = self._next()
            return "200 result=-1" if does == HANG_UP else f"200 result={ord(does) if does else 0}"
        if command == "RECORD FILE":
            does = self._next()
            if does == HANG_UP:
                return "200 result=-1 (hangup) endpos=0"
            Path(f"{arguments[0]}.wav").write_text(does)
            return "200 result=0 (timeout) endpos=8000"
        raise AssertionError(f"not a command of AGI: {line}")


async def test_a_call_by_keys(exchange: Exchange, tmp_path: Path) -> None:
    exchange.dialogue.replies = [Reply("余额 36.42 元。", choices=(Choice("看账单", "/ask_bill"),))]
    asterisk = Asterisk(tmp_path, exchange, ["1", "1", HANG_UP])
    assert await asterisk.run("talk", "13800138000") == ""
    assert asterisk.spoken[-2:] == ["余额三十六块四毛二。", "看账单请按一。"]
    assert exchange.dialogue.heard == ["/ask_balance", "/ask_bill"] and asterisk.variables["BOTKIT_TURN"] == "2"
    assert await asterisk.run("hangup", "13800138000") == ""
    assert exchange.transcript("tel:13800138000")[-1] == ("customer", "已挂断电话")


async def test_digits_are_gathered(exchange: Exchange, tmp_path: Path) -> None:
    exchange.dialogue.replies = [Reply("请按 6 位数字。", asks="code")]
    asterisk = Asterisk(tmp_path, exchange, ["1", *"123456", *"77", "#"])
    await asterisk.run("talk", "13800138000")
    assert exchange.dialogue.heard[:2] == ["/ask_balance", "123456"]


async def test_speech(exchange: Exchange, tmp_path: Path) -> None:
    asterisk = Asterisk(
        tmp_path, exchange, ['{"text": "我要查余额", "confidence": 0.8}', "broken", '{"text": ""}', HANG_UP]
    )
    await asterisk.run("talk", "13800138000", recognise=True)
    assert exchange.dialogue.heard == ["我要查余额"]
    assert any("没有听清" in sentence for sentence in asterisk.spoken)
    assert any("没有听到您的声音" in sentence for sentence in asterisk.spoken)
    assert not list((tmp_path / "sounds").glob("said-*")), "no recording is kept"


async def test_to_the_queue_and_back(exchange: Exchange, tmp_path: Path) -> None:
    exchange.somebody_is_there("billing")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    asterisk = Asterisk(tmp_path, exchange, ["0", ""])
    await asterisk.run("talk", "13800138000")
    assert asterisk.variables["BOTKIT_NEXT"] == "queue" and asterisk.variables["BOTKIT_QUEUE"] == "billing"
    assert asterisk.variables["BOTKIT_SUMMARY"] == "来电尾号 8000, 未核身。还没说要办什么"
    asterisk.does = [HANG_UP]
    await asterisk.run("talk", "13800138000", "1")
    assert "继续用机器人请按一。" in asterisk.spoken and "好的，现在由我继续。" in asterisk.spoken


async def test_silence_ends_the_call(exchange: Exchange, tmp_path: Path) -> None:
    asterisk = Asterisk(tmp_path, exchange, ["", "", ""])
    await asterisk.run("talk", "")
    assert asterisk.variables["BOTKIT_NEXT"] == "hangup" and "先挂断了" in "".join(asterisk.spoken)


async def test_a_slow_answer_is_asked_for_again(hasty: Exchange, tmp_path: Path) -> None:
    gate = asyncio.Event()

    async def slowly() -> None:
        asyncio.get_running_loop().call_later(0.3, gate.set)
        await gate.wait()

    hasty.dialogue.before_answering = slowly
    asterisk = Asterisk(tmp_path, hasty, ["1", HANG_UP])
    await asterisk.run("talk", "13800138000")
    assert "请稍等。" in asterisk.spoken and "您说的是" in asterisk.spoken[-1]
    assert hasty.dialogue.heard == ["/ask_balance"]


async def test_a_wrong_secret_goes_to_a_human_without_the_assistant(exchange: Exchange, tmp_path: Path) -> None:
    asterisk = Asterisk(tmp_path, exchange, [], secret="wrong-wrong-wrong")
    await asterisk.run("talk", "13800138000")
    assert asterisk.variables["BOTKIT_NEXT"] == "failed" and asterisk.spoken == []
    assert [said for said in asterisk.logged if "401" in said], "it stands in Asterisk's log"


async def test_without_a_secret_it_says_so(exchange: Exchange, tmp_path: Path) -> None:
    asterisk = Asterisk(tmp_path, exchange, [], secret="")
    await asterisk.run("talk", "13800138000")
    assert asterisk.variables["BOTKIT_NEXT"] == "failed" and "BOTKIT_IVR_SECRET" in asterisk.logged[0]


def test_a_recording_is_removed_when_he_hangs_up_meanwhile(tmp_path: Path) -> None:
    """Asterisk then sends SIGHUP; the script goes on to its end."""
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    program = (
        f"import sys; sys.argv = ['x']; sys.path.insert(0, {str(AGI.parent)!r}); import botkit_ivr as script\n"
        "class Asterisk(script.Asterisk):\n"
        "    def command(self, *words):\n"
        "        if words[0] != 'RECORD FILE': return (0, '')\n"
        "        open(words[1] + '.wav', 'w').write('half a word'); print('recording', flush=True)\n"
        "        self._source.readline(); raise script.HungUp('-1')\n"
        "class Call(script.Call):\n"
        "    def talk(self, key): self._speech()\n"
        "script.Asterisk, script.Call = Asterisk, Call\n"
        "sys.exit(script.main())\n"
    )
    environment = {"PATH": os.environ["PATH"], "BOTKIT_IVR_SECRET": SECRET, "BOTKIT_IVR_SOUNDS": str(sounds)}
    with subprocess.Popen(
        [sys.executable, "-B", "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write("agi_uniqueid: 1\n\n")
        process.stdin.flush()
        assert process.stdout.readline() == "recording\n" and len(list(sounds.iterdir())) == 1
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        process.stdin.write("HANGUP\n")
        process.stdin.close()
        assert process.wait(10) == 0
    assert list(sounds.iterdir()) == []


@pytest.mark.parametrize(("secret", "status", "says"), [(SECRET, 0, "the voice is"), ("wrong-wrong-wrong", 1, "401")])
async def test_it_can_be_checked_without_a_call(
    exchange: Exchange, tmp_path: Path, secret: str, status: int, says: str
) -> None:
    exchange.clock.now = system_clock()
    environment = {
        "PATH": os.environ["PATH"],
        "BOTKIT_IVR_URL": f"{exchange.url}{WEBHOOK}",
        "BOTKIT_IVR_SECRET": secret,
        "BOTKIT_IVR_SPEAK": Asterisk(tmp_path, exchange, [])._program("speak", 'cat > "$1"'),
        "BOTKIT_IVR_SOUNDS": str(tmp_path / "sounds"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(AGI), "check", env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == status and says in output.decode()


def test_the_dial_plan_calls_the_script_as_it_is() -> None:
    plan = (ROOT / "deploy" / "asterisk" / "extensions.conf").read_text(encoding="utf-8")
    script = AGI.read_text(encoding="utf-8")
    documented = re.findall(r"BOTKIT_[A-Z]+", script.partition("Environment")[0])
    for name in re.findall(r"\$\{(BOTKIT_[A-Z]+)\}", plan):
        assert name in documented or f"Set({name}=" in plan
    assert re.findall(r"AGI\(\S+?,(\w+),", plan) == ["talk", "hangup"]


@pytest.mark.parametrize("name", ["billing", "plans", "technical", "complaints", "general"])
def test_each_group_has_a_queue(name: str) -> None:
    """Not by its own name: [general] in queues.conf is no queue."""
    queues = (ROOT / "deploy" / "asterisk" / "queues.conf").read_text(encoding="utf-8")
    assert f"[botkit-{name}](botkit-queue)" in queues and f"\n[{name}]" not in queues


def test_mod_curl_reads_ten_words() -> None:
    """What stands behind the ninth blank it takes for one word; a header with a blank wants quotes."""
    script = (ROOT / "deploy" / "freeswitch" / "botkit_ivr.lua").read_text(encoding="utf-8")
    pieces = re.findall(r'"([^"]*)"', script.partition("local command =")[2].partition("json.encode")[0])
    command = "secret".join(pieces).replace("'Authorization: Bearer secret'", "Authorization")
    assert command.endswith(" post ") and len(command.split()) + 2 <= 10
