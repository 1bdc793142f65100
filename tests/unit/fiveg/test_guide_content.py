import pytest

from botkit.fiveg.guide_content import Condition, fits

from . import samples

PHONE = samples.five_g("xiaomi", "小米14", year=2023)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition(), True),
        (Condition(systems=("new",)), True),
        (Condition(systems=("old",)), False),
        (Condition(models=("小米14",)), True),
        (Condition(models=("小米13",)), False),
        (Condition(since=2023), True),
        (Condition(since=2024), False),
        (Condition(until=2022), False),
        (Condition(systems=("new",), until=2022), False),
    ],
)
def test_condition_on_a_known_phone(condition: Condition, expected: bool) -> None:
    assert condition.holds(PHONE, "new") is expected


@pytest.mark.parametrize(
    "condition",
    [
        Condition(systems=("new",)),
        Condition(models=("小米14",)),
        Condition(since=2020),
        Condition(until=2020),
    ],
)
def test_a_condition_on_what_is_not_known_stays_open(condition: Condition) -> None:
    assert condition.holds(None, None) is None


def test_what_is_known_to_be_wrong_decides_before_what_is_open() -> None:
    assert Condition(systems=("new",), since=2024).holds(PHONE, None) is False


def test_any_condition_is_enough() -> None:
    assert fits((Condition(since=2024), Condition(models=("小米14",))), PHONE, None) is True
    assert fits((Condition(since=2024), Condition(systems=("new",))), PHONE, None) is None
    assert fits((Condition(since=2024),), PHONE, None) is False
    assert fits((), None, None) is True


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("MIUI 14", "old"),
        ("miui14.0.2", "old"),
        ("澎湃OS", "new"),
        ("HyperOS2", "new"),
        ("安卓", None),
        ("", None),
    ],
)
def test_find_system(text: str, system: str | None) -> None:
    assert samples.XIAOMI_GUIDE.find_system(text) == system


def test_brands_without_a_guide_use_the_other_one() -> None:
    assert samples.CONTENT.guide_of("redmi") is samples.XIAOMI_GUIDE
    assert samples.CONTENT.guide_of("nokia") is samples.OTHER_GUIDE
    assert samples.CONTENT.guide_of(None) is samples.OTHER_GUIDE
