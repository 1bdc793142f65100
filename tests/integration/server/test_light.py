"""Serving without TensorFlow: only where the configuration has no use for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from botkit.settings import ROOT

OURS = ROOT / "rasa_project" / "config.yml"


def python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_our_configuration_needs_no_tensorflow() -> None:
    code = """
import sys
from pathlib import Path
from botkit.training.light import without_tensorflow
print(without_tensorflow(Path(sys.argv[1])))
import tensorflow
print(tensorflow.__version__)
"""
    assert python(code, str(OURS)).split() == ["True", "0"]


def test_a_configuration_that_needs_it_keeps_it(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: WhitespaceTokenizer\n- name: DIETClassifier\npolicies:\n- name: RulePolicy\n")
    code = "import sys; from pathlib import Path; from botkit.training.light import without_tensorflow; print(without_tensorflow(Path(sys.argv[1])))"
    assert python(code, str(config)) == "False"


@pytest.mark.model
def test_rasa_understands_as_with_it(trained_model: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
if sys.argv[3] == "light":
    from botkit.training.light import without_tensorflow
    assert without_tensorflow(Path(sys.argv[1]))
from rasa.core.agent import Agent
print(asyncio.run(Agent.load(sys.argv[2]).parse_message("查话费余额"))["intent_ranking"])
"""
    with_it, without_it = (
        python(code, str(OURS), str(trained_model), how).splitlines()[-1] for how in ("full", "light")
    )
    assert with_it == without_it
