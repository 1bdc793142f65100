from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from botkit.desk.accounts import SESSION, TRIES, TRY_WINDOW, AccountError, Accounts, Agent, Presence, Role
from botkit.store.engine import UnitOfWork
from botkit.store.tables.desk import AgentRow, AgentSessionRow
from tests.unit.conversation.fakes import Clock

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(work: UnitOfWork, clock: Clock) -> Accounts:
    return Accounts(work, clock, QUICK)


@pytest.fixture
def lin(accounts: Accounts) -> Agent:
    return accounts.create("lin", "小林", Role.AGENT, ["billing"], 3, "a long secret")[0]


def test_the_first_admin_is_made_once(accounts: Accounts) -> None:
    made = accounts.ensure_admin()
    assert made is not None
    assert accounts.sign_in(*made)[0].role is Role.ADMIN
    assert accounts.ensure_admin() is None


def test_signing_in_and_out(accounts: Accounts, lin: Agent) -> None:
    agent, token = accounts.sign_in("lin", "a long secret")
    assert agent == lin
    assert accounts.signed_in(token) == lin
    assert accounts.signed_in("another") is None
    accounts.sign_out(token)
    assert accounts.signed_in(token) is None


@pytest.mark.parametrize(("login", "password"), [("lin", "wrong"), ("nobody", "a long secret"), ("lin", "")])
def test_what_does_not_fit_is_refused_in_the_same_words(
    accounts: Accounts, lin: Agent, login: str, password: str
) -> None:
    with pytest.raises(AccountError, match="wrong"):
        accounts.sign_in(login, password)


def test_guessing_is_stopped_and_may_go_on_later(accounts: Accounts, lin: Agent, clock: Clock) -> None:
    for _ in range(TRIES):
        with pytest.raises(AccountError, match="wrong"):
            accounts.sign_in("lin", "guess")
    with pytest.raises(AccountError, match="too_many_tries"):
        accounts.sign_in("lin", "a long secret")
    clock.now += TRY_WINDOW + timedelta(seconds=1)
    assert accounts.sign_in("lin", "a long secret")[0] == lin


def test_an_unused_session_ends(accounts: Accounts, lin: Agent, clock: Clock) -> None:
    _, token = accounts.sign_in("lin", "a long secret")
    clock.now += SESSION - timedelta(minutes=1)
    assert accounts.signed_in(token) == lin
    clock.now += SESSION
    assert accounts.signed_in(token) == lin
    clock.now += SESSION + timedelta(seconds=1)
    assert accounts.signed_in(token) is None


def test_neither_passwords_nor_tokens_are_kept(accounts: Accounts, lin: Agent, work: UnitOfWork) -> None:
    _, token = accounts.sign_in("lin", "a long secret")
    with work(reading=True) as session:
        assert "a long secret" not in session.query(AgentRow).one().password_hash
        assert token not in session.query(AgentSessionRow).one().digest


def test_a_changed_password_ends_the_sessions(accounts: Accounts, lin: Agent) -> None:
    _, token = accounts.sign_in("lin", "a long secret")
    with pytest.raises(AccountError, match="wrong"):
        accounts.change_password(lin.id, "guess", "another long secret")
    with pytest.raises(AccountError, match="short_password"):
        accounts.change_password(lin.id, "a long secret", "short")
    accounts.change_password(lin.id, "a long secret", "another long secret")
    assert accounts.signed_in(token) is None
    assert accounts.sign_in("lin", "another long secret")[0] == lin


def test_who_has_lost_his_password_gets_another(accounts: Accounts, lin: Agent) -> None:
    _, token = accounts.sign_in("lin", "a long secret")
    for _ in range(TRIES):
        with pytest.raises(AccountError, match="wrong"):
            accounts.sign_in("lin", "forgotten")
    fresh = accounts.reset_password(lin.id)
    assert accounts.signed_in(token) is None
    assert accounts.sign_in("lin", fresh)[0] == lin, "and need not wait for his failed tries"
    with pytest.raises(AccountError, match="unknown_agent"):
        accounts.reset_password(99)


def test_who_leaves_is_out_at_once(accounts: Accounts, lin: Agent) -> None:
    _, token = accounts.sign_in("lin", "a long secret")
    left = accounts.change(lin.id, "小林", Role.AGENT, ["billing"], 3, active=False)
    assert left.presence is Presence.OFFLINE and accounts.signed_in(token) is None
    with pytest.raises(AccountError, match="wrong"):
        accounts.sign_in("lin", "a long secret")


def test_the_last_admin_stays(accounts: Accounts) -> None:
    accounts.ensure_admin()
    (admin,) = accounts.agents()
    with pytest.raises(AccountError, match="last_admin"):
        accounts.change(admin.id, "管理员", Role.AGENT, [], 3, active=True)
    _other, _ = accounts.create("chen", "小陈", Role.ADMIN, [], 3)
    accounts.change(admin.id, "管理员", Role.AGENT, [], 3, active=True)
    assert [agent.role for agent in accounts.agents()] == [Role.AGENT, Role.ADMIN]


@pytest.mark.parametrize(
    ("login", "name", "groups", "limit", "problem"),
    [
        ("l", "小林", [], 3, "login_form"),
        ("lin lin", "小林", [], 3, "login_form"),
        ("chen", " ", [], 3, "name_missing"),
        ("chen", "小陈", ["cooking"], 3, "limit"),
        ("chen", "小陈", [], 0, "limit"),
        ("lin", "另一位", [], 3, "login_taken"),
    ],
)
def test_agents_that_cannot_be(
    accounts: Accounts, lin: Agent, login: str, name: str, groups: list[str], limit: int, problem: str
) -> None:
    with pytest.raises(AccountError, match=problem):
        accounts.create(login, name, Role.AGENT, groups, limit)
