"""What a word means, in everyday language; a level deeper on request; beyond that a human."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import BotkitAction, Turn, Values, button
from actions.wording import in_short, price, yuan
from botkit.content import Term
from botkit.content.texts import Button
from botkit.telecom.plan import AddOn

_AT_ONCE = 2
_OVERAGE = "overage"
_HOW_MUCH = re.compile(r"怎么(?:算|收|计|扣)|多少钱|几块|几元|单价|价格|费用")
_ASKS_WHAT_A_CHARGE_IS = re.compile(r"什么费|费用|扣|收费|收我")


class ExplainTerm(BotkitAction):
    """One word, or two whose difference is asked; a pack or service by what its listing says."""

    action_name = "action_explain_term"

    def respond(self, turn: Turn) -> list[EventType]:
        terms = _terms(turn)
        product = _product(turn)
        if _asks_for_a_charge(turn, product, terms):
            return [FollowupAction("action_explain_charge")]
        if product is not None:
            values: Values = {
                "name": product.name,
                "price": yuan(product.price),
                "notes": in_short(product.notes),
            }
            turn.say("term_product_monthly" if product.monthly else "term_product", **values)
            return [SlotSet("topic", "addon"), SlotSet("focus", {"add_on": product.name})]
        if not terms:
            turn.say("term_unknown")
            return []
        if _HOW_MUCH.search(turn.said) and any(term.id == _OVERAGE for term in terms):
            _say_overage(turn)
            return [SlotSet("topic", "term"), SlotSet("focus", {"term": _OVERAGE})]
        head, *others = terms
        more = [turn.text("term", name=term.name, plain=term.plain) for term in others]
        buttons = [*_related(turn, terms), button(turn.text("button_deeper"), "ask_more")]
        turn.say("term", name=head.name, plain=head.plain, more=more, buttons=buttons)
        return [SlotSet("topic", "term"), SlotSet("focus", {"term": terms[-1].id})]


def _say_overage(turn: Turn) -> None:
    """What going beyond a plan costs, by the plans on sale; one's own price is one's own plan's."""
    prices = [plan.out_of_plan for plan in turn.operator.plans() if plan.on_sale(turn.today)]
    data = sorted({prices_of.data.per_gb for prices_of in prices if prices_of.data is not None})
    voice = sorted({prices_of.voice_per_minute for prices_of in prices})
    term = turn.services.terms.get(_OVERAGE)
    turn.say(
        "term_overage",
        name=term.name,
        plain=term.plain,
        data=_range(turn, data),
        voice=_range(turn, voice),
    )


def _range(turn: Turn, prices: Sequence[Decimal]) -> str:
    """`3 到 10`, or the one price that there is."""
    if len(prices) > 1:
        return turn.text("phrase_from_to", least=price(prices[0]), most=price(prices[-1]))
    return price(prices[0]) if prices else "0"


def _asks_for_a_charge(turn: Turn, product: AddOn | None, terms: Sequence[Term]) -> bool:
    """上个月的漫游日包是什么, 5 块钱的是什么: an item of a bill rather than a word."""
    billed = product is not None or any(term.id == _OVERAGE for term in terms)
    if turn.entities("amount") or (billed and turn.entities("month")):
        return True
    return product is None and not terms and bool(_ASKS_WHAT_A_CHARGE_IS.search(turn.said))


def _terms(turn: Turn) -> Sequence[Term]:
    if turn.said.startswith("/"):
        found = [_known(turn, term_id) for term_id in turn.entities("term")]
        return [term for term in found if term is not None][:_AT_ONCE]
    return turn.services.terms.find_all(turn.said)[:_AT_ONCE]


def _product(turn: Turn) -> AddOn | None:
    named = turn.entities("add_on")
    return next((add_on for add_on in turn.operator.add_ons() if add_on.name in named), None)


def say_deeper(turn: Turn, term_id: str) -> None:
    """One level deeper, or the word that a human knows more."""
    term = _known(turn, term_id)
    already = (turn.slot("focus") or {}).get("deeper") == term_id
    if term is None or already:
        turn.say("term_expert")
    else:
        turn.say("term_deeper", deeper=term.deeper, buttons=_related(turn, [term]))


def _known(turn: Turn, term_id: str) -> Term | None:
    try:
        return turn.services.terms.get(term_id)
    except KeyError:
        return None


def _related(turn: Turn, terms: Sequence[Term]) -> list[Button]:
    """Words that the last one's entry points to, without those just explained."""
    related = [other for term_id in terms[-1].related if (other := _known(turn, term_id)) and other not in terms]
    return [button(turn.text("button_term", name=other.name), "ask_term", term=other.id) for other in related[:2]]
