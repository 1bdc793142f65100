from hypothesis import given
from hypothesis import strategies as st

from botkit.fiveg.guide import Guide, Step
from botkit.fiveg.navigator import End, GuidePosition, Show
from botkit.fiveg.support import sa_support


def make_guide(hint_counts: list[int]) -> Guide:
    steps = tuple(
        Step(f"s{n}", f"第{n}", "", f"做{n}", "", "B", tuple(f"提示{n}.{h}" for h in range(count)))
        for n, count in enumerate(hint_counts)
    )
    return Guide("5g", "打开 5G", "", steps, sa_support(None))


GUIDE = make_guide([2, 0, 1])
guides = st.lists(st.integers(0, 4), max_size=6).map(make_guide)
full_guides = st.lists(st.integers(0, 4), min_size=1, max_size=6).map(make_guide)
positions = st.builds(GuidePosition, st.integers(-3, 9), st.integers(-3, 9))
moves = st.lists(st.sampled_from(["next", "back", "not_found"]), max_size=20)


def shown(result: Show | End) -> Show:
    assert isinstance(result, Show)
    return result


def test_a_guide_begins_at_its_first_step() -> None:
    assert shown(GuidePosition().show(GUIDE)).step.text == "做0"


def test_next_goes_to_the_next_step_and_ends_after_the_last() -> None:
    assert shown(GuidePosition(0).next(GUIDE)).position == GuidePosition(1)
    assert GuidePosition(2).next(GUIDE) is End.FINISHED


def test_not_found_gives_hint_after_hint_and_then_a_human() -> None:
    first = shown(GuidePosition(0).not_found(GUIDE))
    assert first.hint == "提示0.0"
    second = shown(first.position.not_found(GUIDE))
    assert second.hint == "提示0.1"
    assert second.position.not_found(GUIDE) is End.HAND_OVER
    assert GuidePosition(1).not_found(GUIDE) is End.HAND_OVER


def test_going_on_from_a_hint_shows_the_next_step_itself() -> None:
    assert shown(GuidePosition(0, 2).next(GUIDE)).position == GuidePosition(1, 0)


def test_back_goes_from_a_hint_to_its_step_and_from_a_step_to_the_one_before() -> None:
    assert shown(GuidePosition(2, 1).back(GUIDE)).position == GuidePosition(2)
    assert shown(GuidePosition(2).back(GUIDE)).position == GuidePosition(1)
    assert shown(GuidePosition(0).back(GUIDE)).position == GuidePosition(0)


def test_an_empty_guide_is_finished_and_has_nothing_to_find() -> None:
    empty = make_guide([])
    assert GuidePosition().show(empty) is End.FINISHED
    assert GuidePosition().next(empty) is End.FINISHED
    assert GuidePosition().back(empty) is End.FINISHED
    assert GuidePosition().not_found(empty) is End.HAND_OVER


def test_the_ends_are_plain_words() -> None:
    assert [end.value for end in End] == ["finished", "hand_over"]


@given(full_guides, positions)
def test_back_undoes_next(guide: Guide, position: GuidePosition) -> None:
    here = shown(position.show(guide))
    ahead = here.position.next(guide)
    if isinstance(ahead, Show):
        assert shown(ahead.position.back(guide)).position == GuidePosition(here.position.step)


@given(full_guides, positions)
def test_back_undoes_not_found(guide: Guide, position: GuidePosition) -> None:
    here = shown(position.show(guide))
    hint = here.position.not_found(guide)
    if isinstance(hint, Show):
        assert shown(hint.position.back(guide)).position == GuidePosition(here.position.step)


@given(guides, positions, moves)
def test_no_walk_leaves_the_guide(guide: Guide, position: GuidePosition, walk: list[str]) -> None:
    for move in walk:
        result = getattr(position, move)(guide)
        if isinstance(result, End):
            return
        position = result.position
        assert 0 <= position.step < len(guide.steps)
        assert 0 <= position.hint <= len(result.step.not_found)
        assert result.step is guide.steps[position.step]
        assert result.hint == (result.step.not_found[position.hint - 1] if position.hint else "")


@given(full_guides)
def test_saying_done_at_every_step_shows_each_once(guide: Guide) -> None:
    seen = []
    result = GuidePosition().show(guide)
    while isinstance(result, Show):
        seen.append(result.step)
        result = result.position.next(guide)
    assert seen == list(guide.steps)
    assert result is End.FINISHED
