"""Bodies of HTTP requests that may be larger than what the server otherwise takes."""

from __future__ import annotations

from typing import Any, Protocol

READ_ON = 8
"""A body of up to so many times the limit is read to its end, since a client that still writes cannot read the answer."""


class _Request(Protocol):
    headers: Any
    stream: Any


async def whole_body(request: _Request, limit: int) -> bytes | None:
    """The body of a request to a handler with `stream=True`; None where it has more than `limit` bytes.

    Raises sanic's PayloadTooLarge for one that is not worth reading on.
    """
    request.stream.request_max_size = READ_ON * limit
    data, size = bytearray(), 0
    async for chunk in request.stream:
        size += len(chunk)
        if size <= limit:
            data += chunk
    return bytes(data) if size <= limit else None
