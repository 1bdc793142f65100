from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for place in (
        "/opt/homebrew/opt/python@3.10",
        "/usr/local/opt/python@3.10",
        "/Library/Frameworks/Python.framework",
    ):
        if Path(place).exists():
            pytest.skip(f"{place} holds a Python that the scripts would find")
    return Machine(tmp_path)
