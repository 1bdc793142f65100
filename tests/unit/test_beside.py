"""Nodes that run in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.caching import LocalTrainingCache
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode

from botkit.training import beside
from botkit.training.beside import Beside, SharedCache, outputs, waited_for_by_none

pytestmark = pytest.mark.skipif(not beside.possible(), reason="one core, or a system on which forking is not safe")


def begun(name: str, work: Callable[[], Any]) -> Beside:
    node = Beside(name, lambda: (name, work()))
    assert node() == (name, None)
    return node


def fails() -> None:
    raise ValueError("no examples")


class Unsendable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def fails_unsendably() -> None:
    raise Unsendable("no ", "examples")


def test_each_works_in_a_process_of_its_own() -> None:
    nodes = [begun("one", os.getpid), begun("other", os.getpid)]
    found = dict(outputs(nodes))
    assert set(found) == {"one", "other"}
    assert len({os.getpid(), *found.values()}) == 3


def test_what_was_never_called_has_no_output() -> None:
    assert dict(outputs([Beside("one", lambda: ("one", 1))])) == {}


def test_a_failure_is_told_as_it_was() -> None:
    with pytest.raises(ValueError, match="no examples"):
        dict(outputs([begun("one", fails)]))


def fails_for_a_reason() -> None:
    try:
        fails()
    except ValueError as error:
        raise RuntimeError("training failed") from error


def test_a_failure_is_told_with_its_causes(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="training failed") as failed:
        dict(outputs([begun("one", fails_for_a_reason)]))
    assert isinstance(failed.value.__cause__, ValueError) and str(failed.value.__cause__) == "no examples"
    assert "in fails_for_a_reason" in capfd.readouterr().err, "the log says where"


def test_the_cache_is_written_to_by_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process writes while it is alone no other one interrupts."""
    written = tmp_path / "written"

    def slowly(*_: Any) -> None:
        for _part in range(200):
            with written.open("a") as file:
                file.write(f"{os.getpid()}\n")

    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    monkeypatch.setattr(LocalTrainingCache, "cache_output", slowly)
    cache = SharedCache()
    dict(outputs([begun(name, cache.cache_output) for name in ("one", "other", "third")]))
    turns = [pid for pid, _ in groupby(written.read_text().split())]
    assert len(turns) == len(set(turns)) == 3


def test_a_failure_that_cannot_be_sent_is_told_in_words() -> None:
    with pytest.raises(GraphRunError, match="Unsendable: no examples"):
        dict(outputs([begun("one", fails_unsendably)]))


def test_a_process_that_is_ended_is_a_failure() -> None:
    with pytest.raises(GraphRunError, match="one"):
        dict(outputs([begun("one", lambda: os._exit(9))]))


def test_if_one_fails_the_others_are_ended() -> None:
    reader, writer = os.pipe()
    waits = begun("waits", lambda: os.read(reader, 1))
    with pytest.raises(ValueError, match="no examples"):
        dict(outputs([begun("fails", fails), waits]))
    assert waits.answers is not None and waits.answers.poll(5), "its end is closed"
    with pytest.raises(EOFError):
        waits.answers.recv()
    os.close(reader)
    os.close(writer)


def test_only_what_nobody_needs_is_apart() -> None:
    def node(fn: str, **needs: str) -> SchemaNode:
        return SchemaNode(needs, GraphComponent, "create", fn, {})

    schema = GraphSchema(
        {
            "train_segmenter": node("train", training_data="data"),
            "run_segmenter": node("process_training_data", resource="train_segmenter"),
            "train_classifier": node("train", training_data="run_segmenter"),
            "data": node("provide"),
        }
    )
    assert list(waited_for_by_none(schema)) == ["train_classifier"]
