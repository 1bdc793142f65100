"""Which content a model was trained from: a hash over everything that goes into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import botkit.nlu
from botkit.settings import Settings

LIBRARIES = ("rasa", "scikit-learn", "numpy", "scipy", "spacy", "jieba", "pypinyin", "opencc-python-reimplemented")
"""Whose versions a model depends on."""


def fingerprint(settings: Settings) -> str:
    """16 hexadecimal digits: content, code of `botkit.nlu`, and versions of the libraries."""
    digest = hashlib.sha256(code_fingerprint().encode())
    for path in content_files(settings.project):
        _add(digest, path.relative_to(settings.project).as_posix(), path)
    return digest.hexdigest()[:16]


def code_fingerprint() -> str:
    """The part of the fingerprint that content cannot change."""
    digest = hashlib.sha256()
    folder = Path(botkit.nlu.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        _add(digest, path.relative_to(folder).as_posix(), path)
    for library in LIBRARIES:
        digest.update(f"{library}=={metadata.version(library)}\n".encode())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Where the model of the present content lies, or will lie."""
    return settings.models / f"{fingerprint(settings)}.tar.gz"


def domain_path(project: Path) -> Path:
    """The folder `domain`, or the file `domain.yml` of a project that has no such folder."""
    return project / "domain" if (project / "domain").is_dir() else project / "domain.yml"


def content_files(project: Path) -> Iterator[Path]:
    """All files that go into a model, in a fixed order; hidden files and editors' backups do not.

    Nor does `content/`: what it names comes in through `data/lookups`, the rest is read when the server starts.
    """
    for root in (project / "config.yml", domain_path(project), project / "data"):
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            parts = path.relative_to(project).parts
            if path.is_file() and not any(part.startswith((".", "~")) or part.endswith("~") for part in parts):
                yield path


def _add(digest: hashlib._Hash, name: str, path: Path) -> None:
    content = path.read_bytes()
    digest.update(f"{name}\0{len(content)}\0".encode() + content)
