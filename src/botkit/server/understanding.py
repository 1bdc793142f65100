"""`botkit parse`: what the model understands, message by message."""

from __future__ import annotations

import json
from typing import Any, TextIO

from rasa.core.agent import Agent

from botkit.server.model import current_model
from botkit.settings import Settings


async def parse_lines(settings: Settings, source: TextIO, target: TextIO) -> int:
    """JSON lines `{"text"}` in; `{"text","intent","confidence","entities","frustration","handoff"}` out, in order.

    A line that is not such JSON gives `{"error", "line"}` and makes the command end with 1.
    """
    agent = Agent.load(str(current_model(settings)))
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
            result = understood(text, await agent.parse_message(text))
        target.write(json.dumps(result, ensure_ascii=False) + "\n")
    return int(failed)


def understood(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """One result in the form that `botkit parse` promises."""
    intent = parsed.get("intent") or {}
    name = intent.get("name")
    return {
        "text": text,
        "intent": name,
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "entities": [
            {"entity": e["entity"], "value": e["value"], "start": e["start"], "end": e["end"]}
            for e in parsed.get("entities", ())
        ],
        "frustration": 1.0 if name == "vent" else 0.0,
        "handoff": name in ("request_human", "make_complaint"),
    }
