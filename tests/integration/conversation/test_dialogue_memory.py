"""A long conversation on the trained model: what is kept in memory, what the database gives back, and the whole history
without any window lead to the same slots, forms and next actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from botkit.assembly import House
from botkit.conversation.tracker_store import BoundedTrackerStore
from botkit.server.app import load_dialogue
from botkit.store.tables.conversation import TurnRow
from tests.driver import Bot, Customer

pytestmark = pytest.mark.model

PHONE = "17000000001"
TURNS = [
    "你好", "畅选59有多少流量", "还有吗", "5G怎么开", "小米14", "好了", "下一步", "什么是SA", "找不到", "上一步", "算了",
    "查余额", "为什么要验证", "不想给", "算了", "有哪些套餐", "畅选79和畅选59比", "谢谢", "手机支不支持5G", "华为", "不是",
    "还剩多少流量", "13900000000", PHONE, "000000", "畅选199怎么样", "没收到验证码", "什么是结转", "{code}", "账单", "为什么",
    "有没有便宜点的", "好的", "加个流量包", "不要", "VoLTE怎么开", "荣耀100", "是的", "下一步", "好了", "好了", "详细点",
    "查一下我的套餐", "合约到什么时候", "宽带怎么装", "退出登录", "查余额", "啊啊啊", "你会什么", "讲个笑话", "再见", "5G怎么开",
    "苹果", "iPhone 15", "好了", "换个手机", "小米13", "继续", "算了", "查流量", PHONE,
]  # fmt: skip
PROBES = [
    ("affirm", []),
    ("inform", [{"entity": "phone_number", "value": PHONE}]),
    ("inform", [{"entity": "phone_model", "value": "小米14"}]),
    ("ask_balance", []),
    ("step_done", []),
    ("nlu_fallback", []),
]


@dataclass
class Memories:
    """Three ways to remember the same conversation."""

    agent: Agent
    house: House
    conversation_id: str

    async def all(self) -> dict[str, DialogueStateTracker]:
        in_memory: BoundedTrackerStore = self.agent.tracker_store
        fresh = BoundedTrackerStore(self.agent.domain, self.house.unit_of_work)
        trackers = {
            "memory": await in_memory.retrieve(self.conversation_id),
            "database": await fresh.retrieve(self.conversation_id),
        }
        in_memory.take_turn(self.conversation_id)
        return {**trackers, "whole history": self._whole()}

    def _whole(self) -> DialogueStateTracker:
        with self.house.unit_of_work(reading=True) as session:
            rows = session.query(TurnRow).filter_by(conversation_id=self.conversation_id).order_by(TurnRow.number).all()
        events = [Event.from_parameters(parameters) for row in rows for parameters in row.events]
        return DialogueStateTracker.from_events(self.conversation_id, events, self.agent.domain.slots)

    def state(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        latest = tracker.latest_message
        return {
            "slots": tracker.current_slot_values(),
            "loop": tracker.active_loop_name,
            "action": tracker.latest_action_name,
            "followup": tracker.followup_action,
            "latest": (latest.text, latest.intent, latest.entities) if latest else None,
            "next": [self._next(tracker, intent, entities) for intent, entities in PROBES],
        }

    def _next(
        self, tracker: DialogueStateTracker, intent: str, entities: list[dict[str, str]]
    ) -> tuple[str, list[str]]:
        """What the policies would do if this came next."""
        copy = tracker.copy()
        copy.update(UserUttered("…", {"name": intent, "confidence": 1.0}, entities), self.agent.domain)
        prediction = self.agent.processor._predict_next_with_tracker(copy)
        action = self.agent.domain.action_names_or_texts[prediction.max_confidence_index]
        return action, [event.type_name for event in prediction.events]


@pytest.fixture
def own_bot(house: House, trained_model: Path) -> Iterator[Bot]:
    built = Bot(house, load_dialogue(house, trained_model))
    yield built
    built.close()


def test_sixty_turns(own_bot: Bot, house: House) -> None:
    customer: Customer = own_bot.customer()
    loops, verified = set(), False
    for number, text in enumerate(TURNS):
        answer = customer.says(customer.code(PHONE) if text == "{code}" else text)
        memories = Memories(own_bot.dialogue._agent, house, answer.lines[0].conversation_id)
        states = {name: memories.state(tracker) for name, tracker in own_bot.run(memories.all()).items()}
        assert states["memory"] == states["whole history"], f"{number}: {text}"
        assert states["database"] == states["whole history"], f"{number}: {text}"
        loops.add(states["memory"]["loop"])
        verified = verified or house.verifications.current(memories.conversation_id) is not None
    assert loops >= {None, "verify_form", "device_form"}, "the conversation has gone through the forms"
    assert verified, "and through the verification"


def test_a_conversation_goes_on_after_a_restart_as_if_there_had_been_none(own_bot: Bot) -> None:
    steady, restarted = own_bot.customer(), own_bot.customer()
    for text in [
        "你好",
        "5G怎么开",
        "小米14",
        "好了",
        "什么是SA",
        "下一步",
        "找不到",
        "上一步",
        "算了",
        "畅选59有多少流量",
        "还有吗",
        "谢谢",
    ]:
        expected = steady.says(text)
        if restarted.last.lines:
            own_bot.dialogue.forget(restarted.last.lines[0].conversation_id)
        answer = restarted.says(text)
        assert (answer.text, answer.choices, answer.actions) == (expected.text, expected.choices, expected.actions), (
            text
        )
