"""Which pages may open a connection."""

from __future__ import annotations

import pytest

from botkit.server.origins import Origins

HERE = {"HTTP_HOST": "chat.example.com:5005"}


@pytest.mark.parametrize(
    ("listed", "origin", "environ", "allowed"),
    [
        ((), "https://evil.example", HERE, False),
        ((), "http://chat.example.com:5005", HERE, True),
        ((), "http://chat.example.com", HERE, False),
        ((), "null", HERE, False),
        (("https://shop.example",), "https://shop.example", HERE, True),
        (("https://shop.example/",), "https://SHOP.example", HERE, True),
        (("https://shop.example",), "http://chat.example.com:5005", HERE, True),
        (("https://shop.example",), "https://shop.example.evil.example", HERE, False),
        ((), "https://chat.example.com", {"HTTP_HOST": "10.0.0.7", "HTTP_X_FORWARDED_HOST": "chat.example.com"}, True),
        (("*",), "https://anyone.example", HERE, True),
    ],
)
def test_our_own_page_and_the_listed_ones(
    listed: tuple[str, ...], origin: str, environ: dict[str, str], allowed: bool
) -> None:
    assert Origins(listed)(origin, environ) is allowed
