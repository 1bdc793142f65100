"""The same ten conversations on every channel: the same facts, within each channel's limits, and the docs say so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.channels.same.run import AGENT_SPOKE, CHANNELS, TRANSFERRED, Seen, see
from tests.channels.same.table import PAGE, committed, page

pytestmark = [pytest.mark.model, pytest.mark.slow]

CHANNEL_NAMES = [kind.name for kind in CHANNELS]
_OF_VERIFICATION = re.compile(r"\d+|.*(?:手机号码|验证码).*")
"""What is said while he proves who he is: a channel that knows his number does not ask for it."""


@pytest.fixture(scope="module")
def seen(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return see(tmp_path_factory.mktemp("same"), trained_model)


def test_there_are_ten(seen: Seen) -> None:
    assert len({conversation.name for conversation in seen.conversations}) == 10
    assert all(len(conversation.facts) > 1 for conversation in seen.conversations)


@pytest.mark.parametrize("channel", CHANNEL_NAMES)
@pytest.mark.parametrize("number", range(10))
def test_the_same_facts(seen: Seen, number: int, channel: str) -> None:
    conversation = seen.conversations[number]
    found = seen.found[conversation.name, channel]
    missing = [fact.name for fact, where in found.pages.items() if where is None]
    assert not missing, "\n".join([f"{channel} does not say {missing}", *found.texts])
    assert set(conversation.facts) <= set(found.pages)


@pytest.mark.parametrize("channel", CHANNEL_NAMES)
def test_the_desk_has_the_whole_of_it(seen: Seen, channel: str) -> None:
    """Whatever the channel, agents read the same conversation, from the first word on; and the customer hears them."""
    (conversation,) = [one for one in seen.conversations if one.human]
    found, on_the_web = seen.found[conversation.name, channel], seen.found[conversation.name, "web"]
    told = [(author, text) for author, text in found.desk if not _OF_VERIFICATION.fullmatch(text)]
    assert told == [(author, text) for author, text in on_the_web.desk if not _OF_VERIFICATION.fullmatch(text)]
    assert told[0] == ("customer", conversation.turns[0].says)
    assert len(told) >= 4, "question, answer, wish, what becomes of it"
    assert found.pages[AGENT_SPOKE] == 0
    assert (TRANSFERRED in found.pages) == (channel == "voice menu")


def test_every_request_was_as_the_platforms_want_it(seen: Seen) -> None:
    assert seen.problems == []


def test_the_docs_show_what_was_seen(seen: Seen, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--write-table"):
        PAGE.write_text(page(seen), encoding="utf-8")
    assert committed() == page(seen), (
        "docs/channels-table.md is not what was seen; look at the difference, then `make table`"
    )
