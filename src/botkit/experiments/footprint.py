"""How much memory a saved model takes, in a process of its own: `python -m botkit.experiments.footprint`.

Reads JSON `{"folder", "intents", "messages"}` on stdin; prints the growth of resident memory in bytes. What every
linear candidate needs is loaded before; Rasa's machinery of DIET with TensorFlow, which no other needs, is counted.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from botkit.experiments.seen import Seen


def footprint(candidate: Any, messages: Sequence[Seen]) -> tuple[int, int]:
    """Bytes of the saved model on disk, and of resident memory that a process grows by which loads and uses it.

    Raises subprocess.CalledProcessError when that process fails.
    """
    with tempfile.TemporaryDirectory(prefix="botkit-footprint-") as folder:
        candidate.save(Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        task = {"folder": folder, "intents": candidate.intents, "messages": [asdict(one) for one in messages]}
        command = [sys.executable, "-W", "ignore", "-m", "botkit.experiments.footprint"]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        done = subprocess.run(
            command, input=json.dumps(task), capture_output=True, text=True, check=True, env=environment
        )
    return size, int(done.stdout.splitlines()[-1])


def _resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _measure(task: dict[str, Any]) -> int:
    messages = [Seen(one["text"], tuple(one["words"]), one["views"]) for one in task["messages"]]
    import joblib

    import botkit.experiments.candidates  # noqa: F401  what every linear candidate needs is not the model's

    before = _resident()
    saved = Path(task["folder"]) / "candidate.joblib"
    if saved.exists():
        candidate = joblib.load(saved)
    else:
        from botkit.experiments.diet import Diet

        candidate = Diet.load(Path(task["folder"]), task["intents"])
    for message in messages:
        candidate.scores([message])
    return _resident() - before


if __name__ == "__main__":
    print(_measure(json.load(sys.stdin)))
