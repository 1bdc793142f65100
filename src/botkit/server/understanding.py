"""`botkit parse`: what the model understands, message by message."""

from __future__ import annotations

import json
from typing import Any, TextIO

from rasa.core.agent import Agent

from botkit.content.handoff import HandoffContent, load_handoff
from botkit.handoff.hearing import heard_in
from botkit.handoff.judge import rule_for
from botkit.server.model import current_model
from botkit.settings import Settings


async def parse_lines(settings: Settings, source: TextIO, target: TextIO) -> int:
    """JSON lines `{"text"}` in; `{"text","intent","confidence","entities","frustration","handoff","rule"}` out, in order:
    what the model makes of the message if it is the first of a conversation. `frustration` is 0 calm to 1; `handoff`
    whether a human gets it, `rule` by which rule of `content/handoff.yml`, "" for none.

    A line that is not such JSON gives `{"error", "line"}` and makes the command end with 1.
    """
    agent = Agent.load(str(current_model(settings)))
    rules = load_handoff(settings.content / "handoff.yml")
    failed = False
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
            if not isinstance(text, str):
                raise TypeError("text")
        except (ValueError, KeyError, TypeError):
            failed = True
            result: dict[str, Any] = {"error": 'no JSON object with a text under "text"', "line": number}
        else:
            result = understood(text, await agent.parse_message(text), rules)
        target.write(json.dumps(result, ensure_ascii=False) + "\n")
    return int(failed)


def understood(text: str, parsed: dict[str, Any], rules: HandoffContent) -> dict[str, Any]:
    """One result in the form that `botkit parse` promises."""
    intent = parsed.get("intent") or {}
    heard = heard_in(parsed)
    rule = rule_for([heard], rules)
    return {
        "text": text,
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "entities": [
            {"entity": e["entity"], "value": e["value"], "start": e["start"], "end": e["end"]}
            for e in parsed.get("entities", ())
        ],
        "frustration": heard.frustration,
        "handoff": rule is not None,
        "rule": rule.name if rule else "",
    }
