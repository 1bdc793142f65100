"""Which phone the customer has: named in the conversation, or as the network registered it."""

from __future__ import annotations

from dataclasses import dataclass

from actions.base import Turn
from botkit.fiveg.phones import PhoneModel
from botkit.telecom.customer import Device

UNKNOWN = "unknown"
"""Value of the slots for a brand or model that was asked for and not recognised."""


@dataclass(frozen=True)
class KnownPhone:
    model: PhoneModel
    registered: bool

    def said(self, turn: Turn) -> str:
        """`您登记的 小米13`."""
        return turn.text("phrase_registered_phone" if self.registered else "phrase_your_phone", phone=self.model.name)


def known_phone(turn: Turn) -> KnownPhone | None:
    """The phone spoken of, else the one on record; None where neither is known or recognised."""
    model = model_in_slots(turn)
    if model is not None:
        return KnownPhone(model, registered=False)
    model = recorded_model(turn)
    return KnownPhone(model, registered=True) if model is not None else None


def model_in_slots(turn: Turn) -> PhoneModel | None:
    name = turn.slot("device_model")
    return None if name in (None, UNKNOWN) else turn.services.phones.registry.model_named(name)


def recorded_model(turn: Turn) -> PhoneModel | None:
    """The verified customer's phone as it is on record, where it is one that we list."""
    recorded = recorded_name(turn)
    return turn.services.phones.registry.find_model(recorded).model if recorded else None


def recorded_name(turn: Turn) -> str | None:
    """The verified customer's phone in the operator's words, brand and model."""
    customer = turn.customer()
    device = turn.operator.device(customer.id) if customer else None
    return full_name(device) if device else None


def full_name(device: Device) -> str:
    """Brand and model, the brand once."""
    if device.model.lower().startswith(device.brand.lower()):
        return device.model
    return f"{device.brand} {device.model}"
