"""The judge on messages as they were understood: how anger gathers, what counts as asked again, which rule comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from botkit.content.handoff import Gathering, HandoffContent, HandoffRule, Soothing
from botkit.handoff.judge import (
    ASKED_WITHIN,
    Heard,
    mood_of,
    not_understood_in_a_row,
    rule_for,
    times_asked,
    wants_soothing,
)

GATHERING = Gathering(keeps=0.5, adds=0.5, counts_from=0.3)
ANGRY = HandoffRule(name="angry", title="", reason="frustrated", say="x", mood=0.75)
GATHERED = HandoffRule(name="gathered", title="", reason="frustrated", say="x", conversation=0.5, mood=0.3)
REFUND = HandoffRule(name="refund", title="", reason="too_complex", say="x", matter="refund", sure=0.6)
LARGE = HandoffRule(name="large", title="", reason="too_complex", say="x", intents=("dispute",), amount_over=300)
AGAIN = HandoffRule(name="again", title="", reason="too_complex", say="x", same_question=3)
LOST = HandoffRule(name="lost", title="", reason="misunderstood", say="x", misunderstood=2)


def content(*rules: HandoffRule) -> HandoffContent:
    soothe = Soothing(message=0.5, conversation=0.4)
    return HandoffContent(conversation=GATHERING, soothe=soothe, no_wish=("greet", "affirm"), rules=rules)


def at(*scores: float) -> Sequence[Heard]:
    return [Heard("ask_bill", frustration=score) for score in scores]


def asked(*intents: str) -> Sequence[Heard]:
    """Each in the same words wherever it is asked."""
    return [Heard(intent, text=intent) for intent in intents]


def applied(heard: Sequence[Heard], *rules: HandoffRule, in_form: bool = False) -> str | None:
    rule = rule_for(heard, content(*rules), in_form)
    return rule.name if rule else None


def test_some_rules_want_questions_before() -> None:
    rule = HandoffRule(name="unanswered", title="", reason="too_complex", say="x", sign="unanswered", after=1)
    again = Heard("ask_bill", signs={"unanswered"})
    assert applied([again], rule) is None, "nothing has been asked yet"
    assert applied([*asked("greet", "affirm"), Heard("ask_bill", typed=False), again], rule) is None
    assert applied([*asked("ask_usage"), again], rule) == "unanswered"


def test_some_rules_want_a_wish() -> None:
    rule = HandoffRule(name="beyond", title="", reason="too_complex", say="x", human=0.5, wish=True)
    assert applied([Heard("affirm", human=0.9)], rule) is None
    assert applied([Heard("ask_bill", human=0.9)], rule) == "beyond"


def test_some_rules_want_certain_words() -> None:
    rule = HandoffRule(name="again", title="", reason="too_complex", say="x", words="再(?:问|說)|到底")
    assert applied([Heard("ask_bill", text="我再問一遍")], rule) == "again", "in the normal form"
    assert applied([Heard("ask_bill", text="问一下")], rule) is None


def test_anger_gathers_and_fades() -> None:
    assert mood_of(at(0.6), GATHERING).conversation == 0.3
    assert mood_of(at(0.6, 0.6), GATHERING).conversation == 0.45
    assert mood_of(at(0.6, 0.6, 0.0, 0.0), GATHERING).conversation == pytest.approx(0.112, abs=1e-3)
    assert mood_of(at(0.2, 0.2, 0.2), GATHERING).conversation == 0.0, "calm messages add up to nothing"
    assert mood_of([], GATHERING).message == 0.0


def test_a_furious_message_needs_no_history() -> None:
    assert applied(at(0.8), ANGRY, GATHERED) == "angry"
    assert applied(at(0.7), ANGRY, GATHERED) is None


def test_several_annoyed_messages_do_what_one_does_not() -> None:
    assert applied(at(0.6, 0.6), GATHERED) is None
    assert applied(at(0.6, 0.6, 0.6), GATHERED) == "gathered"
    assert applied(at(0.6, 0.6, 0.6, 0.0), GATHERED) is None, "who has calmed down is not handed over"


@pytest.mark.parametrize(
    ("scores", "soothing"), [((0.5,), True), ((0.49, 0.49, 0.45), True), ((0.4,), False), ((0.9, 0.1), False)]
)
def test_when_the_tone_changes(scores: Sequence[float], soothing: bool) -> None:
    assert wants_soothing(at(*scores), content()) is soothing


def test_all_conditions_of_a_rule_must_hold() -> None:
    assert applied([Heard("dispute", amounts=(500.0,))], LARGE) == "large"
    assert applied([Heard("dispute", amounts=(300.0,))], LARGE) is None
    assert applied([Heard("recharge", amounts=(500.0,))], LARGE) is None


def test_a_matter_must_be_likely_enough() -> None:
    assert applied([Heard("dispute", matters={"refund": 0.6})], REFUND) == "refund"
    assert applied([Heard("dispute", matters={"refund": 0.59, "threat": 1.0})], REFUND) is None


def test_the_first_rule_that_applies_counts() -> None:
    both = [Heard("dispute", frustration=0.9, matters={"refund": 0.9})]
    assert applied(both, ANGRY, REFUND) == "angry" and applied(both, REFUND, ANGRY) == "refund"


def test_the_third_time_is_too_often() -> None:
    assert applied(asked("ask_bill", "ask_bill"), AGAIN) is None
    assert applied(asked("ask_bill", "ask_usage", "ask_bill", "ask_bill"), AGAIN) == "again"
    assert applied(asked("ask_bill", "ask_bill", "ask_bill"), AGAIN, in_form=True) is None
    assert applied(asked("affirm", "affirm", "affirm"), AGAIN) is None, "a yes is no question"


def test_another_plan_is_another_question() -> None:
    about = [frozenset({("plan", name)}) for name in ("a", "b", "c")]
    assert times_asked([Heard("ask_plan_details", plan, text="多少流量") for plan in about]) == 1
    assert times_asked([Heard("ask_plan_details", about[0], text="多少流量")] * 3) == 3
    vexed = Heard("ask_plan_details", about[2], frustration=0.6)
    assert times_asked([*(Heard("ask_plan_details", plan) for plan in about[:2]), vexed]) == 3


def test_three_calm_questions_on_one_subject_may_be_three() -> None:
    invoice = [Heard("ask_invoice", text=text) for text in ("怎么开发票", "抬头能写公司吗", "专票开得了吗")]
    assert times_asked(invoice) == 1
    assert times_asked([*invoice[:2], replace(invoice[2], frustration=0.4)]) == 3


@pytest.mark.parametrize(
    ("questions", "times"),
    [
        (("日本漫游多少钱", "泰国漫游多少钱", "越南漫游多少钱"), 1),
        (("看一小时抖音用多少流量", "看一小时电影用多少流量"), 1),
        (("流量还剩多少", "流量还有多少", "我的流量还剩多少"), 3),
        (("漫游多少钱", "漫游多少钱啊"), 2),
    ],
)
def test_the_same_words_about_another_thing(questions: Sequence[str], times: int) -> None:
    assert times_asked([Heard("ask", text=text) for text in questions]) == times


def test_the_same_question_in_words_that_are_understood_as_something_else() -> None:
    first = Heard("order_addon", text="夜间包剩的白天能用不")
    again = Heard("ask_usage", text="我是说凌晨没跑完的", signs=("deaf",))
    third = Heard("ask_usage", text="所以夜间包剩下那点, 白天到底能用不能", frustration=0.6, sure=0.4)
    assert times_asked([first, again, third]) == 3
    assert times_asked([first, again, replace(third, frustration=0.0, sure=0.9)]) == 1, "calm: subject and words"
    assert times_asked([first, replace(again, signs=()), third]) == 2
    assert times_asked([first, again, replace(third, intent="nlu_fallback")]) == 3, "not even understood"
    assert times_asked([Heard("nlu_fallback"), Heard("nlu_fallback"), replace(third, intent="nlu_fallback")]) == 1
    assert times_asked([first, again, replace(third, text="那短信还剩几条")]) == 2
    assert times_asked([replace(first, text=""), replace(third, text="？？")]) == 1, "marks are no words"


def test_the_same_answer_for_the_third_time() -> None:
    rule = HandoffRule(name="same", title="", reason="too_complex", say="x", same_answer=3, answer_first=True)
    told = Heard("ask_contract", answer="您没有在期的合约, 换套餐不用付违约金。")
    assert applied([told, told], rule) is None
    assert applied([told, replace(told, answer=f"抱歉。\n{told.answer}"), told], rule) == "same"
    assert applied([told, told, replace(told, sure=0.4)], rule) is None, "perhaps he asked something else"
    step = replace(told, intent="step_back")
    assert applied([step, step, told], rule) is None, "a step that is shown again answers no question"
    assert applied([replace(told, answer="好的。")] * 3, rule) is None, "too short to tell"


def test_buttons_and_what_lies_far_back_do_not_count() -> None:
    bill = Heard("ask_bill", text="这个月账单")
    assert times_asked([bill, replace(bill, typed=False), bill]) == 2
    assert times_asked([Heard("ask_bill", typed=False)] * 3) == 0
    assert times_asked(asked("ask_bill", *["ask_usage"] * (ASKED_WITHIN - 1), "ask_bill")) == 1


def test_a_guess_at_what_somebody_says_calmly_is_no_question() -> None:
    before = [Heard("ask_broadband", sure=0.9, text="宽带修好没")] * 2
    assert times_asked([*before, replace(before[0], sure=0.5)]) == 0
    assert times_asked([*before, replace(before[0], sure=0.5, frustration=0.4)]) == 3
    assert times_asked([*before, replace(before[0], sure=0.7)]) == 3


def test_two_misunderstandings_in_a_row() -> None:
    assert applied(asked("nlu_fallback", "ask_bill", "nlu_fallback"), LOST) is None
    assert applied(asked("nlu_fallback", "nlu_fallback"), LOST) == "lost"
    assert applied(asked("nlu_fallback", "nlu_fallback"), LOST, in_form=True) is None
    none_of_these = Heard("nlu_fallback", typed=False)
    assert applied([Heard("nlu_fallback"), none_of_these], LOST) is None
    assert applied([Heard("nlu_fallback"), none_of_these, Heard("nlu_fallback")], LOST) == "lost"


def test_who_says_that_it_was_beside_the_point_was_not_understood() -> None:
    first, unhelped = Heard("ask_real_name"), Heard("deny", unhelped=True)
    assert applied([first, unhelped], LOST) is None
    assert applied([first, replace(unhelped, signs=("deaf",))], LOST) == "lost"
    assert not_understood_in_a_row([first, replace(unhelped, signs=("deaf",))], before_the_last=True) == 1
    assert not_understood_in_a_row([first, unhelped], before_the_last=True) == 0
    assert not_understood_in_a_row([unhelped]) == 1 and not_understood_in_a_row([unhelped], before_the_last=True) == 0


def test_what_the_model_could_not_place_may_have_been_answered_well() -> None:
    answered = Heard("nlu_fallback", answer="好的, 不动。")
    assert applied([answered, Heard("nlu_fallback")], LOST) is None
    assert applied([replace(answered, unhelped=True), Heard("nlu_fallback")], LOST) == "lost"


def test_a_no_to_what_was_guessed_ends_no_row() -> None:
    asked_back = Heard("nlu_fallback", answer="您是想办下面哪件事?", unhelped=True)
    assert applied([asked_back, Heard("deny", signs=("deaf",))], LOST) == "lost"
    assert applied([asked_back, Heard("deny")], LOST) is None, "none of what was offered: once more in other words"
    assert applied([Heard("ask_bill", answer="79 元"), Heard("deny")], LOST) is None


def test_small_talk_that_may_be_none_was_not_understood() -> None:
    sure, unsure = Heard("chitchat", sure=0.9), Heard("chitchat", sure=0.6)
    assert applied([Heard("nlu_fallback"), unsure], LOST) == "lost"
    assert applied([Heard("nlu_fallback"), sure], LOST) is None


def test_three_guesses_in_a_row() -> None:
    rule = HandoffRule(name="guessing", title="", reason="misunderstood", say="x", guessed=3)
    guess, sure = Heard("ask_bill", sure=0.4), Heard("ask_bill", sure=0.6)
    assert applied([guess, guess, guess], rule) == "guessing"
    assert applied([guess, sure, guess, guess], rule) is None
    assert applied([guess, guess, replace(guess, typed=False)], rule) is None, "a button is no guess"
    assert applied([guess, guess, guess], rule, in_form=True) is None


def test_a_name_that_was_recognised_is_no_guess() -> None:
    rule = HandoffRule(name="guessing", title="", reason="misunderstood", say="x", guessed=3)
    guess, name = Heard("ask_bill", sure=0.4), Heard("inform", sure=0.4, about=frozenset({("phone_model", "iQOO 12")}))
    assert applied([name, guess, guess], rule) is None
    assert applied([replace(name, about=frozenset()), guess, guess], rule) == "guessing"


def test_a_message_that_is_for_a_human_all_in_all() -> None:
    rule = HandoffRule(name="beyond", title="", reason="too_complex", say="x", human=0.5, except_intents=("inform",))
    assert applied([Heard("ask_bill", human=0.5)], rule) == "beyond"
    assert applied([Heard("ask_bill", human=0.49)], rule) is None
    assert applied([Heard("inform", human=0.9)], rule) is None


def test_nothing_said_breaks_no_rule() -> None:
    assert applied([], ANGRY, AGAIN, LOST) is None
