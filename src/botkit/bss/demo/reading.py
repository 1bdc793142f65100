"""Turns YAML into dataclasses by their type hints, with errors that say where and what.

Keys are field names. Money is a number of yuan, data a text such as "20GB" or "500MB", a decimal is read as written.
"""

from __future__ import annotations

import dataclasses
import re
import types
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from botkit.telecom.values import DataVolume, Money

T = TypeVar("T")
VOLUME = re.compile(r"(\d+(?:\.\d+)?) ?(GB|MB)")


class MalformedData(ValueError):
    """A YAML file does not say what it should. The message names the place and the remedy."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


class _ExactLoader(yaml.SafeLoader):
    """Reads 0.15 as the decimal that is written, not as the nearest binary fraction."""


_ExactLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))


def load(path: Path) -> Any:
    """The content of one YAML file.

    Raises:
        MalformedData: the file is not YAML.
    """
    try:
        return yaml.load(path.read_text("utf-8"), _ExactLoader)
    except yaml.YAMLError as error:
        raise MalformedData(path.name, f"not valid YAML: {error}") from error


def read(kind: type[T], value: Any, where: str) -> T:
    """`value` as the dataclass `kind`.

    Args:
        where: the place in the file, for the error.

    Raises:
        MalformedData: a key is unknown or missing, or a value has the wrong form.
    """
    if not isinstance(value, dict):
        raise MalformedData(where, f"expected keys of {kind.__name__}, found {value!r}")
    hints = get_type_hints(kind)
    fields: dict[str, dataclasses.Field[Any]] = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if unknown := value.keys() - fields.keys():
        raise MalformedData(where, f"unknown key {_listed(unknown)}; known are {_listed(fields)}")
    if missing := {name for name, f in fields.items() if _is_required(f)} - value.keys():
        raise MalformedData(where, f"missing key {_listed(missing)}")
    return kind(**{name: _convert(hints[name], content, f"{where}, {name}") for name, content in value.items()})


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _listed(names: Any) -> str:
    return ", ".join(sorted(map(str, names)))


def _convert(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _convert_optional(kind, value, where)
    if origin is tuple:
        return _convert_tuple(kind, value, where)
    if kind not in (Money, DataVolume) and dataclasses.is_dataclass(kind):
        return read(cast(type[Any], kind), value, where)
    return _convert_scalar(kind, value, where)


def _convert_optional(kind: Any, value: Any, where: str) -> Any:
    if value is None:
        return None
    (inner,) = (option for option in get_args(kind) if option is not type(None))
    return _convert(inner, value, where)


def _convert_tuple(kind: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise MalformedData(where, f"expected a list, found {value!r}")
    inner = get_args(kind)
    if inner[-1] is not Ellipsis and len(inner) != len(value):
        raise MalformedData(where, f"expected {len(inner)} entries, found {len(value)}")
    return tuple(_convert(inner[0], entry, f"{where}[{index}]") for index, entry in enumerate(value))


def _convert_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind in (Decimal, Money) and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Money.of(value) if kind is Money else Decimal(value)
    if kind is DataVolume and isinstance(value, str) and (match := VOLUME.fullmatch(value)):
        return DataVolume.gb(match[1]) if match[2] == "GB" else DataVolume(int(match[1]))
    if isinstance(kind, type) and issubclass(kind, Enum) and value in {member.value for member in kind}:
        return kind(value)
    if kind in (str, int, bool, date) and type(value) is kind:
        return value
    raise MalformedData(where, f"{value!r} is not {_expected(kind)}")


def _expected(kind: Any) -> str:
    if issubclass(kind, Enum):
        return f"one of {_listed(member.value for member in kind)}"
    return {
        Decimal: "a number",
        Money: "an amount in yuan",
        DataVolume: 'a volume such as "20GB" or "500MB"',
        str: "a text",
        int: "a whole number",
        bool: "true or false",
        date: "a date such as 2024-03-01",
    }[kind]
