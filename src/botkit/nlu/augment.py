"""Further training examples from those there are: the same wish, typed or dictated differently.

Nothing here writes a file: a classifier that wants copies makes them while it trains. Same examples, same seed: same copies.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from random import Random

from opencc import OpenCC
from pypinyin import Style, pinyin

from botkit.nlu.features import sounds
from botkit.nlu.numerals import DIGITS, UNITS

_CHANGES = (1, 3)
"""How many ways of writing are tried on one copy, at least and at most."""

_OFTEN = 3
"""A character said this often in the examples is one that people might type by mistake."""

_LONG = 6
"""Characters from which a message bears a long opening, or the loss of a particle: 好了 is not 好."""

_OPENINGS = ("喂，", "那个", "就是", "嗯", "诶", "哈喽")
_LONG_OPENINGS = ("我想问下", "我就问一哈", "喂你好我想问下", "就是那个", "麻烦问下", "是这样的")
_ENDINGS = ("哈", "啊", "呀", "嘛")
_PARTICLES = "的了呢啊呀嘛哦吧呗"
_PARTICLE = re.compile(f"[{_PARTICLES}]")
_MARKS = ",.，。!！?？、;；~～…"
_PUNCTUATION = re.compile(rf"(?<![\d{_MARKS}])[{_MARKS}]+|[{_MARKS}]+(?![\d{_MARKS}])")
_ABBREVIATED = re.compile("话费|流量|套餐|余额|账单|充值|人工|客服|宽带|手机|多少|怎么|为什么|什么|谢谢|信号")
_NUMERALS = "".join([*DIGITS, *UNITS, "半萬億兩"])
_CHINESE = re.compile("[一-鿿]")
_LETTER = re.compile(f"(?![{_NUMERALS}])[一-鿿]")
"""A Chinese character that is no numeral: numbers stay what they are."""
_NEIGHBOURS = re.compile(f"{_LETTER.pattern}(?={_LETTER.pattern})")


class Augmenter:
    """Writes messages as someone else would. examples: whose characters are the ones that homophones are chosen from."""

    def __init__(self, examples: Iterable[str]) -> None:
        counted = Counter(character for text in examples for character in text if _LETTER.match(character))
        self._alike: dict[str, list[str]] = {}
        for character in sorted(character for character, count in counted.items() if count >= _OFTEN):
            self._alike.setdefault(_sound(character), []).append(character)
        self._ways: tuple[Callable[[str, Random], str], ...] = (
            self.homophone, self.homophone, slip, filler, without_particle, traditional, dictated, initials,
        )  # fmt: skip

    def copies(self, text: str, count: int, random: Random) -> list[str]:
        """At most `count` altered copies, all different from the text and from each other."""
        found: dict[str, None] = {}
        for _ in range(count):
            altered = self._altered(text, random)
            if altered != text:
                found[altered] = None
        return list(found)

    def _altered(self, text: str, random: Random) -> str:
        for way in random.sample(self._ways, random.randint(*_CHANGES)):
            text = way(text, random)
        return text

    def homophone(self, text: str, random: Random) -> str:
        """One character becomes another that sounds the same, or nearly (n/l, zh/z, -ng/-n): 话费 → 花费."""
        others = {
            place: [other for other in self._alike.get(_sound(character), ()) if other != character]
            for place, character in enumerate(text)
            if _LETTER.match(character)
        }
        places = [place for place, choices in others.items() if choices]
        if not places:
            return text
        place = random.choice(places)
        return text[:place] + random.choice(others[place]) + text[place + 1 :]


def slip(text: str, random: Random) -> str:
    """A slip of the fingers in the input method: two characters swapped, one doubled, or one left as its pinyin."""
    places = [match.start() for match in _NEIGHBOURS.finditer(text)]
    if not places:
        return text
    place = random.choice(places)
    first, second = text[place], text[place + 1]
    written = random.choice((second + first, first + first + second, first + _spelt(second)))
    return text[:place] + written + text[place + 2 :]


def filler(text: str, random: Random) -> str:
    """Words that say nothing, before or behind."""
    if not _CHINESE.search(text):
        return text
    openings = _OPENINGS + _LONG_OPENINGS if len(text) >= _LONG else _OPENINGS
    if random.random() < 0.7:
        return random.choice(openings) + text
    return text + random.choice(_ENDINGS) if _CHINESE.match(text[-1]) else text


def without_particle(text: str, random: Random) -> str:
    """One particle less. 吗 stays: without it a question may be none."""
    places = [match.start() for match in _PARTICLE.finditer(text)]
    if len(text) < _LONG or not places:
        return text
    place = random.choice(places)
    return text[:place] + text[place + 1 :]


def traditional(text: str, _random: Random) -> str:
    """In traditional characters. The normal form takes this back, except where the way back is another one."""
    return str(_converter().convert(text))


def dictated(text: str, _random: Random) -> str:
    """As a machine writes down what is said: without punctuation. Decimal points stay, and so do marks that stand alone."""
    return _PUNCTUATION.sub("", text) or text


def initials(text: str, random: Random) -> str:
    """One common word by the initials of its pinyin: 话费 → hf."""
    found = list(_ABBREVIATED.finditer(text))
    if not found:
        return text
    match = random.choice(found)
    letters = "".join(letter[0] for letter in pinyin(match[0], style=Style.FIRST_LETTER))
    return text[: match.start()] + letters + text[match.end() :]


def augmented(examples: Sequence[tuple[str, str]], count: int, random: Random) -> list[tuple[str, str]]:
    """At most `count` altered copies of each example (text, label), with its label. The examples themselves are not among
    them, nor is a copy that equals an example: it may be one with another label."""
    augmenter = Augmenter(text for text, _ in examples)
    known = {text for text, _ in examples}
    return [
        (copy, label) for text, label in examples for copy in augmenter.copies(text, count, random) if copy not in known
    ]


def _sound(character: str) -> str:
    return "".join(sounds(character))


@lru_cache(maxsize=10_000)
def _spelt(character: str) -> str:
    return str(pinyin(character, style=Style.NORMAL, errors="default")[0][0])


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2t")
