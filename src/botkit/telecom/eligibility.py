"""Who may take a plan or add-on (适用范围)."""

from __future__ import annotations

from collections.abc import Collection

from botkit.telecom.plan import Eligibility


def is_eligible(rule: Eligibility, *, age: int | None, fulfils: Collection[str] = ()) -> bool:
    """Whether a customer may take what `rule` guards.

    Args:
        age: in years; None when unknown, which excludes everything that has an age limit.
        fulfils: the requirements that the customer is known to meet, spelt as in `Eligibility.requires`.
    """
    if any(requirement not in fulfils for requirement in rule.requires):
        return False
    if age is None:
        return rule.min_age is None and rule.max_age is None
    return (rule.min_age is None or age >= rule.min_age) and (rule.max_age is None or age <= rule.max_age)
