"""The examples of the platform's own pages and of its sample code.

developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html (2024, token AAAAA), and Sample.py of
wximg.gtimg.com/shake_tv/mpwiki/cryptoDemo.zip (token spamtest).
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.wechat.crypto import Cipher, Forged, is_genuine, signature
from channels.wechat.envelope import Malformed, fields_of, text_reply
from channels.wechat.settings import aes_key

PAGE = Cipher(aes_key("A" * 43), "wxba5fad812f8e6fb9")
PAGE_POSTED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
PAGE_PLAIN = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    b'"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
PAGE_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="

SAMPLE = Cipher(aes_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"), "wx2c2769f8efd9abc2")
SAMPLE_POSTED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh"
    "0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRj"
    "pA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6"
    "OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)


def test_the_address_is_verified_as_on_the_page() -> None:
    assert is_genuine("f464b24fc39322e44b38aa78f5edd27bd1441696", "AAAAA", "1714036504", "1514711492")
    assert is_genuine("899cf89e464efb63f54ddac96b0a0a235f53aa78", "AAAAA", "1714037059", "486452656")
    assert not is_genuine("899cf89e464efb63f54ddac96b0a0a235f53aa78", "AAAAB", "1714037059", "486452656")
    assert not is_genuine("", "AAAAA", "1714037059", "486452656")


def test_what_is_posted_on_the_page() -> None:
    assert is_genuine("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "AAAAA", "1714112445", "415670741", PAGE_POSTED)
    assert PAGE.decrypt(PAGE_POSTED) == PAGE_PLAIN


def test_the_reply_on_the_page() -> None:
    assert PAGE.encrypt(b'{"demo_resp":"good luck"}', b"707722b803182950") == PAGE_REPLY
    assert signature("AAAAA", "1713424427", "415670741", PAGE_REPLY) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


def test_what_is_posted_in_the_sample() -> None:
    assert is_genuine("5d197aaffba7e9b25a30732f161a50dee96bd5fa", "spamtest", "1409735669", "1320562132", SAMPLE_POSTED)
    assert dict(fields_of(SAMPLE.decrypt(SAMPLE_POSTED))) == {
        "ToUserName": "gh_10f6c3c3ac5a",
        "FromUserName": "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
        "CreateTime": "1409735668",
        "MsgType": "text",
        "Content": "abcdteT",
        "MsgId": "6054768590064713728",
    }


def test_another_account_is_refused() -> None:
    other = Cipher(aes_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"), "wx2c2769f8efd9abc3")
    with pytest.raises(Forged):
        other.decrypt(SAMPLE_POSTED)


@given(st.binary(max_size=300))
def test_there_and_back(message: bytes) -> None:
    assert SAMPLE.decrypt(SAMPLE.encrypt(message)) == message
    with pytest.raises(Forged):
        PAGE.decrypt(SAMPLE.encrypt(message, os.urandom(16)))


@given(st.text(max_size=100))
def test_nonsense_is_forged(text: str) -> None:
    with pytest.raises(Forged):
        SAMPLE.decrypt(text)


# ------------------------------------------------------------------------------------------------------------------- XML

BOMB = b"""<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><xml><Content>&d;</Content></xml>"""


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<", b"<xml>", b"<xml/><xml/>", b"<html/>", b"{}", b"\xff\xfe<\x00", b"<xml><A>1</A><A>2</A></xml>", BOMB,
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>',
        b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Content>&x;</Content></xml>',
        b"<xml><Content>&unknown;</Content></xml>", b"<xml>" + b"<a>" * 50 + b"</a>" * 50 + b"</xml>",
        b"<xml>" + b"".join(b"<a%d/>" % number for number in range(400)) + b"</xml>",
        b"<xml><?php echo 1 ?></xml>", b"<xml><A>" + b"x" * 70_000 + b"</A></xml>", b"<xml><A>\x00</A></xml>",
    ],
    ids=lambda body: str(body[:30]),
)  # fmt: skip
def test_what_is_not_the_platforms_xml(body: bytes) -> None:
    with pytest.raises(Malformed):
        fields_of(body)


def test_what_is() -> None:
    body = b"<xml>\n<A><![CDATA[<b>&]]></A><B> 1 &amp; &#20320; </B><C/><D><E>nested</E></D></xml>"
    assert fields_of(body) == {"A": "<b>&", "B": " 1 & 你 ", "C": "", "D": ""}


def test_what_is_no_character_of_xml_is_left_out() -> None:
    assert fields_of(text_reply("a", "b", 1, "好\ufffe的\uffff").encode())["Content"] == "好的"


@given(
    st.text(
        alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=100
    )
)
def test_any_text_can_be_replied(text: str) -> None:
    assert fields_of(text_reply("a", "b", 1, text + "]]>" + text).encode())["Content"] == text + "]]>" + text
