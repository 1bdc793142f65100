"""The sentences that actions and the conversation core say: `content/texts/*.yml`.

What rules say on their own are Rasa's `utter_` responses in `domain/`; what has computed figures or cases is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from botkit.content.document import ContentModel, Document
from botkit.content.problems import Location

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")

VALUES_OF_CASES = frozenset(("hours",))
"""The placeholders that a case may hold: whatever it is a case of, these have a value."""

Button = dict[str, str]
"""`title` and `payload`, as Rasa writes them."""


class MissingText(KeyError):
    """No text of this name, or a placeholder without a value: a mistake in the content, found by its tests."""


class ButtonText(ContentModel):
    title: str
    payload: str


class SaidCase(ContentModel):
    """What is said instead of an entry's own sentence where `words`, a regular expression, occur in what the customer said.

    `title`: what it is about, for who writes and who looks it up. `buttons`: those of the entry where there are none.
    """

    title: str
    words: str
    text: str
    buttons: tuple[ButtonText, ...] = ()


class SaidText(ContentModel):
    """One entry: a sentence, the buttons under it, or the labels of a table.

    `buttons_of`: the name of an entry whose buttons stand under this sentence too. `cases`: the first whose words occur is
    said; each is an entry of its own too, see `case_name`.
    """

    text: str = ""
    buttons: tuple[ButtonText, ...] = ()
    buttons_of: str = ""
    labels: Mapping[str, str] = {}
    cases: tuple[SaidCase, ...] = ()


class TextsFile(ContentModel):
    __root__: dict[str, SaidText]


class Texts:
    def __init__(self, entries: Mapping[str, SaidText]) -> None:
        self._entries = entries
        self._cases = {
            name: [(re.compile(case.words, re.IGNORECASE), case_name(name, case.title)) for case in entry.cases]
            for name, entry in entries.items()
        }

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def text(self, name: str, /, **values: object) -> str:
        """The sentence of this name with its placeholders filled."""
        return fill(self._entry(name).text, values, name)

    def template(self, name: str) -> str:
        """The sentence with its placeholders as they are."""
        return self._entry(name).text

    def buttons(self, name: str, /, **values: object) -> list[Button]:
        """The buttons of this name; titles and payloads may hold placeholders."""
        return [
            {"title": fill(button.title, values, name), "payload": fill(button.payload, values, name)}
            for button in self._entry(name).buttons
        ]

    def labels(self, name: str) -> Mapping[str, str]:
        """The labels of a table."""
        return self._entry(name).labels

    def cases(self, name: str) -> Mapping[str, str]:
        """The cases of this entry, from the first on: the name of each and its title."""
        return {case_name(name, case.title): case.title for case in self._entry(name).cases}

    def case(self, name: str, said: str) -> str | None:
        """The name of the first case whose words occur. said: in the normal form of `botkit.nlu.normalise`."""
        return next((case for words, case in self._cases[name] if words.search(said)), None)

    def _entry(self, name: str) -> SaidText:
        try:
            return self._entries[name]
        except KeyError:
            raise MissingText(name) from None


def case_name(name: str, title: str) -> str:
    """Under which name a case is an entry of its own, as any other: `errand_broadband: 移机`."""
    return f"{name}: {title}"


def errand_text(intent: str) -> str:
    """The entry that answers a wish which is no computed one: `ask_broadband` → `errand_broadband`."""
    return f"errand_{intent.removeprefix('ask_')}"


def fill(template: str, values: Mapping[str, object], name: str = "") -> str:
    """Put values in place of `{placeholders}`; the JSON braces of payloads stay as they are.

    Raises MissingText for a placeholder without a value.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise MissingText(f"{name}: {{{match[1]}}}")
        return str(values[match[1]])

    return _PLACEHOLDER.sub(value, template)


def load_texts(folder: Path) -> Texts:
    """Read all files of the folder. Raises ContentError for a broken file, a name given twice, buttons of none, or a case
    that cannot be said."""
    entries: dict[str, SaidText] = {}
    documents: dict[str, Document] = {}
    for path in sorted(folder.glob("*.yml")):
        document = Document(path)
        for name, entry in document.parse(TextsFile).__root__.items():
            if name in entries:
                raise document.error((name,), "这个名称在别的文件里已经有了", "请换一个名称, 或删掉重复的一处")
            _check_cases(name, entry.cases, document)
            entries[name], documents[name] = entry, document
    whole = {name: _with_buttons(name, entries, documents[name]) for name in entries}
    return Texts(whole | {name: case for entry in whole.items() for name, case in _cases_of(*entry)})


def _cases_of(name: str, entry: SaidText) -> Iterator[tuple[str, SaidText]]:
    for case in entry.cases:
        yield case_name(name, case.title), SaidText(text=case.text, buttons=case.buttons or entry.buttons)


def _check_cases(name: str, cases: Sequence[SaidCase], document: Document) -> None:
    for number, case in enumerate(cases):
        where, above = (name, "cases", number), cases[:number]
        if not case.title.strip():
            raise document.error((*where, "title"), "这种情形没有题目", "请用几个字写是什么事, 例如: 移机")
        if any(case.title == other.title for other in above):
            raise document.error((*where, "title"), f"上面已经有「{case.title}」这种情形", "请换一个题目, 或合成一条")
        if not case.text.strip():
            raise document.error((*where, "text"), f"情形「{case.title}」没写说什么", "请补上, 或删掉这一条")
        if unknown := sorted(set(_PLACEHOLDER.findall(case.text)) - VALUES_OF_CASES):
            problem, remedy = f"「{{{unknown[0]}}}」在情形里没有值", "请写成字, 或放到数字由程序填的那一句里"
            raise document.error((*where, "text"), problem, remedy)
        _check_words(case, above, (*where, "words"), document)


def _check_words(case: SaidCase, above: Sequence[SaidCase], where: Location, document: Document) -> None:
    try:
        matches_anything = re.compile(case.words).search("") is not None
    except (re.error, RecursionError, OverflowError):
        raise document.error(
            where, f"「{case.words}」不是正确的写法", "请检查括号有没有配对, 竖线、问号和星号前面有没有字"
        ) from None
    if matches_anything:
        raise document.error(where, "什么话都符合, 下面的情形和一般的回答都轮不到", "请写出话里要有的词")
    if other := next((other for other in above if other.words == case.words), None):
        problem = f"和上面的「{other.title}」一样, 永远轮不到这一条"
        raise document.error(where, problem, "请换成别的词, 或删掉其中一条")


def _with_buttons(name: str, entries: Mapping[str, SaidText], document: Document) -> SaidText:
    """The entry with the buttons that it takes from another one."""
    entry = entries[name]
    if not entry.buttons_of:
        return entry
    location = (name, "buttons_of")
    if entry.buttons:
        raise document.error(location, "buttons 和 buttons_of 只能写一样", "请删掉其中一样")
    other = entries.get(entry.buttons_of)
    if other is None or not other.buttons:
        raise document.error(location, f"「{entry.buttons_of}」没有自己的按钮", "请写一条写着 buttons 的名称")
    return entry.copy(update={"buttons": other.buttons})
