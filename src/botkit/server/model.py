"""The model of the present content, trained first where there is none."""

from __future__ import annotations

from pathlib import Path

from botkit.lookups import refresh_lookups
from botkit.settings import Settings
from botkit.training import TrainingDisplay, train_if_needed


def current_model(settings: Settings) -> Path:
    """Train if needed, showing on stderr how far it is. Raises ContentError and TrainingError."""
    refresh_lookups(settings)  # names that came in with the content since
    with TrainingDisplay(settings) as display:
        return train_if_needed(settings, display).model
