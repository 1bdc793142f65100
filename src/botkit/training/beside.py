"""Nodes of Rasa's graph on which no other one waits, each in a process of its own: classifiers learn beside each other."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from typing import Any

from rasa.engine.caching import LocalTrainingCache
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema

Node = Callable[..., tuple[str, Any]]
"""Takes what the nodes before it gave, and gives its name and its own output."""


def possible() -> bool:
    """Whether processes can be forked safely, and there is more than one core for them."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def waited_for_by_none(schema: GraphSchema) -> Iterator[str]:
    """Names of the nodes that train something which the training itself does not need."""
    needed = {name for node in schema.nodes.values() for name in node.needs.values()}
    return (name for name, node in schema.nodes.items() if node.fn == "train" and name not in needed)


class SharedCache(LocalTrainingCache):
    """Rasa's, written to by one process at a time: each deletes what is oldest when it is full."""

    def __init__(self) -> None:
        super().__init__()
        self._alone = multiprocessing.get_context("fork" if possible() else None).Lock()

    def cache_output(self, *args: Any, **kwargs: Any) -> None:
        with self._alone:
            super().cache_output(*args, **kwargs)


class Beside:
    """A node that only begins when it is called; its output is fetched later."""

    def __init__(self, name: str, node: Node) -> None:
        self.name = name
        self._node = node
        self._process: multiprocessing.process.BaseProcess | None = None
        self.answers: Connection[Any, Any] | None = None

    def __call__(self, *inputs: Any) -> tuple[str, Any]:
        fork = multiprocessing.get_context("fork")  # the examples are there without being sent
        self.answers, answer = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_work, args=(self._node, inputs, answer), name=self.name)
        self._process.start()
        answer.close()
        return self.name, None

    def output(self) -> Any:
        """Waits for it. Raises what the node raised, with its causes; GraphRunError in the place of one that cannot be told, or where
        the process was ended."""
        assert self._process is not None and self.answers is not None, "never called"
        try:
            output, errors = self.answers.recv()
        except EOFError:
            output, errors = None, [GraphRunError(f"The process that trained {self.name} was ended.")]
        self._process.join()
        if errors:
            for error, cause in pairwise(errors):
                error.__cause__ = cause
            raise errors[0]
        return output

    def end(self) -> None:
        """Whatever it does; nothing where it is done."""
        if self._process is not None:
            self._process.terminate()
            self._process.join()


def outputs(nodes: Sequence[Beside]) -> Iterator[tuple[str, Any]]:
    """Name and output of each that has begun, as they come. If one fails the others are ended."""
    running = [node for node in nodes if node.answers is not None]
    try:
        while running:
            answered = wait([node.answers for node in running if node.answers is not None])
            for node in [node for node in running if node.answers in answered]:
                yield node.name, node.output()
                running.remove(node)
    finally:
        for node in running:
            node.end()


def _work(node: Node, inputs: Sequence[Any], answer: Connection[Any, Any]) -> None:
    try:
        _, output = node(*inputs)
        answer.send((output, []))
    except Exception as error:
        traceback.print_exc()  # the log of the training
        answer.send((None, [_sendable(one) for one in _with_causes(error)]))


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from, which is not sent with it."""
    while error is not None:
        yield error
        error = error.__cause__


def _sendable(error: BaseException) -> BaseException:
    try:
        travels = type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:
        travels = False
    return error if travels else GraphRunError(f"{type(error).__name__}: {error}")
