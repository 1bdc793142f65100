"""Runs rasa-sdk actions in this process.

Rasa calls actions through an `EndpointConfig`; this one hands the call to rasa-sdk's executor instead of posting the whole
tracker over HTTP. `rasa run actions` serves the same actions for those who deploy them apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection


_failures: ContextVar[list[Exception] | None] = ContextVar("failures", default=None)


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__(url="in-process")
        self._executor = executor

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
            return await self._executor.run(arguments["json"])
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, str(rejection), body) from rejection
        except Exception as error:
            watchers = _failures.get()
            if watchers is not None:
                watchers.append(error)
            raise
