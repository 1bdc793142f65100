"""Who may see everything about a customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from botkit.content.texts import Texts
from botkit.conversation.verification import Verifications
from botkit.desk.access import Access
from botkit.desk.accounts import Agent, Role
from botkit.store.engine import UnitOfWork
from tests.unit.conversation.fakes import Clock
from tests.unit.desk.floor import Floor


class House(Floor):
    def __init__(self, work: UnitOfWork, texts: Texts, clock: Clock) -> None:
        super().__init__(work, texts, clock)
        self.access = Access(work)
        self.verifications = Verifications(work, clock, timedelta(hours=1))
        self.lin = self.agent("lin", "billing")
        self.chen = self.agent("chen", "plans")

    def who(self, talk: str) -> str:
        """The names of those who may."""
        everybody: dict[str, Agent] = {"lin": self.lin, "chen": self.chen}
        return " ".join(name for name, agent in everybody.items() if self.access.panorama(agent, talk))


@pytest.fixture
def house(any_work: UnitOfWork, texts: Texts, clock: Clock) -> House:
    return House(any_work, texts, clock)


async def test_nobody_while_the_bot_has_him_but_supervisors(house: House) -> None:
    talk = await house.says("你好")
    assert house.who(talk) == ""
    for role in (Role.SUPERVISOR, Role.ADMIN):
        assert house.access.panorama(replace(house.chen, role=role), talk)


async def test_the_groups_in_which_he_waits_and_then_who_serves(house: House) -> None:
    talk = await house.waits("bill")
    assert house.who(talk) == "lin"
    house.service.take_over(house.chen, talk)
    assert house.who(talk) == "chen", "others of the group have nothing to do with him any more"


async def test_the_keeper_stays_so_who_got_him_later_does_not(house: House) -> None:
    talk = await house.waits("bill")
    house.service.accept(house.lin, talk)
    house.service.transfer(house.lin, talk, "plans", house.chen.id, "请看套餐")
    assert house.who(talk) == "lin chen"
    house.service.close(house.chen, talk, "好了", "plan", solved=True)
    assert house.who(talk) == "lin"


async def test_who_is_asked_in_a_consult_sees_him_as_long_as_it_runs(house: House) -> None:
    talk = await house.waits("bill")
    house.service.accept(house.lin, talk)
    assert house.who(talk) == "lin"
    house.service.consult(house.lin, talk, ["plans"], "换套餐合算吗?")
    assert house.who(talk) == "lin chen"
    house.service.close(house.lin, talk, "好了", "plan", solved=True)
    assert house.who(talk) == "lin"


async def test_the_keeper_of_one_customer_is_not_that_of_the_next_at_the_same_browser(house: House) -> None:
    talk = await house.waits("bill")
    house.verifications.establish(talk, "c1", "17000000001")
    house.service.accept(house.lin, talk)
    house.service.close(house.lin, talk, "好了", "plan", solved=True)
    assert house.who(talk) == "lin"
    house.verifications.establish(talk, "c2", "17000000002")
    assert house.who(talk) == ""


def test_of_no_conversation_nothing_is_seen(house: House) -> None:
    assert house.who("nowhere") == ""
