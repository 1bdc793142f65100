"""Errands by case: the general answer, the case that fits, a chosen button, and asking again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.balance import ExplainSuspension
from actions.errands import AnswerErrand, hours_in_words
from actions.packs import ShowRoaming, ShowSubCard
from actions.plans import ShowPromotions
from botkit.bss.demo.catalogue import load_catalogue
from botkit.content.hours import load_hours
from botkit.content.texts import Texts
from botkit.handoff.hours import ServiceHours, Window
from botkit.telecom.customer import LineStatus
from botkit.telecom.values import ZERO, Money
from tests.actions.conftest import CONTENT, Serve
from tests.actions.fakes import BALANCE, CUSTOMER, FakeOperator, FakeVerifications, run, tracker

BROADBAND = "ask_broadband"
DAILY = ServiceHours({day: (Window(time(8), time(12)), Window(time(12), time(22))) for day in range(7)})


@pytest.mark.parametrize(
    ("intent", "said", "text"),
    [
        ("recharge", "怎么充值", "errand_recharge"),
        ("recharge", "充错号码了", "errand_recharge: 充错了"),
        ("ask_invoice", "能开专票吗", "errand_invoice: 专票"),
        (BROADBAND, "家里宽带", "errand_broadband"),
        (BROADBAND, "想提速到千兆", "errand_broadband: 提速和价格"),
        (BROADBAND, "寬頻提速要幾錢", "errand_broadband: 提速和价格"),
        ("replace_sim", "ｅＳＩＭ 能办吗", "errand_replace_sim: eSIM"),
        ("report_lost_phone", "手机丢了", "errand_report_lost_phone"),
        ("ask_password", "密码锁了", "errand_password: 输错锁住"),
        ("ask_real_name", "我名下几张卡", "errand_real_name: 名下有几张卡"),
        ("port_number", "授权码几天过期", "errand_port_number: 授权码"),
        ("cancel_number", "异地能销吗", "errand_cancel_number: 异地"),
        ("ask_shop", "周末开门吗", "errand_shop: 周末和节假日"),
    ],
)
def test_the_case_that_fits_or_the_general_answer(
    serve: Serve, texts: Texts, intent: str, said: str, text: str
) -> None:
    told = run(AnswerErrand, serve(), tracker(said, intent))
    assert told.text == texts.template(text)
    assert told.titles == [button["title"] for button in texts.buttons(text)]
    assert told.events == []


@pytest.mark.parametrize("intent", ["recharge", BROADBAND, "port_number", "report_lost_phone"])
def test_a_chosen_button_stands_for_the_general_answer(serve: Serve, texts: Texts, intent: str) -> None:
    told = run(AnswerErrand, serve(), tracker(f"/{intent}", intent))
    assert told.text == texts.template(f"errand_{intent.removeprefix('ask_')}")


def after(said: str, before: str, answer: str, intent: str = BROADBAND) -> Tracker:
    """The customer says this, after he has said something before and got that answer."""
    events: list[dict[str, Any]] = [
        {"event": "user", "text": before, "parse_data": {"text": before, "intent": {"name": intent}}},
        {"event": "bot", "text": answer, "data": {}},
        {"event": "user", "text": said, "parse_data": {"text": said, "intent": {"name": intent}}},
    ]
    message = {"text": said, "intent": {"name": intent}, "entities": [], "metadata": {"message_id": 8}}
    return Tracker("conversation", {}, message, events, False, None, {}, "action_listen")


@pytest.mark.parametrize("said", ["那怎么办呢?", "到底能不能", "我问的是提速到底怎么弄"])
def test_asked_again_with_nothing_new_it_is_the_same_case(serve: Serve, texts: Texts, said: str) -> None:
    told = texts.template("errand_broadband: 提速和价格")
    assert run(AnswerErrand, serve(), after(said, "宽带提速怎么弄", told)).text == told
    assert run(AnswerErrand, serve(), after(said, "宽带提速怎么弄", f"让您不痛快了, 抱歉。\n{told}")).text == told


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("那怎么报修", "errand_broadband: 断网和红灯"),
        ("我问的是光猫", "errand_broadband"),
        ("家里的宽带呢", "errand_broadband"),
    ],
)
def test_something_new_is_answered_anew(serve: Serve, texts: Texts, said: str, text: str) -> None:
    told = texts.template("errand_broadband: 提速和价格")
    assert run(AnswerErrand, serve(), after(said, "提速怎么弄", told)).text == texts.template(text)


def test_after_another_answer_nothing_is_repeated(serve: Serve, texts: Texts) -> None:
    told = texts.template("errand_broadband")
    assert run(AnswerErrand, serve(), after("那怎么办呢", "宽带", told)).text == told


def test_roaming_keeps_the_catalogues_price_and_has_cases(serve: Serve, texts: Texts) -> None:
    services = serve(FakeOperator(add_ons=load_catalogue().add_ons))
    general = run(ShowRoaming, services, tracker("去日本怎么上网", "ask_roaming"))
    assert "国际漫游日包每天 30 元" in general.text
    assert run(ShowRoaming, services, tracker("/ask_roaming", "ask_roaming")).text == general.text
    domestic = run(ShowRoaming, services, tracker("跨省用流量加钱吗", "ask_roaming"))
    assert domestic.text == texts.template("roaming: 国内跨省")
    without = run(ShowRoaming, serve(), tracker("去日本怎么上网", "ask_roaming"))
    assert without.text == texts.template("roaming")


def test_sub_cards_promotions_and_a_stopped_line_have_cases_too(serve: Serve, texts: Texts) -> None:
    told = run(ShowSubCard, serve(), tracker("亲情号怎么开", "ask_sub_card"))
    assert told.text == texts.template("sub_card: 亲情号和互打免费")
    told = run(ShowPromotions, serve(), tracker("积分能换啥", "ask_promotions"))
    assert told.text == texts.template("promotions: 积分")
    unknown = serve(verifications=FakeVerifications())
    told = run(ExplainSuspension, unknown, tracker("怎么解除挂失", "ask_suspension"))
    assert told.text == texts.template("suspension: 挂失找回来了")


def test_what_the_account_says_comes_before_a_case(serve: Serve, texts: Texts) -> None:
    said = tracker("充了一百还没开", "ask_suspension")
    stopped = replace(CUSTOMER, status=LineStatus.SUSPENDED)
    owing = FakeOperator(customer=stopped, balance=replace(BALANCE, balance=ZERO, arrears=Money.of(20)))
    assert "因为欠费 20" in run(ExplainSuspension, serve(owing), said).text
    paid = run(ExplainSuspension, serve(FakeOperator(customer=stopped)), said)
    assert paid.text == texts.template("suspension: 充了还没开")
    assert run(ExplainSuspension, serve(), said).text == texts.template("suspension_none")


def test_the_hours_of_agents_come_from_the_desk(serve: Serve, texts: Texts) -> None:
    asked = tracker("人工客服几点上班", "ask_shop")
    known = run(AnswerErrand, replace(serve(), hours=DAILY), asked)
    assert known.text.startswith("在线人工的时间是每天 8:00 到 22:00, ")
    for unknown in (None, ServiceHours({})):
        told = run(AnswerErrand, replace(serve(), hours=unknown), asked)
        assert told.text == texts.template("errand_shop")


def test_hours_in_words() -> None:
    day = (Window(time(9), time(12)), Window(time(13, 30), time(18)))
    assert hours_in_words(DAILY) == "每天 8:00 到 22:00"
    assert hours_in_words(ServiceHours({number: day for number in range(5)} | {5: day[:1]})) == (
        "周一到周五 9:00 到 12:00、13:30 到 18:00; 周六 9:00 到 12:00"
    )
    assert hours_in_words(ServiceHours({0: (Window(time(8), time.max),)})) == "周一 8:00 到 24:00"
    assert hours_in_words(ServiceHours({}, frozenset(), {date(2026, 11, 22): day})) == ""


def test_the_hours_of_the_project(texts: Texts) -> None:
    hours = ServiceHours.of(load_hours(CONTENT / "desk" / "hours.yml"))
    assert len(texts.text("errand_shop: 人工客服几点", hours=hours_in_words(hours))) <= 90
