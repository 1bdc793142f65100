"""What `scripts/setup` does the first time, the second time, and after something went wrong."""

from __future__ import annotations

import pytest

from tests.setup.machine import Machine


@pytest.fixture
def bare(machine: Machine) -> Machine:
    """With a Python and the files that say what to install."""
    machine.add_python(machine.path / "python3.10")
    (machine.project / "requirements.txt").write_text("rasa==3.6.21\n")
    (machine.project / "pyproject.toml").write_text("[project]\n")
    return machine


def installs(machine: Machine) -> list[str]:
    return [call for call in machine.calls() if "pip install" in call and "-r requirements.txt" in call]


def test_the_first_run_makes_the_environment_and_installs_the_lock(bare: Machine) -> None:
    bare.add_uv()
    result = bare.run("setup")
    assert result.returncode == 0, result.stderr
    assert (bare.project / ".venv/bin/python").exists()
    assert [call.split()[0] for call in installs(bare)] == ["uv"]


def test_the_second_run_does_nothing(bare: Machine) -> None:
    bare.add_uv()
    bare.run("setup")
    bare.calls()
    result = bare.run("setup")
    assert (result.returncode, result.stdout, bare.calls()) == (0, "", [])


def test_a_changed_lock_is_installed(bare: Machine) -> None:
    bare.add_uv()
    bare.run("setup")
    bare.calls()
    (bare.project / "requirements.txt").write_text("rasa==3.6.22\n")
    bare.run("setup")
    assert len(installs(bare)) == 1


def test_an_interrupted_install_is_started_afresh(bare: Machine) -> None:
    bare.add_uv()
    bare.run("setup")
    (bare.project / ".venv/.unfinished").touch()
    (bare.project / ".venv/half-written").touch()
    bare.calls()
    assert bare.run("setup").returncode == 0
    assert len(installs(bare)) == 1
    assert not (bare.project / ".venv/half-written").exists()


def test_a_moved_folder_gets_a_new_environment(bare: Machine) -> None:
    bare.add_uv()
    bare.run("setup")
    (bare.project / ".venv/old").touch()
    bare.project = bare.project.rename(bare.project.with_name("moved"))
    assert bare.run("setup").returncode == 0
    assert not (bare.project / ".venv/old").exists()


def test_pip_steps_in_where_uv_fails(bare: Machine) -> None:
    bare.add_uv(works=False)
    assert bare.run("setup").returncode == 0
    assert [call.split()[0] for call in installs(bare)] == ["uv", "python"]


def test_a_failure_says_where_to_look_and_leaves_no_stamp(bare: Machine) -> None:
    bare.add_python(bare.path / "python3.10", pip_works=False)
    bare.add_uv(works=False)
    result = bare.run("setup")
    assert result.returncode == 1
    assert "PIP_INDEX_URL" in result.stderr
    assert not (bare.project / ".venv/.complete").exists()
    assert not (bare.project / ".venv.lock").exists()


def test_without_a_python_the_way_to_one_is_shown(bare: Machine) -> None:
    (bare.path / "python3.10").unlink()
    result = bare.run("setup")
    assert result.returncode == 1
    assert "Python 3.10 is needed" in result.stderr


def test_the_lock_of_a_killed_set_up_is_taken_over(bare: Machine) -> None:
    bare.add_uv()
    (bare.project / ".venv.lock").mkdir()
    (bare.project / ".venv.lock/pid").write_text("999999999")
    assert bare.run("setup").returncode == 0
