"""Checks domain, stories, rules and examples: what Rasa would stop at, what it would pass over, and its own warnings."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rasa.shared.data
from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import RuleStep
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

from botkit.training.findings import ERROR, WARNING, Finding, line_of
from botkit.training.fingerprint import domain_path
from botkit.training.graph import graph_configuration

_READER_PASSES_OVER = re.compile(r"(?:Issue found in|Unexpected block found in) '([^']+)'")
_SAID_ALWAYS = "Slot auto-fill has been removed"
_PLACES = re.compile(r"^ +in (/.+):(\d+):\n +(.+)$", re.MULTILINE)
_CONTRADICTION = re.compile(
    r"the prediction of the action '(.+)' in (?:rule|story) '(.+)' is contradicting with rule\(s\) '(.+?)'"
)
_LISTED = re.compile(r"^- ", re.MULTILINE)
_QUOTED = re.compile(r"'([^']+)'")


def load(project: Path) -> tuple[TrainingDataImporter, list[Finding]]:
    """Read everything. Rasa warns of entries that it leaves out: those are errors here. Raises what Rasa raises."""
    domain = str(domain_path(project))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        Domain.load(domain)  # the importer takes an empty domain where this one raises
        importer = TrainingDataImporter.load_from_config(str(project / "config.yml"), domain, [str(project / "data")])
        importer.get_config(), importer.get_domain(), importer.get_stories(), importer.get_nlu_data()
    return importer, list(_from_warnings(caught))


def find_problems(importer: TrainingDataImporter, project: Path) -> list[Finding]:
    """All that is wrong with what was read, errors first."""
    found = [
        *_configuration(importer, project),
        *_unread_files(project),
        *_unknown_names(importer),
        *_intents(importer, project),
        *_forms_and_slots(importer),
    ]
    if not any(finding.severity == ERROR for finding in found):  # Rasa checks rules only where all names are known
        found += _rules(importer)
    return sorted(found, key=lambda finding: finding.severity)  # "error" before "warning"


def explain(error: BaseException, project: Path) -> list[Finding]:
    """What Rasa raised while reading, with the file and line where it names them."""
    text = str(error).partition("You can use https://")[0].strip() or type(error).__name__
    places = _PLACES.findall(text)
    if places:
        return [Finding(f"Rasa 不接受这里的写法: {message.strip()}", file, int(line)) for file, line, message in places]
    file = str(getattr(error, "filename", "") or "") or next(iter(re.findall(r"/[^\s'\"]+\.ya?ml", text)), "")
    return [Finding(f"Rasa 不接受: {text}", file or str(project))]


def _from_warnings(caught: list[warnings.WarningMessage]) -> Iterator[Finding]:
    for text in _texts(caught):
        place = _READER_PASSES_OVER.search(text)
        if "not part of the domain" in text:
            continue  # found again below, with the line
        if place:
            yield Finding(f"Rasa 会略过这里的内容: {text}", place[1])
        else:
            yield Finding(text, severity=WARNING)


def _configuration(importer: TrainingDataImporter, project: Path) -> Iterator[Finding]:
    try:
        graph_configuration(importer)
    except Exception as error:  # Rasa raises many types here
        file = str(project / "config.yml")
        lines = (line_of(file, name) for name in re.findall(r"'([\w.]+)'", str(error)))
        yield Finding(f"Rasa 不接受这份配置: {error}", file, next(filter(None, lines), 0))


def _texts(caught: list[warnings.WarningMessage]) -> list[str]:
    texts = dict.fromkeys(str(warning.message) for warning in caught if issubclass(warning.category, UserWarning))
    return [text for text in texts if not text.startswith(_SAID_ALWAYS)]


def _unread_files(project: Path) -> Iterator[Finding]:
    """Files under `data/` that Rasa leaves aside without a word, mostly for a misspelt first line."""
    for path in sorted((project / "data").rglob("*")):
        if rasa.shared.data.is_likely_yaml_file(path) and not (
            rasa.shared.data.is_nlu_file(str(path)) or YAMLStoryReader.is_stories_file(path)
        ):
            yield Finding("这个文件里没有 Rasa 认识的内容。第一层应当有 nlu、rules、stories 或 responses。", str(path))


def _unknown_names(importer: TrainingDataImporter) -> Iterator[Finding]:
    """Names in rules and stories that the domain does not have."""
    domain = importer.get_domain()
    actions = {*domain.action_names_or_texts}
    slots = {slot.name for slot in domain.slots}
    told = set()
    for step in importer.get_stories().story_steps:
        for event in step.events:
            if isinstance(event, UserUttered) and event.intent_name:
                kind, name, known = "意图", event.intent_name, event.intent_name in domain.intents
            elif isinstance(event, ActionExecuted) and event.action_name:
                kind, name, known = _kind_of(event.action_name), event.action_name, event.action_name in actions
            elif isinstance(event, ActiveLoop) and event.name:
                kind, name, known = "表单", event.name, event.name in actions
            elif isinstance(event, SlotSet):
                kind, name, known = "槽位", event.key, event.key in slots
            else:
                continue
            if not known and (step.block_name, name) not in told:
                told.add((step.block_name, name))
                what = "规则" if isinstance(step, RuleStep) else "故事"
                file = str(step.source_name or "")
                message = (
                    f"{what}「{step.block_name}」用到的{kind} {name} 在 domain 里没有。请检查拼写, 或在 domain 里补上。"
                )
                yield Finding(message, file, line_of(file, name))


def _kind_of(action: str) -> str:
    return "回复" if action.startswith("utter_") else "动作"


def _intents(importer: TrainingDataImporter, project: Path) -> Iterator[Finding]:
    """Intents of the examples that the domain lacks, intents without examples, and examples of two intents."""
    files = [str(path) for path in sorted((project / "data").rglob("*.y*ml"))]
    known = set(importer.get_domain().intents)
    intents_of: dict[str, set[str]] = {}
    for example in importer.get_nlu_data().intent_examples:
        intents_of.setdefault(str(example.get("text")), set()).add(example.get("intent"))
    for intent in sorted(set().union(*intents_of.values()) - known):
        file, line = _place(files, f"intent: {intent}")
        yield Finding(
            f"意图 {intent} 有例句, 但 domain 里没有登记。请检查拼写, 或在 domain 的 intents 里补上。", file, line
        )
    for text, intents in intents_of.items():
        if len(intents) > 1:
            names = "、".join(sorted(intents))
            file, line = _place(files, f"- {text}")
            yield Finding(f"同一句「{text}」写在了几个意图下: {names}。请只留一处。", file, line, WARNING)


def _place(files: list[str], text: str) -> tuple[str, int]:
    for file in files:
        if line := line_of(file, text):
            return file, line
    return "", 0


def _forms_and_slots(importer: TrainingDataImporter) -> Iterator[Finding]:
    """What Rasa's own validator says of forms and slot mappings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        validator = Validator.from_importer(importer)
        validator.verify_form_slots()
        validator.verify_slot_mappings()
    for text in _texts(caught):
        yield Finding(f"domain 里的表单或槽位不对: {text}")


def _rules(importer: TrainingDataImporter) -> Iterator[Finding]:
    """Rules that contradict each other or a story, or leave something open. Rasa would say so after the NLU training."""
    config: dict[str, Any] = next(
        (p for p in importer.get_config().get("policies") or [] if p["name"] == "RulePolicy"), {}
    )
    if not config:
        return
    domain, stories = importer.get_domain(), importer.get_stories()
    trackers = TrainingDataGenerator(stories, domain, augmentation_factor=0, use_story_concatenation=False).generate()
    with tempfile.TemporaryDirectory() as folder:
        policy = RulePolicy(
            RulePolicy.get_default_config() | config,
            LocalModelStorage(Path(folder)),
            Resource("rules"),
            ExecutionContext(GraphSchema({})),
        )
        try:
            RulePolicy.raise_if_incompatible_with_domain(RulePolicy.get_default_config() | config, domain)
            policy.train(trackers, domain)
        except InvalidRule as error:
            file_of = {step.block_name: str(step.source_name or "") for step in stories.story_steps}
            for text in _LISTED.split(error.message)[1:] or [error.message]:
                name = next((name for name in _QUOTED.findall(text) if name in file_of), "")
                file = file_of.get(name, "")
                yield Finding(_rule_problem(text), file, line_of(file, name) if file else 0)


def _rule_problem(text: str) -> str:
    if match := _CONTRADICTION.search(text):
        action, name, others = match.groups()
        return f"「{name}」这里要做 {action}, 与规则「{others}」矛盾。请让两处一致, 或删掉一处。"
    sentence = " ".join(text.partition("Please update your")[0].split())
    return f"规则互相矛盾或不完整: {sentence}"
