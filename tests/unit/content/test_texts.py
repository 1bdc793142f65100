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
