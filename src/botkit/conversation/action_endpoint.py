"""Runs rasa-sdk actions in this process.

Rasa calls actions through an `EndpointConfig`; this one hands the call to rasa-sdk's executor instead of posting the whole
tracker over HTTP. `rasa run actions` serves the same actions for those who deploy them apart.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

_failures: ContextVar[list[Exception] | None] = ContextVar("failures", default=None)


class InProcessActions(EndpointConfig):
    """Each action runs in a thread, so that a slow operator holds up nobody else's conversation.

    threads: how many actions may run at once. They are not those of the event loop, which messages are stored in.
    """

    def __init__(self, executor: ActionExecutor, threads: int = 16) -> None:
        super().__init__(url="in-process")
        self._executor = executor
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="action")

    @contextmanager
    def watched(self) -> Iterator[list[Exception]]:
        """Collects what actions raise within the block: Rasa logs it and goes on as if the action had said nothing."""
        failures: list[Exception] = []
        token = _failures.set(failures)
        try:
            yield failures
        finally:
            _failures.reset(token)

    async def request(self, method: str = "post", subpath: str | None = None, **arguments: Any) -> Any:
        """Execute the action named in `json`; errors come back in the form Rasa expects of an action server."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, _own(arguments["json"]))
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, str(rejection), body) from rejection
        except Exception as error:
            watchers = _failures.get()
            if watchers is not None:
                watchers.append(error)
            raise

    def _run(self, call: Any) -> Any:
        return asyncio.run(self._executor.run(call))


def _own(call: Mapping[str, Any]) -> dict[str, Any]:
    """The call with values of its own: what an action changes in place must not change the tracker."""
    tracker = call["tracker"]
    copied = {name: copy.deepcopy(tracker[name]) for name in ("slots", "latest_message")}
    return {**call, "tracker": {**tracker, **copied}}


def _trust_our_own_answers() -> None:
    """Spare the check of an action's answer against Rasa's schema where the answer was made in this process.

    The check compiles the whole schema anew at each action, which takes longer than understanding, deciding and
    answering together.
    """
    check = RemoteAction._validate_action_result

    def validate(action: Any, result: Any) -> bool:
        return isinstance(action.action_endpoint, InProcessActions) or bool(check(action, result))

    RemoteAction._validate_action_result = validate


_trust_our_own_answers()
