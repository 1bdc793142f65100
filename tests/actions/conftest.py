"""Actions on literal trackers, with an operator that says what the test tells it to. Content is the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from actions.services import Services
from botkit.content import Glossary, PhoneContent, load_phones, load_terms
from botkit.content.handoff import load_handoff
from botkit.content.texts import Texts, load_texts
from tests.actions.fakes import FakeOperator, FakeVerifications, verified

CONTENT = Path(__file__).parents[2] / "rasa_project" / "content"
Serve = Callable[..., Services]


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts(CONTENT / "texts")


HANDOFF = load_handoff(CONTENT / "handoff.yml")


@pytest.fixture(scope="session")
def phones() -> PhoneContent:
    return load_phones(CONTENT / "phones")


@pytest.fixture(scope="session")
def terms() -> Glossary:
    return load_terms(CONTENT / "terms.yml")


@pytest.fixture
def serve(texts: Texts, phones: PhoneContent, terms: Glossary) -> Serve:
    """Services with this operator, for a verified customer unless told otherwise."""

    def services(operator: FakeOperator | None = None, verifications: FakeVerifications | None = None) -> Services:
        return Services(operator or FakeOperator(), verifications or verified(), phones, terms, texts, HANDOFF)  # type: ignore[arg-type]

    return services
