"""What is nearly the same is never on both sides of a fold."""

from __future__ import annotations

from botkit.experiments.folds import folds, groups

TEXTS = [
    "我的话费还剩多少钱",
    "我的话费还剩下多少钱",
    "你好",
    "我的话费还剩下多少钱呢",
    "流量用完了怎么办",
    "您好啊",
    "再见",
    "拜拜",
]


def test_texts_that_are_alike_are_one_group_also_over_others() -> None:
    found = groups(TEXTS)
    assert found[0] == found[1] == found[3]
    assert len({found[0], *found[4:], found[2]}) == 6


def test_the_normal_form_is_compared() -> None:
    one, other = groups(["话费还剩多少", "話費還剩多少"])
    assert one == other


def test_each_example_is_tested_once_and_no_group_is_torn_apart() -> None:
    intents = ["a", "b"] * 20
    group = [place // 4 for place in range(40)]
    tested: list[int] = []
    for train, test in folds(intents, group, 4, seed=3):
        assert not {group[place] for place in train} & {group[place] for place in test}
        tested += [int(place) for place in test]
    assert sorted(tested) == list(range(40))


def test_another_seed_makes_other_folds() -> None:
    intents, group = ["a", "b"] * 20, list(range(40))
    first, same, other = ([list(test) for _, test in folds(intents, group, 4, seed)] for seed in (1, 1, 2))
    assert first == same != other
