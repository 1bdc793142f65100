"""Notation that depends on the day: a cycle of another year is named with it."""

from __future__ import annotations

from datetime import date

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Turn
from actions.wording import cycle_name, speed_in_words
from botkit.telecom.cycle import BillingCycle
from tests.actions.conftest import Serve
from tests.actions.fakes import tracker


@pytest.mark.parametrize(
    ("first", "billing_day", "name"),
    [
        (date(2026, 11, 1), 1, "11月"),
        (date(2025, 12, 1), 1, "2025年12月"),
        (date(2026, 11, 5), 5, "11月5日至12月4日账期"),
        (date(2025, 12, 5), 5, "2025年12月5日至1月4日账期"),
        (date(2025, 11, 5), 5, "2025年11月5日至2025年12月4日账期"),
    ],
)
def test_a_cycle_of_another_year(serve: Serve, first: date, billing_day: int, name: str) -> None:
    turn = Turn(serve(), CollectingDispatcher(), tracker(), {}, "")
    assert cycle_name(turn, BillingCycle.containing(first, billing_day)) == name


@pytest.mark.parametrize(
    ("kbps", "words"),
    [(128, "128 Kbps (只够收发文字)"), (1024, "1 Mbps (看视频会卡)"), (3072, "3 Mbps (看高清视频会卡)")],
)
def test_a_speed_says_what_it_is_good_for(serve: Serve, kbps: int, words: str) -> None:
    assert speed_in_words(kbps, serve().texts) == words
