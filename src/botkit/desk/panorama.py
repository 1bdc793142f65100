"""Everything about a verified customer on one page: who he is, what he has, pays and uses, what was with him before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from botkit.bss.port import Operator, OperatorUnavailable, UnknownCustomer, UnknownProduct
from botkit.content.texts import Texts, fill
from botkit.fiveg.phones import PhoneRegistry
from botkit.fiveg.support import sa_support
from botkit.telecom.bill import Bill, ItemKind
from botkit.telecom.customer import Customer, Device, LineStatus
from botkit.telecom.cycle import BillingCycle
from botkit.telecom.forecast import average_so_far, forecast_at, pooled
from botkit.telecom.masking import masked_name, masked_phone
from botkit.telecom.termination import early_termination_fee
from botkit.telecom.usage import Bucket, BucketKind
from botkit.telecom.values import DataVolume, Money

_BANDS = ((18, "child"), (30, "young"), (45, "middle"), (60, "older"))
_UNITS = {BucketKind.VOICE: "minutes", BucketKind.SMS: "messages"}


@dataclass(frozen=True)
class Contact:
    """An earlier service by a human. `reason` and `end` as in `botkit.handoff.machine`; `score` and `solved` are what the
    customer said of it, None where he did not."""

    at: datetime
    channel: str
    reason: str
    end: str
    summary: str
    score: int | None = None
    solved: bool | None = None


def panorama(
    operator: Operator,
    customer_id: str,
    phone: str,
    contacts: Sequence[Contact],
    texts: Texts,
    phones: PhoneRegistry,
    tickets: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The page as the console takes it, see `docs/desk.md`; to be called for verified customers only. `tickets` are his.

    Where the operator's systems do not answer, a page with a note and without his data.
    """
    base = {"contacts": [_contact(contact) for contact in contacts], "tickets": list(tickets)}
    try:
        return _Page(operator, operator.customer(customer_id), texts, phones).content() | base
    except OperatorUnavailable:
        note = texts.text("panorama_unavailable")
    except UnknownCustomer:
        note = texts.text("panorama_gone")
    who = {"name": texts.text("card_who_verified", tail=phone[-4:]), "phone": masked_phone(phone)}
    customer = who | {"tenure": "", "status": "", "age_band": ""}
    nothing: dict[str, Any] = {
        "plan": None,
        "balance": None,
        "allowances": [],
        "bill": None,
        "contract": None,
        "phone": None,
    }
    return {"customer": customer, **nothing, "tags": [note], "note": note, **base}


@dataclass
class _Page:
    """One customer's page while it is being written."""

    operator: Operator
    customer: Customer
    texts: Texts
    phones: PhoneRegistry
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.operator.now()
        self.today = self.now.date()
        self.cycle = BillingCycle.containing(self.today, self.customer.billing_day)
        self.buckets = self.operator.buckets(self.customer.id)
        self.balance = self.operator.balance(self.customer.id)

    def content(self) -> dict[str, Any]:
        bill = self.operator.bill(self.customer.id, self.cycle)
        return {
            "customer": self._customer(),
            "plan": self._plan(),
            "balance": {"amount": self._yuan(self.balance.available), "at": self.balance.as_of.isoformat()},
            "allowances": [self._allowance(bucket) for bucket in self.buckets],
            "bill": self._bill(bill) if bill else None,
            "contract": self._contract(),
            "phone": self._phone(self.operator.device(self.customer.id)),
            "tags": list(self._tags(bill)),
        }

    def _customer(self) -> dict[str, str]:
        customer = self.customer
        return {
            "name": masked_name(customer.name),
            "phone": masked_phone(customer.phone),
            "tenure": self._tenure(),
            "status": self.texts.labels("panorama_status")[customer.status.value],
            "age_band": self.texts.labels("panorama_age")[age_band(customer.age)],
        }

    def _tenure(self) -> str:
        since, today = self.customer.tenure_since, self.today
        months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
        years, months = divmod(max(months, 0), 12)
        name = {(False, False): "_new", (True, False): "_years", (False, True): "_months"}.get(
            (bool(years), bool(months)), ""
        )
        return self.texts.text(f"panorama_tenure{name}", years=years, months=months)

    def _plan(self) -> str | None:
        held = next((s for s in self.operator.subscriptions(self.customer.id) if s.is_plan), None)
        if held is None:
            return None
        try:
            plan = self.operator.plan(held.product_id)
        except UnknownProduct:
            return held.name
        return self.texts.text("panorama_plan", name=plan.name, fee=plan.monthly_fee.plain)

    def _allowance(self, bucket: Bucket) -> dict[str, str]:
        return {
            "name": bucket.name,
            "used": self._quantity(bucket, bucket.used),
            "left": self._quantity(bucket, bucket.left),
            "expires": self._day(bucket.expires),
        }

    def _quantity(self, bucket: Bucket, quantity: int) -> str:
        if bucket.kind not in _UNITS:
            return str(DataVolume(quantity))
        pattern = self.texts.labels("panorama_units")[_UNITS[bucket.kind]]
        return fill(pattern, {"count": quantity})

    def _bill(self, bill: Bill) -> dict[str, Any]:
        period = self.texts.text(
            "panorama_period", start=self._day(bill.cycle.start), end=self._day(min(self.today, bill.cycle.end))
        )
        items = [{"name": item.name, "amount": self._yuan(item.amount)} for item in bill.items]
        return {"period": period, "total": self._yuan(bill.amount), "items": items}

    def _contract(self) -> str | None:
        contract = self.operator.contract(self.customer.id)
        if contract is None:
            return None
        fee = early_termination_fee(contract, self.today)
        if not fee.months_left:
            return self.texts.text("panorama_contract_over", name=contract.name, ends=self._day(fee.ends))
        return self.texts.text(
            "panorama_contract" if fee.amount else "panorama_contract_free",
            name=contract.name,
            ends=self._day(fee.ends),
            left=fee.months_left,
            fee=fee.amount,
        )

    def _phone(self, device: Device | None) -> str | None:
        if device is None:
            return None
        whole = device.model.lower().startswith(device.brand.lower())
        name = device.model if whole else f"{device.brand} {device.model}"
        support = sa_support(self.phones.find_model(name).model)
        return self.texts.text(
            "panorama_phone",
            phone=name,
            five_g=self.texts.labels("panorama_five_g")[support.five_g],
            sa=self.texts.labels("panorama_sa")[support.sa],
        )

    def _tags(self, bill: Bill | None) -> Iterator[str]:
        customer, names = self.customer, self.texts.labels("panorama_tags")
        if age_band(customer.age) in ("elderly", "child"):
            yield names[age_band(customer.age)]
        if customer.language_simple:
            yield names["simple"]
        if self.balance.arrears:
            yield fill(names["arrears"], {"amount": self.balance.arrears})
        if customer.status is not LineStatus.ACTIVE:
            yield names["suspended"]
        contract = self.operator.contract(customer.id)
        if contract is not None and early_termination_fee(contract, self.today).months_left:
            yield names["contract"]
        yield from (names[tag] for tag in self._short_of_data())
        if charged := third_parties(bill):
            yield fill(names["third_party"], {"names": "、".join(charged)})
        if customer.family_id:
            yield names["family"]

    def _short_of_data(self) -> Iterator[str]:
        general = [bucket for bucket in self.buckets if bucket.kind is BucketKind.GENERAL_DATA]
        if not general or not sum(bucket.granted for bucket in general):
            return
        bucket = pooled(general)
        if not bucket.left:
            yield "used_up"
        elif forecast_at(*average_so_far(bucket, self.cycle, self.now), bucket, self.cycle, self.today).overrun:
            yield "overrun"

    def _yuan(self, amount: Money) -> str:
        return self.texts.text("panorama_yuan", amount=str(amount).replace("-", "−"))

    def _day(self, on: date) -> str:
        name = "panorama_day" if on.year == self.today.year else "panorama_day_of_year"
        return self.texts.text(name, year=on.year, month=on.month, day=on.day)


def age_band(age: int) -> str:
    """The name of the band among the labels `panorama_age`."""
    return next((band for limit, band in _BANDS if age < limit), "elderly")


def third_parties(bill: Bill | None) -> list[str]:
    """What others charge through this bill."""
    items = bill.items if bill else ()
    return list(dict.fromkeys(item.name for item in items if item.kind is ItemKind.THIRD_PARTY))


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "at": contact.at.isoformat(),
        "channel": contact.channel,
        "reason": contact.reason,
        "end": contact.end,
        "summary": contact.summary,
        "score": contact.score,
        "solved": contact.solved,
    }
