import pytest
from hypothesis import given
from hypothesis import strategies as st

from . import samples

REGISTRY = samples.registry()


def names(text: str, brand_id: str | None = None) -> list[str]:
    return [model.name for model in REGISTRY.find_model(text, brand_id).candidates]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("小米十四", "小米14"),
        ("苹果15", "iPhone 15"),
        ("苹果十五", "iPhone 15"),
        ("华为mate60pro", "华为 Mate 60 Pro"),
        ("ＨＵＡＷＥＩ Mate ６０ PRO", "华为 Mate 60 Pro"),
        ("huaweimate60pro", "华为 Mate 60 Pro"),
        ("红米k70", "Redmi K70"),
        ("小米K70", "Redmi K70"),
        ("我的手机是小米14, 怎么开5G", "小米14"),
        ("小米14 5g怎么开", "小米14"),
        ("小米145g", "小米14"),
        ("苹果手机的13pro", "iPhone 13 Pro"),
        ("vivo的x50", "vivo X50"),
        ("一加十二", "一加 12"),
        ("苹果se3", "iPhone SE 第三代"),
        ("V1922A", "iQOO Pro 4G"),
        ("tah an00", "华为 Mate X"),
    ],
)
def test_usual_spellings_are_recognised(text: str, name: str) -> None:
    match = REGISTRY.find_model(text)
    assert match.kind == "exact"
    assert match.model is not None
    assert match.model.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("iphnoe 15", "iPhone 15"),
        ("mate60por", "华为 Mate 60 Pro"),
        ("xiaoim14", "小米14"),
        ("红米noet8", "Redmi Note 8"),
    ],
)
def test_slips_of_the_finger_are_forgiven(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NEX 3 5G", "vivo NEX 3 5G"),
        ("nex35g", "vivo NEX 3 5G"),
        ("NEX 3S 5G", "vivo NEX 3S 5G"),
        ("iQOO Pro 5G", "iQOO Pro 5G"),
        ("iqoo pro4g", "iQOO Pro 4G"),
        ("小米14pro", "小米14 Pro"),
        ("mate30 5g", "华为 Mate 30 5G"),
    ],
)
def test_look_alikes_are_kept_apart(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text", ["小米14s", "小米14国际版", "nex 3s pro", "mate x5", "Mate 60 mini", "红米10", "红米14 pro"]
)
def test_another_phone_of_the_line_is_not_taken_for_the_one_we_know(text: str) -> None:
    match = REGISTRY.find_model(text)
    assert match.kind == "brand_only"
    assert match.brand is not None


@pytest.mark.parametrize("text", ["小米14标准版", "小米14国行版", "小米14什么版本", "小米14, max 流量"])
def test_words_that_do_not_name_another_phone_are_no_hindrance(text: str) -> None:
    assert "小米14" in names(text)


@pytest.mark.parametrize(
    "text",
    ["13", "12", "十四", "畅选79", "13元", "10s没反应", "我要59那个", "5G单模流量包", "13800138000", ""],
)
def test_a_number_alone_is_no_phone(text: str) -> None:
    assert REGISTRY.find_model(text).kind == "none"


@pytest.mark.parametrize(
    ("text", "name"), [("14", "小米14"), ("十四", "小米14"), ("是14pro的", "小米14 Pro"), ("10s", "小米10S")]
)
def test_with_a_known_brand_a_number_is_a_model(text: str, name: str) -> None:
    assert names(text, "xiaomi") == [name]


@pytest.mark.parametrize("text", ["14元", "14号", "14个月", "14GB", "13", "不知道"])
def test_amounts_are_no_models_even_with_a_known_brand(text: str) -> None:
    match = REGISTRY.find_model(text, "xiaomi")
    assert match.kind == "brand_only"
    assert match.brand == samples.XIAOMI


def test_the_text_goes_before_the_known_brand() -> None:
    assert names("mate 60 pro", "xiaomi") == ["华为 Mate 60 Pro"]
    assert REGISTRY.find_model("是苹果的", "xiaomi").brand == samples.APPLE


def test_a_brand_elsewhere_in_the_sentence_does_not_make_numbers_models() -> None:
    assert REGISTRY.find_model("小米等了10s没反应").kind == "brand_only"
    assert REGISTRY.find_model("小米手机, 14号开始没信号").kind == "brand_only"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mate30", ["华为 Mate 30 4G", "华为 Mate 30 5G"]),
        ("x50", ["vivo X50", "realme X50"]),
        ("从iphone 15换成小米14", ["小米14", "iPhone 15"]),
    ],
)
def test_several_phones_are_offered_as_candidates(text: str, expected: list[str]) -> None:
    match = REGISTRY.find_model(text)
    assert match.kind == "ambiguous"
    assert sorted(names(text)) == sorted(expected)
    assert match.model is None


def test_talk_of_5g_is_not_the_phone_called_5g() -> None:
    assert REGISTRY.find_model("红魔5G怎么开").kind == "brand_only"
    assert names("红魔5G") == ["红魔 5G"]


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("畅享", samples.HUAWEI),
        ("鸿蒙系统", samples.HUAWEI),
        ("红米", samples.REDMI),
        ("不是苹果是小米", samples.XIAOMI),
        ("k70", samples.REDMI),
        ("诺基亚", None),
        ("x50", None),
    ],
)
def test_find_brand(text: str, brand: object) -> None:
    assert REGISTRY.find_brand(text) == brand


@pytest.mark.parametrize("text", ["小米粥14元", "how to turn on my phone"])
def test_words_that_only_look_like_a_brand_are_none(text: str) -> None:
    assert REGISTRY.find_brand(text) is None


def test_model_named() -> None:
    model = REGISTRY.model_named("小米14")
    assert model is not None
    assert model.brand_id == "xiaomi"
    assert REGISTRY.model_named("小米") is None


@given(st.text(max_size=40))
def test_any_text_gets_an_answer_that_agrees_with_itself(text: str) -> None:
    match = REGISTRY.find_model(text)
    assert (match.kind in ("exact", "ambiguous")) == bool(match.candidates)
    assert (match.model is not None) == (match.kind == "exact")


@given(st.sampled_from(samples.MODELS), st.sampled_from([str.upper, str.lower, str.title]))
def test_every_phone_is_found_by_its_own_name(model: object, change: object) -> None:
    assert names(change(model.name)) == [model.name]  # type: ignore[operator,attr-defined]
