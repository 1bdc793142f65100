"""`botkit content check`: every content file read and held against the others, each problem with its file and remedy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from botkit.bss.demo.catalogue import load_catalogue
from botkit.content import ContentError, Glossary, PhoneContent, load_hours, load_phones, load_terms
from botkit.content.handoff import load_handoff
from botkit.content.sms import load_sms_codes
from botkit.content.texts import Texts, errand_text, load_texts
from botkit.desk.knowledge import load_responses, unknown_answers
from botkit.lookups import stale_lookups
from botkit.settings import Settings
from botkit.training import TrainingError, check

_ERRAND = "action_errand"
"""The action that answers by intent, see `actions.errands`."""


def check_content(settings: Settings) -> int:
    """Print what is wrong, or that nothing is. 0: all well, 1: something is wrong."""
    problems = list(content_problems(settings))
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"内容检查没有通过, 共 {len(problems)} 处。", file=sys.stderr)
        return 1
    print("内容检查通过。")
    return 0


def content_problems(settings: Settings) -> Iterator[str]:
    """All problems: of our own files first, then what Rasa has on domain, rules, stories and examples."""
    try:
        phones = load_phones(settings.content / "phones")
        terms = load_terms(settings.content / "terms.yml")
        texts = load_texts(settings.content / "texts")
        load_hours(settings.content / "desk" / "hours.yml")
        intents = _intents(settings.project / "domain")
        load_handoff(settings.content / "handoff.yml", intents, texts.names)
        load_sms_codes(settings.content / "channels" / "sms.yml", intents)
    except ContentError as error:
        yield str(error)
        return
    yield from _stale(settings, phones, terms)
    yield from unanswered_errands(settings.project, texts)
    for name in unknown_answers(texts, load_responses(settings.project / "domain")):
        yield f"content/texts/desk.yml: desk_knowledge 里的 {name} 没有对应的文案。请改成现有的名称, 或删掉这一行。"
    try:
        yield from map(str, check(settings))
    except TrainingError as error:
        yield from map(str, error.findings or (error,))


def _stale(settings: Settings, phones: PhoneContent, terms: Glossary) -> Iterator[str]:
    catalogue = load_catalogue()
    for path in stale_lookups(settings.project / "data" / "lookups", catalogue.plans, catalogue.add_ons, phones, terms):
        yield f"{path}: 名称表和套餐目录、手机、词语解释对不上。请运行 botkit content lookups。"


def unanswered_errands(project: Path, texts: Texts) -> Iterator[str]:
    """Intents that a rule gives to `action_errand`, and that no text answers."""
    for path in sorted((project / "data" / "rules").glob("*.yml")):
        for rule in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("rules") or ():
            steps = rule.get("steps") or ()
            if not any(step.get("action") == _ERRAND for step in steps):
                continue
            for intent in (step["intent"] for step in steps if "intent" in step):
                if errand_text(intent) not in texts.names:
                    yield f"{path}: {intent} 没有回答。请在 content/texts/errands.yml 里写一条 {errand_text(intent)}。"


def _intents(folder: Path) -> frozenset[str]:
    """The intents of the domain files of a folder."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in sorted(folder.glob("*.yml"))]
    return frozenset(str(intent) for file in files for intent in file.get("intents") or ())
