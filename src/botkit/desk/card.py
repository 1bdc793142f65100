"""The hand-over card: why a customer comes, what the bot told him last, what it knew, what to say to him first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botkit.content.texts import Texts
from botkit.conversation.messages import Author, Line
from botkit.fiveg.phones import PhoneRegistry
from botkit.telecom.masking import masked_phone

FACTS, WISHES = 5, 4
_ABOUT = {
    "dispute_charge": "charge",
    "cancel_service": "charge",
    "ask_bill": "month",
    "ask_plan_details": "plan",
    "compare_plans": "plan",
    "change_plan": "plan",
    "find_cheaper_plan": "plan",
    "find_bigger_plan": "plan",
    "order_addon": "add_on",
    "setup_5g": "phone",
    "setup_volte": "phone",
    "check_phone_5g": "phone",
    "sa_pack_unused": "phone",
}
"""Which of the things known a wish is about."""

NO_WISHES = frozenset({"request_human", "help"})
"""Intents with a title that say nothing of what the customer wants."""

_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")
_FIGURE = re.compile(
    r"\d\s*(?:元|GB|MB|分钟|条|%|[KM]bps|个月|天)|\d月\d|\d{1,2}月(?:\d{1,2}日)?|\d{4}年", re.IGNORECASE
)
_OF_SIGNING_IN = re.compile(r"验证码|核对好|再核对|排队")
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d{3}[ -]\d{4}[ -]\d{4}|\d{11,19}[xX]?|\d{6}(?!-\d{3}(?!\d)))(?!\d)")
"""Not the number of a ticket, `261123-002`."""

_DIGITS = re.compile(r"\d{4,}")
_ASKING_FOR_A_HUMAN = re.compile(
    r"转?接?人工(?:客服|服务|坐席)?|转接?|(?:找|要|叫|来)?(?:个|一个)?(?:真人|活人|客服)(?:人员)?|我|要|想|找|给|帮|请|快|点|吧|啊|呀|了|[\W_]"
)
_OF_ITSELF = frozenset({"make_complaint"})
"""Intents that tell what the customer does about a matter; the matter is what he wanted before."""

MOST_WORDS = 60
"""Characters of his own words on the card."""


@dataclass(frozen=True)
class Service:
    """Why and when the customer went to a human. `group` is the skill group, `rule` the title of the rule that applied,
    `upset` whether he was out of temper, whatever the reason."""

    reason: str
    group: str
    requested_at: datetime
    rule: str = ""
    upset: bool = False


@dataclass(frozen=True)
class Case:
    """What a card is made of.

    lines: of the transcript since the human before this one was done, oldest first, up to the hand-over.
    slots: the last state of the dialogue. phone: the verified customer's number, None where nobody is verified.
    verified_at: when he was verified. What is older may be somebody else's and is not told.
    """

    service: Service
    lines: Sequence[Line]
    slots: Mapping[str, Any] = field(default_factory=dict)
    phone: str | None = None
    verified_at: datetime | None = None

    @property
    def verified(self) -> bool:
        return self.phone is not None


@dataclass(frozen=True)
class Fact:
    """A sentence of the bot with figures, and the wish that it answered (an intent)."""

    wish: str
    sentence: str


def card(case: Case, texts: Texts, phones: PhoneRegistry, now: datetime) -> dict[str, Any]:
    """The card as the console takes it, see `docs/desk.md`."""
    titles = texts.labels("intent_titles")
    asked = wishes(case.lines, titles)
    told = facts(case, titles)
    known = slots(case, texts, phones)
    matter = _matter(asked)
    last = titles.get(matter, "")
    about = known.get(_ABOUT.get(matter, ""), "")
    fact = _fact_of(told, matter)
    words = "" if asked else own_words(case.lines)
    labels = texts.labels("card_slots")
    return {
        "reason": case.service.reason,
        "rule": case.service.rule,
        "group": case.service.group,
        "summary": _summary(case, [titles[wish] for wish in asked], words, texts, now),
        "verified": case.verified,
        "facts": [{"label": titles.get(fact.wish, ""), "value": fact.sentence} for fact in told],
        "slots": [{"label": labels[name], "value": value} for name, value in known.items()],
        "need": _need(last, about, texts),
        "first_sentence": _first_sentence(case, last, words, fact, texts),
        "replies": _replies(case, known, fact, texts),
    }


def wishes(lines: Iterable[Line], titles: Mapping[str, str]) -> list[str]:
    """What the customer wanted, as intents in the order in which he came to them; the last few."""
    found: list[str] = []
    for line in lines:
        wish = _wish(line, titles)
        if wish:
            found = [*(known for known in found if known != wish), wish]
    return found[-WISHES:]


def facts(case: Case, titles: Mapping[str, str]) -> list[Fact]:
    """The last sentences of the bot that hold figures, oldest first; none where nobody is verified."""
    if case.verified_at is None or not case.verified:
        return []
    told: list[Fact] = []
    wish = ""
    for line in case.lines:
        wish = _wish(line, titles) or wish
        if line.author is not Author.BOT or line.at < case.verified_at:
            continue
        if line.detail.get("intent") in NO_WISHES or "step" in line.content:
            continue
        told += [Fact(wish, sentence) for sentence in _with_figures(line.text)]
    kept = list({fact.sentence: fact for fact in told}.values())
    while len(kept) > FACTS:
        _drop_one(kept)
    return kept


def _drop_one(kept: list[Fact]) -> None:
    """Of the wish with the most sentences one from the middle: its first is the answer itself, its last the newest."""
    many = Counter(fact.wish for fact in kept)
    wish, count = many.most_common(1)[0]
    if count < 3:
        kept.pop(0)
        return
    places = [place for place, fact in enumerate(kept) if fact.wish == wish]
    kept.pop(places[1])


def own_words(lines: Sequence[Line]) -> str:
    """What the customer said himself when he asked for a human, if it says more than that; without any number."""
    for line in reversed(lines):
        if line.author is Author.CUSTOMER and says_something(line.text):
            return _DIGITS.sub("****", " ".join(line.text.split()))[:MOST_WORDS]
    return ""


def says_something(text: str) -> bool:
    """Whether it says more than that he wants a human."""
    return len(_ASKING_FOR_A_HUMAN.sub("", text)) >= 3


def slots(case: Case, texts: Texts, phones: PhoneRegistry) -> dict[str, str]:
    """What is known besides, by the names of the labels `card_slots`.

    Where nobody is verified only what he named himself: the bot's own slots may come from somebody's data.
    """
    said = _named_by_him(case)
    if not case.verified:
        own = {"phone": said.get("phone_model"), "plan": said.get("plan")}
        return {name: masked(value) for name, value in own.items() if value}
    focus = case.slots.get("focus") or {}
    plans = focus.get("plans") or ([focus["plan"]] if focus.get("plan") else [])
    known = {
        "phone": _phone(case.slots, phones) or said.get("phone_model"),
        "system": case.slots.get("device_system"),
        "plan": "、".join(map(str, plans)) or said.get("plan"),
        "add_on": focus.get("add_on") or said.get("add_on"),
        "charge": focus.get("item") or said.get("item"),
        "amount": _amount(said.get("amount"), texts),
        "month": _month(focus.get("month") or said.get("month"), texts),
    }
    return {name: masked(str(value)) for name, value in known.items() if value}


def masked(text: str) -> str:
    """Without codes and without whole numbers of lines, cards and passports."""

    def mask(match: re.Match[str]) -> str:
        digits = re.sub(r"[ -]", "", match[0])
        return masked_phone(digits) if len(digits) == 11 else "****"

    return _LONG_NUMBER.sub(mask, text)


def quoted(titles: Iterable[str], texts: Texts) -> str:
    return "、".join(texts.text("card_wish_quoted", wish=title) for title in titles)


def _wish(line: Line, titles: Mapping[str, str]) -> str:
    intent = str(line.detail.get("intent")) if line.author is Author.BOT else ""
    return intent if intent in titles and intent not in NO_WISHES else ""


def _with_figures(text: str) -> list[str]:
    sentences = (sentence.strip() for sentence in _SENTENCE.findall(text))
    return [masked(s) for s in sentences if _FIGURE.search(s) and not _OF_SIGNING_IN.search(s)]


def _named_by_him(case: Case) -> dict[str, str]:
    """The last value of each entity in the customer's words, since he was verified where he is."""
    since = case.verified_at if case.verified else None
    found: dict[str, str] = {}
    for line in case.lines:
        if line.author is Author.BOT and (since is None or line.at >= since):
            found |= {entity["entity"]: str(entity["value"]) for entity in line.detail.get("entities") or ()}
    return found


def _phone(slots: Mapping[str, Any], phones: PhoneRegistry) -> str:
    model, brand = slots.get("device_model"), slots.get("device_brand")
    if model not in (None, "unknown"):
        return str(model)
    try:
        return phones.brand(str(brand)).name
    except KeyError:
        return ""


def _amount(value: str | None, texts: Texts) -> str:
    return texts.text("card_amount", amount=value) if value else ""


def _month(value: object, texts: Texts) -> str:
    if not value:
        return ""
    months = texts.labels("card_months")
    return months.get(str(value)) or texts.text("card_month", month=value)


def _summary(case: Case, asked: Sequence[str], words: str, texts: Texts, now: datetime) -> str:
    if words:
        wanted = texts.text("card_wishes_said", words=words)
    elif not asked:
        wanted = texts.text("card_wishes_none")
    elif len(asked) == 1:
        wanted = texts.text("card_wishes_one", wish=asked[0])
    else:
        wanted = texts.text("card_wishes_many", wishes=quoted(asked, texts))
    who = texts.text("card_who_verified", tail=case.phone[-4:]) if case.phone else texts.text("card_who_unknown")
    why = texts.labels("card_why")[case.service.reason]
    return texts.text("card_summary", who=who, wishes=wanted, why=why, ago=_ago(now - case.service.requested_at, texts))


def _ago(passed: timedelta, texts: Texts) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return texts.text("card_ago_now")
    if minutes < 60:
        return texts.text("card_ago_minutes", count=minutes)
    if minutes < 24 * 60:
        return texts.text("card_ago_hours", count=minutes // 60)
    return texts.text("card_ago_days", count=minutes // (24 * 60))


def _matter(asked: Sequence[str]) -> str:
    """What it is about: the last wish, but not that he complains of it; "" where nothing is known."""
    about = [wish for wish in asked if wish not in _OF_ITSELF] or asked
    return about[-1] if about else ""


def _fact_of(told: Sequence[Fact], matter: str) -> str:
    """The first of the bot's sentences on the matter: that is the answer itself."""
    return next((fact.sentence.rstrip("。") for fact in told if fact.wish == matter), "")


def _need(last: str, about: str, texts: Texts) -> str:
    if not last:
        return ""
    return texts.text("card_need_item", wish=last, what=about) if about else texts.text("card_need", wish=last)


def _first_sentence(case: Case, last: str, words: str, fact: str, texts: Texts) -> str:
    name = "fact" if fact else "wish" if last else "said" if words else "nothing"
    sorry = "_sorry" if case.service.upset or case.service.reason == "frustrated" else ""
    return texts.text(f"card_first_{name}{sorry}", wish=last, fact=fact, words=words)


def _replies(case: Case, known: Mapping[str, str], fact: str, texts: Texts) -> list[dict[str, str]]:
    titles = texts.labels("card_reply_titles")
    group = case.service.group if case.service.group in titles else "general"
    what = known.get({"billing": "charge", "plans": "plan", "technical": "phone"}.get(group, ""))
    of_group = texts.text(f"card_reply_{group}_item", what=what) if what else texts.text(f"card_reply_{group}")
    offered = {group: of_group}
    if not case.verified:
        offered = {"verify": texts.text("card_reply_verify")} | offered
    elif fact:
        offered = {"fact": texts.text("card_reply_fact", fact=fact)} | offered
    for name in ("wait", "done"):
        offered[name] = texts.text(f"card_reply_{name}")
    return [{"title": titles[name], "text": text} for name, text in offered.items()]
