from pathlib import Path
from typing import Literal

import pytest

from botkit.content import ContentError, ContentModel, Document


class Row(ContentModel):
    name: str
    trust: Literal["A", "B"] = "A"
    tags: tuple[str, ...] = ()


class File(ContentModel):
    title: str
    count: int = 0
    rows: tuple[Row, ...] = ()


def load(tmp_path: Path, text: str) -> File:
    path = tmp_path / "词.yml"
    path.write_text(text, encoding="utf-8")
    return Document(path).parse(File)


def failure(tmp_path: Path, text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    return caught.value


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = load(tmp_path, "title: 好\nrows:\n  - {name: 甲, tags: [子, 丑]}\n")
    assert file == File(title="好", rows=(Row(name="甲", tags=("子", "丑")),))


@pytest.mark.parametrize(
    ("written", "read"),
    [("no", "no"), ("on", "on"), ("08", "08"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01")],
)
def test_words_stay_words(tmp_path: Path, written: str, read: str) -> None:
    assert load(tmp_path, f"title: {written}").title == read


@pytest.mark.parametrize(
    ("text", "line", "field", "problem"),
    [
        ("count: 1", 1, "title", "缺少这个字段"),
        ("title: 好\ncuont: 1", 2, "cuont", "没有这个字段"),
        ("title: 好\ncount: 多", 2, "count", "应该是整数"),
        ("title:\ncount: 1", 1, "title", "值是空的"),
        ("title: 好\nrows: 甲", 2, "rows", "应该是一列内容"),
        ("title: 好\nrows: [甲]", 2, "rows[0]", "应该是“名称: 值”的形式"),
        ("title: 好\nrows:\n  - name: 甲\n  - name: 乙\n    trust: Z", 5, "rows[1].trust", "不能写「Z」"),
        ("title: 好\nrows:\n  - name: 甲\n    tags: 子", 4, "rows[0].tags", "应该是一列内容"),
        ("title: 好\ntitle: 坏", 2, "title", "同一个名称写了两遍"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path: Path, text: str, line: int, field: str, problem: str) -> None:
    error = failure(tmp_path, text)
    assert (error.line, error.field) == (line, field)
    assert problem in error.problem


@pytest.mark.parametrize(
    ("text", "line", "meaning"),
    [
        ("title: 好\n  count: 1", 2, "缩进不对"),
        ("title: [好", 1, "没有配对"),
        ("title: '好", 1, "引号没有配对"),
        ("title: 好\n\tcount: 1", 2, "Tab"),
        ("title: 说明: 好", 1, "整句要加引号"),
        ("title: *号", 1, "整句要加引号"),
        ("title: &a 好\nrows: [*a]", 2, "整句要加引号"),
        ("title: &a [*a]", 1, "整句要加引号"),
        ("title: @好", 1, "加引号"),
    ],
)
def test_a_syntax_error_is_explained_with_its_line(tmp_path: Path, text: str, line: int, meaning: str) -> None:
    error = failure(tmp_path, text)
    assert error.line == line
    assert "YAML 写法有误" in error.problem
    assert meaning in error.problem


@pytest.mark.parametrize("text", ["", "- 甲", "甲", "# 只有注释"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert "名称: 值" in failure(tmp_path, text).problem


def test_a_misspelt_field_is_guessed(tmp_path: Path) -> None:
    error = failure(tmp_path, "tilte: 好")
    assert error.field == "tilte"
    assert error.remedy == "是不是想写 title"


def test_the_allowed_values_are_listed(tmp_path: Path) -> None:
    assert failure(tmp_path, "title: 好\nrows: [{name: 甲, trust: Z}]").remedy == "只能写其中一个: A, B"


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="没有这个文件"):
        Document(tmp_path / "没有.yml")


def test_a_file_in_another_encoding_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "gbk.yml"
    path.write_bytes("title: 好".encode("gbk"))
    with pytest.raises(ContentError, match="UTF-8"):
        Document(path)


def test_unprintable_characters_are_said_so(tmp_path: Path) -> None:
    assert "读不懂的字符" in failure(tmp_path, "title: 好\x01").problem


def test_the_message_is_one_line_with_file_line_field_problem_and_remedy(tmp_path: Path) -> None:
    message = str(failure(tmp_path, "title: 好\ncount: 多"))
    assert message == f"{tmp_path / '词.yml'} 第 2 行, 字段 count: 应该是整数。请只写数字。"
