"""What a word means, in everyday language; a level deeper on request; beyond that a human."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.base import BotkitAction, Turn, button
from botkit.content import Term


class ExplainTerm(BotkitAction):
    action_name = "action_explain_term"

    def respond(self, turn: Turn) -> list[EventType]:
        glossary = turn.services.terms
        if turn.said.startswith("/"):
            terms = [_known(turn, term_id) for term_id in turn.entities("term")]
        else:
            terms = list(glossary.find_all(turn.said))
        terms = [term for term in terms if term is not None][:2]
        if not terms:
            turn.say("term_unknown")
            return []
        for term in terms:
            turn.say(
                "term", name=term.name, plain=term.plain, buttons=_related(turn, term) if term is terms[-1] else ()
            )
        return [SlotSet("topic", "term"), SlotSet("focus", {"term": terms[-1].id})]


def say_deeper(turn: Turn, term_id: str) -> None:
    """One level deeper, or the word that a human knows more."""
    term = _known(turn, term_id)
    already = (turn.slot("focus") or {}).get("deeper") == term_id
    if term is None or already:
        turn.say("term_expert")
    else:
        turn.say("term_deeper", name=term.name, deeper=term.deeper, buttons=_related(turn, term))


def _known(turn: Turn, term_id: str) -> Term | None:
    try:
        return turn.services.terms.get(term_id)
    except KeyError:
        return None


def _related(turn: Turn, term: Term) -> list[dict[str, str]]:
    related = [other for term_id in term.related if (other := _known(turn, term_id))]
    return [button(turn.text("button_term", name=other.name), "ask_term", term=other.id) for other in related[:2]]
