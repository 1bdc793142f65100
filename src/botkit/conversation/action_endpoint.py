"""Runs rasa-sdk actions in this process.

Rasa calls actions through an `EndpointConfig`; this one hands the call to rasa-sdk's executor instead of posting the whole
tracker over HTTP. `rasa run actions` serves the same actions for those who deploy them apart.
"""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection


class InProcessActions(EndpointConfig):
    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__(url="in-process")
        self._executor = executor

    async def request(self, method: str = "post", subpath: str | None = None, **arguments: Any) -> Any:
        """Execute the action named in `json`; errors come back in the form Rasa expects of an action server."""
        call = arguments["json"]
        try:
            return await self._executor.run(call)
        except SdkRejection as rejection:
            body = f'{{"action_name": "{rejection.action_name}", "error": "rejected"}}'
            raise ClientResponseError(400, str(rejection), body) from rejection


