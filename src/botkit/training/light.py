"""Keeps TensorFlow out of a process that has no use for it.

Rasa imports TensorFlow wherever a component *could* be built on it: half of the time it takes to start, and half a
gigabyte. None of the components in our `config.yml` is. `without_tensorflow` puts empty modules in its place before Rasa is
imported; classes made from them exist and can never run. It refuses when the configuration names a component that needs it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

PACKAGES = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "tensorboard")

#: Rasa's own components that do without it; all of ours do
LIGHT = {
    "FallbackClassifier", "EntitySynonymMapper", "RegexMessageHandler", "RulePolicy", "MemoizationPolicy",
    "AugmentedMemoizationPolicy",
}  # fmt: skip


def without_tensorflow(config: Path) -> bool:
    """Replace TensorFlow for the rest of this process. False, and nothing done, where the configuration needs it."""
    if any(name in sys.modules for name in PACKAGES) or not all(_is_light(name) for name in _components(config)):
        return False
    sys.meta_path.insert(0, _EmptyFinder())
    return True


def _components(config: Path) -> Iterator[str]:
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    for part in ("pipeline", "policies"):
        yield from (str(entry["name"]) for entry in content.get(part) or ())


def _is_light(name: str) -> bool:
    return name in LIGHT or name.startswith("botkit.")


class _Anything(type):
    """The type of every name in an empty module: a class that may be subclassed, called, subscripted, decorated with."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if len(arguments) == 1 and not options and callable(arguments[0]):
            return arguments[0]  # a decorator leaves what it decorates as it is
        return _Anything("result", (), {})

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())


class _EmptyModule(ModuleType):
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _EmptyFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if name.partition(".")[0] in PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
