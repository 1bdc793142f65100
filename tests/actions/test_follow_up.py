"""Words that depend on what was said before: which action they lead to."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.follow_up import Abort, Affirm, Deny, Inform, More, Why
from actions.human import Clarify, RequestHuman, Vent
from actions.recommend import FindCheaperPlan  # noqa: F401
from botkit.handoff.machine import Reason
from botkit.handoff.routing import Group, group_for
from tests.actions.conftest import Serve
from tests.actions.fakes import run, tracker

Entities = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("entities", "slots", "action"),
    [
        ([("plan", "畅选79")], {}, "action_plan_details"),
        ([("plan", "畅选79")], {"awaiting": "compare"}, "action_compare_plans"),
        ([("plan", "畅选79")], {"awaiting": "change"}, "action_change_plan"),
        ([("number", "79")], {"awaiting": "compare"}, "action_compare_plans"),
        ([("number", "79")], {"awaiting": "change"}, "action_change_plan"),
        ([("number", "79")], {"awaiting": "plan"}, "action_plan_details"),
        ([("amount", "50")], {"topic": "recommendation"}, "action_find_cheaper_plan"),
        ([("amount", "20")], {"topic": "charge"}, "action_explain_charge"),
        ([("add_on", "彩铃")], {}, "action_order_addon"),
        ([("add_on", "彩铃")], {"awaiting": "cancel"}, "action_cancel_service"),
        ([("add_on", "彩铃")], {"topic": "bill"}, "action_explain_charge"),
        ([("month", "last")], {"topic": "bill"}, "action_bill"),
        ([("month", "9")], {"topic": "charge"}, "action_bill"),
        ([("term", "sa")], {}, "action_explain_term"),
        ([("system", "鸿蒙4")], {"guide": {"goal": "5g", "step": 0, "hint": 0}}, "action_guide_step"),
    ],
)
def test_a_bare_name_is_taken_for_what_was_asked(
    serve: Serve, entities: Entities, slots: dict[str, object], action: str
) -> None:
    outcome = run(Inform, serve(), tracker("这个", "inform", entities, slots=slots))
    assert outcome.follow_up == action and outcome.messages == []


def test_a_phone_is_kept_in_mind_or_used(serve: Serve) -> None:
    assert run(Inform, serve(), tracker("小米14")).follow_up == "action_phone_noted"
    assert run(Inform, serve(), tracker("小米14", slots={"guide_goal": "5g"})).follow_up == "action_setup_5g"


def test_nothing_to_go_by(serve: Serve) -> None:
    assert "查什么用的" in run(Inform, serve(), tracker("喔")).text
    assert "查什么用的" in run(Inform, serve(), tracker("79", entities=[("number", "79")])).text


@pytest.mark.parametrize("action", [Inform, Affirm, More, Clarify])
@pytest.mark.parametrize("form", ["verify_form", "device_form"])
def test_while_a_form_waits_it_asks_itself(serve: Serve, action: type, form: str) -> None:
    outcome = run(action, serve(), tracker("喔", form=form))
    assert outcome.messages == [] and outcome.events == []


def test_no_to_verification_gives_it_up_or_corrects_the_number(serve: Serve) -> None:
    assert run(Deny, serve(), tracker("不要", "deny", form="verify_form")).follow_up == "action_abort"
    corrected = tracker("不是这个号码", "deny", form="verify_form", slots={"login_phone": "17000000001"})
    assert run(Deny, serve(), corrected).follow_up == "action_sign_out"
    assert run(Deny, serve(), tracker("不是", "deny", form="device_form")).messages == []


def test_no_within_a_guide(serve: Serve) -> None:
    guide = {"guide_goal": "5g", "guide": {"goal": "5g", "step": 1, "hint": 0}}
    assert "这一步哪里不对" in run(Deny, serve(), tracker("不对", "deny", slots=guide)).text
    assert run(Deny, serve(), tracker("不是, 是红米k70", "deny", slots=guide)).follow_up == "action_setup_5g"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("不了不了", "不动"),
        ("甭开了", "不动"),
        ("不是别的", "没弄明白"),
        ("不对啊", "没弄明白"),
        ("不是, 打不了电话", "没弄明白"),
        ("不对, 你再说一遍", "没弄明白"),
        ("不是, 特别慢", "没弄明白"),
        ("再说吧", "不动"),
    ],
)
def test_no_where_nothing_was_asked(serve: Serve, said: str, answer: str) -> None:
    """To turn down what was only told of is clear enough; another no is not."""
    assert answer in run(Deny, serve(), tracker(said, "deny")).text


def test_no_to_what_was_offered_as_a_guess_asks_in_other_words(serve: Serve) -> None:
    def after(said: str) -> Tracker:
        on = tracker(said, "deny", before=["nlu_fallback"])
        asked_back = {"event": "bot", "text": "您是想办下面哪件事?", "data": {"custom": {"unhelped": True}}}
        on.events.insert(1, asked_back)
        return on

    assert run(Deny, serve(), after("都不是")).follow_up == "action_clarify"
    assert "不动" in run(Deny, serve(), after("不用了")).text


def test_no_with_another_phone_is_about_the_phone(serve: Serve) -> None:
    assert run(Deny, serve(), tracker("不是, 换手机了, 是红米k70", "deny")).follow_up == "action_phone_noted"
    for refused in ("不要苹果的", "不是苹果", "不买iphone15了"):
        assert run(Deny, serve(), tracker(refused, "deny")).follow_up is None


def test_yes(serve: Serve) -> None:
    guide = {"guide": {"goal": "5g", "step": 1, "hint": 0}}
    assert run(Affirm, serve(), tracker("好", "affirm", slots=guide)).follow_up == "action_guide_step"
    assert (
        run(Affirm, serve(), tracker("好", "affirm", slots={"awaiting": "human"})).follow_up == "action_request_human"
    )
    assert run(Affirm, serve(), tracker("好", "affirm", slots={"awaiting": "setup"})).follow_up == "action_setup_5g"
    assert "哪一件" in run(Affirm, serve(), tracker("好", "affirm")).text


@pytest.mark.parametrize(
    ("said", "topic", "action"),
    [
        ("为什么", "bill", "action_explain_charge"),
        ("为什么扣我钱", None, "action_explain_charge"),
        ("为什么停机", None, "action_suspension"),
        ("为什么", "usage", "action_usage"),
    ],
)
def test_why(serve: Serve, said: str, topic: str | None, action: str) -> None:
    assert run(Why, serve(), tracker(said, "ask_why", slots={"topic": topic})).follow_up == action


def test_why_without_a_reason(serve: Serve) -> None:
    assert "哪件事" in run(Why, serve(), tracker("为什么", "ask_why")).text
    assert "硬件" in run(Why, serve(), tracker("为什么", "ask_why", slots={"topic": "fiveg"})).text
    guide = {"topic": "fiveg", "guide": {"goal": "5g", "step": 1, "hint": 0}}
    assert "这一步是为了" in run(Why, serve(), tracker("为什么", "ask_why", slots=guide)).text


@pytest.mark.parametrize(
    ("said", "slots", "action"),
    [
        ("全部规则", {"topic": "compare"}, "action_plan_details"),
        ("还有别的套餐吗", {"topic": "compare"}, "action_list_plans"),
        ("还有吗", {"topic": "recommendation"}, "action_find_cheaper_plan"),
        ("详细点", {"topic": "balance"}, "action_bill"),
        ("再看一下", {"topic": "fiveg", "guide": {"goal": "5g", "step": 0, "hint": 0}}, "action_guide_step"),
    ],
)
def test_more(serve: Serve, said: str, slots: dict[str, object], action: str) -> None:
    assert run(More, serve(), tracker(said, "ask_more", slots=slots)).follow_up == action


def test_never_mind(serve: Serve) -> None:
    assert "停下了" in run(Abort, serve(), tracker("算了", "abort", form="verify_form")).text
    outcome = run(Abort, serve(), tracker("算了", "abort"))
    assert (
        outcome.text.startswith("好的。")
        and {"event": "active_loop", "name": None, "timestamp": None} in outcome.events
    )


@pytest.mark.parametrize(
    ("before", "handed_over"),
    [([], False), (["vent"], True), (["vent", "greet"], True), (["vent"] + ["greet"] * 6, False)],
)
def test_upset_again(serve: Serve, before: list[str], handed_over: bool) -> None:
    assert bool(run(Vent, serve(), tracker("气死了", "vent", before=before)).hand_over) == handed_over


@pytest.mark.parametrize("form", [None, "verify_form"])
def test_not_understood_three_times(serve: Serve, form: str | None) -> None:
    on = tracker("嘟嘟", "nlu_fallback", before=["nlu_fallback"] * 2, form=form)
    outcome = run(Clarify, serve(), on)
    assert outcome.hand_over == {
        "reason": "misunderstood",
        "topic": "",
        "rule": "misunderstood",
        "title": "连着两次没听懂",
    }
    assert run(Clarify, serve(), tracker("嘟嘟", "nlu_fallback", before=["nlu_fallback", "greet"])).hand_over is None


def test_asking_back_counts_as_not_understood(serve: Serve) -> None:
    said = run(Clarify, serve(), tracker("嘟嘟", "nlu_fallback")).messages
    assert [message["custom"] for message in said] == [{"unhelped": True}]


def test_likely_meanings_have_titles(serve: Serve) -> None:
    on = tracker("流量", "nlu_fallback")
    on.latest_message["intent_ranking"] = [
        {"name": "nlu_fallback", "confidence": 0.3},
        {"name": "ask_usage", "confidence": 0.28},
        {"name": "greet", "confidence": 0.2},
        {"name": "order_addon", "confidence": 0.1},
        {"name": "ask_bill", "confidence": 0.01},
    ]
    assert run(Clarify, serve(), on).titles == ["查流量和通话余量", "加流量包", "都不是"]


def test_who_asks_for_a_human_before_he_is_verified_goes_to_those_who_know_about_it(serve: Serve) -> None:
    task = {"action": "action_find_cheaper_plan", "text": "有没有便宜点的"}
    asked = tracker("转人工", "request_human", form="verify_form", slots={"pending_task": task, "topic": "balance"})
    handed_over = run(RequestHuman, serve(), asked).hand_over
    assert handed_over is not None and handed_over["topic"] == "recommendation"
    assert group_for(Reason.ASKED, handed_over["topic"]) is Group.PLANS
    balance = run(RequestHuman, serve(), tracker("转人工", "request_human", slots={"topic": "balance"})).hand_over
    assert balance is not None and balance["topic"] == "balance"
