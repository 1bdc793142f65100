"""The process that `botkit.training.process` starts; see there. Not for people: they use `botkit train`."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    project, output, tell = sys.argv[1:]

    from botkit.training.worker import Teller, work

    work(Path(project), Path(output) if output else None, Teller(int(tell)))
