"""Labelled files: messages, dialogues, and lines that are neither."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from botkit.evaluation import LabelError, Message, read_labelled


def write(folder: Path, *lines: object) -> Path:
    path = folder / "labelled.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_message_may_have_any_of_the_labels(tmp_path: Path) -> None:
    whole = {
        "text": "退钱",
        "intent": "dispute_charge",
        "frustration": 1,
        "handoff": True,
        "rule": "refund",
        "note": "P1",
    }
    labelled = read_labelled(write(tmp_path, {"text": "你好"}, "", whole))
    assert labelled.messages == [Message("你好"), Message("退钱", "dispute_charge", 1, True, "refund")]


def test_a_packed_file_is_sealed(tmp_path: Path) -> None:
    plain = write(tmp_path, {"text": "你好"})
    packed = tmp_path / "labelled.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_labelled(packed) == replace(read_labelled(plain), sealed=True)
    for broken in (packed.read_bytes()[:-4], b"not packed", gzip.compress(b"\xff")):
        packed.write_bytes(broken)
        with pytest.raises(LabelError, match="labelled"):
            read_labelled(packed)


def test_a_dialogue(tmp_path: Path) -> None:
    line = {
        "id": "d1",
        "customer": "17000000001",
        "turns": [{"text": "查余额"}, {"text": "不对吧", "frustration": 1}, {"text": "我要投诉"}],
        "handoff": {"turn": 3, "rule": "complaint"},
        "offer": 2,
        "about": "plain",
    }
    (dialogue,) = read_labelled(write(tmp_path, line)).dialogues
    assert (dialogue.latest, dialogue.earliest, dialogue.rule, dialogue.offered_by) == (3, 3, "complaint", 2)
    assert [turn.text for turn in dialogue.turns] == ["查余额", "不对吧", "我要投诉"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        {"intent": "a"},
        {"text": 3},
        {"text": "a", "frustration": 3},
        {"id": "d", "customer": "1", "turns": []},
        {"id": "d", "customer": "1", "turns": [{"text": "a"}], "handoff": {"turn": 2}},
        {"id": "d", "turns": [{"text": "a"}]},
    ],
)
def test_what_is_neither_is_named_by_its_line(tmp_path: Path, line: object) -> None:
    with pytest.raises(LabelError, match="line 2"):
        read_labelled(write(tmp_path, {"text": "好"}, line))
