"""Which pages may open a connection for a visitor: our own, and those of the sites listed in the settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

ANY = "*"


class Origins:
    """Called with an `Origin` header and the request's WSGI environment, as engine.io wants it."""

    def __init__(self, listed: Collection[str]) -> None:
        self._listed = {origin.rstrip("/").lower() for origin in listed}

    def __call__(self, origin: str, environ: Mapping[str, Any]) -> bool:
        if ANY in self._listed or origin.rstrip("/").lower() in self._listed:
            return True
        ours = {environ.get("HTTP_X_FORWARDED_HOST"), environ.get("HTTP_HOST")} - {None}
        return urlsplit(origin).netloc.lower() in {str(host).lower() for host in ours}
