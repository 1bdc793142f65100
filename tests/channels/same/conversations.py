"""Ten conversations: what a customer says, and the facts that he must then be given. The facts come from the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from botkit.bss.port import Operator
from botkit.content import PhoneContent
from botkit.fiveg import build_guide
from botkit.telecom.bill import ItemKind
from botkit.telecom.usage import BucketKind
from tests.channels.same.facts import Fact, rows
from tests.conversations.figures import DemoCustomer, average, data_charge, named, volume, written
from tests.conversations.test_bill import items
from tests.conversations.test_comparison import deltas
from tests.conversations.test_recommendation import cheaper, would_pay
from tests.conversations.test_usage import GENERAL, cheapest, estimate, to_come

GREETING = "您好, 我来帮您查这笔费用"
"""What the agent says to whoever is handed over."""


@dataclass(frozen=True)
class Turn:
    """The customer says it, or chooses it where `choice`; the answer gives the facts."""

    says: str
    facts: Sequence[Fact] = ()
    choice: bool = False


@dataclass(frozen=True)
class Conversation:
    """phone: of the customer, or of somebody who is nobody's customer. verified_at: the turn after which he is asked who he
    is, None where he never is. human: after the last turn he is handed over.
    """

    name: str
    phone: str
    turns: Sequence[Turn]
    verified_at: int | None = 0
    human: bool = False

    @property
    def facts(self) -> Sequence[Fact]:
        return [fact for turn in self.turns for fact in turn.facts]


@dataclass(frozen=True)
class Rules:
    """What facts are taken from. ticket: (number, department) of the one that customer 7 has."""

    operator: Operator
    phones: PhoneContent
    ticket: tuple[str, str]

    def demo(self, number: int) -> DemoCustomer:
        return DemoCustomer(self.operator, f"170000000{number:02d}")


def ten(rules: Rules) -> Sequence[Conversation]:
    make: Sequence[Callable[[Rules], Conversation]] = (
        balance, bill, why_charged, usage, comparison, cheaper_plan, set_up_5g, plans, human, ticket,
    )  # fmt: skip
    return [one(rules) for one in make]


def yuan(amount: object) -> str:
    return f"{amount:.2f} 元"


def balance(rules: Rules) -> Conversation:
    mine = rules.demo(5)
    available = mine.operator.balance(mine.customer.id).balance.yuan
    facts = [Fact(f"话费余额 {yuan(available)}"), Fact(f"已用 {yuan(mine.amount())}")]
    if coming := mine.to_come():
        facts.append(Fact(yuan(coming)))
    return Conversation("Balance", mine.phone, [Turn("查余额", facts)])


def bill(rules: Rules) -> Conversation:
    mine = rules.demo(27)
    now, before = items(mine, 0), items(mine, 1)
    facts = [Fact(f"一共 {yuan(mine.amount())}"), Fact(f"一共 {yuan(mine.amount(1))}")]
    facts += rows(*((name, (now.get(name, "0.00"), before.get(name, "0.00"))) for name in now | before), unit=" 元")
    return Conversation("Bill of the month", mine.phone, [Turn("看账单", facts)])


def why_charged(rules: Rules) -> Conversation:
    mine = rules.demo(6)
    (item,) = [item for item in mine.bill().items if item.kind is ItemKind.THIRD_PARTY]
    assert item.times_charged is not None
    each = written(item.amount.yuan)
    facts = [
        Fact(f"{each} 元"),
        Fact(item.name),
        Fact(item.provider or ""),
        Fact(f"每月 {each} 元"),
        Fact(f"已连扣 {item.times_charged} 次"),
        Fact(f"共 {written(item.amount.yuan * item.times_charged)} 元"),
    ]
    return Conversation("Why was I charged", mine.phone, [Turn("为什么扣了我20块", facts)])


def usage(rules: Rules) -> Conversation:
    mine = rules.demo(1)
    bucket = mine.bucket(GENERAL)
    over = bucket.used + to_come(mine) - bucket.granted
    cost, packs = cheapest(mine.operator, mine.plan, over, 0, mine.days_left + 1)
    facts = [
        Fact(f"{volume(bucket.granted)} 已用 {volume(bucket.used)}"),
        Fact(f"剩 {volume(bucket.granted - bucket.used)}"),
        Fact(f"还有 {mine.days_left} 天"),
        Fact(f"大约会超 {volume(over)}"),
        Fact(f"约 {estimate(data_charge(mine.plan, over))} 元"),
        Fact(f"{packs[0].name} {written(cost)} 元"),
    ]
    voice = mine.bucket(BucketKind.VOICE)
    facts += rows((f"{mine.plan.name} 语音", (f"{voice.used} 分钟", f"{voice.left} 分钟")))
    return Conversation("Usage and forecast", mine.phone, [Turn("流量够用到月底不", facts)])


def comparison(rules: Rules) -> Conversation:
    a, b = named(rules.operator, "畅选79"), named(rules.operator, "畅选59")
    facts = [Fact(delta) for delta in deltas(a, b).split(", ")]
    facts += rows(
        ("月费", [f"{written(plan.monthly_fee.yuan)} 元" for plan in (a, b)]),
        ("通用流量", [str(plan.allowances.general_data) for plan in (a, b)]),
        ("通话", [f"{plan.allowances.voice_minutes} 分钟" for plan in (a, b)]),
    )
    return Conversation("Two plans compared", "13800138005", [Turn("畅选79和畅选59有什么区别", facts)], None)


def cheaper_plan(rules: Rules) -> Conversation:
    mine = rules.demo(23)
    found = cheaper(mine)
    fits = next(plan for plan in found if plan.name == "畅选79")
    facts = [
        Fact(f"有 {len(found)} 个"),
        Fact(f"最省的是 {found[0].name}, 平均每月 {written(would_pay(mine, found[0]))} 元"),
        Fact(f"最省的是 {fits.name}"),
        Fact(f"实付 {written(average([mine.amount(back) for back in (1, 2, 3)]))} 元"),
        Fact("违约金 120 元"),  # of this demo customer, four months before his contract ends
    ]
    for plan in (mine.plan, found[0], fits):
        facts += rows((plan.name, [f"{cost:.2f}" for cost in mine.costs(plan)]), unit=" 元")
    return Conversation("A cheaper plan for me", mine.phone, [Turn("有没有便宜点的", facts)])


def set_up_5g(rules: Rules) -> Conversation:
    model = rules.phones.registry.model_named("小米14")
    assert model is not None
    guide = build_guide(rules.phones.guides, model.brand_id, model, None, "5g")
    turns = [Turn("5G怎么开", [Fact("牌子")]), Turn("小米 / 红米", [Fact("哪一款")], choice=True)]
    for number, step in enumerate(guide.steps):
        facts = [Fact(step.title), *(Fact(part.strip()) for part in step.path.split("›") if part.strip())]
        turns.append(Turn("好了" if number else "小米14", facts))
    turns.append(Turn("好了", [Fact("都设置好了")]))
    return Conversation("5G on this phone, step by step", "13800138007", turns, verified_at=None)


def plans(rules: Rules) -> Conversation:
    today = rules.operator.now().date()
    on_sale = [plan for plan in rules.operator.plans() if plan.on_sale(today)]
    facts = [Fact(f"{len(on_sale)} 个")]
    facts += rows(*((plan.name, [f"{written(plan.monthly_fee.yuan)} 元"]) for plan in on_sale))
    return Conversation("All plans on sale", "13800138008", [Turn("有哪些套餐", facts)], verified_at=None)


def human(rules: Rules) -> Conversation:
    mine = rules.demo(9)
    facts = [Fact(f"一共 {yuan(mine.amount(1))}"), Fact(f"{written(mine.amount(2) - mine.amount(1))} 元")]
    turns = [Turn("上个月的账单", facts), Turn("转人工", [Fact("转人工")])]
    return Conversation("Handed over to a human", mine.phone, turns, human=True)


def ticket(rules: Rules) -> Conversation:
    number, department = rules.ticket
    facts = [Fact(f"{1} 张工单"), Fact(number), Fact(f"{department}正在处理"), Fact("今天给您回电")]
    turns = [Turn("我的工单怎么样了", [Fact("核对身份")]), Turn("核对身份", facts, choice=True)]
    return Conversation("How far is my ticket", rules.demo(7).phone, turns, verified_at=1)
