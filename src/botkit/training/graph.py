"""Trains Rasa's graph as `rasa train` does, and tells which node is at work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import rasa.engine.validation
from rasa.core.policies.policy import Policy
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration, GraphNodeHook, GraphSchema
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.training.graph_trainer import GraphTrainer
from rasa.shared.data import TrainingType
from rasa.shared.importers.importer import TrainingDataImporter

from botkit.training import beside
from botkit.training.beside import Beside, SharedCache
from botkit.training.progress import Phase
from botkit.training.project import QuickStorage


class Listener(Protocol):
    def step(self, phase: Phase, part: float, detail: str = "") -> None: ...


def graph_configuration(importer: TrainingDataImporter) -> GraphModelConfiguration:
    """The graph that `config.yml` asks for. Raises `InvalidConfigException` and others where Rasa cannot make it."""
    config = importer.get_config()
    recipe = Recipe.recipe_for_name(config.get("recipe"))
    config, _missing, _configured = recipe.auto_configure(importer.get_config_file_for_auto_config(), config)
    configuration = recipe.graph_config_for_recipe(config, {}, training_type=TrainingType.BOTH)
    rasa.engine.validation.validate(configuration)
    return configuration


def train_graph(importer: TrainingDataImporter, output: Path, folder: Path, tell: Listener) -> None:
    """Train from what `importer` reads into the archive `output`; `folder` is empty and for scratch."""
    model = graph_configuration(importer)
    tell.step(Phase.READING, 0.0)

    class Runner(DaskGraphRunner):
        """Rasa makes its runner itself, from a class: so the listener comes with the class."""

        _watch: Watch | None = None
        _apart: Sequence[Beside] = ()

        @classmethod
        def create(
            cls,
            graph_schema: GraphSchema,
            model_storage: Any,
            execution_context: ExecutionContext,
            hooks: list[GraphNodeHook] | None = None,
        ) -> Runner:
            if not hooks:  # a dry run
                return cls(graph_schema, model_storage, execution_context, hooks)
            watch = Watch(graph_schema, execution_context, tell)
            runner = cls(graph_schema, model_storage, execution_context, [*hooks, watch])
            runner._watch = watch
            return runner

        def _build_dask_graph(self, schema: GraphSchema) -> dict[str, Any]:
            graph: dict[str, Any] = super()._build_dask_graph(schema)
            if self._watch is not None and beside.possible():
                self._apart = [
                    Beside(name, graph[name][0])
                    for name in beside.waited_for_by_none(schema)
                    if _phase(schema.nodes[name].uses) is Phase.UNDERSTANDING  # policies take no time
                ]
                for node in self._apart:
                    graph[node.name] = (node, *graph[node.name][1:])
            return graph

        def run(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
            try:
                results: dict[str, Any] = super().run(*args, **kwargs)
            except BaseException:
                for node in self._apart:
                    node.end()
                raise
            for name, output in beside.outputs(self._apart):
                results[name] = output
                if self._watch is not None:
                    self._watch.on_after_node(name)
            if self._watch is not None:
                tell.step(Phase.PACKING, 0.0)
            return results

    GraphTrainer(QuickStorage(folder), SharedCache(), Runner).train(model, importer, output)


class Watch(GraphNodeHook):
    """Tells of each node of the graph when it begins and when it ends."""

    def __init__(self, schema: GraphSchema, context: ExecutionContext, tell: Listener) -> None:
        self._classes = {name: context.graph_schema.nodes[name].uses for name in schema.nodes}
        self._in_phase = Counter(_phase(component) for component in self._classes.values())
        self._done: Counter[Phase] = Counter()
        self._tell = tell

    def on_before_node(self, node_name: str, *_: Any, **__: Any) -> dict[str, Any]:
        self._tell_of(self._classes[node_name])
        return {}

    def on_after_node(self, node_name: str, *_: Any, **__: Any) -> None:
        component = self._classes[node_name]
        self._done[_phase(component)] += 1
        self._tell_of(component)

    def _tell_of(self, component: type) -> None:
        phase = _phase(component)
        self._tell.step(phase, self._done[phase] / self._in_phase[phase], component.__name__)


def _phase(component: type) -> Phase:
    if issubclass(component, Policy):
        return Phase.DIALOGUE
    if component.__module__.startswith("rasa.graph_components."):
        return Phase.READING
    return Phase.UNDERSTANDING
