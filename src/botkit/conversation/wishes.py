"""Two wishes in one message: "查下余额再看看有没有便宜的套餐" is taken apart, so that each is answered.

And one wish among other words, where the whole is not understood.

Only what certainly is two things comes apart: each part has to be understood by itself, as a subject of its own.
"79和59哪个划算" stays whole, for "79" alone is no wish, and so does "流量用完了, 加个包", where one is the reason of the other.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator

from botkit.handoff.judge import NO_QUESTIONS

Understand = Callable[[str], Awaitable[tuple[str, float]]]
"""A text's intent, and how sure that is."""

LONGEST = 60
"""Characters up to which a message is looked at: longer ones tell a story, and the wish is somewhere in it."""

SURE = 0.55

CLEAR = 0.8
"""From here on a part of a message that makes no sense as a whole is taken for what was meant."""

MOST_PARTS = 6
_PARTS = re.compile(r"[,，.。;；!！?？、…\s]+")

_LOOKED_UP = frozenset(("ask_balance", "ask_usage", "ask_bill", "ask_my_plan", "ask_contract"))
_SUBJECTS = _LOOKED_UP | {
    "list_plans", "find_cheaper_plan", "find_bigger_plan", "ask_plan_details", "compare_plans", "order_addon",
    "cancel_service", "ask_promotions", "ask_sub_card", "setup_5g", "setup_volte", "check_phone_5g", "ask_term",
    "recharge", "ask_invoice", "ask_roaming", "ask_broadband", "replace_sim", "ask_password", "port_number", "ask_shop",
    "ask_ticket_status", "ask_suspension",
}  # fmt: skip

_MORE = re.compile(
    r"[,，;；。、\s]*(?:另外|顺便|順便|顺带|順帶|同时|同時|接着|然後|然后|还想|還想|还要|還要|[,，;；。\s](?:还有|還有|再))"
    r"(?:再|也|还|還|请|請)?|[,，;；。、\s]*再(?=[帮幫给給]?我?[看查问問说說讲講算比])"
)
"""Says that something else is wanted too."""
_AND = re.compile(r"[,，;；。、\s]+|[和跟与與及]|以及|还有|還有")
"""Joins two of a kind; between things to look up it joins two wishes."""


async def wishes_in(text: str, understand: Understand) -> list[str]:
    """The wishes of a message, one or more, in its order."""
    if text.startswith("/") or len(text) > LONGEST:
        return [text]
    for joint, allowed in ((_MORE, _SUBJECTS), (_AND, _LOOKED_UP)):
        for first, second in _halves(text, joint):
            one, other = await understand(first), await understand(second)
            if one[0] != other[0] and all(intent in allowed and sure >= SURE for intent, sure in (one, other)):
                return [*await wishes_in(first, understand), *await wishes_in(second, understand)]
    return [text]


def has_parts(text: str) -> bool:
    """Whether something parts it."""
    return _PARTS.search(text.strip()) is not None


async def clearest_part(text: str, understand: Understand) -> str | None:
    """Of a message that is not understood as a whole, the part that is: "按错了 查话费". None: there is none, or more than
    one that is a wish."""
    parts = [part for part in _PARTS.split(text) if len(part) > 1]
    if not 1 < len(parts) <= MOST_PARTS:
        return None
    understood = [(part, *await understand(part)) for part in parts]
    clear = [part for part, intent, sure in understood if intent not in NO_QUESTIONS and sure >= CLEAR]
    return clear[0] if len(clear) == 1 else None


def _halves(text: str, joint: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for match in joint.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        if len(first) > 1 and len(second) > 1:
            yield first, second
