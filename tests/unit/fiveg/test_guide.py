from dataclasses import replace

from botkit.fiveg.guide import Guide, Step, build_guide
from botkit.fiveg.guide_content import Goal, GuideContent, Place
from botkit.fiveg.phones import PhoneModel

from . import samples


def guide(
    model: PhoneModel | None = None, *, brand: str | None = None, system: str | None = None, goal: Goal = "5g"
) -> Guide:
    return build_guide(samples.CONTENT, brand, model, system, goal)


def ids(result: Guide) -> list[str]:
    return [step.id for step in result.steps]


def step(result: Guide, step_id: str) -> Step:
    return next(step for step in result.steps if step.id == step_id)


MI_13 = samples.five_g("xiaomi", "小米13", year=2022)
MI_14 = samples.five_g("xiaomi", "小米14", year=2023)
MI_10 = samples.five_g("xiaomi", "小米10", year=2020)


def test_steps_come_in_the_order_in_which_they_help() -> None:
    assert ids(guide(MI_10, system="old", goal="sa_pack")) == [
        "sim",
        "five_g",
        "sa",
        "volte",
        "battery",
        "check",
    ]
    assert ids(guide(MI_13, goal="volte")) == ["volte", "check"]


def test_in_a_guide_for_5g_volte_comes_along_as_a_sentence() -> None:
    result = guide(MI_13)
    assert ids(result) == ["sim", "five_g", "battery", "check"]
    assert "高清通话也开了。" in step(result, "five_g").text


def test_a_switch_that_does_not_exist_is_a_sentence_of_the_step_before() -> None:
    result = guide(MI_14)
    assert ids(result) == ["sim", "battery", "check"]
    assert step(result, "sim").text == "打开 设置 › 双卡。选您的号码。没有 5G 开关。独立组网默认已开。高清通话也开了。"


def test_an_uncertain_sa_switch_is_a_sentence_for_5g_and_a_step_for_the_pack() -> None:
    assert "若有, 也把「SA」打开。" in step(guide(MI_10), "five_g").text
    assert "sa" in ids(guide(MI_10, goal="sa_pack"))


def test_the_system_version_chooses_the_place() -> None:
    assert step(guide(MI_13, system="new"), "sim").path == "设置 › SIM 卡"
    assert step(guide(MI_13, system="old"), "sim").path == "设置 › 双卡"
    assert "没有 5G 开关。" in step(guide(MI_13, system="new"), "sim").text


def test_nothing_is_said_of_sa_to_a_phone_that_cannot() -> None:
    nsa_only = replace(MI_10, sa=False, basis="sourced", trust="B")
    result = guide(nsa_only, system="old")
    assert "sa" not in ids(result)
    assert result.opening == "用不了独立组网。不用换卡。"
    assert not any("独立组网" in step.text for step in result.steps)


def test_an_early_unlisted_phone_is_not_told_that_sa_is_on() -> None:
    early = replace(MI_10, first_sold=2019)
    assert step(guide(early), "sa").not_found == ("搜「SA」或「独立」。",)
    other_early = samples.five_g("nokia", "诺基亚 X", year=2019)
    assert not any("独立组网" in step.text for step in guide(other_early).steps)


def test_what_a_phone_cannot_do_has_no_steps_but_a_reason() -> None:
    old = samples.four_g("xiaomi", "小米9")
    assert guide(old).steps == ()
    assert guide(old).opening == "一般是 4G 手机。"
    assert guide(old, goal="sa_pack").steps == ()
    assert guide(replace(MI_10, sa=False), goal="sa_pack").steps == ()
    assert ids(guide(old, goal="volte")) == ["volte", "check"]


def test_a_closed_goal_has_a_notice_and_no_steps() -> None:
    assert guide(brand="google", goal="volte").steps == ()
    assert guide(brand="google", goal="volte").opening == "内地没有适配。"
    assert ids(guide(brand="google")) == ["sim", "five_g", "battery", "check"]


def test_only_uncertain_places_are_said_softly() -> None:
    result = guide(MI_13, system="old", goal="sa_pack")
    assert "一般" not in step(result, "sim").text
    assert step(result, "five_g").text.startswith("打开 设置 › 双卡, 把「5G 网络」打开。一般在这里。")
    assert step(result, "five_g").trust == "GK"


def test_caveats_hold_for_their_phones_and_weaken_the_step() -> None:
    assert step(guide(MI_10), "sim").caution == "号码放主卡。"
    assert step(guide(MI_10), "sim").trust == "GK"
    assert step(guide(MI_13), "sim").caution == ""
    assert step(guide(MI_13), "battery").caution == "智能 5G 也关掉。"


def test_hints_lead_from_other_places_to_search_to_it_may_be_on() -> None:
    assert step(guide(MI_13), "sim").not_found == ("换个位置: 打开 设置 › SIM 卡。", "搜「SIM 卡」。")
    assert step(guide(MI_13), "five_g").not_found == ("搜「5G」。", "没有 5G 开关也行。")
    assert step(guide(MI_13, goal="volte"), "volte").not_found == ("搜「VoLTE」。", "不显示也行。")
    assert step(guide(samples.four_g("xiaomi", "小米9"), goal="volte"), "volte").not_found == ("搜「VoLTE」。",)
    assert step(guide(MI_13), "battery").not_found == ("搜「省电」。", "没有就跳过。")


def test_a_topic_that_a_brand_leaves_out_is_filled_from_the_other_guide() -> None:
    assert step(guide(MI_13), "battery").path == "设置 › 电池"


def test_an_unknown_phone_gets_the_general_guide() -> None:
    result = guide()
    assert ids(result) == ["sim", "five_g", "battery", "check"]
    assert "把「启用 5G」或「5G 网络」打开" in step(result, "five_g").text
    assert result.support.reason_key == "model_unknown"


def test_a_sentence_without_a_step_before_is_a_step_of_its_own() -> None:
    no_switch = replace(samples.OTHER_GUIDE, places={**samples.OTHER_GUIDE.places, "volte": (Place("B"),)})
    result = build_guide(GuideContent(samples.TEXTS, (), no_switch), None, None, None, "volte")
    assert [step.text for step in result.steps] == ["高清通话默认已开。", "看 HD 图标。"]


def test_the_last_step_is_the_goals_own() -> None:
    assert guide(MI_13).steps[-1].text == "看 5G 图标。"
    assert guide(MI_13, goal="sa_pack").steps[-1].caution == "图标不算数。"


def test_agent_notes_never_reach_a_step() -> None:
    assert not any("*#" in part for s in guide(MI_10).steps for part in (s.text, s.caution, *s.not_found))
