from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.conversation.messages import storable


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("查一下余额", "查一下余额"),
        ("第一行\n第二行\t完", "第一行\n第二行\t完"),
        ("零\x00字符", "零 字符"),
        ("\x1b[31m红", " [31m红"),
        ("半个\ud83d表情", "半个?表情"),
        ("完整的\U0001f600表情", "完整的\U0001f600表情"),
        ("家庭\U0001f468\u200d\U0001f469", "家庭\U0001f468\u200d\U0001f469"),
        ("", ""),
    ],
)
def test_what_is_kept_of_a_text(text: str, stored: str) -> None:
    assert storable(text) == stored


@given(st.text(st.characters()))
def test_whatever_is_typed_can_be_stored(text: str) -> None:
    stored = storable(text)
    assert "\x00" not in stored
    stored.encode("utf-8")
    assert storable(stored) == stored
    assert len(stored) == len(text)
