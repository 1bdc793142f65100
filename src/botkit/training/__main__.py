"""The process that `botkit.training.process` starts; see there. Not for people: they use `botkit train`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path


def _end_with_parent() -> None:
    """With all that it has started. `sys.stdin` is left alone: a process forked meanwhile would wait for its lock for ever."""
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    project, output, tell = sys.argv[1:]

    from botkit.training.worker import Teller, work

    work(Path(project), Path(output) if output else None, Teller(int(tell)))
