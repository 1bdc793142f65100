"""The project's own guides, for every brand, phone and goal."""

import re
from collections.abc import Iterator
from typing import cast

import pytest

from botkit.content import PhoneContent
from botkit.fiveg import Goal, Guide, Step, build_guide, is_soft
from botkit.fiveg.guide_content import Topic

GOALS: tuple[Goal, ...] = ("5g", "volte", "sa_pack")
FACT_BRANDS = (
    "huawei",
    "honor",
    "xiaomi",
    "redmi",
    "oppo",
    "oneplus",
    "realme",
    "vivo",
    "iqoo",
    "apple",
    "samsung",
    "meizu",
    "zte",
    "nubia",
    "redmagic",
    "lenovo",
    "motorola",
    "google",
)
BANNED = re.compile(r"亲[,, ]|哦|呢|[!\uff01]|您的手机不行|\{|\}")
DIAL_CODE = re.compile(r"[*#]{2}|\*#")


def every_guide(phones: PhoneContent) -> Iterator[Guide]:
    """All that a customer can be led through: brand alone or model, each system version, each goal."""
    for brand in phones.registry.brands:
        systems = (None, *(system.id for system in phones.guides.guide_of(brand.id).systems))
        models = (None, *(model for model in phones.registry.models if model.brand_id == brand.id))
        for goal in GOALS:
            for model in models:
                for system in systems:
                    yield build_guide(phones.guides, brand.id, model, system, goal)


def every_step(phones: PhoneContent) -> Iterator[Step]:
    seen = set()
    for guide in every_guide(phones):
        for step in guide.steps:
            if step not in seen:
                seen.add(step)
                yield step


def sentences(step: Step) -> tuple[str, ...]:
    return (step.title, step.text, step.caution, *step.not_found)


@pytest.mark.parametrize("brand_id", FACT_BRANDS)
@pytest.mark.parametrize("goal", ["5g", "volte"])
def test_every_brand_of_the_facts_has_a_guide(phones: PhoneContent, brand_id: str, goal: Goal) -> None:
    guide = build_guide(phones.guides, brand_id, None, None, goal)
    assert phones.guides.guide_of(brand_id) is not phones.guides.other
    assert guide.steps or guide.opening
    assert guide.steps or brand_id == "google"


def test_an_unknown_brand_has_a_guide_too(phones: PhoneContent) -> None:
    for goal in GOALS:
        assert len(build_guide(phones.guides, None, None, None, goal).steps) >= 2


def test_guides_are_short(phones: PhoneContent) -> None:
    for guide in every_guide(phones):
        assert len(guide.steps) <= 6


def test_texts_are_short(phones: PhoneContent) -> None:
    for guide in every_guide(phones):
        assert len(guide.opening) <= 110, guide.opening
    for step in every_step(phones):
        assert len(step.title) <= 14
        assert len(step.text) <= 140, step.text
        assert len(step.caution) <= 60, step.caution
        assert len(step.not_found) <= 5
        assert all(len(hint) <= 100 for hint in step.not_found), step.not_found


def test_uncertain_steps_are_said_softly_and_once(phones: PhoneContent) -> None:
    for step in every_step(phones):
        if is_soft(step.trust):
            assert "一般" in step.text + step.caution, step
        assert step.text.count("不同版本名称可能不同") <= 1


def test_exactly_the_uncertain_places_are_followed_by_the_soft_sentence(phones: PhoneContent) -> None:
    content = phones.guides
    for brand in phones.registry.brands:
        brand_guide = content.guide_of(brand.id)
        for system in (None, *(system.id for system in brand_guide.systems)):
            for step in build_guide(content, brand.id, None, system, "sa_pack").steps[:-1]:
                places = {**content.other.places, **brand_guide.places}[cast(Topic, step.id)]
                shown = {p.trust for p in places if p.path == step.path and all(item in step.text for item in p.items)}
                assert ("不同版本名称可能不同" in step.text) in {is_soft(trust) for trust in shown}, step


def test_every_hint_at_another_place_is_soft(phones: PhoneContent) -> None:
    for step in every_step(phones):
        for hint in step.not_found:
            if "换个位置" in hint:
                assert "一般" in hint
                assert "名称可能不同" in hint


def test_cautions_that_are_uncertain_say_so(phones: PhoneContent) -> None:
    content = phones.guides
    for brand_guide in (*content.guides, content.other):
        uncertain = [c.text for c in brand_guide.caveats if is_soft(c.trust)]
        uncertain += [p.caution for ps in brand_guide.places.values() for p in ps if is_soft(p.trust) and p.caution]
        assert all("一般" in text for text in uncertain), uncertain


def test_no_dial_codes_and_no_banned_words(phones: PhoneContent) -> None:
    for step in every_step(phones):
        for sentence in sentences(step):
            assert not DIAL_CODE.search(sentence), sentence
            assert not BANNED.search(sentence), sentence


def test_dial_codes_are_kept_for_agents(phones: PhoneContent) -> None:
    notes = phones.guides.guide_of("xiaomi").agent_notes
    assert any("726633" in note.text for note in notes)


def test_shared_texts_have_no_banned_words(phones: PhoneContent) -> None:
    texts = phones.guides.texts
    for wording in texts.support.values():
        assert not BANNED.search(wording.firm + wording.soft)
    for sentence in (*texts.titles.values(), *texts.leads.values(), texts.finished, texts.hand_over):
        assert not BANNED.search(sentence)


def test_soft_verdicts_on_phones_are_worded_softly(phones: PhoneContent) -> None:
    for key, wording in phones.guides.texts.support.items():
        if key not in ("model_unknown", "early_unlisted"):
            assert "一般" in wording.soft


def test_an_early_phone_is_warned_before_the_pack_and_gets_no_steps(phones: PhoneContent) -> None:
    model = phones.registry.model_named("iQOO Pro 5G")
    guide = build_guide(phones.guides, "iqoo", model, None, "sa_pack")
    assert guide.steps == ()
    assert "用不了独立组网" in guide.opening


def test_a_phone_without_switches_has_few_steps(phones: PhoneContent) -> None:
    model = phones.registry.model_named("华为 Mate 60 Pro")
    guide = build_guide(phones.guides, "huawei", model, None, "5g")
    assert [step.id for step in guide.steps] == ["sim", "battery", "check"]
    assert "没有 5G 开关" in guide.steps[0].text


def test_the_iphone_keeps_its_switches(phones: PhoneContent) -> None:
    model = phones.registry.model_named("iPhone 15")
    guide = build_guide(phones.guides, "apple", model, None, "5g")
    assert [step.id for step in guide.steps] == ["sim", "five_g", "sa", "battery", "check"]
    assert not any("没有 5G 开关" in hint for step in guide.steps for hint in step.not_found)


@pytest.mark.parametrize(
    ("brand_id", "text", "system"),
    [
        ("huawei", "鸿蒙4.2", "harmony4"),
        ("huawei", "HarmonyOS NEXT 5.0", "harmony4"),
        ("huawei", "EMUI 10.1", "emui10"),
        ("honor", "MagicOS 8.0", "magicos7"),
        ("xiaomi", "澎湃OS2", "hyperos2"),
        ("redmi", "MIUI 14", "miui13"),
        ("oppo", "ColorOS 14", "coloros14"),
        ("realme", "realme UI 5.0", "realmeui5"),
        ("iqoo", "OriginOS 4", "originos4"),
        ("apple", "iOS 17.2", "ios"),
        ("apple", "ios14.3", "ios14_0"),
        ("apple", "ios", None),
    ],
)
def test_system_versions_are_recognised(phones: PhoneContent, brand_id: str, text: str, system: str | None) -> None:
    assert phones.guides.guide_of(brand_id).find_system(text) == system
