from botkit.fiveg.trust import is_soft, weakest


def test_c_and_general_knowledge_are_said_softly() -> None:
    assert [is_soft(tag) for tag in ("A", "B", "C", "GK")] == [False, False, True, True]


def test_the_weakest_part_decides() -> None:
    assert weakest("B", "GK", "A") == "GK"
    assert weakest("A", "B") == "B"
