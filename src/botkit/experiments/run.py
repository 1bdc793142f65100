"""Runs the comparison and keeps its results; what is already measured on the same examples can be kept (`only`)."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from botkit.experiments.candidates import Candidate, Entry, candidates
from botkit.experiments.corpus import Corpus, labelled_messages
from botkit.experiments.folds import folds, groups
from botkit.experiments.footprint import footprint
from botkit.experiments.measures import Scored, best_temperature, calibrated, calibration_table, measures

Say = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How much is computed. examples: 0 for all; seeds, folds: of the light candidates; heavy_*: of the heavy ones, of
    whose folds only the first `heavy_runs` are trained; epochs: of DIET; timed: messages whose latency is measured."""

    examples: int = 0
    folds: int = 3
    seeds: int = 3
    heavy_runs: int = 1
    heavy_tested: int = 1000
    epochs: int = 4
    timed: int = 300


QUICK = Effort(examples=300, folds=2, seeds=1, heavy_tested=50, epochs=1, timed=10)


def run(
    project: Path, development: Path, folder: Path, effort: Effort, say: Say, only: Sequence[str] = ()
) -> dict[str, Any]:
    """All results, also written to `folder/results.json` after each candidate and seed: first all candidates with the
    first seed, then with the next, so that a run which is broken off leaves a whole table.

    only: keys of candidates to measure; the others keep what stands in that file. Raises ValueError for an unknown key.
    """
    corpus = Corpus(project, effort.examples)
    entries = candidates(corpus, effort.epochs)
    unknown = set(only) - {entry.key for entry in entries}
    if unknown:
        raise ValueError(f"no such candidate: {', '.join(sorted(unknown))}")
    file = folder / "results.json"
    kept = json.loads(file.read_text(encoding="utf-8"))["candidates"] if only and file.exists() else {}
    trial = _Trial(corpus, labelled_messages(development), effort)
    rows = {entry.key: _Row(entry, trial) for entry in entries if not only or entry.key in only}
    folder.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {}
    for seed in range(1, effort.seeds + 1):
        for key, row in rows.items():
            if seed > 1 and row.entry.heavy:
                continue
            started = time.monotonic()
            row.measure(seed)
            kept[key] = row.result()
            say(f"{key}, seed {seed}: {time.monotonic() - started:.0f} s, {_summary(kept[key])}")
            found = {entry.key: kept[entry.key] for entry in entries if entry.key in kept}
            results = {"effort": asdict(effort), "candidates": found}
            file.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    return results


def _summary(result: dict[str, Any]) -> str:
    accuracy = result["measures"]["accuracy"]
    return f"accuracy {accuracy['mean']:.3f} ± {accuracy['deviation']:.3f}, development {result['development']:.3f}"


class _Trial:
    """The same examples, folds and messages for every candidate."""

    def __init__(self, corpus: Corpus, development: tuple[list[str], list[str]], effort: Effort) -> None:
        self._corpus, self._effort = corpus, effort
        self._seen, self._intents = corpus.seen, corpus.intents
        self._names = sorted(set(self._intents))
        self.examples = len(self._seen)
        self._group = groups([message.text for message in self._seen])
        self._development = (corpus.see(development[0]), development[1])

    def train(self, entry: Entry, seed: int) -> Iterator[tuple[Candidate, float, Scored]]:
        """Of each fold: the trained candidate, the seconds that took, and what it predicts of the examples left out."""
        for number, (train, test) in enumerate(folds(self._intents, self._group, self._effort.folds, seed)):
            if entry.heavy and number == self._effort.heavy_runs:
                break
            candidate = entry.make(seed)
            started = time.perf_counter()
            candidate.fit(*self._taken(train))
            seconds = time.perf_counter() - started
            step = max(len(test) // self._effort.heavy_tested, 1) if entry.heavy else 1
            yield candidate, seconds, self._scored(candidate, test[::step])

    def _taken(self, places: Any) -> tuple[list[Any], list[str]]:
        return [self._seen[place] for place in places], [self._intents[place] for place in places]

    def _scored(self, candidate: Candidate, places: Any) -> Scored:
        """Its scores in the columns of all intents; one that it has never seen is as good as impossible."""
        seen, intents = self._taken(places)
        found = candidate.scores(seen)
        scores = np.full((len(seen), len(self._names)), found.min() - 10 * (np.ptp(found) + 1))
        scores[:, [self._names.index(name) for name in candidate.intents]] = found
        return Scored(scores, np.array([self._names.index(intent) for intent in intents]), self._names)

    def share_right(self, candidate: Candidate) -> float:
        seen, intents = self._development
        best = candidate.scores(seen).argmax(axis=1)
        return float(np.mean([candidate.intents[place] == intent for place, intent in zip(best, intents, strict=True)]))

    def cost(self, candidate: Candidate) -> dict[str, float]:
        texts = [message.text for message in self._seen[:: max(len(self._seen) // self._effort.timed, 1)]]
        times = []
        for text in texts[: self._effort.timed]:
            started = time.perf_counter()
            candidate.scores(self._corpus.see([text]))
            times.append(1000 * (time.perf_counter() - started))
        disk, resident = footprint(candidate, self._seen[:20])
        return {
            "milliseconds_p50": float(np.percentile(times, 50)),
            "milliseconds_p95": float(np.percentile(times, 95)),
            "bytes_on_disk": disk,
            "bytes_resident": resident,
        }


class _Row:
    """What is known so far of one candidate."""

    def __init__(self, entry: Entry, trial: _Trial) -> None:
        self.entry, self._trial = entry, trial
        self._runs: list[dict[str, float]] = []
        self._scored: list[Scored] = []
        self._seconds: list[float] = []
        self._rest: dict[str, float] = {}
        """Measured once, on the first model."""

    def measure(self, seed: int) -> None:
        """Cross-validation with one more seed."""
        parts = []
        for candidate, seconds, scored in self._trial.train(self.entry, seed):
            self._seconds.append(seconds)
            parts.append(scored)
            if not self._rest:
                self._rest = {"development": self._trial.share_right(candidate), **self._trial.cost(candidate)}
        truth = np.concatenate([part.truth for part in parts])
        self._runs.append(measures(np.vstack(calibrated(parts)), truth, parts[0].names))
        self._scored += parts

    def result(self) -> dict[str, Any]:
        return {
            "name": self.entry.name,
            "examples": self._trial.examples,
            "seeds": len(self._runs),
            "folds": len(self._scored) // len(self._runs),
            "measures": _over_seeds(self._runs),
            "as_configured": self._as_configured(),
            "seconds_to_train": float(np.mean(self._seconds)),
            **self._rest,
        }

    def _as_configured(self) -> dict[str, Any]:
        """At the candidate's own temperature: what those see who use its probabilities. best_temperature: by which the
        scores would have to be divided for the least log loss; 1 where the configured one is right."""
        scores = np.vstack([part.scores for part in self._scored])
        whole = Scored(scores, np.concatenate([part.truth for part in self._scored]), self._scored[0].names)
        probabilities = whole.probabilities()
        return {
            **measures(probabilities, whole.truth, whole.names),
            "best_temperature": best_temperature(whole),
            "table": calibration_table(probabilities, whole.truth),
        }


def _over_seeds(runs: Sequence[dict[str, float]]) -> dict[str, dict[str, float]]:
    """Mean and standard deviation of each measure; of one run, the deviation is not known (0)."""
    result = {}
    for name in runs[0]:
        values = [one[name] for one in runs]
        if not any(math.isnan(value) for value in values):
            deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
            result[name] = {"mean": float(np.mean(values)), "deviation": deviation}
    return result
