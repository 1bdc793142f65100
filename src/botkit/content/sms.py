"""The short codes of the SMS hall: `channels/sms.yml`. What a customer sends, and which intent it stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from rapidfuzz.distance import OSA

from botkit.content.document import ContentModel, Document

TOLERANT_FROM = 4
"""Letters from which on a code may have one wrong, missing, doubled or swapped."""

_PAYLOAD = re.compile(r"/[a-z][a-z0-9_]*")
_LETTERS = re.compile(f"[A-Z]{{{TOLERANT_FROM},}}")
_NUMBERS = re.compile(r"[0-9?*]+")
_AROUND = """.,;:!。"'()[]<>【】《》「」“”‘’、~-"""


class CodesOf(ContentModel):
    codes: tuple[str, ...]
    payload: str
    meaning: str


class SmsFile(ContentModel):
    codes: tuple[CodesOf, ...]
    stop: tuple[str, ...]
    start: tuple[str, ...]
    no_answer: tuple[str, ...] = ()


@dataclass(frozen=True)
class SmsCodes:
    """meanings: for each payload its codes and what they are for, as they stand in the file. Codes, `stop` and `start` are
    in the form of `written`. Texts that are looked up have simplified characters."""

    payloads: Mapping[str, str]
    stop: frozenset[str]
    start: frozenset[str]
    no_answer: Sequence[str]
    meanings: Sequence[tuple[str, Sequence[str], str]]

    def payload(self, text: str) -> str | None:
        """What a message asks for, when it is a code and nothing else; None where it is to be read as a sentence."""
        for form in _forms(text):
            if form in self.payloads:
                return self.payloads[form]
        return self._nearly(written(text).strip(_AROUND))

    def stops(self, text: str) -> bool:
        return any(form in self.stop for form in _forms(text))

    def starts(self, text: str) -> bool:
        return any(form in self.start for form in _forms(text))

    def unanswered(self, number: str) -> bool:
        """Whether this sender is a service, not a person: a name, or a number as the content lists them."""
        return not number.isdigit() or any(fnmatchcase(number, pattern) for pattern in self.no_answer)

    def _nearly(self, said: str) -> str | None:
        if not said.isascii() or not said.isalpha() or len(said) < TOLERANT_FROM - 1 or said in self.stop | self.start:
            return None
        near = {
            payload
            for code, payload in self.payloads.items()
            if _LETTERS.fullmatch(code) and OSA.distance(code, said, score_cutoff=1) <= 1
        }
        return near.pop() if len(near) == 1 else None


def written(text: str) -> str:
    """One way of writing for codes: half width, capitals, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def load_sms_codes(path: Path, intents: Collection[str] | None = None) -> SmsCodes:
    """Read the file. Raises ContentError for a code given twice, one that cannot be one, and a payload that is no bare
    intent, or none of `intents` where they are given."""
    document = Document(path)
    file = document.parse(SmsFile)
    payloads: dict[str, str] = {}
    for number, entry in enumerate(file.codes):
        where = ("codes", number, "payload")
        if not _PAYLOAD.fullmatch(entry.payload):
            raise document.error(where, f"「{entry.payload}」不是意图", "请写成 /ask_balance 这样, 不带花括号")
        if intents is not None and entry.payload[1:] not in intents:
            raise document.error(where, f"机器人没有「{entry.payload}」这个意图", "请改成 domain 里有的意图")
        for place, code in enumerate(entry.codes):
            known = written(code)
            if not known or (len(known) == 1 and known.isdigit()):
                problem = f"「{code}」不能做代码"
                raise document.error(("codes", number, "codes", place), problem, "一位数字是选项的编号, 请写长一点")
            if known in payloads:
                raise document.error(("codes", number, "codes", place), f"「{code}」写了两次", "请删掉一处")
            payloads[known] = entry.payload
    stop, start = _words(document, "stop", file.stop, payloads), _words(document, "start", file.start, payloads)
    if both := stop & start:
        raise document.error(("start",), f"「{min(both)}」又是退订又是恢复", "请从其中一处删掉")
    for place, pattern in enumerate(file.no_answer):
        if not _NUMBERS.fullmatch(pattern):
            raise document.error(("no_answer", place), f"「{pattern}」不是号码", "只能写数字、? 和 *")
    meanings = [(entry.payload, entry.codes, entry.meaning) for entry in file.codes]
    return SmsCodes(payloads, stop, start, file.no_answer, meanings)


def _words(document: Document, field: str, words: Sequence[str], codes: Collection[str]) -> frozenset[str]:
    for place, word in enumerate(words):
        if written(word) in codes:
            raise document.error((field, place), f"「{word}」已经是代码", "请从其中一处删掉")
    return frozenset(map(written, words))


def _forms(text: str) -> tuple[str, str]:
    known = written(text)
    return known, known.strip(_AROUND)
