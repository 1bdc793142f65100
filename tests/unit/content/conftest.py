"""The project's own content files, read once."""

from pathlib import Path

import pytest

from botkit.content import Glossary, PhoneContent, load_phones, load_terms

CONTENT = Path(__file__).resolve().parents[3] / "rasa_project" / "content"


@pytest.fixture(scope="session")
def content_folder() -> Path:
    return CONTENT


@pytest.fixture(scope="session")
def phones() -> PhoneContent:
    return load_phones(CONTENT / "phones")


@pytest.fixture(scope="session")
def glossary() -> Glossary:
    return load_terms(CONTENT / "terms.yml")
