"""The project's own list of phones."""

import re
from collections import Counter

import pytest

from botkit.content import PhoneContent
from botkit.fiveg import sa_support

NSA_ONLY = {
    "中兴 天机 Axon 10 Pro 5G": ("天机axon10pro5g", "中兴 Axon 10 Pro 5G", "A2020N2 Pro"),
    "联想 Z6 Pro 5G": ("联想z6pro5g", "Lenovo Z6 Pro 5G", "L79041"),
    "iQOO Pro 5G": ("iqoo pro 5g", "IQOOPRO5G", "爱酷pro5g", "V1916A", "v1916t"),
    "vivo NEX 3 5G": ("nex3 5g", "vivo NEX3 5G版", "nex 3 5g", "V1924A"),
    "小米9 Pro 5G": ("小米9pro", "小米九pro5g", "mi 9 pro 5g", "M1908F1XE"),
    "三星 Galaxy Note10+ 5G": ("三星note10+5g", "galaxy note 10 plus 5g", "SM-N9760", "smn9760", "N9760"),
    "三星 Galaxy A90 5G": ("三星a90", "Galaxy A90 5G", "SM-A9080"),
    "三星 W20 5G": ("三星w20", "心系天下W20 5G", "SM-W2020"),
    "先行者 X1": ("先行者x1", "中国移动先行者X1", "先行者 X 1"),
    "OPPO Reno 5G 探索版": ("oppo reno 5g探索版", "reno5g抢先版"),
    "小米MIX 3 5G": ("小米mix3 5g", "MIX3 5G版", "M1810E5GG"),
    "一加 7 Pro 5G": ("一加7pro 5g", "oneplus 7 pro 5g", "GM1920"),
    "一加 7T Pro 5G 迈凯伦版": ("一加7tpro5g", "一加7T Pro 5G McLaren", "一加 7T Pro 5G 迈凯伦版"),
    "Pixel 5": ("pixel5", "谷歌pixel 5"),
    "Pixel 4a 5G": ("pixel 4a 5g", "谷歌 pixel4a5g"),
    "Pixel 5a": ("pixel 5a", "Pixel5a 5G"),
}


@pytest.mark.parametrize(("name", "spelling"), [(name, s) for name, spellings in NSA_ONLY.items() for s in spellings])
def test_every_nsa_only_phone_is_recognised_and_refused_sa(phones: PhoneContent, name: str, spelling: str) -> None:
    match = phones.registry.find_model(spelling)
    assert match.model is not None, match
    assert match.model.name == name
    assert sa_support(match.model).sa == "no"
    assert sa_support(match.model).five_g == "yes"


def test_no_other_5g_phone_is_refused_sa(phones: PhoneContent) -> None:
    refused = {m.name for m in phones.registry.models if m.network == "5g" and sa_support(m).sa == "no"}
    assert refused == set(NSA_ONLY)


@pytest.mark.parametrize(
    ("text", "name", "sa"),
    [
        ("华为mate20x 5g", "华为 Mate 20 X 5G", "yes"),
        ("EVR-AN00", "华为 Mate 20 X 5G", "yes"),
        ("mate30pro 5g", "华为 Mate 30 Pro 5G", "yes"),
        ("荣耀v30", "荣耀V30", "yes"),
        ("vivo x30pro", "vivo X30 Pro", "yes"),
        ("红米k30 5g", "Redmi K30 5G", "yes"),
        ("reno3", "OPPO Reno3", "yes"),
        ("nex 3s", "vivo NEX 3S 5G", "yes"),
        ("axon10spro", "中兴 天机 Axon 10s Pro", "yes"),
        ("axon 11", "中兴 天机 Axon 11", "yes"),
        ("三星s20ultra", "三星 Galaxy S20 Ultra 5G", "yes"),
        ("苹果12", "iPhone 12", "yes"),
        ("iphone se3", "iPhone SE 第三代", "yes"),
        ("小米13", "小米13", "yes"),
        ("iqoo pro 4g", "iQOO Pro 4G", "no"),
        ("V1922A", "iQOO Pro 4G", "no"),
        ("苹果11", "iPhone 11", "no"),
        ("iphone 6s", "iPhone 6s", "no"),
        ("苹果se2", "iPhone SE 第二代", "no"),
        ("华为p30", "华为 P30", "no"),
        ("mate20", "华为 Mate 20", "no"),
        ("华为p50pro", "华为 P50 Pro", "no"),
        ("红米note8", "Redmi Note 8", "no"),
        ("pixel 7", "Pixel 7", "unknown"),
    ],
)
def test_phones_of_the_facts(phones: PhoneContent, text: str, name: str, sa: str) -> None:
    match = phones.registry.find_model(text)
    assert match.model is not None, match
    assert match.model.name == name
    assert sa_support(match.model).sa == sa


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mate30", {"华为 Mate 30 4G", "华为 Mate 30 5G"}),
        ("note10+", {"三星 Galaxy Note10+ 4G", "三星 Galaxy Note10+ 5G"}),
        ("iqoo pro", {"iQOO Pro 4G", "iQOO Pro 5G"}),
        ("nex 3", {"vivo NEX 3 4G", "vivo NEX 3 5G"}),
        ("axon 10 pro", {"中兴 天机 Axon 10 Pro 4G", "中兴 天机 Axon 10 Pro 5G"}),
        ("联想z6pro", {"联想 Z6 Pro 4G", "联想 Z6 Pro 5G"}),
        ("oppo reno5g", {"OPPO Reno 5G 探索版", "OPPO Reno5"}),
        ("苹果se", {"iPhone SE 第一代", "iPhone SE 第二代", "iPhone SE 第三代"}),
    ],
)
def test_twins_are_asked_about(phones: PhoneContent, text: str, names: set[str]) -> None:
    match = phones.registry.find_model(text)
    assert match.kind == "ambiguous"
    assert {model.name for model in match.candidates} == names


def test_every_name_alias_and_code_finds_its_phone(phones: PhoneContent) -> None:
    registry = phones.registry
    for model in registry.models:
        assert registry.find_model(model.name).candidates[:1] == (model,), model.name
        for spelling in (*model.aliases, *model.codes, model.name.upper(), model.name.replace(" ", "")):
            assert model in registry.find_model(spelling, model.brand_id).candidates, spelling


@pytest.mark.parametrize(
    "text",
    [
        "畅选79",
        "5G畅享79元",
        "10086",
        "流量用了20g",
        "13800138000",
        "79和59哪个划算",
        "中国移动的卡",
        "5G单模流量包",
        "本月12号",
    ],
)
def test_talk_of_plans_and_numbers_names_no_model(phones: PhoneContent, text: str) -> None:
    assert not phones.registry.find_model(text).candidates


@pytest.mark.parametrize("text", ["王者荣耀怎么上王者", "办理畅享59", "苹果园营业厅", "turn on my phone"])
def test_look_alikes_of_brands_name_no_brand(phones: PhoneContent, text: str) -> None:
    assert phones.registry.find_brand(text) is None


def test_there_are_phones_enough_of_every_brand(phones: PhoneContent) -> None:
    models = phones.registry.models
    assert len(models) >= 230
    counts = Counter(phones.registry.brand(model.brand_id).group for model in models)
    assert len(counts) >= 14
    assert all(counts[group] >= 10 for group in counts)


def test_rows_are_plausible(phones: PhoneContent) -> None:
    for model in phones.registry.models:
        assert model.first_sold is None or 2015 <= model.first_sold <= 2026
        assert model.network == "4g" or model.first_sold is None or model.first_sold >= 2019
        assert not re.search(r"[!\uff01]", model.note)
