"""Whole calls against the real webhook: what is said, which keys hold, what is left in the transcript."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from botkit.content.texts import Texts
from botkit.conversation.reply import Cell, Choice, Reply, StepCard, Table
from botkit.handoff.machine import HandOver, Reason
from botkit.settings import SettingsError
from botkit.store.tables.conversation import ConversationRow, VerificationRow, VouchedNumberRow
from channels.ivr.settings import IvrSettings
from tests.channels.ivr.conftest import Exchange, Running
from tests.channels.ivr.pbx import SECRET, WEBHOOK, conforms, headers, signed

BALANCE = Reply(
    "话费余额 36.42 元 (今天 14:05)。够用。",
    choices=(Choice("看账单", "/ask_bill"), Choice("转人工", "/request_human")),
)
TEL = "tel:13800138000"


def owner(exchange: Exchange, sender: str = TEL) -> str:
    with exchange.work(reading=True) as session:
        return str(session.query(ConversationRow).filter_by(channel="ivr", sender=sender).one().owner)


async def test_a_question_and_a_key(exchange: Exchange) -> None:
    phone = exchange.phone()
    start = await phone.ask("start")
    assert start["keys"]["1"] == "查余额" and start["keys"]["0"] == "转人工"
    exchange.dialogue.replies = [BALANCE]
    answer = await phone.presses("1")
    assert phone.told == "话费余额三十六块四毛二，今天下午两点零五分。够用。看账单请按一，转人工请按零。"
    assert answer["expect"] == "keys" and answer["keys"] == {"1": "看账单", "0": "转人工", "*": "再听一遍"}
    assert exchange.dialogue.heard == ["/ask_balance"]
    await phone.presses("1")
    await phone.says("流量呢")
    assert exchange.dialogue.heard == ["/ask_balance", "/ask_bill", "流量呢"]
    customer = [text for author, text in exchange.transcript(TEL) if author == "customer"]
    assert customer == ["查余额", "看账单", "流量呢"], "agents read what was chosen, not the key"
    assert set(exchange.deliveries()) == {"delivered"}


async def test_the_title_of_a_choice_may_be_said(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.replies = [Reply("是在这部手机上设置吗?", choices=(Choice("换了手机", "/deny_it"),))]
    await phone.says("5G")
    await phone.says("换了手机")
    assert exchange.transcript(TEL)[-2] == ("customer", "换了手机")


async def test_a_star_repeats_and_says_nothing_to_the_bot(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.replies = [BALANCE]
    first = await phone.presses("1")
    assert (await phone.presses("*"))["say"] == first["say"]
    assert len(exchange.dialogue.heard) == 1


async def test_a_long_answer_comes_in_portions(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    rows = tuple((Cell(f"畅选{fee}"), Cell(f"{fee} 元"), Cell(f"{fee} GB")) for fee in range(59, 129, 10))
    table = Table("", ("套餐", "月费", "流量"), rows)
    exchange.dialogue.replies = [Reply("在售套餐共 7 个:", table, choices=(Choice("帮我比两个", "/compare_plans"),))]
    answer = await phone.says("有什么套餐")
    assert answer["keys"]["1"] == "接着听" and answer["keys"]["2"] == "帮我比两个"
    portions = 0
    while "接着听" in answer["keys"].values():
        answer = await phone.chooses("接着听")
        portions += 1
    told = "".join(phone.heard)
    assert portions >= 2 and answer["keys"]["1"] == "帮我比两个"
    for fee in ("五十九", "六十九", "七十九", "八十九", "九十九", "一百零九", "一百一十九"):
        assert told.count(f"畅选{fee}，月费{fee}块，流量{fee}个 G。") == 1
    assert exchange.dialogue.heard == ["有什么套餐"], "to hear more is no question"


async def test_a_comparison(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.replies = [Reply("畅选129 换成 畅选79: 每月少 50 元, 流量少 10 GB。")]
    await phone.says("129和79比")
    assert phone.told == "畅选一百二十九换成畅选七十九，每月便宜五十块，流量少十个 G。"


async def test_a_step(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    step = StepCard("打开移动网络", 1, 3, ("设置", "双卡与移动网络"), "不同版本名称可能不同。")
    choices = (Choice("好了", "/step_done"), Choice("找不到", "/step_not_found"))
    exchange.dialogue.replies = [Reply("点您的号码。", step=step, choices=choices)]
    await phone.says("5G怎么开")
    assert phone.told.startswith("第一步，共三步，打开移动网络。打开设置，再点双卡与移动网络。点您的号码。")
    assert phone.told.endswith("好了请按一，找不到请按二，再听一遍请按星号键。")


# ------------------------------------------------------------------------------------------------------ numbers and codes


async def test_a_code_is_pressed(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    sent = exchange.texts.text("verify_code_sent", phone="138****8000")
    exchange.dialogue.replies = [Reply(sent, choices=(Choice("没收到", "/resend_code"),), asks="code")]
    answer = await phone.says("余额多少")
    assert answer["expect"] == "digits" and answer["max_digits"] == 6
    assert "尾号八零零零的号码" in phone.told and "没收到请按一再按井号键。" in phone.told
    await phone.presses("12*345678#")
    await phone.says("验证码是一二三四五幺")
    await phone.presses("1#")
    assert exchange.dialogue.heard == ["余额多少", "345678", "123451", "/resend_code"]


# ----------------------------------------------------------------------------------------------- silence and not understood


async def test_silence(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    await phone.ask("no_input")
    assert phone.told.startswith("没有听到您的声音。查余额请按一")
    await phone.ask("no_input")
    assert "转人工请按零" in phone.told
    assert (await phone.ask("no_input"))["hangup"] is True
    assert exchange.dialogue.heard == []


async def test_whoever_speaks_again_is_counted_anew(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    for _ in range(4):
        assert "hangup" not in await phone.ask("no_input")
        await phone.says("在")


async def test_not_understood_three_times_goes_to_a_human(exchange: Exchange) -> None:
    exchange.somebody_is_there("general")
    phone = exchange.phone()
    await phone.ask("start")
    await phone.presses("9")
    assert phone.told.startswith("没有这个选项。")
    await phone.says("嗯啊", confidence=0.1)
    assert "转人工请按零" in phone.told and exchange.dialogue.heard == []
    exchange.dialogue.hand_over = HandOver(Reason.ASKED)
    answer = await phone.ask("no_match")
    assert exchange.dialogue.heard == ["/request_human"] and answer["transfer"]["queue"] == "general"


# ----------------------------------------------------------------------------------------------------------------- humans


async def test_the_call_goes_to_the_queue_of_the_group(exchange: Exchange) -> None:
    exchange.somebody_is_there("billing")
    phone = exchange.phone()
    await phone.ask("start")
    await phone.says("为什么多扣我二十")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    answer = await phone.presses("0")
    with exchange.work(reading=True) as session:
        conversation = session.query(ConversationRow).one().id
    assert answer["transfer"] == {
        "queue": "billing",
        "summary": "来电尾号 8000, 未核身。最近说的: 为什么多扣我二十",
        "conversation": conversation,
    }
    assert "0" not in answer["keys"] and owner(exchange) == "waiting"
    await phone.ask("hangup")
    assert owner(exchange) == "closed", "the wait of who has hung up is over"


async def test_who_calls_again_and_still_waits_is_not_offered_it_once_more(exchange: Exchange) -> None:
    exchange.somebody_is_there("billing")
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    await phone.presses("0")
    await phone.ask("hangup")
    with exchange.work() as session:  # as when the agent who served him leaves after the call
        session.query(ConversationRow).one().owner = "waiting"
    again = exchange.phone()
    answer = await again.ask("start")
    assert "0" not in answer["keys"] and "转人工请按零" not in again.told
    for heard in ("no_input", "no_match"):
        await again.ask(heard)
        await again.ask(heard)
        assert again.told.startswith("还是没有听") and again.told.endswith("再听一遍请按星号键。")
        assert "按零" not in again.told


async def test_the_agents_telephone_does_not_show_that_he_hung_up_last_time(exchange: Exchange) -> None:
    exchange.somebody_is_there("billing")
    before = exchange.phone()
    await before.ask("start")
    await before.says("为什么多扣我二十")
    await before.ask("hangup")
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    answer = await phone.presses("0")
    assert answer["transfer"]["summary"] == "来电尾号 8000, 未核身。最近说的: 为什么多扣我二十"


async def test_nobody_is_there(exchange: Exchange) -> None:
    exchange.somebody_is_there("plans")
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    answer = await phone.presses("0")
    assert "transfer" not in answer and "现在没有客服人员在线" in phone.told and "留个回电请按一" in phone.told
    await phone.chooses("留个回电")
    assert "打幺三八开头、尾号八零零零的号码给您回电，可以吗" in phone.told and owner(exchange) == "waiting"
    await phone.chooses("就打这个")
    assert "回电工单" in phone.told and owner(exchange) == "closed"


async def test_another_number_than_ones_own_is_keyed_in(exchange: Exchange) -> None:
    exchange.somebody_is_there("plans")
    phone = exchange.phone()
    await phone.ask("start")
    exchange.dialogue.hand_over = HandOver(Reason.ASKED, "billing", "billing")
    await phone.presses("0")
    await phone.chooses("留个回电")
    answer = await phone.chooses("换个号码")
    assert (answer["expect"], answer["max_digits"]) == ("digits", 12)
    await phone.presses("1380013800#")
    assert "这个号码不对" in phone.told
    await phone.presses("075512345678")
    assert "回电工单" in phone.told and owner(exchange) == "closed"


async def test_after_the_hangup_nothing_is_verified_and_nothing_pends(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    await phone.says("余额多少")
    with exchange.work() as session:
        row = session.query(VouchedNumberRow).one()
        assert row.phone == "13800138000"
        at = exchange.clock()
        verified = VerificationRow(
            conversation_id=row.conversation_id, customer_id="c", phone=row.phone, verified_at=at, used_at=at
        )
        session.add(verified)
    await phone.ask("hangup")
    with exchange.work(reading=True) as session:
        assert session.query(VerificationRow).all() == []
    assert exchange.dialogue.heard[-1] == "/abort"
    assert ("customer", "已挂断电话") in exchange.transcript(TEL)


async def test_a_later_call_goes_on_in_the_same_history(exchange: Exchange) -> None:
    for number in ("13800138000", "+86 138-0013-8000"):
        phone = exchange.phone(number)
        await phone.ask("start")
        await phone.says("余额多少")
        await phone.ask("hangup")
    assert [text for author, text in exchange.transcript(TEL) if author == "customer"].count("余额多少") == 2


@pytest.mark.parametrize("number", [None, "anonymous", "01088886666"])
async def test_behind_other_numbers_each_call_is_for_itself(exchange: Exchange, number: str | None) -> None:
    phone = exchange.phone(number)
    await phone.ask("start")
    await phone.says("余额多少")
    assert exchange.transcript(f"call:{phone.call_id}") and not exchange.transcript(TEL)
    with exchange.work(reading=True) as session:
        assert session.query(VouchedNumberRow).all() == []


async def test_a_call_that_got_lost_ends_when_the_number_calls_again(exchange: Exchange) -> None:
    lost, phone = exchange.phone(), exchange.phone()
    await lost.ask("start")
    await lost.says("余额多少")
    await phone.ask("start")
    async with httpx.AsyncClient() as client:
        lost.turn += 1
        response = await client.post(f"{exchange.url}{WEBHOOK}", json=lost.body("no_input"), headers=headers())
    assert response.status_code == 410
    await phone.says("余额多少")


# ---------------------------------------------------------------------------------------------- the same request again


async def test_three_times_at_once_and_late_it_is_one_answer(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    phone.turn += 1
    body = phone.body("input", text="余额多少")
    first, second, third = await asyncio.gather(*(phone.post(body) for _ in range(3)))
    assert first == second == third
    await phone.says("流量呢")
    assert await phone.post(body) == first
    assert exchange.dialogue.heard == ["余额多少", "流量呢"]
    assert [text for author, text in exchange.transcript(TEL) if author == "customer"] == ["余额多少", "流量呢"]


async def test_after_a_crash_the_answer_is_the_same(template: Path, tmp_path: Path, texts: Texts) -> None:
    (tmp_path / "botkit.db").write_bytes(template.read_bytes())
    async with Running(tmp_path, texts, 5.0) as before:
        phone = before.phone()
        await phone.ask("start")
        first = await phone.says("余额多少")
        body = phone.body("input", text="余额多少")
    async with Running(tmp_path, texts, 5.0) as after:
        phone.url = after.url
        assert await phone.post(body) == first
        assert after.dialogue.heard == []


async def test_what_was_answered_and_not_sent_is_sent_after_a_crash(
    template: Path, tmp_path: Path, texts: Texts
) -> None:
    """The message was worked off, the answer not kept yet: the repeated request gets it."""
    (tmp_path / "botkit.db").write_bytes(template.read_bytes())
    async with Running(tmp_path, texts, 0.1) as before:
        phone = before.phone()
        await phone.ask("start")
        gate = asyncio.Event()
        before.dialogue.before_answering = gate.wait
        phone.turn += 1
        assert (await phone.post(phone.body("input", text="余额多少")))["again"] is True
        gate.set()
    async with Running(tmp_path, texts, 5.0) as after:
        phone.url = after.url
        assert "余额多少" in "".join((await phone.ask("again"))["say"])
        assert [text for author, text in after.transcript(TEL) if author == "customer"] == ["余额多少"]
        assert after.deliveries() == ["delivered"]


async def test_an_answer_that_is_not_ready_is_asked_for_again(hasty: Exchange) -> None:
    phone = hasty.phone()
    await phone.ask("start")
    gate = asyncio.Event()
    hasty.dialogue.before_answering = gate.wait
    phone.turn += 1
    body = phone.body("input", text="余额多少")
    answer = await phone.post(body)
    assert answer["say"] == ["请稍等。"] and answer["again"] is True
    phone.turn += 1
    assert (await phone.post(phone.body("again")))["say"] == ["还在查，请再稍等一下。"]
    gate.set()
    await phone.ask("again")
    assert "余额多少" in phone.told
    assert await phone.post(body) == answer, "the same turn, the same answer"
    assert hasty.dialogue.heard == ["余额多少"] and hasty.deliveries() == ["delivered"]


async def test_what_he_did_not_hear_is_no_longer_on_its_way(hasty: Exchange) -> None:
    phone = hasty.phone()
    await phone.ask("start")
    gate = asyncio.Event()
    hasty.dialogue.before_answering = gate.wait
    phone.turn += 1
    await phone.post(phone.body("input", text="余额多少"))
    gate.set()
    await phone.ask("hangup")
    assert hasty.deliveries() == ["failed"]


# --------------------------------------------------------------------------------------------------------------- refusals


async def refused(exchange: Exchange, body: Any, given: dict[str, str], content: bytes | None = None) -> int:
    async with httpx.AsyncClient() as client:
        if content is None:
            response = await client.post(f"{exchange.url}{WEBHOOK}", json=body, headers=given)
        else:
            response = await client.post(f"{exchange.url}{WEBHOOK}", content=content, headers=given)
    assert response.json()["error"]
    return response.status_code


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": SECRET},
        {"X-Botkit-Signature": "0" * 64},
        {"X-Botkit-Signature": "0" * 64, "X-Botkit-Timestamp": "x"},
        {"X-Botkit-Signature": "0" * 64, "X-Botkit-Timestamp": "1795500000", "Authorization": f"Bearer {SECRET}"},
    ],
)
async def test_a_wrong_secret_changes_nothing(exchange: Exchange, given: dict[str, str]) -> None:
    with capture_logs() as logged:
        assert await refused(exchange, exchange.phone(call_id="c").body("start"), given) == 401
    assert [(one["event"], one["status"]) for one in logged] == [("request refused", 401)]
    with exchange.work(reading=True) as session:
        assert session.query(ConversationRow).all() == []


async def test_a_signature_holds_for_five_minutes_and_for_its_body(exchange: Exchange) -> None:
    now = exchange.clock().timestamp()
    body = b'{"call_id": "s", "event": "start", "turn": 0}'
    async with httpx.AsyncClient() as client:
        good = await client.post(f"{exchange.url}{WEBHOOK}", content=body, headers=signed(body, now))
        assert good.status_code == 200
        conforms(good.json())
    assert await refused(exchange, None, signed(body, now - 301), body) == 401
    assert await refused(exchange, None, signed(body, now), body + b" ") == 401
    assert await refused(exchange, None, signed(body, now, "another-secret-00"), body) == 401
    exchange.clock.now += timedelta(minutes=6)
    assert await refused(exchange, None, signed(body, now), body) == 401, "listened to, and sent again later"


async def test_a_turn_is_used_once(exchange: Exchange) -> None:
    phone = exchange.phone()
    await phone.ask("start")
    await phone.says("余额多少")
    used = phone.body("input", text="转账")
    assert await refused(exchange, used, headers()) == 409
    assert await refused(exchange, {**used, "turn": 0}, headers()) == 409
    assert await refused(exchange, phone.body("start") | {"turn": 9}, headers()) == 409
    assert await refused(exchange, {**used, "turn": 9, "number": "13900139000"}, headers()) == 409
    assert await refused(exchange, exchange.phone().body("input", text="喂") | {"turn": 1}, headers()) == 404
    await phone.ask("hangup")
    assert await refused(exchange, phone.body("no_input") | {"turn": 9}, headers()) == 410
    assert exchange.dialogue.heard == ["余额多少", "/abort"]


async def test_content_type_and_size(exchange: Exchange) -> None:
    body = exchange.phone(call_id="c").body("start")
    assert await refused(exchange, None, headers() | {"Content-Type": "text/plain"}, b"{}") == 415
    assert await refused(exchange, {**body, "more": "x" * 16_000}, headers()) == 413
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{exchange.url}{WEBHOOK}")).status_code == 405


async def test_before_it_serves_it_asks_to_come_again(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange.channel, "_worker", None)
    assert await refused(exchange, exchange.phone().body("start") | {"turn": 0}, headers()) == 503


# --------------------------------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    "environment",
    [
        {"BOTKIT_IVR_PATIENCE": "3"},
        {"BOTKIT_IVR_SECRET": "short"},
        {"BOTKIT_IVR_SECRET": "with blanks in the middle"},
        {"BOTKIT_IVR_SECRET": SECRET, "BOTKIT_IVR_PATIENCE": "soon"},
        {"BOTKIT_IVR_SECRET": SECRET, "BOTKIT_IVR_PATIENCE": "nan"},
    ],
)
def test_half_settings_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        IvrSettings.from_environment(environment)


def test_without_settings_there_is_no_such_channel() -> None:
    assert IvrSettings.from_environment({}) is None
    assert IvrSettings.from_environment({"BOTKIT_IVR_SECRET": SECRET}) == IvrSettings(SECRET, 3.0)
