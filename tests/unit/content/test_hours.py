"""Service hours as content staff write them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from botkit.content import ContentError, load_hours

GOOD = """\
weekdays:
  周一: [08:00-12:00, 13:30-24:00]
  周六: []
holidays:
  - 2027-02-06
extra:
  2027-02-07: [09:00-12:00]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hours.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_hours_are_read(tmp_path: Path) -> None:
    hours = load_hours(written(tmp_path, GOOD))
    assert hours.weekdays == {0: ((time(8), time(12)), (time(13, 30), time.max)), 5: ()}
    assert hours.holidays == {date(2027, 2, 6)}
    assert hours.extra == {date(2027, 2, 7): ((time(9), time(12)),)}


def test_the_hours_of_the_project_are_right(content_folder: Path) -> None:
    hours = load_hours(content_folder / "desk" / "hours.yml")
    assert all(len(hours.weekdays[day]) == 2 for day in range(7))


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("周六", "星期六", 3, "weekdays.星期六", "没有「星期六」这一天"),
        ("08:00-12:00", "8点到12点", 2, "weekdays.周一[0]", "「8点到12点」不是时间段"),
        ("08:00-12:00", "12:00-08:00", 2, "weekdays.周一[0]", "不是时间段"),
        ("08:00-12:00", "08:00-25:00", 2, "weekdays.周一[0]", "不是时间段"),
        ("13:30", "11:00", 2, "weekdays.周一[1]", "和前一段重叠"),
        ("周六: []", "周六: [01:00-02:00, 03:00-04:00, 05:00-06:00]", 3, "weekdays.周六", "一天写了 3 段"),
        ("2027-02-06", "2027-02-30", 5, "holidays[0]", "「2027-02-30」不是日期"),
        ("2027-02-07", "初二", 7, "extra.初二", "「初二」不是日期"),
        ("holidays", "holiday", 4, "holiday", "没有这个字段"),
    ],
)
def test_broken_hours_give_one_clear_error(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    with pytest.raises(ContentError) as caught:
        load_hours(written(tmp_path, GOOD.replace(old, new, 1)))
    assert (caught.value.line, caught.value.field) == (line, field)
    assert problem in caught.value.problem
