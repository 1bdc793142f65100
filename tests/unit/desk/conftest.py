from __future__ import annotations

from tests.unit.conversation.conftest import any_work, clock, engine, shared_engine, template, texts, work  # noqa: F401
