"""Checks domain, stories, rules and examples: what Rasa would stop at, and what it would pass over without a word."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rasa.shared.data
from rasa.core.policies.rule_policy import InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.validator import Validator

from botkit.training import rasa_says
from botkit.training.findings import ERROR, WARNING, Finding, line_of
from botkit.training.fingerprint import domain_path
from botkit.training.graph import graph_configuration
from botkit.training.project import Project


@dataclass(frozen=True)
class Content:
    """A Rasa project, read. `said`: what Rasa said while it read."""

    project: Path
    importer: Project
    config: dict[str, Any]
    domain: Domain
    stories: StoryGraph
    examples: TrainingData
    said: tuple[Finding, ...]

    @classmethod
    def read(cls, project: Path) -> Content:
        """Raises whatever Rasa raises; see `rasa_says.from_error`."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            importer = Project(project, domain_path(project))
            domain = importer.get_domain()
            read = importer.get_config(), domain, importer.get_stories(), importer.get_nlu_data()
        return cls(project, importer, *read, said=tuple(rasa_says.from_warnings(caught)))


def find_problems(content: Content) -> list[Finding]:
    """All that is wrong with what was read, errors first."""
    found = [
        *content.said,
        *_configuration(content),
        *_unread_files(content.project),
        *_unknown_names(content),
        *_unknown_intents(content),
        *_examples_of_two_intents(content),
        *_forms_and_slots(content),
    ]
    if not any(finding.severity == ERROR for finding in found):  # Rasa checks rules only where all names are known
        found += _rules(content)
    return sorted(found, key=lambda finding: finding.severity)  # "error" before "warning"


def _configuration(content: Content) -> Iterator[Finding]:
    try:
        graph_configuration(content.importer)
    except Exception as error:  # Rasa raises many types here
        yield rasa_says.from_configuration_error(error, content.project / "config.yml")


def _unread_files(project: Path) -> Iterator[Finding]:
    """Files under `data/` that Rasa leaves aside, mostly for a misspelt first line."""
    for path in sorted((project / "data").rglob("*")):
        if rasa.shared.data.is_likely_yaml_file(path) and not (
            rasa.shared.data.is_nlu_file(str(path)) or YAMLStoryReader.is_stories_file(path)
        ):
            yield Finding("这个文件里没有 Rasa 认识的内容。第一层应当有 nlu、rules、stories 或 responses。", str(path))


def _unknown_names(content: Content) -> Iterator[Finding]:
    """Names in rules and stories that the domain does not have."""
    actions, slots = set(content.domain.action_names_or_texts), {slot.name for slot in content.domain.slots}
    names = {"意图": set(content.domain.intents), "回复": actions, "动作": actions, "表单": actions, "槽位": slots}
    for step in content.stories.story_steps:
        what = "规则" if isinstance(step, RuleStep) else "故事"
        file = str(step.source_name or "")
        for kind, name in dict.fromkeys(used for event in step.events if (used := _used(event))):
            if name not in names[kind]:
                problem = f"{what}「{step.block_name}」用到的{kind} {name} 在 domain 里没有"
                yield Finding(f"{problem}。请检查拼写, 或在 domain 里补上。", file, line_of(file, name))


def _used(event: Event) -> tuple[str, str] | None:
    """Kind and name of what a step of a story refers to."""
    if isinstance(event, UserUttered) and event.intent_name:
        return "意图", event.intent_name
    if isinstance(event, ActionExecuted) and event.action_name:
        return "回复" if event.action_name.startswith("utter_") else "动作", event.action_name
    if isinstance(event, ActiveLoop) and event.name:
        return "表单", event.name
    if isinstance(event, SlotSet):
        return "槽位", event.key
    return None


def _unknown_intents(content: Content) -> Iterator[Finding]:
    """Intents that have examples but are not in the domain."""
    intents = {example.get("intent") for example in content.examples.intent_examples}
    for intent in sorted(intents - set(content.domain.intents)):
        file, line = _place(content.project, f"intent: {intent}")
        yield Finding(f"意图 {intent} 有例句, 但 domain 里没有登记。请检查拼写, 或在 domain 里补上。", file, line)


def _examples_of_two_intents(content: Content) -> Iterator[Finding]:
    intents_of: dict[str, set[str]] = {}
    for example in content.examples.intent_examples:
        intents_of.setdefault(str(example.get("text")), set()).add(example.get("intent"))
    for text, intents in intents_of.items():
        if len(intents) > 1:
            file, line = _place(content.project, f"- {text}")
            message = f"同一句「{text}」写在了几个意图下: {'、'.join(sorted(intents))}。请只留一处。"
            yield Finding(message, file, line, WARNING)


def _place(project: Path, text: str) -> tuple[str, int]:
    for path in sorted((project / "data").rglob("*.y*ml")):
        if line := line_of(str(path), text):
            return str(path), line
    return "", 0


def _forms_and_slots(content: Content) -> Iterator[Finding]:
    """What Rasa's own validator says of forms and slot mappings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        validator = Validator(content.domain, content.examples, content.stories, content.config)
        validator.verify_form_slots()
        validator.verify_slot_mappings()
    for text in rasa_says.warning_texts(caught):
        yield Finding(f"domain 里的表单或槽位不对: {text}")


def _rules(content: Content) -> Iterator[Finding]:
    """Rules that contradict each other or a story, or leave something open. Rasa says so after the NLU is trained."""
    config = next((policy for policy in content.config.get("policies") or [] if policy["name"] == "RulePolicy"), None)
    if config is None:
        return
    generator = TrainingDataGenerator(
        content.stories, content.domain, augmentation_factor=0, use_story_concatenation=False
    )
    config = RulePolicy.get_default_config() | config
    with tempfile.TemporaryDirectory() as folder:
        context = ExecutionContext(GraphSchema({}))
        policy = RulePolicy(config, LocalModelStorage(Path(folder)), Resource("rules"), context)
        try:
            RulePolicy.raise_if_incompatible_with_domain(config, content.domain)
            policy.train(generator.generate(), content.domain)
        except InvalidRule as error:
            file_of = {step.block_name: str(step.source_name or "") for step in content.stories.story_steps}
            yield from rasa_says.from_invalid_rules(error.message, file_of)
