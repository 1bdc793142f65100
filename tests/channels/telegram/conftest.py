from __future__ import annotations

from tests.channels.telegram.talk import api, start, talk  # noqa: F401
from tests.unit.conversation.conftest import clock, engine, template, texts, work  # noqa: F401
