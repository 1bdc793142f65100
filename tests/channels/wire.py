"""HTTP with as little around it as twenty thousand requests want: a socket that stays open, no client library."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping


class Wire:
    """One connection. url: of the server, without a path."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._host, self._port = host, int(port)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. target: path and query, percent-encoded."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {target} HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(answer.split(None, 2)[1])
        _, _, length = answer.partition("\r\ncontent-length:")
        content = await reader.readexactly(int(length.split("\r\n")[0] or 0)) if length else b""
        if "\r\nconnection: close" in answer:
            self.close()
        return status, content

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
