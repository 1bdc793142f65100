from __future__ import annotations

import pytest

from botkit.telecom.eligibility import is_eligible
from botkit.telecom.plan import Eligibility

ELDERLY = Eligibility(min_age=60)
CHILDREN = Eligibility(max_age=14)


@pytest.mark.parametrize(
    ("rule", "age", "eligible"),
    [
        (Eligibility(), 30, True),
        (Eligibility(), None, True),
        (ELDERLY, 59, False),
        (ELDERLY, 60, True),
        (ELDERLY, None, False),
        (CHILDREN, 14, True),
        (CHILDREN, 15, False),
        (CHILDREN, None, False),
    ],
)
def test_age(rule: Eligibility, age: int | None, eligible: bool) -> None:
    assert is_eligible(rule, age=age) is eligible


def test_every_requirement_must_be_met() -> None:
    rule = Eligibility(requires=("disabled_certificate", "min_tenure_months:6"))
    assert not is_eligible(rule, age=30)
    assert not is_eligible(rule, age=30, fulfils={"disabled_certificate"})
    assert is_eligible(rule, age=30, fulfils={"disabled_certificate", "min_tenure_months:6"})
