"""The sentences that actions and the conversation core say: `content/texts/*.yml`.

What rules say on their own are Rasa's `utter_` responses in `domain/`; everything with computed figures is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from botkit.content.document import ContentModel, Document

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")

Button = dict[str, str]
"""`title` and `payload`, as Rasa writes them."""


class MissingText(KeyError):
    """No text of this name, or a placeholder without a value: a mistake in the content, found by its tests."""


class ButtonText(ContentModel):
    title: str
    payload: str


class SaidText(ContentModel):
    """One entry: a sentence, the buttons under it, or the labels of a table.

    `buttons_of`: the name of an entry whose buttons stand under this sentence too.
    """

    text: str = ""
    buttons: tuple[ButtonText, ...] = ()
    buttons_of: str = ""
    labels: Mapping[str, str] = {}


class TextsFile(ContentModel):
    __root__: dict[str, SaidText]


class Texts:
    def __init__(self, entries: Mapping[str, SaidText]) -> None:
        self._entries = entries

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

    def _entry(self, name: str) -> SaidText:
        try:
            return self._entries[name]
        except KeyError:
            raise MissingText(name) from None


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
    """Read all files of the folder. Raises ContentError for a broken file, a name given twice, or buttons of none."""
    entries: dict[str, SaidText] = {}
    documents: dict[str, Document] = {}
    for path in sorted(folder.glob("*.yml")):
        document = Document(path)
        for name, entry in document.parse(TextsFile).__root__.items():
            if name in entries:
                raise document.error((name,), "这个名称在别的文件里已经有了", "请换一个名称, 或删掉重复的一处")
            entries[name], documents[name] = entry, document
    return Texts({name: _with_buttons(name, entries, documents[name]) for name in entries})


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
