"""The policy on literal trackers: when it overrules the others, when it holds back, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from botkit.content.handoff import HAND_OVER, Gathering, HandoffContent, HandoffRule, Soothing
from botkit.conversation.handoff_policy import HandoffPolicy

RULES = (
    HandoffRule(name="asked", title="the rule asked", reason="asked", intents=("request_human",), own_action=True),
    HandoffRule(name="furious", title="the rule furious", reason="frustrated", say="x", mood=0.75),
    HandoffRule(
        name="refund",
        title="the rule refund",
        reason="too_complex",
        say="x",
        matter="refund",
        sure=0.5,
        answer_first=True,
    ),
    HandoffRule(name="again", title="the rule again", reason="too_complex", say="x", same_question=3),
)
DOMAIN = Domain.from_dict(
    {
        "intents": ["ask_bill", "request_human"],
        "actions": [HAND_OVER, "action_bill"],
        "forms": {"verify_form": {"required_slots": []}},
        "slots": {"handoff_rule": {"type": "any", "mappings": [{"type": "custom"}]}},
    }
)
LISTEN, BILL = ActionExecuted("action_listen"), ActionExecuted("action_bill")


@pytest.fixture
def policy(tmp_path: Path) -> HandoffPolicy:
    content = HandoffContent(
        conversation=Gathering(keeps=0.5, adds=0.5, counts_from=0.3),
        soothe=Soothing(message=0.5, conversation=0.5),
        rules=RULES,
    )
    context = ExecutionContext(GraphSchema({}))
    config = HandoffPolicy.get_default_config()
    return HandoffPolicy(config, LocalModelStorage(tmp_path), Resource("handoff"), context, content)


def said(text: str = "账单", intent: str = "ask_bill", score: float = 0.0, **matters: float) -> UserUttered:
    parsed: dict[str, Any] = {"frustration": {"score": score}, "matters": matters}
    return UserUttered(text, {"name": intent, "confidence": 0.9}, [], parsed)


def bot(**custom: object) -> BotUttered:
    return BotUttered("好", {"custom": custom} if custom else {})


def decided(policy: HandoffPolicy, *events: Event) -> tuple[str | None, str | None]:
    """The action that it asks for, and the rule that it names."""
    tracker = DialogueStateTracker.from_events("someone", list(events), DOMAIN.slots)
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    rules: Sequence[Any] = prediction.optional_events
    if not prediction.max_confidence:
        return None, None
    index = prediction.probabilities.index(prediction.max_confidence)
    assert prediction.is_no_user_prediction, "or a form would overrule it"
    if not rules:
        return DOMAIN.action_names_or_texts[index], None
    named = rules[0].value
    assert named["title"] == f"the rule {named['name']}"
    return DOMAIN.action_names_or_texts[index], named["name"]


def test_calm_messages_are_not_its_affair(policy: HandoffPolicy) -> None:
    assert decided(policy, LISTEN, said()) == (None, None)
    assert decided(policy) == (None, None)


def test_it_overrules_at_once(policy: HandoffPolicy) -> None:
    assert decided(policy, LISTEN, said(score=0.8)) == (HAND_OVER, "furious")


def test_then_it_is_the_customers_turn(policy: HandoffPolicy) -> None:
    assert decided(policy, LISTEN, said(score=0.8), ActionExecuted(HAND_OVER), bot(hand_over={})) == (
        "action_listen",
        None,
    )


def test_in_a_form_too(policy: HandoffPolicy) -> None:
    assert decided(policy, ActiveLoop("verify_form"), LISTEN, said(score=0.8)) == (HAND_OVER, "furious")


def test_not_after_another_action_has_answered(policy: HandoffPolicy) -> None:
    assert decided(policy, LISTEN, said(score=0.8), BILL, bot()) == (None, None)


def test_some_matters_are_answered_first(policy: HandoffPolicy) -> None:
    asks = said(refund=0.9)
    assert decided(policy, LISTEN, asks) == (None, None)
    assert decided(policy, LISTEN, asks, BILL) == (None, None), "it has said nothing yet"
    assert decided(policy, LISTEN, asks, BILL, bot()) == (HAND_OVER, "refund")
    assert decided(policy, ActiveLoop("verify_form"), LISTEN, asks, BILL, bot()) == (None, None)


def test_what_the_answer_has_handed_over_itself_is_done(policy: HandoffPolicy) -> None:
    handed_over = bot(hand_over={"reason": "too_complex"})
    assert decided(policy, LISTEN, said(refund=0.9), BILL, handed_over) == (None, None)


def test_the_intents_own_action_is_left_to_itself(policy: HandoffPolicy) -> None:
    assert decided(policy, LISTEN, said(intent="request_human", score=0.9)) == (None, None)


def test_what_was_before_a_hand_over_is_settled(policy: HandoffPolicy) -> None:
    twice = [LISTEN, said(), BILL, bot(), LISTEN, said(), BILL]
    assert decided(policy, *twice, bot(), LISTEN, said()) == (HAND_OVER, "again")
    assert decided(policy, *twice, bot(hand_over={"reason": "asked"}), LISTEN, said()) == (None, None)


def test_without_rules_it_says_nothing(policy: HandoffPolicy) -> None:
    policy._content = None  # as it is while a model is trained
    assert decided(policy, LISTEN, said(score=1.0)) == (None, None)
