"""Agents' pictures as WeChat takes them: JPEG, PNG or GIF, small."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

MAX_BYTES = 2 * 1000 * 1000
"""The official page says 2 MB in one place and 10 MB in another: the smaller one is taken everywhere."""

_SIDE = 1920
_TAKEN = {"image/jpeg": "picture.jpg", "image/png": "picture.png", "image/gif": "picture.gif"}


def fitted(data: bytes, mime: str) -> tuple[bytes, str, str]:
    """Bytes, name and type to upload. Raises OSError for a picture that cannot be read."""
    if mime in _TAKEN and len(data) <= MAX_BYTES:
        return data, _TAKEN[mime], mime
    with Image.open(BytesIO(data)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((_SIDE, _SIDE))
        written = BytesIO()
        small.save(written, "JPEG", quality=85)
    return written.getvalue(), "picture.jpg", "image/jpeg"
