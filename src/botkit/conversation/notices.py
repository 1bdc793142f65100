"""What the core says when a channel asks for it by payload: the greeting, or why a file was not taken.

Only names of texts travel, so that whatever a customer sends here makes the bot say nothing else than these sentences.
"""

from __future__ import annotations

from collections.abc import Mapping

BEGIN = "/begin"
"""The customer opens the conversation on a channel that shows no greeting by itself."""

_PROBLEMS = ("empty", "too_large", "type", "broken", "too_many", "lost")

FILE_NOTICES: Mapping[str, str] = {f"/file_{problem}": f"file_not_taken_{problem}" for problem in _PROBLEMS}
"""Text by payload. The problems are those of `FileRefused`, then too many of them, and one that could not be fetched."""


def file_notice(problem: str) -> str:
    """The payload for a file that was not taken."""
    return f"/file_{problem if problem in _PROBLEMS else 'broken'}"
