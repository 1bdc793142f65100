"""Looking things up while talking: words, ready answers, plans and packs, how phones are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

import jieba
import yaml
from rapidfuzz import fuzz

from botkit.content.terms import Glossary
from botkit.content.texts import Texts, fill
from botkit.fiveg.guide import build_guide
from botkit.fiveg.guide_content import BrandGuide, Goal, GuideContent
from botkit.telecom.plan import AddOn, Plan
from botkit.telecom.values import DataVolume

MOST = 12
_GOALS: tuple[Goal, ...] = ("5g", "volte")
_WORD = re.compile(r"[0-9a-z\u4e00-\u9fff]")
_EMPTY_WORDS = frozenset(
    [
        "的",
        "了",
        "吗",
        "呢",
        "啊",
        "吧",
        "是",
        "我",
        "你",
        "您",
        "在",
        "有",
        "和",
        "与",
        "要",
        "会",
        "能",
        "可以",
        "什么",
        "怎么",
        "怎样",
        "如何",
        "一下",
        "这个",
        "那个",
        "多少",
        "哪",
        "为什么",
    ]
)
_OF_TITLE, _OF_NAME, _OF_TEXT = 3.0, 4.0, 1.0
_NAMED = 70.0
"""From which likeness on a name counts as meant."""
_ENOUGH = 0.35
"""Share of the query's weight that an entry must have at least."""

Responses = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """`names`: how else it is asked for, besides its title. Kinds: `term`, `answer`, `plan`, `pack`, `guide`."""

    kind: str
    title: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Indexed:
    entry: Entry
    in_title: frozenset[str]
    in_text: frozenset[str]
    names: tuple[str, ...] = field(default=())


class Knowledge:
    """Built once, which takes about a second; a search takes a few milliseconds."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._jieba = jieba.Tokenizer()
        entries = list(entries)
        for entry in entries:
            for name in (entry.title, *entry.names):
                if len(name) > 1 and " " not in name:
                    self._jieba.add_word(name.lower())
        self._entries = [self._indexed(entry) for entry in entries]
        seen = Counter(token for known in self._entries for token in known.in_title | known.in_text)
        self._rarity = {token: log(1 + len(self._entries) / count) for token, count in seen.items()}
        self._unseen = log(1 + len(self._entries))

    def search(self, query: str) -> list[dict[str, str]]:
        """`[{kind, title, text}]`, the best first, at most twelve; nothing for a query without a word."""
        squeezed = _squeezed(query[:100])
        if not squeezed:
            return []
        tokens = self._tokens(query[:100]) or frozenset({squeezed})
        found = [(self._score(known, tokens, squeezed), number) for number, known in enumerate(self._entries)]
        best = sorted((-score, number) for score, number in found if score > 0)[:MOST]
        return [_shown(self._entries[number].entry) for _, number in best]

    def _indexed(self, entry: Entry) -> _Indexed:
        names = tuple(dict.fromkeys(_squeezed(name) for name in (entry.title, *entry.names)))
        in_title = frozenset().union(*(self._tokens(name) for name in (entry.title, *entry.names)))
        return _Indexed(entry, in_title, self._tokens(entry.text), names)

    def _tokens(self, text: str) -> frozenset[str]:
        cut = self._jieba.cut_for_search(text.lower())
        return frozenset(word for word in cut if _WORD.search(word) and word not in _EMPTY_WORDS)

    def _score(self, known: _Indexed, tokens: frozenset[str], squeezed: str) -> float:
        """0 where it has too little to do with the query."""
        weight = {token: self._rarity.get(token, self._unseen) for token in tokens}
        whole = sum(weight.values())
        in_title = sum(weight[token] for token in tokens & known.in_title) / whole
        in_text = sum(weight[token] for token in tokens & known.in_text) / whole
        named = max(_likeness(squeezed, name) for name in known.names)
        if max(in_title, in_text) < _ENOUGH and not named:
            return 0.0
        return _OF_TITLE * in_title + _OF_TEXT * in_text + _OF_NAME * named


def unknown_answers(texts: Texts, responses: Responses) -> list[str]:
    """Names in `desk_knowledge` that no text and no response has."""
    return [name for name in texts.labels("desk_knowledge") if name not in responses and name not in texts.names]


def entries_of(
    terms: Glossary,
    responses: Responses,
    texts: Texts,
    guides: GuideContent,
    plans: Sequence[Plan],
    add_ons: Sequence[AddOn],
) -> Iterator[Entry]:
    """All that can be looked up. plans, add_ons: those on sale. responses: what rules say on their own."""
    for term in terms.terms:
        yield Entry("term", term.name, f"{term.plain}{term.deeper}", term.aliases)
    for name, title in texts.labels("desk_knowledge").items():
        if name not in responses and name not in texts.names:
            continue  # `botkit content check` tells of it; a text that was renamed does not stop the server
        yield Entry("answer", title, responses[name] if name in responses else texts.template(name))
        if name in texts.names:
            yield from _cases(name, title, texts)
    for plan in plans:
        yield Entry("plan", plan.name, plan_in_short(plan, texts), plan.aliases)
    for add_on in add_ons:
        yield Entry("pack", add_on.name, pack_in_short(add_on, texts), add_on.aliases)
    for guide in (*guides.guides, guides.other):
        for goal in _GOALS:
            yield _guide(guides, guide, goal, texts)


def _cases(name: str, title: str, texts: Texts) -> Iterator[Entry]:
    """The cases of an answer, but for those that are said with a value filled in."""
    for case, about in texts.cases(name).items():
        if "{" not in texts.template(case):
            yield Entry("answer", f"{title}: {about}", texts.template(case))


def load_responses(folder: Path) -> Responses:
    """The first wording of each `utter_` response in the domain files of a folder."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, wordings in (content.get("responses") or {}).items():
            found[name] = str(wordings[0].get("text") or "")
    return found


def plan_in_short(plan: Plan, texts: Texts) -> str:
    """`畅选59: 每月 59 元, 流量 10 GB, 通话 200 分钟。`"""
    has = plan.allowances
    held = _included(texts, has.general_data, has.directed_data, has.voice_minutes, has.sms)
    included = held or texts.text("knowledge_nothing")
    return texts.text("knowledge_plan", name=plan.name, fee=plan.monthly_fee.plain, included=included)


def pack_in_short(add_on: AddOn, texts: Texts) -> str:
    included = _included(texts, add_on.data, DataVolume(0), add_on.voice_minutes, add_on.sms)
    name = f"knowledge_pack{'_monthly' if add_on.monthly else ''}{'' if included else '_alone'}"
    return texts.text(name, name=add_on.name, price=add_on.price.plain, included=included)


def _included(texts: Texts, data: DataVolume, directed: DataVolume, voice: int, sms: int) -> str:
    labels = texts.labels("knowledge_includes")
    amounts = {"data": data, "directed": directed, "voice": voice, "sms": sms}
    return ", ".join(fill(labels[name], {"amount": amount}) for name, amount in amounts.items() if amount)


def _guide(guides: GuideContent, brand: BrandGuide, goal: Goal, texts: Texts) -> Entry:
    """The steps for phones of that brand where nothing else is known of them."""
    names = tuple(name for one in brand.brands for name in (one.name, *one.aliases))
    guide = build_guide(guides, brand.brands[0].id if brand.brands else None, None, None, goal)
    steps = [
        texts.text("knowledge_step", number=number, text=step.text + step.caution)
        for number, step in enumerate(guide.steps, start=1)
    ]
    title = texts.text("knowledge_guide", brand=brand.name, goal=guide.title)
    return Entry("guide", title, "\n".join(part for part in (guide.opening, *steps) if part), names)


def _likeness(query: str, name: str) -> float:
    """How much the query means this name, 0 to 1: the same, or one within the other, or a slip apart."""
    if query == name:
        return 1.5
    if len(name) > 1 and name in query:
        return 0.8 + 0.2 * len(name) / len(query)
    if len(query) > 1 and query in name:
        return 0.6 + 0.3 * len(query) / len(name)
    likeness = fuzz.ratio(query, name, score_cutoff=_NAMED) / 100
    same_digits = re.sub(r"\D", "", query) == re.sub(r"\D", "", name)
    return 0.8 * likeness if same_digits else 0.0


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def _shown(entry: Entry) -> dict[str, str]:
    return {"kind": entry.kind, "title": entry.title, "text": entry.text}
