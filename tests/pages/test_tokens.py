"""The design tokens: readable contrast in light and dark, and one set of dark values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "channels" / "web" / "static" / "tokens.css"
TEXT = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum
OUTLINE = 3.0  # https://www.w3.org/TR/WCAG22/#non-text-contrast

PAIRS = [
    *((text, ground, TEXT) for text in ("text", "text-muted") for ground in ("page", "surface", "sunken", "hover")),
    *(("brand-text", ground, TEXT) for ground in ("page", "surface", "sunken", "brand-soft")),
    ("text", "brand-soft", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    *((tone, ground, TEXT) for tone in ("good", "bad", "warn") for ground in ("surface", "sunken", f"{tone}-soft")),
    *(("border-strong", ground, OUTLINE) for ground in ("page", "surface", "sunken")),
    *(("focus", ground, OUTLINE) for ground in ("page", "surface", "sunken")),
]


def colours(selector: str) -> dict[str, str]:
    """The colours of the first block whose selector begins so."""
    block = TOKENS.read_text("utf-8").split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--color-([\w-]+): (#[0-9a-f]{6});", block))


THEMES = {
    "light": colours(":root,"),
    "dark by system": colours(':root:not([data-theme="light"])'),
    "dark by choice": colours(':root[data-theme="dark"]'),
}


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast_is_readable(theme, front, ground, least):
    values = {**THEMES["light"], **THEMES[theme]}
    assert contrast(values[front], values[ground]) >= least


def test_both_dark_blocks_say_the_same():
    assert THEMES["dark by system"] == THEMES["dark by choice"]
