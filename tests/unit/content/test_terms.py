from pathlib import Path

import pytest

from botkit.content import ContentError, Glossary, load_terms
from botkit.content.terms import Term

TERMS = Glossary(
    (
        Term("4g", "4G", "甲", "乙", "B", ("4G 网络",)),
        Term("5g", "5G", "甲", "乙", "B", ("5G 网络",)),
        Term("sa", "独立组网 (SA)", "甲", "乙", "B", ("SA", "独立组网")),
        Term("nsa", "非独立组网", "甲", "乙", "B", ("NSA",)),
        Term("plan", "套餐", "甲", "乙", "B"),
        Term("bundle", "融合套餐", "甲", "乙", "B"),
        Term("directed", "定向流量", "甲", "乙", "B", ("定向",)),
        Term("volte", "高清通话 (VoLTE)", "甲", "乙", "B", ("VoLTE",)),
    )
)

GOOD = """\
terms:
  - {id: sa, name: 独立组网, plain: 甲, deeper: 乙, related: [nsa], trust: B}
  - {id: nsa, name: 非独立组网, aliases: [NSA], plain: 甲, deeper: 乙, trust: B}
"""


@pytest.mark.parametrize(
    ("text", "term_id"),
    [
        ("什么是独立组网", "sa"),
        ("非独立组网是什么", "nsa"),
        ("ｓａ啥意思", "sa"),
        ("Nsa", "nsa"),
        ("5g网络是啥", "5g"),
        ("融合套餐", "bundle"),
        ("volte怎么收费", "volte"),
    ],
)
def test_the_longest_name_is_found(text: str, term_id: str) -> None:
    term = TERMS.find(text)
    assert term is not None
    assert term.id == term_id


@pytest.mark.parametrize(
    ("text", "term_id"),
    [
        ("定项流量", "directed"),
        ("独力组网", "sa"),
        ("vollte", "volte"),
        ("融和套餐", "bundle"),
        ("volet", "volte"),
    ],
)
def test_slips_are_forgiven(text: str, term_id: str) -> None:
    term = TERMS.find(text)
    assert term is not None
    assert term.id == term_id


@pytest.mark.parametrize("text", ["量子纠缠是什么", "", "什么意思", "sale", "6G 网络"])
def test_other_words_are_not_explained(text: str) -> None:
    assert TERMS.find(text) is None


def test_numbers_are_never_taken_for_slips() -> None:
    assert TERMS.find_all("4G网络") == (TERMS.get("4g"),)
    assert TERMS.find_all("5G网络") == (TERMS.get("5g"),)


def test_all_terms_of_a_question_are_found_in_order() -> None:
    assert [term.id for term in TERMS.find_all("NSA和SA有什么区别")] == ["nsa", "sa"]
    assert [term.id for term in TERMS.find_all("5G和4G")] == ["5g", "4g"]
    assert TERMS.find_all("你好") == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("related: [nsa]", "related: [nas]", 2, "terms[0].related", "没有「nas」这个词"),
        ("related: [nsa]", "related: [sa]", 2, "terms[0].related", "指向了自己"),
        ("aliases: [NSA]", "aliases: [独立 组网]", 3, "terms[1].aliases", "已经是 sa 的叫法"),
        ("id: nsa", "id: sa", 3, "terms[1].id", "用了两次"),
        ("plain: 甲", "plain: " + "长" * 61, 2, "terms[0].plain", "太长了, 最多 60 个字"),
        ("deeper: 乙", "deeper: " + "长" * 121, 2, "terms[0].deeper", "最多 120 个字"),
        ("trust: B", "trust: X", 2, "terms[0].trust", "不能写「X」"),
        ("deeper: 乙, ", "", 2, "terms[0].deeper", "缺少这个字段"),
        ("plain: 甲", "plian: 甲", 2, "terms[0].plian", "没有这个字段"),
    ],
)
def test_a_broken_glossary_gives_one_clear_error(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    path = tmp_path / "terms.yml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_terms(path)
    assert (caught.value.line, caught.value.field) == (line, field)
    assert problem in caught.value.problem
