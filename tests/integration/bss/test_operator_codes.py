from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from random import SystemRandom
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from botkit.bss.codes import OneTimeCodes
from botkit.bss.port import CodeCheck, OperatorUnavailable, TooManyCodes, UnknownCustomer
from botkit.bss.sms import SmsNotSent
from botkit.store.tables.operator import CodeCheckRow, OneTimeCodeRow

Shop = Any  # see conftest.py
T = TypeVar("T")

PHONE = "17000000001"


def at_once(*calls: Callable[[], T]) -> list[T]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_a_code_is_sent_by_text_message_and_accepted_once(shop: Shop) -> None:
    sent = shop.operator.send_code(PHONE, "send")
    (message,) = shop.phone.messages()
    code = shop.phone.last_code()
    assert message["to"] == PHONE and "5 分钟内有效" in message["text"]
    assert len(code) == 6 and code.isdigit()
    assert (sent.phone, sent.sent_at) == (PHONE, shop.clock())
    assert sent.expires_at - sent.sent_at == timedelta(minutes=5)
    assert sent.resend_after - sent.sent_at == timedelta(seconds=60)
    assert shop.operator.check_code(PHONE, code, "first") is CodeCheck.ACCEPTED
    assert shop.operator.check_code(PHONE, code, "second") is CodeCheck.NONE_SENT


def test_the_code_itself_is_not_stored(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    with shop.unit_of_work() as session:
        (row,) = session.execute(select(OneTimeCodeRow)).scalars()
        stored = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    assert shop.phone.last_code() not in str(stored)


def test_an_unknown_number_gets_no_code(shop: Shop) -> None:
    with pytest.raises(UnknownCustomer):
        shop.operator.send_code("13900000000", "send")
    with pytest.raises(UnknownCustomer):
        shop.operator.check_code("13900000000", "123456", "check")
    assert shop.phone.messages() == []


def test_a_code_before_any_was_sent(shop: Shop) -> None:
    assert shop.operator.check_code(PHONE, "123456", "check") is CodeCheck.NONE_SENT


def test_the_fifth_wrong_try_makes_the_code_void(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    wrong = [shop.operator.check_code(PHONE, shop.phone.wrong_code(), f"check {n}") for n in range(5)]
    assert wrong == [CodeCheck.WRONG] * 4 + [CodeCheck.TOO_MANY_TRIES]
    assert shop.operator.check_code(PHONE, shop.phone.last_code(), "right") is CodeCheck.TOO_MANY_TRIES


def test_a_new_code_gives_new_tries_and_voids_the_old_one(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    old = shop.phone.last_code()
    for number in range(5):
        shop.operator.check_code(PHONE, shop.phone.wrong_code(), f"check {number}")
    shop.clock.forward(seconds=60)
    shop.operator.send_code(PHONE, "send again")
    assert shop.operator.check_code(PHONE, old, "old") is CodeCheck.WRONG
    assert shop.operator.check_code(PHONE, shop.phone.last_code(), "new") is CodeCheck.ACCEPTED


@pytest.mark.parametrize(("seconds", "result"), [(299, CodeCheck.ACCEPTED), (300, CodeCheck.EXPIRED)])
def test_a_code_is_valid_for_five_minutes(shop: Shop, seconds: int, result: CodeCheck) -> None:
    shop.operator.send_code(PHONE, "send")
    shop.clock.forward(seconds=seconds)
    assert shop.operator.check_code(PHONE, shop.phone.last_code(), "check") is result


def test_an_expired_code_counts_no_tries(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    shop.clock.forward(minutes=6)
    results = {shop.operator.check_code(PHONE, shop.phone.wrong_code(), f"check {n}") for n in range(7)}
    assert results == {CodeCheck.EXPIRED}


def test_another_code_may_be_asked_for_after_a_minute(shop: Shop) -> None:
    sent = shop.operator.send_code(PHONE, "send")
    shop.clock.forward(seconds=59)
    with pytest.raises(TooManyCodes) as refused:
        shop.operator.send_code(PHONE, "too early")
    assert refused.value.retry_at == sent.resend_after
    shop.clock.forward(seconds=1)
    shop.operator.send_code(PHONE, "in time")
    assert len(shop.phone.messages()) == 2


def test_five_codes_in_an_hour_are_enough(shop: Shop) -> None:
    first = shop.operator.send_code(PHONE, "send 0")
    for number in range(1, 5):
        shop.clock.forward(minutes=2)
        shop.operator.send_code(PHONE, f"send {number}")
    shop.clock.forward(minutes=2)
    with pytest.raises(TooManyCodes) as refused:
        shop.operator.send_code(PHONE, "send 5")
    assert refused.value.retry_at == first.sent_at + timedelta(hours=1)
    shop.clock.now = refused.value.retry_at
    shop.operator.send_code(PHONE, "send 6")
    assert len(shop.phone.messages()) == 6


def test_numbers_do_not_share_their_limits(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    shop.operator.send_code("17000000002", "send")
    assert [message["to"] for message in shop.phone.messages()] == [PHONE, "17000000002"]


def test_a_repeated_request_never_sends_twice(shop: Shop) -> None:
    first = shop.operator.send_code(PHONE, "send")
    shop.clock.forward(minutes=30)
    assert shop.operator.send_code(PHONE, "send") == first
    assert len(shop.phone.messages()) == 1


def test_a_repeated_check_answers_the_same_and_counts_once(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    for _ in range(9):
        assert shop.operator.check_code(PHONE, shop.phone.wrong_code(), "wrong") is CodeCheck.WRONG
    for _ in range(3):
        assert shop.operator.check_code(PHONE, shop.phone.last_code(), "right") is CodeCheck.ACCEPTED
    assert shop.operator.check_code(PHONE, shop.phone.wrong_code(), "wrong") is CodeCheck.WRONG


def test_of_two_checks_at_once_one_is_accepted(shop: Shop) -> None:
    for number in range(5):
        shop.operator.send_code(PHONE, f"send {number}")
        check = partial(shop.operator.check_code, PHONE, shop.phone.last_code())
        results = at_once(partial(check, f"a {number}"), partial(check, f"b {number}"))
        assert sorted(result.value for result in results) == ["accepted", "none_sent"]
        shop.clock.forward(minutes=2)


def test_the_same_check_twice_at_once_is_one_check(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    code = shop.phone.last_code()
    results = at_once(*[lambda: shop.operator.check_code(PHONE, code, "check")] * 4)
    assert set(results) == {CodeCheck.ACCEPTED}
    with shop.unit_of_work() as session:
        assert session.execute(select(func.count()).select_from(CodeCheckRow)).scalar() == 1


def test_wrong_tries_at_once_are_all_counted(shop: Shop) -> None:
    shop.operator.send_code(PHONE, "send")
    check = partial(shop.operator.check_code, PHONE, shop.phone.wrong_code())
    results = at_once(*[partial(check, f"check {number}") for number in range(8)])
    assert results.count(CodeCheck.WRONG) == 4 and results.count(CodeCheck.TOO_MANY_TRIES) == 4


def test_the_same_request_twice_at_once_sends_one_message(shop: Shop) -> None:
    receipts = at_once(*[lambda: shop.operator.send_code(PHONE, "send")] * 4)
    assert len(set(receipts)) == 1
    assert len(shop.phone.messages()) == 1


def test_a_message_that_was_not_sent_leaves_no_trace(shop: Shop) -> None:
    class NoNetwork:
        broken = True

        def send(self, to: str, text: str) -> None:
            if self.broken:
                raise SmsNotSent

    network = NoNetwork()
    codes = OneTimeCodes(shop.unit_of_work, shop.clock, SystemRandom(), network, "{code}")
    with pytest.raises(OperatorUnavailable):
        codes.send(PHONE, "send")
    network.broken = False
    assert codes.send(PHONE, "send").sent_at == shop.clock()


def test_a_text_without_a_place_for_the_code_is_refused(shop: Shop) -> None:
    with pytest.raises(ValueError, match="code"):
        OneTimeCodes(shop.unit_of_work, shop.clock, SystemRandom(), None, "您的验证码")  # type: ignore[arg-type]
