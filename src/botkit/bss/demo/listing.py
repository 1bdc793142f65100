"""What `botkit demo --json` prints: who can be talked to, and what is sold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from botkit.bss.demo.catalogue import Catalogue
from botkit.bss.demo.scenario import Scenario


def demo_listing(catalogue: Catalogue, scenarios: Sequence[Scenario], today: date) -> dict[str, list[dict[str, Any]]]:
    """The demo customers and all plans, ready for JSON.

    `monthly_fee` is a number of yuan, `phone_model` None where no phone is on record, `on_sale` as of `today`.
    """
    return {
        "customers": [
            {
                "phone": scenario.phone,
                "name": scenario.name,
                "plan": scenario.plan,
                "phone_model": f"{scenario.device.brand} {scenario.device.model}" if scenario.device else None,
                "shows": scenario.shows,
            }
            for scenario in scenarios
        ],
        "plans": [
            {
                "id": plan.id,
                "name": plan.name,
                "monthly_fee": _number(plan.monthly_fee.yuan),
                "on_sale": plan.on_sale(today),
            }
            for plan in catalogue.plans
        ],
    }


def _number(yuan: Decimal) -> int | float:
    return int(yuan) if yuan == int(yuan) else float(yuan)
