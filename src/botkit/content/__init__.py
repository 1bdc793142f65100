"""Loads what content staff own (YAML under ``rasa_project/content``) into the types the rules work with.

- ``Document(path).parse(model)``: any content file into a pydantic model (derive it from ``ContentModel``).
- ``load_phones(folder)`` → ``PhoneContent(registry, guides)``: ``models.yml``, ``guide.yml``, ``brands/*.yml``.
- ``load_terms(path)`` → ``Glossary``: the plain-language glossary, ``find(text)`` and ``find_all(text)``.
- ``load_hours(path)`` → ``OpeningHours``: when agents are there.
- ``ContentError``: the one error, in Chinese: file, line, field, what is wrong, how to mend it.
"""

from botkit.content.document import ContentModel, Document
from botkit.content.errors import ContentError
from botkit.content.hours import OpeningHours, load_hours
from botkit.content.phones import PhoneContent, load_phones
from botkit.content.terms import Glossary, Term, load_terms

__all__ = [
    "ContentError",
    "ContentModel",
    "Document",
    "Glossary",
    "OpeningHours",
    "PhoneContent",
    "Term",
    "load_hours",
    "load_phones",
    "load_terms",
]
