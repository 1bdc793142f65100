"""Says in Chinese what pydantic and PyYAML found wrong, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import process

Location = Sequence[str | int]

_CHECK_SPELLING = "请检查拼写, 用不着就删掉这一行"
_BY_TYPE: tuple[tuple[str, str, str], ...] = (
    # start of pydantic's error type, problem, remedy; {…} is filled from the error's context
    ("value_error.missing", "缺少这个字段", "请补上"),
    ("type_error.none", "值是空的", "请填上内容, 用不着就删掉这一行"),
    ("value_error.const", "不能写「{given}」", "只能写其中一个: {permitted}"),
    ("type_error.integer", "应该是整数", "请只写数字"),
    ("type_error.float", "应该是数字", "请只写数字"),
    ("type_error.decimal", "应该是数字", "请只写数字"),
    ("value_error.strictbool", "应该是 true 或 false", "请改成 true 或 false"),
    ("type_error.bool", "应该是 true 或 false", "请改成 true 或 false"),
    ("type_error.str", "应该是一段文字", "请改成一段文字"),
    ("value_error.any_str.max_length", "太长了, 最多 {limit_value} 个字", "请改短"),
    ("value_error.any_str.min_length", "太短了, 至少 {limit_value} 个字", "请补充内容"),
    ("value_error.str.regex", "写法不对", "请照同类内容的写法写"),
    ("value_error.list.min_items", "至少要有 {limit_value} 项", "请补上"),
    ("value_error.number", "数字超出范围", "请改成合理的数字"),
    ("type_error.list", "应该是一列内容", "请每项一行, 前面加“- ”, 或写成 [甲, 乙]"),
    ("type_error.tuple", "应该是一列内容", "请每项一行, 前面加“- ”, 或写成 [甲, 乙]"),
    ("type_error.sequence", "应该是一列内容", "请每项一行, 前面加“- ”, 或写成 [甲, 乙]"),
    ("type_error.dict", "应该是“名称: 值”的形式", "请照同类内容的写法写"),
    ("type_error.dataclass", "应该是“名称: 值”的形式", "请照同类内容的写法写"),
)
_SYNTAX = (
    # a piece of PyYAML's message, what it mostly means
    ("mapping values are not allowed", "缩进不对, 或句子里有“冒号加空格” (整句要加引号)"),
    ("could not find expected ':'", "缺少冒号"),
    ("'\\t'", "用了 Tab"),
    ("expected <block end>", "缩进没有对齐"),
    ("expected ',' or", "方括号或花括号没有配对, 或少了逗号"),
    ("unexpected end of stream", "引号没有配对"),
    ("undefined alias", "句子以 * 开头 (整句要加引号)"),
    ("expected alphabetic or numeric", "句子以 * 或 & 开头 (整句要加引号)"),
    ("cannot start any token", "用了要加引号的特殊符号"),
)


def describe(error: Mapping[str, Any], known_fields: Sequence[str]) -> tuple[Location, str, str]:
    """Location, problem and remedy of one of ``ValidationError.errors()``.

    ``known_fields``: the fields at the top of the file, to guess from when one is misspelt.
    """
    location = tuple(part for part in error["loc"] if part != "__root__")
    kind, message, context = error["type"], error["msg"], dict(error.get("ctx", {}))
    if location and location[-1] == "__key__":
        location = (*location[:-1], str(context.get("given", "")))
    if kind == "value_error.extra":
        near = process.extractOne(str(location[-1]), known_fields, score_cutoff=70) if len(location) == 1 else None
        return location, "没有这个字段", f"是不是想写 {near[0]}" if near else _CHECK_SPELLING
    if unexpected := re.search(r"unexpected keyword argument '(\w+)'", message):  # from a dataclass
        return (*location, unexpected[1]), "没有这个字段", _CHECK_SPELLING
    if missing := re.search(r"missing \d+ required .*?: '(\w+)'", message):
        return (*location, missing[1]), "缺少这个字段", "请补上"
    if "permitted" in context:
        context["permitted"] = ", ".join(map(str, context["permitted"]))
    for start, problem, remedy in _BY_TYPE:
        if kind.startswith(start):
            return location, problem.format(**context), remedy.format(**context)
    return location, f"内容不合要求 ({message})", "请照同类内容的写法改"


def describe_syntax(problem: str) -> str:
    """What a YAML syntax error mostly means."""
    meaning = next((meaning for part, meaning in _SYNTAX if part in problem), problem)
    return f"YAML 写法有误: {meaning}"
