"""The project's own glossary."""

import re

import pytest

from botkit.content import Glossary
from botkit.content.terms import Term

EVERYDAY = {"App", "Wi-Fi", "WLAN", "G", "GB", "MB"}
BANNED = re.compile(r"亲[,, ]|哦|呢|[!\uff01]")


def test_there_are_enough_terms(glossary: Glossary) -> None:
    assert len(glossary.terms) >= 60


@pytest.mark.parametrize(
    ("text", "term_id"),
    [
        ("什么是SA", "sa"),
        ("独立5G啥意思", "sa"),
        ("NSA是什么", "nsa"),
        ("5G单模", "sa_pack"),
        ("定向流量啥意思", "directed_data"),
        ("定项流量", "directed_data"),
        ("通用流量", "general_data"),
        ("结转是什么", "rollover"),
        ("流量接转", "rollover"),
        ("达量限速", "throttle"),
        ("套外怎么收费", "overage"),
        ("合约期", "contract"),
        ("违约金", "penalty"),
        ("在网", "in_network"),
        ("volet", "volte"),
        ("VoNR", "vonr"),
        ("HD", "hd_icon"),
        ("esim", "esim"),
        ("实名", "real_name"),
        ("携号专网", "port"),
        ("副卡", "sub_card"),
        ("来电显示", "caller_id"),
        ("彩铃", "ring_tone"),
        ("账期", "billing_period"),
        ("信用额度", "credit_limit"),
        ("停机保号", "keep_number"),
        ("PUK码", "puk"),
        ("APN", "apn"),
        ("热点", "hotspot"),
        ("漫游", "roaming"),
        ("1GB是多少", "mb_gb"),
        ("Mbps", "mbps"),
        ("5G-A", "5ga"),
        ("5.5G", "5ga"),
        ("wifi通话", "wlan_call"),
        ("后付费", "postpaid"),
        ("预付费", "prepaid"),
        ("月租", "monthly_fee"),
        ("保底消费", "min_spend"),
        ("增值业务", "vas"),
        ("第三方代收", "third_party"),
        ("流量单价", "unit_price"),
    ],
)
def test_what_customers_ask_is_found(glossary: Glossary, text: str, term_id: str) -> None:
    assert glossary.find(text) == glossary.get(term_id)


def test_every_name_and_alias_finds_its_term(glossary: Glossary) -> None:
    for term in glossary.terms:
        for name in (term.name, *term.aliases):
            assert glossary.find(name) == term, name


def test_two_terms_of_one_question(glossary: Glossary) -> None:
    assert [term.id for term in glossary.find_all("4G和5G的区别")] == ["4g", "5g"]
    assert [term.id for term in glossary.find_all("5G单模和通用流量有什么不同")] == [
        "sa_pack",
        "general_data",
    ]


def own_words(term: Term) -> str:
    return " ".join((term.name, *term.aliases)).lower()


def test_plain_words_have_no_foreign_abbreviation_but_their_own(glossary: Glossary) -> None:
    for term in glossary.terms:
        for word in re.findall(r"[A-Za-z][A-Za-z-]*", term.plain):
            assert word in EVERYDAY or word.lower() in own_words(term), (term.id, word)


def test_plain_words_use_no_experts_term(glossary: Glossary) -> None:
    for term in glossary.terms:
        others = {other.id for other in glossary.find_all(term.plain) if other.expert and other != term}
        assert not others, (term.id, others)


def test_wording(glossary: Glossary) -> None:
    for term in glossary.terms:
        assert not BANNED.search(term.plain + term.deeper), term.id
        assert term.plain.endswith("。"), term.id
        assert term.deeper.endswith("。"), term.id
        assert term.deeper != term.plain


def test_what_is_poorly_sourced_is_said_softly(glossary: Glossary) -> None:
    for term in glossary.terms:
        if term.trust == "C":
            assert "一般" in term.plain + term.deeper, term.id


def test_related_terms_are_reachable_both_by_id_and_by_name(glossary: Glossary) -> None:
    for term in glossary.terms:
        for related in term.related:
            assert glossary.get(related).name
