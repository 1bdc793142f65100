"""An operator that answers what a test tells it to, and literal trackers for actions to run on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from botkit.bss.port import OperatorUnavailable, UnknownProduct
from botkit.conversation.verification import Verified
from botkit.telecom.bill import Bill, BillItem, ItemKind
from botkit.telecom.customer import Balance, Customer, LineStatus, Subscription
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.plan import Allowances, DataRate, OutOfPlanPrices, Plan
from botkit.telecom.values import ZERO, DataVolume, Money

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
CYCLE = BillingCycle(date(2026, 11, 1), date(2026, 11, 30))
PHONE = "17000000099"

PLAN = Plan(
    id="P79",
    name="畅选79",
    family="畅选",
    network="5G",
    monthly_fee=Money.of(79),
    allowances=Allowances(general_data=DataVolume.gb(15), voice_minutes=300),
    out_of_plan=OutOfPlanPrices(DataRate(Decimal(5), Decimal("0.03")), Decimal("0.15"), Decimal("0.1")),
    on_sale_from=date(2024, 1, 1),
)
CUSTOMER = Customer("c1", PHONE, "李明", 30, date(2020, 1, 1), 1, LineStatus.ACTIVE)
BALANCE = Balance(Money.of(50), ZERO, ZERO, ZERO, NOW.astimezone(timezone.utc))
FEE = BillItem("i0", ItemKind.PLAN_FEE, "畅选79", Money.of(79), source="P79")


class FakeOperator:
    """Answers each method with the value given for it: raised where it is an error, called where it can be called."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {
            "now": NOW,
            "plans": (PLAN,),
            "plan": PLAN,
            "add_ons": (),
            "add_on": UnknownProduct("none"),
            "customer": CUSTOMER,
            "customer_by_phone": CUSTOMER,
            "balance": BALANCE,
            "subscriptions": (Subscription("s1", "P79", "畅选79", date(2024, 5, 1), is_plan=True),),
            "buckets": (),
            "daily_usage": (),
            "cycle_usage": (),
            "bill": Bill(CYCLE, (FEE,), final=False),
            "contract": None,
            "device": None,
            "orders": (),
            **answers,
        }
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def answer(*arguments: Any) -> Any:
            self.asked.append(name)
            value = self.answers[name]
            if isinstance(value, Exception):
                raise value
            return value(*arguments) if callable(value) else value

        return answer


def unavailable(**answers: Any) -> FakeOperator:
    """An operator whose systems do not answer, except where a value is given."""
    always: Mapping[str, Any] = {name: OperatorUnavailable("down") for name in FakeOperator().answers if name != "now"}
    return FakeOperator(**{**always, **answers})


@dataclass
class FakeVerifications:
    """Who is verified, without a database."""

    verified: Verified | None = None
    wait_until: datetime | None = None
    vouched_number: str | None = None

    def current(self, conversation_id: str) -> Verified | None:
        return self.verified

    def establish(self, conversation_id: str, customer_id: str, phone: str) -> None:
        self.verified = Verified(customer_id, phone, NOW)

    def note_number(self, conversation_id: str, phone: str) -> datetime | None:
        return self.wait_until

    def vouched(self, conversation_id: str) -> str | None:
        return self.vouched_number

    def revoke(self, conversation_id: str) -> bool:
        was, self.verified = self.verified, None
        return was is not None


def verified() -> FakeVerifications:
    return FakeVerifications(Verified(CUSTOMER.id, PHONE, NOW))


def tracker(
    text: str = "",
    intent: str = "inform",
    entities: Sequence[tuple[str, str]] = (),
    *,
    slots: Mapping[str, Any] | None = None,
    form: str | None = None,
    before: Sequence[str] = (),
    latest_action: str = "action_listen",
    for_a_human: float = 0.0,
) -> Tracker:
    """A tracker as Rasa hands it over. `before`: intents of the customer's earlier messages. `for_a_human`: how much the last
    one is."""
    message = {
        "text": text,
        "intent": {"name": intent},
        "entities": [{"entity": name, "value": value} for name, value in entities],
        "intent_ranking": [],
        "metadata": {"message_id": 7},
    }
    said = [{"intent": {"name": name}, "for_a_human": 0.0} for name in before]
    said.append({"intent": {"name": intent}, "for_a_human": for_a_human})
    events = [{"event": "user", "parse_data": parsed} for parsed in said]
    return Tracker(
        "conversation", dict(slots or {}), message, events, False, None, {"name": form} if form else {}, latest_action
    )


@dataclass
class Outcome:
    """What an action did: its events, and what it said."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def titles(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def follow_up(self) -> str | None:
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)

    @property
    def hand_over(self) -> dict[str, str] | None:
        custom = [message["custom"] or {} for message in self.messages]
        return next((entry["hand_over"] for entry in custom if "hand_over" in entry), None)


def run(action: type[Action], services: Services, on: Tracker) -> Outcome:
    """Run an action as the action server does."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action(services).run(dispatcher, on, {"slots": {}, "forms": {}}))
    return Outcome(list(events), dispatcher.messages)
