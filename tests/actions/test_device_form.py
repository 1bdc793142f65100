"""Which phone is it: what the form understands, and what it asks next."""

from __future__ import annotations

from datetime import date

import pytest

from actions.device_form import AskDeviceBrand, AskDeviceConfirmed, AskDeviceModel, ValidateDeviceForm
from actions.fiveg import StartSetup
from botkit.telecom.customer import Device
from tests.actions.conftest import Serve
from tests.actions.fakes import FakeOperator, FakeVerifications, run, tracker


def requested(slot: str, **slots: object) -> dict[str, object]:
    return {"requested_slot": slot, **slots}


@pytest.mark.parametrize(
    ("said", "slots", "expected"),
    [
        ("华为", requested("device_brand"), {"device_brand": "huawei", "requested_slot": "device_model"}),
        ("小米14", requested("device_brand"), {"device_model": "小米14", "requested_slot": None}),
        ("14", requested("device_model", device_brand="xiaomi"), {"device_model": "小米14", "requested_slot": None}),
        ("诺基亚", requested("device_brand"), {"device_asked_again": True, "requested_slot": "device_brand"}),
        (
            "诺基亚",
            requested("device_brand", device_asked_again=True),
            {"device_brand": "unknown", "device_model": "unknown", "requested_slot": None},
        ),
        (
            "p九十九",
            requested("device_model", device_brand="huawei", device_asked_again=True),
            {"device_brand": "huawei", "device_model": "unknown", "requested_slot": None},
        ),
        ("不是, 是华为", requested("device_model", device_brand="xiaomi"), {"device_brand": "huawei"}),
    ],
)
def test_understood(serve: Serve, said: str, slots: dict[str, object], expected: dict[str, object]) -> None:
    outcome = run(ValidateDeviceForm, serve(), tracker(said, "inform", slots=slots, form="device_form"))
    assert expected.items() <= outcome.slots.items()
    assert outcome.messages == [] and outcome.follow_up is None


@pytest.mark.parametrize(
    ("said", "intent"), [("什么是SA", "ask_term"), ("转人工", "request_human"), ("好的", "affirm")]
)
def test_what_speaks_of_something_else_is_left_to_the_rules(serve: Serve, said: str, intent: str) -> None:
    on = tracker(said, intent, slots=requested("device_brand"), form="device_form")
    assert run(ValidateDeviceForm, serve(), on).slots == {"requested_slot": "device_brand"}


@pytest.mark.parametrize("intent", ["affirm", "step_done"])
def test_the_phone_on_record_confirmed(serve: Serve, intent: str) -> None:
    on = tracker("是", intent, slots=requested("device_confirmed", device_on_record="小米 13"), form="device_form")
    slots = run(ValidateDeviceForm, serve(), on).slots
    assert slots["device_model"] == "小米13" and slots["requested_slot"] is None


def test_a_phone_on_record_that_we_do_not_list_is_not_asked_for_again(serve: Serve) -> None:
    on = tracker(
        "是", "affirm", slots=requested("device_confirmed", device_on_record="诺基亚 3310"), form="device_form"
    )
    slots = run(ValidateDeviceForm, serve(), on).slots
    assert slots["device_model"] == "unknown" and slots["requested_slot"] is None


def test_the_phone_on_record_denied(serve: Serve) -> None:
    on = tracker("不是", "deny", slots=requested("device_confirmed", device_on_record="小米 13"), form="device_form")
    slots = run(ValidateDeviceForm, serve(), on).slots
    assert slots["device_on_record"] is None and slots["requested_slot"] == "device_brand"


def test_names_that_are_alike_are_offered(serve: Serve) -> None:
    on = tracker("荣耀x10", "inform", slots=requested("device_brand"), form="device_form")
    slots = run(ValidateDeviceForm, serve(), on).slots
    asked = run(AskDeviceModel, serve(), tracker(slots=slots))
    if slots.get("device_options"):
        assert asked.titles == [*slots["device_options"], "都不是"]
    else:
        assert slots["device_model"] or slots["device_brand"]


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        ("vivo X90", "您登记的手机是 vivo X90, 支持 5G 和独立组网"),
        ("iQOO Pro 5G", "能用 5G, 用不了独立组网"),
        ("iPhone 11", "这是 4G 手机"),
        ("诺基亚 3310", "您登记的手机是 诺基亚 3310。"),
    ],
)
def test_asking_whether_it_is_the_phone_on_record(serve: Serve, recorded: str, words: str) -> None:
    outcome = run(AskDeviceConfirmed, serve(), tracker(slots={"device_on_record": recorded}))
    assert words in outcome.text and outcome.titles == ["是", "换了手机"]


@pytest.mark.parametrize(
    ("device", "name"),
    [
        (Device("vivo", "vivo X90", date(2026, 11, 1)), "vivo X90"),
        (Device("苹果", "iPhone 15", date(2026, 11, 1)), "苹果 iPhone 15"),
        (Device("小米", "13", date(2026, 11, 1)), "小米 13"),
    ],
)
def test_the_brand_is_said_once(serve: Serve, device: Device, name: str) -> None:
    outcome = run(StartSetup, serve(FakeOperator(device=device)), tracker("5G怎么开", "setup_5g"))
    assert outcome.slots["device_on_record"] == name and outcome.follow_up == "device_form"


def test_goal_of_the_guide_is_kept_while_the_phone_is_being_found(serve: Serve) -> None:
    slots = {"guide_goal": "volte"}
    outcome = run(StartSetup, serve(verifications=FakeVerifications()), tracker("小米14", "inform", slots=slots))
    assert outcome.slots["guide_goal"] == "volte" and outcome.slots["device_model"] == "小米14"


def test_a_brand_alone_does_not_forget_its_model(serve: Serve) -> None:
    slots = {"device_brand": "huawei", "device_model": "华为 Mate 60"}
    outcome = run(StartSetup, serve(), tracker("华为怎么开5G", "setup_5g", slots=slots))
    assert "device_model" not in outcome.slots


def test_questions_in_other_words(serve: Serve) -> None:
    assert "什么牌子" in run(AskDeviceBrand, serve(), tracker()).text
    assert "没认出" in run(AskDeviceBrand, serve(), tracker(slots={"device_asked_again": True})).text
    assert "是哪一款 Redmi?" in run(AskDeviceModel, serve(), tracker(slots={"device_brand": "redmi"})).text
    assert "是哪一款手机?" in run(AskDeviceModel, serve(), tracker(slots={"device_brand": "unknown"})).text
