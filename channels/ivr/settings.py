"""What the voice menu is told by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from botkit.settings import SettingsError

SHORTEST = 16


@dataclass(frozen=True)
class IvrSettings:
    """
    secret: BOTKIT_IVR_SECRET. Shared with the telephone system, at least 16 characters; without it there is no such channel.
    patience: BOTKIT_IVR_PATIENCE. Seconds a request waits for the answer, 3; less than what the telephone system waits.
    """

    secret: str
    patience: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> IvrSettings | None:
        """None where the channel is not configured. Raises SettingsError."""
        secret, patience = environment.get("BOTKIT_IVR_SECRET", ""), environment.get("BOTKIT_IVR_PATIENCE", "")
        if not secret:
            if patience:
                raise SettingsError("BOTKIT_IVR_PATIENCE is set, BOTKIT_IVR_SECRET is not")
            return None
        if len(secret) < SHORTEST or not secret.isascii() or not secret.isprintable() or " " in secret:
            raise SettingsError(f"BOTKIT_IVR_SECRET: at least {SHORTEST} printable ASCII characters without blanks")
        try:
            seconds = float(patience or 3)
        except ValueError:
            seconds = 0.0
        if not 0.1 <= seconds <= 30:
            raise SettingsError(f"BOTKIT_IVR_PATIENCE={patience!r}: seconds from 0.1 to 30 are wanted")
        return cls(secret, seconds)
