from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest

from botkit.bss.sms import FileSmsSender, SmsNotSent

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=timezone.utc)


def test_messages_are_appended_as_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "var" / "sms.jsonl"
    sender = FileSmsSender(path, lambda: NOW)
    sender.send("17000000001", "验证码 123456")
    sender.send("17000000002", "第二条\n两行")
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"to": "17000000001", "text": "验证码 123456", "at": "2026-11-22T06:05:00+00:00"},
        {"to": "17000000002", "text": "第二条\n两行", "at": "2026-11-22T06:05:00+00:00"},
    ]
    assert "验证码" in path.read_text("utf-8")


def test_messages_sent_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "sms.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: FileSmsSender(path, lambda: NOW).send(str(n), "验证码" * 200), range(200)))
    assert sorted(int(json.loads(line)["to"]) for line in path.read_text("utf-8").splitlines()) == list(range(200))


def test_a_file_that_cannot_be_written_is_an_error_of_the_port(tmp_path: Path) -> None:
    with pytest.raises(SmsNotSent):
        FileSmsSender(tmp_path, lambda: NOW).send("17000000001", "x")


def test_others_cannot_read_the_codes(tmp_path: Path) -> None:
    path = tmp_path / "sms.jsonl"
    FileSmsSender(path, lambda: NOW).send("17000000001", "x")
    assert path.stat().st_mode & 0o077 == 0
