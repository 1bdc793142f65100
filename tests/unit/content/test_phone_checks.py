"""Content that is broken in one place gives one clear error that points there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from botkit.content import ContentError, load_phones

Break = Callable[[str, str, str], ContentError]

MODELS = """\
xiaomi:
  - {name: 小米14, first_sold: 2023, network: 5g, basis: rule, trust: GK}
  - {name: 小米9, first_sold: 2019, network: 4g, sa: false, basis: general, trust: GK}
"""


XIAOMI = """\
id: xiaomi
name: 小米 / Redmi
brands:
  - {id: xiaomi, name: 小米, aliases: [xiaomi, mi]}
  - {id: redmi, name: Redmi, aliases: [红米]}
systems:
  - {id: miui, name: MIUI, aliases: [miui14]}
places:
  sim:
    - path: 设置 › 双卡与移动网络
      trust: B
      when: [{systems: [miui]}]
  five_g:
    - path: 设置 › 双卡与移动网络
      items: [5G 网络]
      trust: GK
    - trust: B
      when: [{since: 2024}, {models: [小米14]}]
"""


@pytest.fixture
def folder(tmp_path: Path, content_folder: Path) -> Path:
    """A short brand file and two models; the guide and the general file are the real ones."""
    target = tmp_path / "phones"
    (target / "brands").mkdir(parents=True)
    shutil.copy(content_folder / "phones" / "guide.yml", target)
    shutil.copy(content_folder / "phones" / "brands" / "other.yml", target / "brands")
    (target / "brands" / "xiaomi.yml").write_text(XIAOMI, encoding="utf-8")
    (target / "models.yml").write_text(MODELS, encoding="utf-8")
    return target


@pytest.fixture
def broken(folder: Path) -> Break:
    """Loads the folder after one replacement in one file, and gives the error."""

    def break_it(file: str, old: str, new: str) -> ContentError:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ContentError) as caught:
            load_phones(folder)
        assert caught.value.file == path
        return caught.value

    return break_it


def test_the_short_folder_is_sound(folder: Path) -> None:
    assert len(load_phones(folder).registry.models) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("trust: GK}", "trust: D}", 2, "xiaomi[0].trust", "不能写「D」"),
        ("network: 5g", "network: 6g", 2, "xiaomi[0].network", "不能写「6g」"),
        ("first_sold: 2023", "frist_sold: 2023", 2, "xiaomi[0].frist_sold", "没有这个字段"),
        ("name: 小米14, ", "", 2, "xiaomi[0].name", "缺少这个字段"),
        ("first_sold: 2023", "first_sold: 23", 2, "xiaomi[0].first_sold", "超出范围"),
        ("xiaomi:", "xiaomee:", 1, "xiaomee", "没有这个品牌"),
        ("小米9", "小米14", 3, "xiaomi[1].name", "写了两遍"),
        ("name: 小米9,", "name: 小米9, aliases: [Mi 14],", 3, "xiaomi[1].aliases", "已经是 小米14 的叫法"),
        ("name: 小米9,", "name: 小米9, aliases: [小米],", 3, "xiaomi[1].aliases", "只有品牌"),
        ("name: 小米9,", "name: 小米9, shared: [小米9 青春版],", 3, "xiaomi[1].shared", "至少两款"),
        ("sa: false, ", "", 3, "xiaomi[1].sa", "4G 手机没有独立组网"),
        ("basis: rule", "basis: sourced", 2, "xiaomi[0].basis", "sa 和 basis 不配"),
    ],
)
def test_models(broken: Break, old: str, new: str, line: int, field: str, problem: str) -> None:
    error = broken("models.yml", old, new)
    assert (error.line, error.field) == (line, field)
    assert problem in error.problem


def test_twins_may_share_a_name_if_both_say_so(folder: Path) -> None:
    text = MODELS.replace("name: 小米9,", "name: 小米9, shared: [某款],").replace(
        "name: 小米14,", "name: 小米14, shared: [某款],"
    )
    (folder / "models.yml").write_text(text, encoding="utf-8")
    assert load_phones(folder).registry.find_model("小米某款").kind == "ambiguous"


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "problem"),
    [
        ("xiaomi", "id: xiaomi\n", "id: mi\n", "id", "和文件名"),
        ("xiaomi", "aliases: [红米", "aliases: [小米", "brands[1].aliases", "已经是 小米 的叫法"),
        ("xiaomi", "{id: redmi", "{id: xiaomi", "brands[1].id", "用了两次"),
        ("xiaomi", "path: 设置 › 双卡", "path: 双卡", "places.sim[0].path", "没有从“设置”开始"),
        ("xiaomi", "systems: [miui]", "systems: [mui]", "places.sim[0].when[0].systems", "没有「mui」"),
        ("xiaomi", "      items: [5G 网络]\n", "", "places.five_g[0]", "没有写屏幕上的字"),
        (
            "xiaomi",
            "models: [小米14]",
            "models: [小米15]",
            "places.five_g[1].when[1].models",
            "没有「小米15」",
        ),
        ("xiaomi", "      trust: B", "      trsut: B", "places.sim[0].trsut", "没有这个字段"),
        ("xiaomi", "  five_g:", "  fiveg:", "places.fiveg", "不能写「fiveg」"),
        ("other", "  battery:", "  battery: []\nbatery:", "batery", "没有这个字段"),
        (
            "other",
            "  volte:\n    - {path: 设置 › 移动网络, items: [VoLTE 高清通话, VoLTE], trust: GK}\n",
            "",
            "places.volte",
            "缺少这一项",
        ),
    ],
)
def test_brands(broken: Break, file: str, old: str, new: str, field: str, problem: str) -> None:
    error = broken(f"brands/{file}.yml", old, new)
    assert error.field == field
    assert problem in error.problem


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("  volte: 打开高清通话\n", "", "titles.volte", "缺少这一项"),
        ("打开 {path}。", "打开 {menu}。", "phrases.go", "花括号里的词不对"),
        ("打开 {path}。", "打开 {path。", "phrases.go", "花括号里的词不对"),
        ("搜「{words}」", "搜一下", "phrases.search", "花括号里的词不对"),
        ("    title: 选好上网的卡\n", "", "topics.sim.title", "缺少这个字段"),
    ],
)
def test_guide_texts(broken: Break, old: str, new: str, field: str, problem: str) -> None:
    error = broken("guide.yml", old, new)
    assert error.field == field
    assert problem in error.problem


def test_the_other_brands_file_is_needed(folder: Path) -> None:
    (folder / "brands" / "other.yml").unlink()
    with pytest.raises(ContentError, match="没有这个文件"):
        load_phones(folder)
