"""Texts of the bot: buttons that entries share, and what stands in a text rather than in a rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content import ContentError
from botkit.content.texts import Texts, load_texts


@pytest.fixture(scope="module")
def texts(content_folder: Path) -> Texts:
    return load_texts(content_folder / "texts")


def response(content_folder: Path, file: str, name: str) -> dict[str, object]:
    """What a rule says on its own."""
    domain = yaml.safe_load((content_folder.parent / "domain" / file).read_text(encoding="utf-8"))
    (only,) = domain["responses"][name]
    return dict(only)


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    return tmp_path


MENU = "menu:\n  buttons: [{title: 查余额, payload: /ask_balance}]\n"


def test_buttons_of_another_entry(tmp_path: Path) -> None:
    texts = load_texts(written(tmp_path, MENU + "hello:\n  text: 您好\n  buttons_of: menu\n"))
    assert texts.buttons("hello") == [{"title": "查余额", "payload": "/ask_balance"}]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("hello: {text: 您好, buttons_of: menue}", "「menue」没有自己的按钮"),
        ("bye: {text: 再见}\nhello: {text: 您好, buttons_of: bye}", "「bye」没有自己的按钮"),
        ("hello: {text: 您好, buttons_of: menu, buttons: [{title: 好, payload: /affirm}]}", "只能写一样"),
    ],
)
def test_buttons_of_nothing(tmp_path: Path, entry: str, problem: str) -> None:
    with pytest.raises(ContentError, match=problem) as caught:
        load_texts(written(tmp_path, MENU + entry + "\n"))
    assert caught.value.field == "hello.buttons_of"


def test_the_window_and_the_dialogue_greet_alike(content_folder: Path, texts: Texts) -> None:
    greeted = response(content_folder, "dialogue.yml", "utter_greet")
    assert greeted == {"text": texts.text("greeting"), "buttons": texts.buttons("greeting")}
    assert response(content_folder, "dialogue.yml", "utter_chitchat")["buttons"] == texts.buttons("menu")


def test_simple_texts_are_shorter_and_lead_on_as_the_others_do(texts: Texts) -> None:
    for name in texts.names:
        full = name.removesuffix("_simple")
        if full != name:
            if "{list}" not in texts.template(name):  # which stands for the table
                assert len(texts.template(name)) <= len(texts.template(full)), name
            assert bool(texts.buttons(name, **_anything())) == bool(texts.buttons(full, **_anything())), name


def _anything() -> dict[str, object]:
    return {name: "x" for name in ("month", "name", "plan", "pair")}


def test_sub_cards_are_what_the_catalogue_says(content_folder: Path, texts: Texts) -> None:
    catalogue = load_catalogue()
    (sub_card,) = [pack for pack in catalogue.add_ons if pack.name == "亲情副卡"]
    assert sub_card.eligibility.requires == ("family_plan",)
    family = {plan.family for plan in catalogue.plans if "family_plan" in plan.eligibility.requires}
    main_cards = [plan for plan in catalogue.plans if plan.family in family and not plan.eligibility.requires]
    said = texts.template("sub_card")
    assert family == {"合家享"} and said.startswith("合家享套餐的主卡能加亲情副卡") and "别的套餐加不了" in said
    assert f"每张每月 {sub_card.price.plain} 元" in said
    (most,) = re.findall(r"最多 (\d+) 张", said)
    assert all(f"最多 {most} 张" in "".join(plan.notes) for plan in main_cards)
    assert "家长用合家享的" in texts.template("plans_child")


CASES = """
network:
  text: 先重启。
  buttons: [{title: 转人工, payload: /request_human}]
  cases:
    - {title: 移机, words: 搬家|移机, text: 移机找人工。}
    - {title: 提速, words: "WiFi.{0,2}快", text: 提速找人工。, buttons: [{title: 查进度, payload: /ask_ticket_status}]}
    - {title: 都要, words: 宽带, text: 都有。}
"""


def test_the_first_case_whose_words_occur(tmp_path: Path) -> None:
    texts = load_texts(written(tmp_path, CASES))
    assert texts.case("network", "宽带要搬家") == "network: 移机"
    assert texts.case("network", "wifi 快点") == "network: 提速"  # however large the letters are written in the file
    assert texts.case("network", "断了") is None
    assert list(texts.cases("network").values()) == ["移机", "提速", "都要"]


def test_a_case_is_an_entry_like_any_other(tmp_path: Path) -> None:
    texts = load_texts(written(tmp_path, CASES))
    assert "network: 移机" in texts.names and texts.text("network: 移机") == "移机找人工。"
    assert texts.buttons("network: 移机") == texts.buttons("network")
    assert texts.buttons("network: 提速") == [{"title": "查进度", "payload": "/ask_ticket_status"}]
    assert texts.case("network: 移机", "移机") is None


def test_a_case_has_the_buttons_that_its_entry_takes_from_another(tmp_path: Path) -> None:
    entry = "hello: {text: 您好, buttons_of: menu, cases: [{title: 早, words: 早上, text: 早上好。}]}\n"
    texts = load_texts(written(tmp_path, MENU + entry))
    assert texts.buttons("hello: 早") == texts.buttons("menu")


@pytest.mark.parametrize(
    ("cases", "field", "problem"),
    [
        ("{title: 甲, words: '移机(', text: 好}", "cases[0].words", "不是正确的写法"),
        ("{title: 甲, words: '*移机', text: 好}", "cases[0].words", "不是正确的写法"),
        ("{title: 甲, words: '移机|', text: 好}", "cases[0].words", "什么话都符合"),
        ("{title: 甲, words: '', text: 好}", "cases[0].words", "什么话都符合"),
        ("{title: 甲, words: 移机, text: ' '}", "cases[0].text", "情形「甲」没写说什么"),
        ("{title: 甲, words: 移机}", "cases[0].text", "缺少这个字段"),
        ("{title: '', words: 移机, text: 好}", "cases[0].title", "没有题目"),
        ("{title: 甲, words: 移机, text: '{price} 元'}", "cases[0].text", "「{price}」在情形里没有值"),
        (
            "{title: 甲, words: 移机, text: 好}, {title: 乙, words: 移机, text: 行}",
            "cases[1].words",
            "上面的「甲」一样",
        ),
        ("{title: 甲, words: 移机, text: 好}, {title: 甲, words: 搬家, text: 行}", "cases[1].title", "已经有「甲」"),
        ("{title: 甲, word: 移机, text: 好}", "cases[0].word", "没有这个字段"),
    ],
)
def test_a_case_that_cannot_be_said(tmp_path: Path, cases: str, field: str, problem: str) -> None:
    with pytest.raises(ContentError, match=re.escape(problem)) as caught:
        load_texts(written(tmp_path, f"hello: {{text: 您好, cases: [{cases}]}}\n"))
    assert caught.value.field == f"hello.{field}"


def test_a_case_may_name_the_hours(tmp_path: Path) -> None:
    entry = "hello: {text: 您好, cases: [{title: 几点, words: 几点, text: '人工{hours}在。'}]}\n"
    assert load_texts(written(tmp_path, entry)).text("hello: 几点", hours="每天") == "人工每天在。"
