"""Where the channel vouches for the number, the code goes out at once. It is still wanted."""

from __future__ import annotations

from actions.base import Turn, begin_verification
from actions.verify import ResendCode, SignIn
from botkit.bss.port import UnknownCustomer
from tests.actions.conftest import Serve
from tests.actions.fakes import PHONE, FakeOperator, FakeVerifications, run, tracker
from tests.actions.test_operator_unavailable import Said


def begun(serve: Serve, operator: FakeOperator, **of_tracker: object) -> list[dict[str, object]]:
    services = serve(operator, FakeVerifications(vouched_number=PHONE))
    turn = Turn(services, Said(), tracker(**of_tracker), {}, "action_balance")  # type: ignore[arg-type]
    return begin_verification(turn)


PREFILLED = {"event": "slot", "timestamp": None, "name": "login_phone", "value": PHONE}


def test_the_form_begins_with_the_vouched_number(serve: Serve) -> None:
    events = begun(serve, FakeOperator())
    assert PREFILLED in events and events[-1]["name"] == "verify_form"


def test_not_where_it_is_no_customers(serve: Serve) -> None:
    events = begun(serve, FakeOperator(customer_by_phone=UnknownCustomer()))
    assert PREFILLED not in events and events[-1]["name"] == "verify_form"


def test_not_where_another_number_was_named(serve: Serve) -> None:
    assert PREFILLED not in begun(serve, FakeOperator(), slots={"login_phone": "17000000001"})


def test_not_within_the_form_where_he_wants_another(serve: Serve) -> None:
    assert PREFILLED not in begun(serve, FakeOperator(), form="verify_form")


def test_signing_in_begins_with_it_too(serve: Serve) -> None:
    services = serve(FakeOperator(), FakeVerifications(vouched_number=PHONE))
    for action in (SignIn, ResendCode):
        assert PREFILLED in run(action, services, tracker()).events
