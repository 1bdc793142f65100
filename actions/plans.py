"""Plans on paper: the list, and one plan's terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn, Values, button
from actions.catalogue import PlansMeant, budget, main_plans, names, plans_meant
from actions.errands import say_by_case
from actions.needs import age_said, audience, data_wanted, minutes_wanted
from actions.plan_terms import main_terms, plan_table, small_print, terms, terms_asked_for
from actions.stated_use import say_for_need, says_own_use
from actions.wording import yuan
from botkit.telecom.plan import Eligibility, Plan
from botkit.telecom.values import NO_DATA, DataVolume, Money

_FEE = re.compile(r"[\d一二三四五六七八九十百] ?的?套餐|月费|月租")
_ALL = re.compile(r"规则|规定|条款|公示|备注|全部|所有|详细|完整|说明|都说")
_AND_THAT = re.compile(r"^[那这].{1,10}呢|^和?.{1,8}的?呢[?？]?$")
_GROWN_UP, _ELDERLY = 18, 50
_LOW_FEE = Money.of(10)
_SHOWN = 8

_BY_ELIGIBILITY: Mapping[str, Callable[[Eligibility], bool]] = {
    "elderly": lambda who: who.min_age is not None and who.min_age >= _ELDERLY,
    "child": lambda who: who.max_age is not None and who.max_age < _GROWN_UP,
    "student": lambda who: who.max_age is not None and who.max_age >= _GROWN_UP,
    "disabled": lambda who: "disabled_certificate" in who.requires,
}


class ListPlans(BotkitAction):
    """All plans on sale, or those for the kind of person asked about, or with what the message wants in them."""

    action_name = "action_list_plans"

    def respond(self, turn: Turn) -> list[EventType]:
        person, limit, age = audience(turn), budget(turn), age_said(turn)
        if person == "minimum" and turn.slot("topic") == "recommendation":
            return [FollowupAction("action_find_cheaper_plan")]
        if says_own_use(turn):
            return say_for_need(turn)
        enough = _Enough(data_wanted(turn) or NO_DATA, minutes_wanted(turn) or 0)
        if person is None and limit is not None and turn.verified():
            return [FollowupAction("action_find_cheaper_plan")]
        if person is None and limit is None and not enough.is_wanted and age is None and _names_one(turn):
            return [FollowupAction("action_plan_details")]
        catalogue = turn.operator.plans()
        on_sale = sorted(
            (plan for plan in catalogue if plan.on_sale(turn.today)), key=lambda plan: (plan.monthly_fee, plan.name)
        )
        plans = _plans_for(person, on_sale, catalogue) if person else ()
        of_age = [plan for plan in on_sale if _is_for_age(plan.eligibility, age)] if age is not None else []
        if of_age:
            turn.say(
                "plans_for_age", age=age, count=len(of_age), table=plan_table(turn, of_age), buttons=_details(of_age)
            )
        elif enough.is_wanted:
            _say_enough(turn, [plan for plan in on_sale if limit is None or plan.monthly_fee <= limit], enough)
        elif plans:
            count = len(on_sale) if person == "unlimited" else len(plans)
            turn.say(f"plans_{person}", count=count, table=plan_table(turn, plans), **_ages(plans))
        elif limit is not None:
            _say_within(turn, [plan for plan in on_sale if plan.monthly_fee <= limit], limit)
        else:
            turn.say("plans_all", count=len(on_sale), table=plan_table(turn, on_sale))
        return [SlotSet("topic", "plans"), SlotSet("awaiting", "plan")]


@dataclass(frozen=True)
class _Enough:
    """How much a plan has to include."""

    data: DataVolume
    minutes: int

    @property
    def is_wanted(self) -> bool:
        return bool(self.data or self.minutes)

    def is_in(self, plan: Plan) -> bool:
        return plan.allowances.general_data >= self.data and plan.allowances.voice_minutes >= self.minutes


def _say_enough(turn: Turn, plans: Sequence[Plan], enough: _Enough) -> None:
    """The plans that include so much, the cheapest first, and which of them everybody can take."""
    what = turn.text("delta_join").join(
        [
            *([turn.text("plan_includes_data", volume=enough.data)] if enough.data else []),
            *([turn.text("plan_includes_voice", minutes=enough.minutes)] if enough.minutes else []),
        ]
    )
    found = [plan for plan in plans if enough.is_in(plan)]
    open_to_all = next((plan for plan in found if plan.eligibility == Eligibility()), None)
    if open_to_all is None:
        most = _most(plans, lambda plan: plan.allowances.general_data.mb)
        turn.say("plans_none_enough", what=what, table=plan_table(turn, most))
        return
    months = open_to_all.contract_months
    turn.say(
        "plans_enough",
        what=what,
        count=len(found),
        plan=open_to_all.name,
        fee=yuan(open_to_all.monthly_fee),
        table=plan_table(turn, found[:_SHOWN]),
        more=[
            *([turn.text("plans_enough_contract", plan=open_to_all.name, months=months)] if months else []),
            *([turn.text("plans_enough_cheapest", count=_SHOWN)] if len(found) > _SHOWN else []),
        ],
    )


def _is_for_age(who: Eligibility, age: int) -> bool:
    """Whether a plan is made for people of an age, this one among them."""
    if who.min_age is None and who.max_age is None:
        return False
    return (who.min_age or 0) <= age <= (who.max_age or age)


class ShowPromotions(BotkitAction):
    """Offers: plans of a lower fee where a kind of person is named, else what is known of offers at all."""

    action_name = "action_promotions"

    def respond(self, turn: Turn) -> list[EventType]:
        if audience(turn) in (*_BY_ELIGIBILITY, "family"):
            return [FollowupAction("action_list_plans")]
        say_by_case(turn, "promotions")
        return []


def _plans_for(person: str, on_sale: Sequence[Plan], catalogue: Sequence[Plan]) -> Sequence[Plan]:
    """The plans on sale for a kind of person or use, by what the listing says of them."""
    if person == "unlimited":
        return _most(on_sale, lambda plan: plan.allowances.general_data.mb)
    if person == "voice":
        return _most(on_sale, lambda plan: plan.allowances.voice_minutes)
    if person == "minimum":
        return [plan for plan in on_sale if plan.monthly_fee <= _LOW_FEE]
    if person == "family":
        shared = {plan.family for plan in catalogue if "family_plan" in plan.eligibility.requires}
        return [plan for plan in on_sale if plan.family in shared]
    return [plan for plan in on_sale if _BY_ELIGIBILITY[person](plan.eligibility)]


def _most(plans: Sequence[Plan], measure: Callable[[Plan], int]) -> Sequence[Plan]:
    """The third of the plans that include the most, with those that include as much as the last of them."""
    ranked = sorted(map(measure, plans), reverse=True)
    least = ranked[(len(ranked) - 1) // 3] if ranked else 0
    return [plan for plan in plans if measure(plan) >= least]


def _ages(plans: Sequence[Plan]) -> Values:
    """The youngest and the oldest who may take one of them; nothing for the oldest where all may."""
    youngest = [plan.eligibility.min_age for plan in plans if plan.eligibility.min_age is not None]
    oldest = [plan.eligibility.max_age for plan in plans if plan.eligibility.max_age is not None]
    return {"from_age": min(youngest, default=0), "to_age": max(oldest, default="")}


def _names_one(turn: Turn) -> bool:
    """Whether a plan is named, or a fee as people name plans (199 的套餐)."""
    return bool(turn.entities("plan", "amount")) or (bool(turn.entities("number")) and bool(_FEE.search(turn.said)))


def _say_within(turn: Turn, plans: Sequence[Plan], limit: Money) -> None:
    if plans:
        turn.say("plans_within", count=len(plans), limit=yuan(limit), table=plan_table(turn, plans))
    else:
        turn.say("plans_none_within", limit=yuan(limit))


class ShowPlan(BotkitAction):
    """One plan's published terms."""

    action_name = "action_plan_details"

    def respond(self, turn: Turn) -> list[EventType]:
        catalogue = turn.operator.plans()
        meant = plans_meant(turn, catalogue, turn.today)
        if turn.slot("awaiting") == "compare" and len(meant.plans) == 1 and _AND_THAT.search(turn.said):
            return [FollowupAction("action_compare_plans")]
        said_of_none = _AND_THAT.search(turn.said) or self._in_focus(turn, catalogue) is None
        if not meant.plans and turn.entities("data_volume") and said_of_none:
            return say_for_need(turn)
        if len(meant.plans) > 1:
            pair = "|".join(plan.name for plan in meant.plans)
            turn.say("plan_several", table=plan_table(turn, meant.plans), pair=pair)
            return [SlotSet("topic", "plans")]
        plan = meant.plans[0] if meant.plans else self._in_focus(turn, catalogue)
        if plan is None or (meant.unknown and not meant.plans):
            return self._ask(turn, catalogue, meant)
        focus = [
            SlotSet("topic", "plan"),
            SlotSet("focus", {"plan": plan.name, "seen": self._seen(turn, plan)}),
            SlotSet("awaiting", None),
        ]
        asked = [] if meant.plans or _wants_all(turn) else terms_asked_for(turn, plan)
        if asked:  # 打电话多少分钟, after all of it has been said
            turn.say("plan_asked", plan=plan.name, text="\n".join(asked))
            return focus
        others = meant.also.get(plan.name, ())
        name = "plan_details" if plan.on_sale(turn.today) else "plan_details_not_sold"
        opening = turn.text(name, plan=plan.name, fee=yuan(plan.monthly_fee))
        if _wants_all(turn):
            turn.send("\n".join([opening, *terms(turn, plan)]))
            turn.say(
                "plan_small_print" if plan.on_sale(turn.today) else "plan_small_print_not_sold",
                plan=plan.name,
                more=small_print(turn, plan),
            )
        else:
            same_fee = [turn.text("plan_same_fee", others=names(others))] if others else []
            turn.say(
                "plan_main" if plan.on_sale(turn.today) else "plan_main_not_sold",
                text="\n".join([opening, *main_terms(turn, plan), *same_fee]),
                plan=plan.name,
                buttons=_details(others),
            )
        return focus

    def _seen(self, turn: Turn, plan: Plan) -> list[str]:
        """The plans looked at one after another, this one last: "哪个划算" means the last two."""
        before = (turn.slot("focus") or {}).get("seen") or []
        return [*(name for name in before if name != plan.name), plan.name][-2:]

    def _in_focus(self, turn: Turn, catalogue: Sequence[Plan]) -> Plan | None:
        focus = (turn.slot("focus") or {}).get("plan")
        return next((plan for plan in catalogue if plan.name == focus), None)

    def _ask(self, turn: Turn, catalogue: Sequence[Plan], meant: PlansMeant) -> list[EventType]:
        name = "plan_unknown" if meant.unknown else "plan_which"
        offered = _details(main_plans(catalogue, turn.today)[1:4])
        turn.say(name, unknown="、".join(meant.unknown), buttons=offered)
        return [SlotSet("topic", "plans"), SlotSet("awaiting", "plan")]


def _wants_all(turn: Turn) -> bool:
    """The button `全部规则`, or words to that effect."""
    return turn.intent == "ask_more" or bool(turn.entities("item")) or bool(_ALL.search(turn.said))


def _details(plans: Sequence[Plan]) -> list[dict[str, str]]:
    return [button(plan.name, "ask_plan_details", plan=plan.name) for plan in plans[:3]]
