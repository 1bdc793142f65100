from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from botkit.bss.demo.reading import MalformedData, load, read
from botkit.telecom.values import NO_DATA, ZERO, DataVolume, Money


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    number: int


@dataclass(frozen=True)
class Thing:
    name: str
    price: Money = ZERO
    rate: Decimal = Decimal(0)
    volume: DataVolume = NO_DATA
    day: date | None = None
    colour: Colour = Colour.RED
    words: tuple[str, ...] = ()
    pair: tuple[int, int] = (0, 0)
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{name: a, price: 8.5}", Thing("a", price=Money.of("8.5"))),
        ("{name: a, rate: 0.15}", Thing("a", rate=Decimal("0.15"))),
        ("{name: a, volume: 1.5GB}", Thing("a", volume=DataVolume(1536))),
        ("{name: a, volume: 200MB}", Thing("a", volume=DataVolume(200))),
        ("{name: a, day: 2026-11-22}", Thing("a", day=date(2026, 11, 22))),
        ("{name: a, day: null, inner: null}", Thing("a")),
        ("{name: a, colour: red, words: [b, c], pair: [23, 7]}", Thing("a", words=("b", "c"), pair=(23, 7))),
        ("{name: a, inner: {number: 7}}", Thing("a", inner=Inner(7))),
    ],
)
def test_values_take_their_types(tmp_path: Path, written: str, expected: Thing) -> None:
    path = tmp_path / "thing.yaml"
    path.write_text(written)
    assert read(Thing, load(path), "here") == expected


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ([], "here: expected keys of Thing"),
        ({}, "here: missing key name"),
        ({"name": "a", "prize": 1}, "here: unknown key prize; known are colour, day"),
        ({"name": 7}, "here, name: 7 is not a text"),
        ({"name": "a", "price": True}, "here, price: True is not an amount in yuan"),
        ({"name": "a", "volume": 20}, "here, volume: 20 is not a volume such as"),
        ({"name": "a", "colour": "blue"}, "here, colour: 'blue' is not one of red"),
        ({"name": "a", "words": "b"}, "here, words: expected a list"),
        ({"name": "a", "words": [1]}, r"here, words\[0\]: 1 is not a text"),
        ({"name": "a", "pair": [1]}, "here, pair: expected 2 entries, found 1"),
        ({"name": "a", "inner": {"number": "x"}}, "here, inner, number: 'x' is not a whole number"),
    ],
)
def test_mistakes_are_told_with_their_place(value: Any, complaint: str) -> None:
    with pytest.raises(MalformedData, match=complaint):
        read(Thing, value, "here")


def test_a_file_that_is_not_yaml(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: [")
    with pytest.raises(MalformedData, match=r"broken\.yaml: not valid YAML"):
        load(path)
