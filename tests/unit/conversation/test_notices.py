"""What the core says when a channel asks for it by payload."""

from __future__ import annotations

import pytest

from botkit.content.texts import Texts
from botkit.conversation.messages import Author
from botkit.conversation.notices import BEGIN, FILE_NOTICES, file_notice
from botkit.handoff.machine import Owner
from botkit.store.engine import UnitOfWork
from botkit.store.tables.conversation import ConversationRow
from tests.unit.conversation.test_router import Talk


@pytest.fixture
def talk(work: UnitOfWork, texts: Texts) -> Talk:
    return Talk(work, texts)


def owned_by(talk: Talk, owner: Owner) -> None:
    with talk.work() as session:
        session.query(ConversationRow).one().owner = owner.value


async def test_the_greeting(talk: Talk) -> None:
    (line,) = await talk.say("/start", BEGIN)
    assert (line.author, line.text) == (Author.BOT, talk.texts.text("greeting"))
    assert line.content["choices"] == talk.texts.buttons("greeting") and talk.dialogue.heard == []


async def test_whoever_is_served_by_a_human_is_not_greeted_by_the_bot(talk: Talk) -> None:
    await talk.say("你好")
    owned_by(talk, Owner.HUMAN)
    assert await talk.say("/start", BEGIN) == []


@pytest.mark.parametrize("owner", [Owner.BOT, Owner.WAITING, Owner.HUMAN, Owner.CLOSED])
async def test_why_a_file_was_not_taken_is_said_whoever_serves(talk: Talk, owner: Owner) -> None:
    await talk.say("你好")
    owned_by(talk, owner)
    (line,) = await talk.say("[文件]", file_notice("too_large"))
    assert (line.author, line.text) == (Author.SYSTEM, talk.texts.text("file_not_taken_too_large", size=8))
    assert talk.dialogue.heard == ["你好"]


def test_every_notice_has_its_text(texts: Texts) -> None:
    assert all(texts.text(name, size=8) for name in FILE_NOTICES.values())
    assert file_notice("unheard of") in FILE_NOTICES
