"""Reads one YAML content file and knows on which line each field stands.

YAML as people expect it: only ``true``/``false`` are truth values (``no`` and ``on`` are words), ``08`` and dates
stay text, and a key given twice is an error.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, Extra, ValidationError
from yaml.composer import ComposerError

from botkit.content.errors import ContentError
from botkit.content.problems import Location, describe, describe_syntax

ModelT = TypeVar("ModelT", bound=BaseModel)


class ContentModel(BaseModel):
    """Base of content file shapes: unknown fields are errors, values do not change after loading."""

    class Config:
        extra = Extra.forbid
        frozen = True


class Document:
    """A YAML file, parsed. Raises ``ContentError`` if it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root: yaml.Node | None = None
        self._data: object = None
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ContentError(path, 1, "", "没有这个文件", "请检查文件名, 或从上一个版本恢复") from None
        except UnicodeDecodeError:
            raise ContentError(path, 1, "", "文件不是 UTF-8 编码", "请另存为 UTF-8 编码") from None
        try:
            loader = _Loader(text)
            self._root = loader.get_single_node()
            if self._root is not None:
                self._refuse_repeated_keys(self._root)
                self._data = loader.construct_document(self._root)
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(error) from None
        except yaml.YAMLError:
            raise ContentError(path, 1, "", "文件里有读不懂的字符", "请删掉看不见的特殊字符") from None

    def parse(self, model: type[ModelT]) -> ModelT:
        """The file's content as ``model``. Raises ``ContentError`` for the first thing that does not fit."""
        if not isinstance(self._data, dict):
            raise self.error((), "文件内容不是“名称: 值”的形式", "请照同类文件的写法写")
        try:
            return model.parse_obj(self._data)
        except ValidationError as error:
            # A misspelt field is reported twice, as missing and as unknown: the unknown one tells more.
            first = min(error.errors(), key=lambda e: e["type"] != "value_error.extra")
            location, problem, remedy = describe(first, list(model.__fields__))
            raise self.error(location, problem, remedy) from None

    def error(self, location: Location, problem: str, remedy: str) -> ContentError:
        """A ``ContentError`` that points at a field, or at the nearest one above it that exists."""
        return ContentError(self.path, self._line(location), _dotted(location), problem, remedy)

    def _line(self, location: Location) -> int:
        node = self._root
        mark = node.start_mark if node else None
        for key in location:
            child = _child(node, key)
            if child is None:
                break
            mark, node = child
        return mark.line + 1 if mark else 1

    def _refuse_repeated_keys(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_repeated_keys(item)
        if not isinstance(node, yaml.MappingNode):
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                line = key.start_mark.line + 1
                raise ContentError(self.path, line, name, "同一个名称写了两遍", "请删掉或合并其中一处")
            seen.add(name)
            self._refuse_repeated_keys(value)

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> ContentError:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return ContentError(
            self.path,
            line,
            "",
            describe_syntax(str(error.problem)),
            "请检查这一行和上一行的缩进、冒号后的空格、引号和括号, 不要用 Tab",
        )


class _Loader(yaml.SafeLoader):
    """A SafeLoader that takes only plain numbers, true, false and null for anything but text, and no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "undefined alias", self.get_mark())
        return super().compose_node(parent, index)


def _take(tag: str, pattern: str, first: list[str]) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


_Loader.yaml_implicit_resolvers = {}  # none of SafeLoader's own
_take("bool", r"true|false", ["t", "f"])
_take("null", r"null|~|", ["n", "~", ""])
_take("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789"))
_take("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", list("-0123456789"))


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    """Where a field or item of ``node`` stands, and its value."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark, node.value[key]
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark, value
    return None


def _dotted(location: Location) -> str:
    """``("brands", 0, "name")`` → ``brands[0].name``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".")
