"""Customers and agents on the running server, each over the real wire."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import socketio

from botkit.assembly import assemble
from botkit.settings import Settings
from botkit.telecom.cycle import BillingCycle
from tests.driver import last_code
from tests.integration.server.agent import NAMESPACE, Agent, first_admin
from tests.integration.server.server import Server
from tests.integration.server.visitor import PATH, Visitor

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.asyncio]

ALL = ["billing", "plans", "technical", "complaints", "general"]


@pytest.fixture
async def admin(server: Server) -> AsyncIterator[Agent]:
    agent = await Agent(server, *first_admin(server)).connect()
    await agent.do("presence", state="away")
    yield agent
    await agent.disconnect()


@pytest.fixture
async def hire(server: Server, admin: Agent) -> AsyncIterator[Callable[..., object]]:
    """Makes agents who are signed in and connected."""
    hired: list[Agent] = []

    async def make(role: str = "agent", groups: list[str] | None = None, limit: int = 10) -> Agent:
        login = f"a{uuid.uuid4().hex[:10]}"
        made = await admin.do(
            "staff_save",
            login=login,
            name=f"客服{login[-4:]}",
            role=role,
            groups=groups or [],
            limit=limit,
            active=True,
        )
        hired.append(await Agent(server, login, made["password"]).connect())
        return hired[-1]

    yield make
    for agent in hired:
        await admin.do("staff_save", id=agent.me["id"], name="离开了", role="agent", groups=[], limit=1, active=False)
        await agent.disconnect()
    await let_everybody_go(admin)


async def let_everybody_go(admin: Agent) -> None:
    """Close what a test has left open, so that nobody of this test is given to an agent of the next."""
    await admin.until(lambda: all(item["owner"] != "human" for item in admin.items.values()))
    for talk, item in list(admin.items.items()):
        if item["owner"] == "waiting":
            await admin.do("take_over", id=talk)
            await admin.do("close", id=talk, summary="收尾", kind="other", solved=True)


@pytest.fixture
async def visit(server: Server) -> AsyncIterator[Callable[[], Visitor]]:
    made: list[Visitor] = []

    def make() -> Visitor:
        made.append(Visitor(server.url))
        return made[-1]

    yield make
    for visitor in made:
        await visitor.disconnect()


async def waiting(visitor: Visitor, agent: Agent) -> str:
    """A new customer asks for a human; the id of his conversation, as it comes up on the console."""
    known = set(agent.items)
    await visitor.connect()
    await visitor.say("转人工")
    await agent.until(lambda: any(agent.items[i]["owner"] == "waiting" for i in set(agent.items) - known))
    return next(i for i in set(agent.items) - known if agent.items[i]["owner"] == "waiting")


async def test_from_the_customers_wish_to_the_end(hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin, customer = await hire(), visit()
    talk = await waiting(customer, lin)
    assert lin.items[talk]["reason"] == "asked" and not lin.items[talk]["verified"]
    opened = await lin.do("open", id=talk)
    assert [line["author"] for line in opened["lines"] if line["text"]] == ["customer", "bot", "system"]
    await lin.do("accept", id=talk)
    await lin.says(talk, "您好, 我来帮您。")
    await customer.until(lambda: any(line["text"] == "您好, 我来帮您。" for line in customer.lines))
    line = next(line for line in customer.lines if line["author"] == "agent")
    assert line["name"].startswith("客服") and "detail" not in line
    await customer.send("我的流量怎么没了")
    await lin.until(lambda: "我的流量怎么没了" in lin.texts(talk))
    await lin.do("close", id=talk, summary="查了流量", kind="inquiry", solved=True)
    await customer.until(lambda: customer.states[-1:] == ["closed"])
    before = len(customer.lines)
    answers = await customer.say("你好")
    assert [answer["author"] for answer in answers] == ["bot"], "the bot answers again"
    assert len(customer.lines) == before + len(answers), "and nothing old"


async def test_a_call_back_a_ticket_and_a_rating(server: Server, hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin, customer = await hire(groups=["complaints"]), visit()
    talk = await waiting(customer, lin)
    (asked,) = await customer.say("给我回电话")
    assert asked["author"] == "system" and "请留一个能接到电话的号码" in asked["text"]
    assert lin.items[talk]["owner"] == "waiting"
    (left,) = await customer.say("138 0013 8000")
    assert left["author"] == "system" and "打 138****8000 联系您" in left["text"]
    await lin.until(lambda: lin.items[talk]["owner"] == "closed" and lin.items[talk]["tickets"] == 1)
    ticket = next(one for one in (await lin.do("tickets"))["tickets"] if one["conversation"] == talk)
    other = await hire(groups=["plans"])
    seen = {one["id"]: one for one in (await other.do("tickets"))["tickets"]}[ticket["id"]]
    assert (ticket["call"], ticket["phone"]) == ("13800138000", "138****8000")
    assert (seen["call"], seen["phone"]) == (None, "138****8000")
    assert "13800138000" not in server.output()
    await lin.do("ticket_step", ticket=ticket["id"], state="working", text="今天给您回电")
    await customer.until(lambda: any("今天给您回电" in line["text"] for line in customer.lines))
    assert any(ticket["number"] in line["text"] for line in await customer.say("我的工单怎么样了"))
    await lin.do("take_over", id=talk)
    made = (await lin.do("ticket", id=talk, department="billing", kind="charge", text="核对 20 元"))["ticket"]
    await customer.until(lambda: any(made["number"] in line["text"] for line in customer.lines))
    await lin.says(talk, "查好了")
    await lin.do("close", id=talk, summary="好了", kind="charge", solved=True)
    await customer.until(lambda: "choices" in customer.lines[-1])
    (further,) = await customer.say("5 满意", payload='/rate{"score": 5}')
    assert further["text"] == "谢谢, 已记下。您的事情解决了吗?"
    (thanks,) = await customer.say("已解决", payload='/rate{"solved": true}')
    assert thanks["text"] == "谢谢, 已记下。"


async def test_who_waits_sees_the_queue_move_and_then_who_serves(hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin, first, second = await hire(groups=["complaints"], limit=1), visit(), visit()
    talk = await waiting(first, lin)
    await lin.do("accept", id=talk)
    await first.until(lambda: first.standings[-1].get("agent") == lin.me["name"])
    third = visit()
    await waiting(second, lin)
    last = await waiting(third, lin)
    await third.until(lambda: third.standings[-1].get("ahead") == 1)
    await second.say("继续用机器人", payload="/back_to_bot")
    await third.until(lambda: third.standings[-1].get("ahead") == 0, 15)
    await lin.do("close", id=talk, summary="好了", kind="charge", solved=True)
    await lin.do("accept", id=last)
    await third.until(lambda: third.standings[-1] == {"state": "human", "agent": lin.me["name"]})


async def test_who_gets_a_customer_is_told_from_whom_and_why(hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin, chen, boss = await hire(groups=["general"]), await hire(), await hire(role="supervisor")
    customer = visit()
    await customer.connect()
    await customer.say("转人工")
    await lin.until(lambda: bool(lin.calls) and lin.calls[-1]["kind"] == "assigned")
    talk = lin.calls[-1]["id"]
    assert lin.calls[-1] | {"name": ""} == {
        "id": talk,
        "kind": "assigned",
        "text": "",
        "name": "",
        "by": None,
        "why": "queue",
    }
    await boss.until(lambda: any((one["id"], one["serving"]) == (lin.me["id"], 1) for one in boss.agents))
    await lin.do("transfer", id=talk, agent=chen.me["id"], note="想换套餐")
    await chen.until(lambda: any(call["kind"] == "assigned" for call in chen.calls))
    call = chen.calls[-1]
    assert (call["by"], call["why"], call["text"]) == (lin.me["id"], "transfer", "想换套餐")
    assert call["name"] == chen.items[talk]["name"]
    await boss.do("reassign", id=talk, agent=lin.me["id"])
    await lin.until(lambda: lin.calls[-1]["why"] == "reassign")
    assert lin.calls[-1]["by"] == boss.me["id"]


async def test_only_those_who_are_asked_are_called_to_a_consult(hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin, chen, other = await hire(groups=["complaints"]), await hire(groups=["technical"]), await hire(groups=["plans"])
    talk = await waiting(visit(), lin)
    await lin.do("take_over", id=talk)
    await lin.do("consult", id=talk, groups=["technical", "complaints"], question="能开 SA 吗")
    await chen.until(lambda: any(call["kind"] == "consult" for call in chen.calls))
    assert (chen.calls[-1]["by"], chen.calls[-1]["text"]) == (lin.me["id"], "能开 SA 吗")
    (consult,) = chen.items[talk]["consults"]
    await chen.do("answer", consult=consult["id"], text="能")
    await lin.until(lambda: any(call["kind"] == "answer" for call in lin.calls))
    assert (lin.calls[-1]["by"], lin.calls[-1]["text"]) == (chen.me["id"], "能")
    (consult,) = chen.items[talk]["consults"]
    assert consult["groups"] == ["complaints"], "from whom there is no answer yet"
    assert not [call for agent in (lin, other) for call in agent.calls if call["kind"] == "consult"]
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def test_a_console_without_a_session_gets_nothing(server: Server) -> None:
    import socketio

    client = socketio.AsyncClient(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(server.url, socketio_path=PATH, transports=["websocket"], namespaces=[NAMESPACE])


async def test_signing_in_over_http(server: Server) -> None:
    login, password = first_admin(server)
    assert httpx.get(f"{server.url}/desk/me").status_code == 401
    wrong = httpx.post(f"{server.url}/desk/login", json={"login": login, "password": "guess"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "账号或密码不对。")
    form = httpx.post(f"{server.url}/desk/login", data={"login": login, "password": password})
    assert form.status_code == 400, "a form of another site signs nobody in"
    right = httpx.post(f"{server.url}/desk/login", json={"login": login, "password": password})
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert httpx.get(f"{server.url}/desk/me", cookies=dict(right.cookies)).json()["me"]["role"] == "admin"
    assert httpx.post(f"{server.url}/desk/logout", cookies=dict(right.cookies)).status_code == 204
    assert httpx.get(f"{server.url}/desk/me", cookies=dict(right.cookies)).status_code == 401


async def test_who_may_do_what(hire: Callable, visit: Callable[[], Visitor]) -> None:
    lin = await hire()
    for command in ("load", "staff"):
        assert (await lin.tries(command))["code"] == "not_allowed"
    assert (await lin.tries("reassign", id="x", agent=1))["code"] == "not_allowed"
    assert (await lin.tries("say", id="nowhere", message_id=uuid.uuid4().hex, text="您好"))[
        "code"
    ] == "unknown_conversation"
    chief = await hire("supervisor")
    talk = await waiting(visit(), chief)
    await chief.do("reassign", id=talk, agent=lin.me["id"])
    await lin.until(lambda: lin.items.get(talk, {}).get("agent") == lin.me["id"])
    load = await chief.do("load")
    assert {group["group"] for group in load["groups"]} == set(ALL)


@pytest.mark.parametrize("data", [{}, {"id": 7}, {"id": None}, {"id": ["x"]}])
async def test_malformed_commands_change_nothing(hire: Callable, data: dict[str, object]) -> None:
    lin = await hire()
    for command in (
        "open",
        "accept",
        "say",
        "transfer",
        "close",
        "note",
        "history",
        "consult",
        "read",
        "ticket",
        "ticket_step",
    ):
        assert (await lin.tries(command, **data))["code"] == "malformed", command


async def test_every_message_arrives_once_and_in_order_while_the_customer_is_passed_on(
    hire: Callable, visit: Callable[[], Visitor]
) -> None:
    lin, chen, customer = await hire(groups=["general"]), await hire(), visit()
    talk = await waiting_or_served(customer, lin)
    await lin.do("open", id=talk)
    await chen.do("open", id=talk)
    texts = [f"第{number}句" for number in range(20)]

    async def write() -> None:
        for text in texts:
            await customer.send(text)

    async def pass_on() -> None:
        for by, to in ((lin, chen), (chen, lin), (lin, chen)):
            await by.do("transfer", id=talk, group="general", agent=to.me["id"], note="请接着办")

    await asyncio.gather(write(), pass_on())
    for agent in (lin, chen):
        await agent.until(lambda agent=agent: texts[-1] in agent.texts(talk))
        assert [text for text in agent.texts(talk) if text in texts] == texts
    assert not [line for line in customer.lines if line["author"] == "bot" and line["seq"] > 2]
    await chen.do("close", id=talk, summary="好了", kind="other", solved=True)


async def test_every_message_arrives_once_and_in_order_while_the_customer_waits_and_is_accepted(
    hire: Callable, visit: Callable[[], Visitor]
) -> None:
    """Each is sent twice, as by a widget whose answers were lost."""
    lin, customer = await hire(), visit()
    talk = await waiting(customer, lin)
    await lin.do("open", id=talk)
    texts = [f"第{number}句" for number in range(20)]
    half = asyncio.Event()

    async def write() -> None:
        for text in texts:
            message_id = uuid.uuid4().hex
            answers = [await customer.send(text, message_id=message_id) for _ in range(2)]
            assert answers[0] == answers[1]
            if text == texts[9]:
                half.set()

    async def accept() -> None:
        await half.wait()
        await lin.do("accept", id=talk)

    await asyncio.gather(write(), accept())
    await lin.until(lambda: texts[-1] in lin.texts(talk))
    assert [text for text in lin.texts(talk) if text in texts] == texts
    assert [line["author"] for line in customer.lines].count("bot") == 1, "it has only handed over"
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def waiting_or_served(visitor: Visitor, agent: Agent) -> str:
    """A new customer who asked for a human and is given to this agent."""
    known = set(agent.items)
    await visitor.connect()
    await visitor.say("转人工")
    mine = agent.me["id"]
    await agent.until(lambda: any(agent.items[i]["agent"] == mine for i in set(agent.items) - known))
    return next(i for i in set(agent.items) - known if agent.items[i]["agent"] == mine)


async def test_what_is_said_at_the_moment_of_closing_is_answered_once(
    hire: Callable, visit: Callable[[], Visitor]
) -> None:
    """By the bot or by nobody else: it goes to the human while he serves, else to the bot; never to both."""
    lin = await hire(groups=["general"])
    for _ in range(5):
        customer = visit()
        talk = await waiting_or_served(customer, lin)
        await asyncio.gather(
            lin.do("close", id=talk, summary="好了", kind="other", solved=True), customer.say("畅选59有多少流量")
        )
        lines = (await lin.do("open", id=talk))["lines"]
        closed = next(line["seq"] for line in lines if line.get("detail", {}).get("event") == "Close")
        asked = next(line["seq"] for line in lines if line["text"] == "畅选59有多少流量")
        answers = [line for line in lines if line["author"] == "bot" and line["seq"] > asked]
        assert bool(answers) == (asked > closed), "the bot answers it exactly if the human was gone"
        assert len(answers) <= 2 and all(line["seq"] > closed for line in answers)


async def test_a_console_that_goes_away_for_a_moment_loses_nobody(
    server: Server, hire: Callable, visit: Callable[[], Visitor]
) -> None:
    lin, customer = await hire(groups=["general"]), visit()
    talk = await waiting_or_served(customer, lin)
    await lin.disconnect()
    await customer.send("还在吗")
    await lin.connect()
    opened = await lin.do("open", id=talk)
    assert opened["item"]["agent"] == lin.me["id"]
    assert opened["lines"][-1]["text"] == "还在吗"
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def signs_in(visitor: Visitor, server: Server, phone: str) -> None:
    """Asks for the balance and proves that the number is his."""
    await visitor.connect()
    await visitor.say("查话费余额")
    await visitor.say(phone)
    await visitor.say(last_code(server.var / "sms.jsonl", phone))


async def asks_for_a_human(visitor: Visitor, agent: Agent) -> str:
    """The id of his conversation, which this agent is given."""

    def mine() -> set[str]:
        return {known for known, item in agent.items.items() if item["agent"] == agent.me["id"]}

    before = mine()
    await visitor.say("转人工")
    await agent.until(lambda: bool(mine() - before))
    return (mine() - before).pop()


async def test_the_agent_sees_a_verified_customers_figures_to_the_fen(
    server: Server, hire: Callable, visit: Callable[[], Visitor]
) -> None:
    phone, customer = "17000000006", visit()
    await signs_in(customer, server, phone)
    house = assemble(Settings.from_environment({"BOTKIT_VAR": str(server.var)}))
    line = house.operator.customer_by_phone(phone)
    balance = house.operator.balance(line.id)
    bill = house.operator.bill(line.id, BillingCycle.containing(house.operator.now().date(), line.billing_day))
    house.engine.dispose()
    assert bill is not None
    lin = await hire(groups=["billing", "general"])
    talk = await asks_for_a_human(customer, lin)
    opened = await lin.do("open", id=talk)

    card = opened["card"]
    assert card["verified"] and card["reason"] == "asked"
    assert card["summary"].startswith("尾号 0006 的客户要“查余额”, 自己要转人工, ")
    assert any(f"话费余额 {balance.available} 元" in fact["value"] for fact in card["facts"])
    assert f"{balance.available} 元" in card["first_sentence"]
    assert "先核对身份" not in [reply["title"] for reply in card["replies"]]

    panorama = opened["panorama"]
    assert (panorama["customer"]["name"], panorama["customer"]["phone"]) == ("张*英", "170****0006")
    assert panorama["plan"] == "畅选79, 每月 79 元"
    assert panorama["bill"]["total"] == f"{bill.amount} 元"
    assert [row["amount"] for row in panorama["bill"]["items"]] == [f"{item.amount} 元" for item in bill.items]
    assert panorama["contacts"] == []
    assert phone not in json.dumps([card, panorama])

    await lin.says(talk, "余额和账单都核对过了。")
    summary = (await lin.do("summary", id=talk))["summary"]
    assert summary.startswith("客户要“查余额”。客服") and "答复“余额和账单都核对过了”" in summary
    await lin.do("close", id=talk, summary=summary, kind="inquiry", solved=True)
    await customer.say("转人工")
    await lin.until(lambda: lin.items[talk]["owner"] == "human")
    again = await lin.do("open", id=talk)
    assert [contact["summary"] for contact in again["panorama"]["contacts"]] == [summary]
    assert "没说要办什么" in again["card"]["summary"], "what was settled is not asked again"
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def test_the_panorama_is_for_those_who_have_something_to_do_for_him(
    server: Server, hire: Callable, visit: Callable[[], Visitor]
) -> None:
    phone, customer = "17000000007", visit()
    await signs_in(customer, server, phone)
    lin, chen = await hire(groups=["billing", "general"]), await hire(groups=["plans"])
    chief = await hire(role="supervisor")
    talk = await asks_for_a_human(customer, lin)

    async def seen_by(agent: Agent) -> tuple[bool, bool]:
        opened = await agent.do("open", id=talk)
        await agent.do("leave", id=talk)
        return opened["panorama"] is not None, opened["panorama_refused"]

    assert (await seen_by(lin), await seen_by(chief)) == ((True, False), (True, False))
    assert await seen_by(chen) == (False, True)
    assert (await chen.do("earlier", id=talk))["conversations"] == []
    written = server.output()
    assert f'event="panorama refused" agent={chen.me["id"]} conversation={talk} customer=170****0007' in written
    assert f'event="panorama opened" agent={lin.me["id"]} conversation={talk} customer=170****0007' in written
    await lin.do("consult", id=talk, groups=["plans"], question="换套餐合算吗?")
    assert await seen_by(chen) == (True, False)
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)
    assert await seen_by(chen) == (False, True)
    assert await seen_by(lin) == (True, False), "he took him first"


async def test_the_agent_sees_nothing_personal_of_who_is_not_verified(
    hire: Callable, visit: Callable[[], Visitor]
) -> None:
    lin, customer = await hire(groups=["billing", "general"]), visit()
    await customer.connect()
    await customer.say("查话费余额")
    await customer.say("17000000009")
    talk = await asks_for_a_human(customer, lin)
    opened = await lin.do("open", id=talk)
    assert opened["panorama"] is None
    assert (opened["card"]["verified"], opened["card"]["facts"], opened["card"]["slots"]) == (False, [], [])
    shown = json.dumps(opened["card"], ensure_ascii=False)
    assert not any(personal in shown for personal in ("0009", "170", "元", "吴"))
    assert opened["card"]["replies"][0]["title"] == "先核对身份"
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def test_the_agent_has_the_customer_identified(
    server: Server, hire: Callable, visit: Callable[[], Visitor]
) -> None:
    """By the program: the human sees that it is done, and never has to ask for a code."""
    phone, lin, customer = "17000000026", await hire(groups=["billing", "general"]), visit()
    talk = await waiting_or_served(customer, lin)
    other = await hire(groups=["plans"])
    assert (await other.tries("identify", id=talk))["code"] == "not_yours"
    await lin.do("identify", id=talk)
    await customer.until(lambda: "请发您的手机号码" in customer.lines[-1]["text"])
    for said, answer in (
        ("17099999999", "不是星桥移动的号码"),
        (f"好的 {phone[:3]} {phone[3:7]} {phone[7:]}", "验证码已发到"),
    ):
        await customer.send(said)
        await customer.until(lambda answer=answer: answer in customer.lines[-1]["text"])
    before = len(customer.lines)
    await customer.send("等一下我看看短信")
    await customer.send("000000" if last_code(server.var / "sms.jsonl", phone) != "000000" else "000001")
    await customer.until(lambda: "验证码不对" in customer.lines[-1]["text"])
    assert len(customer.lines) == before + 1, "what is said to the human is answered by nobody else"
    await customer.send(last_code(server.var / "sms.jsonl", phone))
    await customer.until(lambda: customer.lines[-1]["text"].startswith("核对好了"))
    await lin.until(lambda: lin.items[talk]["verified"])
    opened = await lin.do("open", id=talk)
    assert opened["panorama"]["customer"]["phone"] == "170****0026"
    assert (await lin.tries("identify", id=talk))["code"] == "verified_already"
    before = len(customer.lines)
    await customer.send("123456")
    await lin.until(lambda: "123456" in lin.texts(talk))
    assert len(customer.lines) == before
    await lin.do("close", id=talk, summary="好了", kind="other", solved=True)


async def test_knowledge_over_the_wire(hire: Callable) -> None:
    lin = await hire()
    found = (await lin.do("search", query="开发票"))["found"]
    assert (found[0]["kind"], found[0]["title"]) == ("answer", "开发票")
    assert (await lin.do("search", query=""))["found"] == []
    assert (await lin.tries("search", query=7))["code"] == "malformed"


async def test_an_agent_who_is_dismissed_leaves_his_customers_to_others(
    hire: Callable, admin: Agent, visit: Callable[[], Visitor]
) -> None:
    lin, customer = await hire(groups=["general"]), visit()
    talk = await waiting_or_served(customer, lin)
    await admin.do("staff_save", id=lin.me["id"], name="离开了", role="agent", groups=[], limit=1, active=False)
    await admin.until(lambda: admin.items[talk]["owner"] == "waiting")
    await lin.until(lambda: ("signed_out", {}) in lin.signs and not lin.socket.connected)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await lin.connect()


async def test_a_restart_loses_no_customer_to_an_agent_who_does_not_come_back(
    new_server: Callable[..., Server],
) -> None:
    server = new_server()
    server.start()
    admin = await Agent(server, *first_admin(server)).connect()
    customer = Visitor(server.url)
    talk = await waiting(customer, admin)
    made = await admin.do("staff_save", login="lin", name="小林", role="agent", groups=["plans"], limit=3, active=True)
    lin = await Agent(server, "lin", made["password"]).connect()
    await lin.do("accept", id=talk)
    server.kill()
    for one in (admin.socket, lin.socket, customer.socket):
        await one.disconnect()
    server.start()
    admin = await Agent(server, *first_admin(server)).connect()
    assert (await admin.do("open", id=talk))["item"]["agent"] == lin.me["id"], "he has a while to come back"
    await admin.until(lambda: admin.items.get(talk, {}).get("owner") == "waiting", seconds=40)
    await admin.disconnect()
    assert server.stop() == 0
