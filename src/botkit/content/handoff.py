"""When a conversation goes to a human, and when the bot changes its tone: `handoff.yml`."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from botkit.content.document import ContentModel, Document

_CONDITIONS = (
    "mood",
    "human",
    "sign",
    "words",
    "conversation",
    "matter",
    "amount_over",
    "same_question",
    "same_answer",
    "misunderstood",
    "guessed",
)
HAND_OVER = "action_hand_over"
RULE_SLOT = "handoff_rule"
"""The action that hands over, and the slot with the rule that applied, as `HandoffRule.named`."""
REASONS = ("asked", "frustrated", "too_complex", "misunderstood")


class Gathering(ContentModel):
    """How anger gathers in a conversation: each message leaves `keeps` of what was there and adds `adds` times its own
    score, where that is at least `counts_from`. All from 0 to 1."""

    keeps: float
    adds: float
    counts_from: float


class Soothing(ContentModel):
    """From which score of a message, or of the conversation, the bot changes its tone."""

    message: float
    conversation: float


class HandoffRule(ContentModel):
    """All conditions that are given must hold. `name`: as in the handbook; several rules may bear one.

    mood, conversation: scores from which on. human: from how much of a message for a human on. sign: a kind of words in it,
    of `data/moods/signs.yml`. words: a pattern that its normal form matches. matter, sure: what the message is about, and how probable that must be.
    intents: one of them; except_intents: none of them; wish: none of the content's `no_wish`. amount_over: yuan. same_question: the how-manieth time.
    same_answer: the how-manieth time that the bot has said the same, for rules that come after the answer.
    misunderstood: how many in a row. guessed: how many in a row were answered with little confidence. after: how many
    questions of his came before, in this conversation.
    reason: one of REASONS. say: the text that goes with it. own_action: the intent's own action hands over.
    """

    name: str
    title: str
    reason: str
    say: str = ""
    answer_first: bool = False
    own_action: bool = False
    mood: float | None = None
    human: float | None = None
    sign: str | None = None
    words: str | None = None
    conversation: float | None = None
    matter: str | None = None
    sure: float = 0.5
    intents: tuple[str, ...] = ()
    except_intents: tuple[str, ...] = ()
    wish: bool = False
    amount_over: int | None = None
    same_question: int | None = None
    same_answer: int | None = None
    misunderstood: int | None = None
    guessed: int | None = None
    after: int | None = None

    @property
    def named(self) -> dict[str, str]:
        """Tells it from the others: several may have one name."""
        return {"name": self.name, "title": self.title}

    @property
    def conditional(self) -> bool:
        """Whether it says when it applies; one that does not is only named by an action."""
        return bool(self.intents) or any(getattr(self, name) is not None for name in _CONDITIONS)


class HandoffContent(ContentModel):
    """`unhelpful`: texts by which the bot says that it did not get it; `asks_back`: those by which it asks what was meant, after
    which the customer may say that it was none of it. `no_wish`: intents that want nothing done by themselves."""

    conversation: Gathering
    soothe: Soothing
    unhelpful: tuple[str, ...] = ()
    asks_back: tuple[str, ...] = ()
    no_wish: tuple[str, ...] = ()
    rules: tuple[HandoffRule, ...]

    def rule(self, name: str, title: str | None = None) -> HandoffRule:
        """The first of that name, and of that title if one is given; of several, one that says what is said comes before one
        that only gives an intent's own action its name. Raises KeyError where there is none."""
        found = [rule for rule in self.rules if rule.name == name and title in (None, rule.title)]
        if not found:
            raise KeyError(name)
        return min(found, key=lambda rule: rule.own_action)


def load_handoff(
    path: Path, intents: Collection[str] | None = None, texts: Collection[str] | None = None
) -> HandoffContent:
    """Read the file. Raises ContentError for a rule without a condition or a sentence, for an unknown reason, and, where
    `intents` or `texts` are given, for one that is not among them."""
    document = Document(path)
    content = document.parse(HandoffContent)
    for key in ("unhelpful", "asks_back"):
        for number, name in enumerate(getattr(content, key)):
            if texts is not None and name not in texts:
                raise document.error((key, number), f"没有「{name}」这条文案", "请写 content/texts 里有的名称")
    for number, intent in enumerate(content.no_wish):
        if intents is not None and intent not in intents:
            raise document.error(("no_wish", number), f"没有「{intent}」这个意图", "请检查拼写")
    for number, rule in enumerate(content.rules):
        where = ("rules", number)
        if rule.reason not in REASONS:
            problem, remedy = f"没有「{rule.reason}」这个原因", f"只能写其中一个: {', '.join(REASONS)}"
            raise document.error((*where, "reason"), problem, remedy)
        if not rule.conditional and not rule.own_action:
            raise document.error(where, f"规则「{rule.name}」没有条件, 每句话都会转人工", "请至少写一个条件")
        if not rule.own_action and not rule.say:
            raise document.error(where, f"规则「{rule.name}」没写转人工时说什么", "请写 say: 文案的名称")
        for intent in (*rule.intents, *rule.except_intents):
            if intents is not None and intent not in intents:
                raise document.error((*where, "intents"), f"没有「{intent}」这个意图", "请检查拼写")
        if rule.words is not None and (wrong := _wrong_pattern(rule.words)):
            raise document.error((*where, "words"), f"「{rule.words}」不是能用的写法: {wrong}", "请检查括号和竖线")
        if rule.same_answer and not rule.answer_first:
            raise document.error((*where, "same_answer"), "还没答, 不知道是不是同样的话", "请加上 answer_first: true")
        if texts is not None and rule.say and rule.say not in texts:
            raise document.error((*where, "say"), f"没有「{rule.say}」这条文案", "请写 content/texts 里有的名称")
    return content


def _wrong_pattern(words: str) -> str | None:
    try:
        re.compile(words)
    except re.error as error:
        return str(error)
    return None
