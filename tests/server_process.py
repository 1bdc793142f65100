"""The real server in a process of its own, as `make run` starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from botkit.settings import Settings
from botkit.training import model_path

START_SECONDS = 120


class ServerProcess:
    """Serves on a free port with everything it writes under `var`. Started again, it is on the same port and `var`."""

    command: tuple[str, ...] = ("-m", "botkit.cli", "serve")

    def __init__(self, var: Path, model: Path, **environment: str) -> None:
        self.var = var
        self.port = _free_port()
        self.log = var / "server.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        # where the server looks for the model of the present content, whatever content it was trained from
        place = model_path(Settings.from_environment({**os.environ, "BOTKIT_VAR": str(var)}))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(model, place)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> None:
        """Start and return when it is ready for messages."""
        environment = {
            **os.environ,
            "BOTKIT_VAR": str(self.var),
            "BOTKIT_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **self._environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.command], env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        # looking takes no time from what is starting: to load certificates for each look would
        with httpx.Client(timeout=2, verify=False) as client:
            while time.monotonic() < deadline:
                if self.process.poll() is not None:
                    raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output()}")
                try:
                    if client.get(f"{self.url}/readyz").status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.1)  # between two looks; the deadline decides
        raise AssertionError(f"not ready after {START_SECONDS} s:\n{self.output()}")

    def kill(self) -> None:
        """As a crash: no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        """Stop as Ctrl-C does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(timeout=30)

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
