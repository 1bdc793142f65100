"""The demo's phones are phones that the 5G guide knows, and their lines use the network that they can."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.bss.demo.scenario import Scenario, load_scenarios
from botkit.content.phones import load_phones
from botkit.fiveg.support import sa_support

PHONES = Path(__file__).parents[3] / "rasa_project" / "content" / "phones"


@pytest.mark.parametrize("scenario", load_scenarios(), ids=lambda scenario: str(scenario.id))
def test_the_phone_is_known_and_fits_the_traffic(scenario: Scenario) -> None:
    if scenario.device is None:
        return
    model = load_phones(PHONES).registry.find_model(f"{scenario.device.brand} {scenario.device.model}").model
    assert model is not None
    assert sa_support(model).sa == "yes" or scenario.habits.sa == 0
