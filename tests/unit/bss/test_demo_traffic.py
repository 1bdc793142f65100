from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from botkit.bss.demo.traffic import spread


@given(st.integers(0, 10**6), st.lists(st.integers(1, 1000), min_size=1, max_size=31))
def test_the_parts_add_up_and_keep_their_proportions(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


def test_nothing_is_spread_over_no_days() -> None:
    assert spread(0, []) == []
