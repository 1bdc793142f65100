"""A handful of names and the messages made with them, so that tests of understanding need no catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from botkit.nlu.entities import EntityRules
from botkit.nlu.features import Views, message_views
from botkit.nlu.normalise import normalise
from botkit.nlu.segmenter import Segmenter

NAMES = {
    "plan": {"畅选79": "畅选79", "79的": "畅选79", "畅选59": "畅选59"},
    "add_on": {"10gb流量包": "10GB流量包", "10个g": "10GB流量包", "夜间流量包": "夜间流量包"},
    "phone_model": {"华为mate60pro": "华为 Mate 60 Pro", "mate60pro": "华为 Mate 60 Pro", "mate 60": "华为 Mate 60"},
    "brand": {"红米": "redmi", "mi": "xiaomi", "华为": "huawei"},
    "term": {"独立组网": "sa", "流量": "mobile_data", "流量包": "data_pack", "账单": "bill", "月账单": "bill"},
}

RULES = EntityRules(NAMES)


def said(message: str) -> list[tuple[str, str, str]]:
    """Type, value and the characters of the message as it was typed, of each entity found."""
    normal = normalise(message)
    found = RULES.find(normal.text)
    return [(e.type, e.value, message[slice(*normal.original_span(e.start, e.end))]) for e in found]


@lru_cache
def _segmenter() -> Segmenter:
    return Segmenter(RULES, NAMES["plan"])


def views(messages: Sequence[str]) -> list[Views]:
    """What the classifier sees of messages."""
    seen = []
    for message in messages:
        normal = normalise(message)
        document, entities = _segmenter()(normal.text)
        seen.append(message_views(normal.text, [token.text for token in document], entities))
    return seen
