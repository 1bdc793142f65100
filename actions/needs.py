"""What a message says of the plan that is wanted: for whom, how much it may cost, how much has to be in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botkit.telecom.values import DataVolume

if TYPE_CHECKING:
    from actions.base import Turn

BUDGET = re.compile(r"以内|以下|之内|之下|不超过|不到|左右|预算")
_AUDIENCES: Sequence[tuple[str, re.Pattern[str]]] = (
    ("unlimited", re.compile(r"不限量|无限|随便用")),
    ("elderly", re.compile(r"老人|老年|爸|妈(?!的|逼)|爷|奶|长辈|岁数|60岁|六十")),
    ("child", re.compile(r"孩|儿童|小朋友|娃|女儿|儿子")),
    ("student", re.compile(r"学生|大学|年轻")),
    ("disabled", re.compile(r"残疾|爱心")),
    ("family", re.compile(r"家庭|全家|一家|合家")),
    ("minimum", re.compile(r"保号|最低|最便宜|只接|备用")),
    ("voice", re.compile(r"(?:打|通)(?:电话|话)(?!不|很?少|没)|电话多|语音")),
)
_AGE = re.compile(r"(\d{1,3}) ?(?:周?岁|多岁)|[她他妈爸](?:今年|都|已经|快)? ?(\d{1,2})(?![\d元块个gG%天号])")
_AT_LEAST_A_GB = 1024


def audience(turn: Turn) -> str | None:
    """The kind of person or use that a plan is for, by the name that its text and its selection have."""
    return next((name for name, asked in _AUDIENCES if asked.search(turn.said)), None)


def data_wanted(turn: Turn) -> DataVolume | None:
    """How much data a plan should have (50G 以上的); less than a GB is no wish that a plan is chosen by."""
    volumes = [int(value) for value in turn.entities("data_volume")]
    return DataVolume(max(volumes)) if volumes and max(volumes) >= _AT_LEAST_A_GB else None


def minutes_wanted(turn: Turn) -> int | None:
    minutes = [int(float(value)) for value in turn.entities("minutes")]
    return max(minutes, default=None)


def age_said(turn: Turn) -> int | None:
    """给我妈办, 她 65."""
    found = _AGE.search(turn.said)
    return int(found[1] or found[2]) if found else None


def says_how_much(turn: Turn) -> bool:
    """Whether the message has a figure that plans can be chosen by, or asks for the lowest one."""
    with_budget = bool(BUDGET.search(turn.said) and turn.entities("amount", "number"))
    return with_budget or audience(turn) == "minimum" or bool(data_wanted(turn) or minutes_wanted(turn))


def says_what_is_wanted(turn: Turn) -> bool:
    """Whether plans can be chosen by the message alone, whoever asks."""
    return says_how_much(turn) or audience(turn) is not None
