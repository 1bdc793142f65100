"""How much of a number or a name is shown where it need not be whole."""

from __future__ import annotations


def masked_phone(phone: str) -> str:
    """`138****8000`; of a landline `0755****5678`, whatever its extension."""
    number = phone.partition("-")[0]
    return f"{number[:-8]}****{number[-4:]}" if len(number) in (11, 12) else "****"


def masked_name(name: str) -> str:
    """`张*明`, `李*`."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" * (len(name) - 2 or 1) + (name[-1] if len(name) > 2 else "")
