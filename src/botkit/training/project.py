"""Reads a Rasa project once, and packs the trained model without squeezing out the last byte: both take Rasa many seconds."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

from rasa.engine.graph import GraphModelConfiguration
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_COMPONENTS_DIR,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import KEY_RESPONSES, Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.training_data import TrainingData

_QUICKLY = 1
"""How hard gzip tries, 1 to 9: the numbers of a model hardly get smaller by more."""


class Project(RasaFileImporter):
    """The files of a project, each read once.

    Rasa's stack of importers reads them again for the training, and copies and hashes all examples five times, so as to merge
    in what our projects do not have: messages inside stories, for policies that learn from them, and responses as intents.
    """

    def __init__(self, folder: Path, domain: Path) -> None:
        super().__init__(str(folder / "config.yml"), str(domain), [str(folder / "data")])
        self._language = self.get_config().get("language", "en")
        self._examples: TrainingData | None = None
        self._stories: StoryGraph | None = None
        self._domain: Domain | None = None

    def get_nlu_data(self, language: str | None = None) -> TrainingData:
        """In the language of the configuration, whatever is asked for."""
        if self._examples is None:
            self._examples = _together([loading.load_data(file, self._language) for file in self._nlu_files])
        return self._examples

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        if exclusion_percentage:
            return super().get_stories(exclusion_percentage)
        if self._stories is None:
            self._stories = super().get_stories()
        return self._stories

    def get_domain(self) -> Domain:
        """Other than Rasa's importer, which takes an empty one instead, raises for a domain that is none."""
        if self._domain is None:
            domain = Domain.load(str(self._domain_path))
            if responses := self.get_nlu_data().responses:
                domain = domain.merge(Domain.from_dict({KEY_RESPONSES: responses}))
            domain.check_missing_responses()
            self._domain = domain
        return self._domain


def _together(parts: list[TrainingData]) -> TrainingData:
    """One of many, as `TrainingData.merge` does it, but with the examples themselves and not with copies."""
    rest = TrainingData().merge(*(_without_examples(part) for part in parts))
    examples = [example for part in parts for example in part.training_examples]
    return TrainingData(examples, rest.entity_synonyms, rest.regex_features, rest.lookup_tables, rest.responses)


def _without_examples(data: TrainingData) -> TrainingData:
    return TrainingData([], data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses)


class QuickStorage(LocalModelStorage):
    """Where the components put what they learned."""

    def create_model_package(
        self, model_archive_path: str | Path, model_configuration: GraphModelConfiguration, domain: Domain
    ) -> ModelMetadata:
        """As `LocalModelStorage`, at the lowest level of gzip."""
        archive = Path(model_archive_path)
        archive.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="botkit-model-") as name:
            folder = Path(name)
            shutil.copytree(self._storage_path, folder / MODEL_ARCHIVE_COMPONENTS_DIR)
            metadata = self._create_model_metadata(domain, model_configuration)
            self._persist_metadata(metadata, folder)
            with tarfile.open(archive, "w:gz", compresslevel=_QUICKLY) as tar:
                tar.add(folder, arcname="")
        return metadata
