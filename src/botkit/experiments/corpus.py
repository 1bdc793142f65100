"""The training examples, and any other message, as pipelines see them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from botkit.experiments.seen import Seen
from botkit.nlu.components import VIEWS, ChineseSegmenter, NgramIntentClassifier


class Corpus:
    """The examples of a Rasa project, and its segmenter.

    seen, intents: the examples. settings: of the intent classifier in `config.yml`, with its defaults.
    """

    def __init__(self, project: Path, most: int = 0) -> None:
        """most: about how many examples to take, from all over the data; 0 for all."""
        importer = RasaFileImporter(str(project / "config.yml"), None, [str(project / "data")])
        data, pipeline = importer.get_nlu_data(), importer.get_config()["pipeline"]
        self.settings = _settings(NgramIntentClassifier, pipeline)
        self._folder = tempfile.TemporaryDirectory(prefix="botkit-experiments-")
        storage, resource = LocalModelStorage(Path(self._folder.name)), Resource("segmenter")
        self._segmenter = ChineseSegmenter(_settings(ChineseSegmenter, pipeline), storage, resource, {})
        self._segmenter.train(data)
        pairs = [
            (str(e.get(TEXT)), str(e.get(INTENT))) for e in data.training_examples if e.get(TEXT) and e.get(INTENT)
        ]
        pairs = pairs[:: max(len(pairs) // most, 1) if most else 1]
        self.seen = self.see([text for text, _ in pairs])
        self.intents = [intent for _, intent in pairs]

    def see(self, texts: Sequence[str]) -> list[Seen]:
        messages = self._segmenter.process([Message({TEXT: text}) for text in texts])
        return [
            Seen(text, tuple(token.text for token in message.get("text_tokens")), message.get(VIEWS))
            for text, message in zip(texts, messages, strict=True)
        ]


def _settings(component: Any, pipeline: Sequence[dict[str, Any]]) -> dict[str, Any]:
    name = f"{component.__module__}.{component.__name__}"
    chosen = next((entry for entry in pipeline if entry["name"] == name), {})
    return {**component.get_default_config(), **chosen}


def labelled_messages(path: Path) -> tuple[list[str], list[str]]:
    """Texts and intents of a file of JSON lines `{"text", "intent"}`. Raises OSError, ValueError, KeyError."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [line["text"] for line in lines], [line["intent"] for line in lines]
