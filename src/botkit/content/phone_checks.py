"""What must hold between the phone files beyond the shape of each. Every check raises ``ContentError``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Formatter
from typing import get_args

from botkit.content.document import Document
from botkit.content.phone_files import BrandFile, GuideFile, ModelRow
from botkit.content.problems import Location
from botkit.fiveg.guide_content import Condition, Goal, Topic
from botkit.fiveg.names import phrase
from botkit.fiveg.phones import PhoneRegistry
from botkit.fiveg.support import ReasonKey

Rows = Mapping[str, Sequence[ModelRow]]

_BLANKS: dict[tuple[str, ...], set[str]] = {  # what the program fills in, by pattern
    ("phrases", "turn_on"): {"items"},
    ("phrases", "turn_off"): {"items"},
    ("phrases", "choose"): {"items"},
    ("phrases", "go"): {"path"},
    ("phrases", "do"): {"path", "action"},
    ("phrases", "other_place"): {"do"},
    ("phrases", "search"): {"words"},
    ("topics", "sa", "if_seen"): {"action"},
}


def guide_texts(document: Document, file: GuideFile) -> None:
    """Every goal, topic and reason has its text, and every pattern its blanks."""
    tables: dict[str, tuple[str, ...]] = {
        "titles": get_args(Goal),
        "leads": get_args(Goal),
        "topics": get_args(Topic),
        "last_steps": get_args(Goal),
        "support": get_args(ReasonKey),
        "opening": get_args(Goal),
    }
    for field, keys in tables.items():
        for key in keys:
            if key not in getattr(file, field):
                raise document.error((field, key), "缺少这一项", "请补上")
    for location, blanks in _BLANKS.items():
        pattern = _value_at(file, location)
        if _blanks(pattern) != blanks:
            wanted = ", ".join(f"{{{blank}}}" for blank in sorted(blanks))
            raise document.error(location, "花括号里的词不对", f"这句话里要有而且只能有 {wanted}")


def brand_file(document: Document, file: BrandFile, *, is_fallback: bool) -> None:
    """The file is named after its id, its places are complete, and its conditions name its own systems."""
    if file.id != document.path.stem:
        raise document.error(("id",), f"和文件名 {document.path.name} 不一致", f"请写成 {document.path.stem}")
    if is_fallback:
        for topic in get_args(Topic):
            if not file.places.get(topic):
                raise document.error(("places", topic), "通用说法里缺少这一项", "请补上, 别的品牌要用")
    for topic, places in file.places.items():
        for number, place in enumerate(places):
            location = ("places", topic, number)
            if place.path and not place.path.startswith("设置"):
                raise document.error((*location, "path"), "菜单位置没有从“设置”开始", "请写成 设置 › …")
            if bool(place.items) and not place.path:
                raise document.error((*location, "items"), "写了屏幕上的字, 却没有写 path", "请补上 path")
            if not place.items and place.path and topic != "sim":
                raise document.error(location, "没有写屏幕上的字", "请补上 items")
    systems = {system.id for system in file.systems}
    for where, condition in _conditions(file):
        for system in condition.systems:
            if system not in systems:
                raise document.error((*where, "systems"), f"没有「{system}」这个系统", _one_of(systems))


def brand_names(files: Sequence[tuple[Document, BrandFile]]) -> None:
    """No id is used twice, and no word stands for two brands."""
    ids: set[str] = set()
    owners: dict[tuple[str, ...], str] = {}
    for document, file in files:
        for number, brand in enumerate(file.brands):
            location = ("brands", number)
            if brand.id in ids:
                raise document.error((*location, "id"), f"「{brand.id}」用了两次", "请换一个 id")
            ids.add(brand.id)
            words = [("name", brand.name), *(("aliases", word) for word in brand.aliases)]
            for field, word in (*words, *(("series", word) for word in brand.series)):
                key = phrase(word)
                if key in owners:
                    problem = f"「{word}」已经是 {owners[key]} 的叫法"
                    raise document.error((*location, field), problem, "请只留一处")
                owners[key] = brand.name


def model_rows(document: Document, rows: Rows, brand_ids: set[str]) -> None:
    """Each row is of a known brand, is named once, and says of SA what its network and basis allow."""
    names: dict[str, str] = {}
    for location, brand_id, row in _rows(rows):
        if brand_id not in brand_ids:
            raise document.error((brand_id,), "没有这个品牌", "请先在 brands/ 里加上, 或改成已有的品牌 id")
        if row.name in names:
            raise document.error((*location, "name"), f"「{row.name}」写了两遍", "请删掉其中一行")
        names[row.name] = brand_id
        if row.network == "4g" and row.sa is not False:
            raise document.error((*location, "sa"), "4G 手机没有独立组网", "请写 sa: false")
        if (row.sa is None) != (row.basis == "rule"):
            raise document.error(
                (*location, "basis"), "sa 和 basis 不配", "不写 sa 时 basis 写 rule, 写了 sa 就写它的依据"
            )


def model_names(document: Document, rows: Rows, registry: PhoneRegistry) -> None:
    """Two phones of one brand are never called the same, unless both say so under ``shared``."""
    owners: dict[tuple[str, ...], str] = {}
    sharers: dict[tuple[str, ...], list[Location]] = {}
    for location, brand_id, row in _rows(rows):
        for field, word in _words(row):
            core = registry.core(word)
            if not core:
                raise document.error((*location, field), f"「{word}」只有品牌, 没有型号", "请删掉这个叫法")
            key = core if field == "codes" else (brand_id, *core)
            if field == "shared":
                sharers.setdefault(key, []).append((*location, field))
            elif owners.setdefault(key, row.name) != row.name:
                problem = f"「{word}」已经是 {owners[key]} 的叫法"
                raise document.error((*location, field), problem, "请改掉一处; 若真是同名两款, 都写到 shared 里")
    for key, locations in sharers.items():
        if key in owners or len(locations) < 2:
            word = " ".join(key[1:])
            raise document.error(
                locations[0], f"共用的叫法 {word} 要在至少两款里都写进 shared", "请补上, 或改成 aliases"
            )


def condition_models(files: Iterable[tuple[Document, BrandFile]], registry: PhoneRegistry) -> None:
    """Phones that places and caveats name are in ``models.yml``."""
    for document, file in files:
        for location, condition in _conditions(file):
            for name in condition.models:
                if registry.model_named(name) is None:
                    raise document.error((*location, "models"), f"models.yml 里没有「{name}」", "请写成那里的 name")


def _rows(rows: Rows) -> Iterator[tuple[tuple[str, int], str, ModelRow]]:
    for brand_id, brand_rows in rows.items():
        for number, row in enumerate(brand_rows):
            yield (brand_id, number), brand_id, row


def _words(row: ModelRow) -> Iterator[tuple[str, str]]:
    yield "name", row.name
    for field, words in (("aliases", row.aliases), ("shared", row.shared), ("codes", row.codes)):
        for word in words:
            yield field, word


def _conditions(file: BrandFile) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    for topic, places in file.places.items():
        for number, place in enumerate(places):
            for index, condition in enumerate(place.when):
                yield ("places", topic, number, "when", index), condition
    for number, caveat in enumerate(file.caveats):
        for index, condition in enumerate(caveat.when):
            yield ("caveats", number, "when", index), condition


def _value_at(file: GuideFile, location: Sequence[str]) -> str:
    value: object = file
    for key in location:
        value = value[key] if isinstance(value, dict) else getattr(value, key)
    return str(value)


def _blanks(pattern: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
    except ValueError:  # a lone brace
        return {"?"}


def _one_of(choices: Iterable[str]) -> str:
    return f"只能写其中一个: {', '.join(sorted(choices))}"
