"""Looking things up in the project's own content."""

from __future__ import annotations

import re
import time

import pytest
import yaml

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content import load_phones, load_terms
from botkit.content.texts import Texts, load_texts
from botkit.desk.knowledge import Knowledge, entries_of, load_responses, unknown_answers
from botkit.settings import Settings

SETTINGS = Settings.from_environment({})
DOMAIN = SETTINGS.project / "domain"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    catalogue = load_catalogue()
    return Knowledge(
        entries_of(
            load_terms(SETTINGS.content / "terms.yml"),
            load_responses(DOMAIN),
            load_texts(SETTINGS.content / "texts"),
            load_phones(SETTINGS.content / "phones").guides,
            catalogue.plans,
            catalogue.add_ons,
        )
    )


@pytest.mark.parametrize(
    ("query", "kind", "title"),
    [
        ("携号转网", "answer", "携号转网"),
        ("开发票", "answer", "开发票"),
        ("怎么开发票", "answer", "开发票"),
        ("wifi 为什么扣流量", "answer", "连着 WiFi 为什么还扣流量"),
        ("畅选59", "plan", "畅选59"),
        ("畅选59有多少流量", "plan", "畅选59"),
        ("国际漫游日包", "pack", "国际漫游日包"),
        ("宽带提速多少钱", "answer", "宽带: 提速和价格"),
        ("转网授权码过期", "answer", "携号转网: 授权码"),
        ("违约金", "term", "违约金"),
        ("SA是什么", "term", "独立组网 (SA)"),
        ("小米怎么开volte", "guide", "小米 / Redmi: 打开高清通话"),
        ("苹果手机打不开5G", "guide", "苹果 iPhone: 打开 5G"),
    ],
)
def test_found_first(knowledge: Knowledge, query: str, kind: str, title: str) -> None:
    found = knowledge.search(query)
    assert (kind, title) in [(one["kind"], one["title"]) for one in found[:2]]


def test_a_plan_with_its_figures(knowledge: Knowledge) -> None:
    assert knowledge.search("畅选59")[0]["text"] == "畅选59: 每月 59 元, 流量 10 GB, 通话 200 分钟。"


def test_another_number_is_another_plan(knowledge: Knowledge) -> None:
    assert {one["title"] for one in knowledge.search("畅选79") if one["kind"] == "plan"} == {"畅选79"}


@pytest.mark.parametrize("query", ["", "   ", "?!。", "\x00", "qwertz", "🙂"])
def test_nothing_for_nothing(knowledge: Knowledge, query: str) -> None:
    assert knowledge.search(query) == []


def test_at_most_twelve_and_all_ready_to_say(knowledge: Knowledge) -> None:
    for query in ("流量", "5G", "手机", "怎么办", "流量" * 500):
        found = knowledge.search(query)
        assert len(found) <= 12
        assert all(one["text"] and not re.search(r"[{}]", one["text"]) for one in found)
    assert len(knowledge.search("流量")) == 12


def test_it_is_quick(knowledge: Knowledge) -> None:
    queries = ["流量用完了怎么收费", "苹果手机打不开5G", "套餐", "电话 " * 100]
    begun = time.process_time()
    for query in queries * 5:
        knowledge.search(query)
    assert (time.process_time() - begun) / (len(queries) * 5) < 0.05


def test_every_answer_named_in_the_content_stands_alone(texts: Texts) -> None:
    responses = load_responses(DOMAIN)
    for name in texts.labels("desk_knowledge"):
        text = responses[name] if name in responses else texts.template(name)
        assert text and not re.search(r"\{[a-z_]+\}", text), name


def test_the_hours_are_never_shown_as_a_placeholder(knowledge: Knowledge) -> None:
    assert all("{" not in one["text"] for one in knowledge.search("人工客服几点"))


def test_every_answer_to_an_errand_can_be_looked_up(texts: Texts) -> None:
    errands = yaml.safe_load((SETTINGS.content / "texts" / "errands.yml").read_text(encoding="utf-8"))
    with_cases = {name for name, entry in errands.items() if "cases" in entry}
    assert with_cases and with_cases <= set(texts.labels("desk_knowledge"))


def test_every_answer_that_is_listed_is_there() -> None:
    assert unknown_answers(load_texts(SETTINGS.content / "texts"), load_responses(DOMAIN)) == []


def test_a_text_that_was_renamed_is_left_out() -> None:
    class Renamed(Texts):
        def labels(self, name: str) -> dict[str, str]:
            return {"gone": "没有了", "greeting": "问好"} if name == "desk_knowledge" else dict(super().labels(name))

    texts = Renamed(load_texts(SETTINGS.content / "texts")._entries)
    assert unknown_answers(texts, {}) == ["gone"]
    guides = load_phones(SETTINGS.content / "phones").guides
    found = entries_of(load_terms(SETTINGS.content / "terms.yml"), {}, texts, guides, (), ())
    assert [entry.title for entry in found if entry.kind == "answer"] == ["问好"]
