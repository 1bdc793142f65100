import pytest

from botkit.fiveg.phones import PhoneModel
from botkit.fiveg.support import Support, sa_support


def phone(first_sold: int | None, sa: bool | None = None, network: str = "5g") -> PhoneModel:
    return PhoneModel("b", "某手机", network, "general", "B", first_sold=first_sold, sa=sa)  # type: ignore[arg-type]


def test_an_unknown_phone_is_unknown() -> None:
    assert sa_support(None) == Support("unknown", "unknown", "model_unknown", "GK")


def test_a_4g_phone_has_no_5g_whatever_its_year() -> None:
    assert sa_support(phone(2022, sa=False, network="4g")) == Support("no", "no", "four_g_phone", "B")


@pytest.mark.parametrize("year", [2019, 2020, 2023, None])
def test_an_explicit_listing_goes_before_the_year(year: int | None) -> None:
    assert sa_support(phone(year, sa=False)) == Support("yes", "no", "listed_nsa_only", "B")
    assert sa_support(phone(year, sa=True)) == Support("yes", "yes", "listed_sa", "B")


@pytest.mark.parametrize("year", [2021, 2022, 2026])
def test_5g_phones_since_2021_have_sa(year: int) -> None:
    assert sa_support(phone(year)) == Support("yes", "yes", "since_2021", "B")


def test_5g_phones_of_2020_have_sa_unless_listed_said_softly() -> None:
    assert sa_support(phone(2020)) == Support("yes", "yes", "since_2020", "C")


def test_an_unlisted_5g_phone_of_2019_is_never_asserted() -> None:
    assert sa_support(phone(2019)) == Support("yes", "unknown", "early_unlisted", "GK")


def test_without_a_year_nothing_is_asserted() -> None:
    assert sa_support(phone(None)) == Support("yes", "unknown", "year_unknown", "GK")
