"""The judge as a Rasa policy: when a rule of `content/handoff.yml` applies, it overrules what else was to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from botkit.content.handoff import HAND_OVER, RULE_SLOT, HandoffContent, HandoffRule, load_handoff
from botkit.handoff.hearing import heard_since_hand_over
from botkit.handoff.judge import rule_for
from botkit.settings import Settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class HandoffPolicy(Policy):
    """Learns nothing. It reads the rules when the model is loaded: a change of them calls for no new model."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`priority` above that of `RulePolicy`, which is as sure."""
        return {"priority": 7}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        content: HandoffContent | None = None,
        **_: Any,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        self._content = content

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HandoffPolicy:
        content = load_handoff(Settings.from_environment().content / "handoff.yml")
        return cls(config, model_storage, resource, execution_context, content)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        action, rule = self._decision(tracker)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(action)] = 1.0
        events: list[Event] = [SlotSet(RULE_SLOT, rule.named)] if rule else []
        return self._prediction(probabilities, optional_events=events, is_no_user_prediction=True)

    def _decision(self, tracker: DialogueStateTracker) -> tuple[str | None, HandoffRule | None]:
        """What to do next, if it is this policy's to say, and by which rule."""
        if self._content is None:
            return None, None
        if tracker.latest_action_name == HAND_OVER:
            return ACTION_LISTEN_NAME, None
        in_form = tracker.active_loop_name is not None
        events = _events(tracker)
        rule = rule_for(heard_since_hand_over(events), self._content, in_form)
        if rule is None or rule.own_action:
            return None, None
        due = (
            not in_form and _answered(events) if rule.answer_first else tracker.latest_action_name == ACTION_LISTEN_NAME
        )
        return (HAND_OVER, rule) if due else (None, None)


def _events(tracker: DialogueStateTracker) -> Sequence[dict[str, Any]]:
    """What the judge reads of the tracker."""
    read: list[dict[str, Any]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            read.append({"event": "user", "parse_data": event.parse_data})
        elif isinstance(event, BotUttered):
            read.append({"event": "bot", "text": event.text, "data": event.data})
    return read


def _answered(events: Sequence[dict[str, Any]]) -> bool:
    """Whether the bot has said something to the last message."""
    return bool(events) and events[-1]["event"] == "bot"
