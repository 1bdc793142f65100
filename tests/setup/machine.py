"""A bare machine: a folder with the scripts, an empty home, and a PATH that holds a few system tools and what a test adds."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"
TOOLS = ("bash", "cat", "cmp", "cp", "dirname", "env", "head", "mkdir", "rm", "sleep", "touch")

PYTHON = """#!/usr/bin/env bash
# Stands in for a Python {version}: knows its version, and makes a venv that holds a copy of itself.
case "$*" in
-V) echo "Python {version}" ;;
-c*) [[ {version} == 3.10.* ]] ;;
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip config"*) ;;
*) echo "python $*" >>"{log}"; exit {pip_fails} ;;
esac
"""

UV = """#!/usr/bin/env bash
# Stands in for uv: writes down what it is asked for, and "installs" a Python where there is none.
echo "uv $*" >>"{log}"
case "$*" in
"python find"*) [[ -x "{managed}" ]] && echo "{managed}" ;;
"python install"*) cp "{spare}" "{managed}" ;;
*) exit {fails} ;;
esac
"""


class Machine:
    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.home = folder / "home"
        self.path = folder / "bin"
        self.log = folder / "log"
        self.variables: dict[str, str] = {}
        for place in (self.home, self.path, self.project):
            place.mkdir()
        shutil.copytree(SCRIPTS, self.project / "scripts")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, f"{tool} is not on this machine"
            (self.path / tool).symlink_to(found)

    def add_python(self, place: Path, version: str = "3.10.9", pip_works: bool = True) -> Path:
        return _script(place, PYTHON.format(version=version, log=self.log, pip_fails=int(not pip_works)))

    def add_broken_shim(self, place: Path) -> Path:
        return _script(place, '#!/usr/bin/env bash\necho "pyenv: python3.10: command not found" >&2\nexit 127\n')

    def add_uv(self, works: bool = True, installs: bool = True) -> Path:
        managed, spare = self.home / "managed-python", self.home / "spare-python"
        if installs:
            self.add_python(spare)
        uv = UV.format(log=self.log, managed=managed, spare=spare, fails=int(not works))
        _script(self.path / "uv", uv)
        return managed

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.path), "HOME": str(self.home), **self.variables}
        command = [self.project / "scripts" / script]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    def calls(self) -> list[str]:
        """What the stand-ins were asked for since the last look."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


def _script(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(0o755)
    return place
