"""Which Python `scripts/find-python` takes."""

from __future__ import annotations

from tests.setup.machine import Machine


def test_the_one_on_path_is_taken(machine: Machine) -> None:
    python = machine.add_python(machine.path / "python3.10")
    assert machine.run("find-python").stdout.strip() == str(python)


def test_a_python3_that_is_3_10_will_do(machine: Machine) -> None:
    python = machine.add_python(machine.path / "python3")
    assert machine.run("find-python").stdout.strip() == str(python)


def test_a_broken_shim_is_passed_over_for_pyenv_in_the_home_folder(machine: Machine) -> None:
    machine.add_broken_shim(machine.path / "python3.10")
    python = machine.add_python(machine.home / ".pyenv/versions/3.10.13/bin/python3.10")
    assert machine.run("find-python").stdout.strip() == str(python)


def test_a_broken_shim_does_not_hide_another_python_further_on_the_path(machine: Machine) -> None:
    machine.add_broken_shim(machine.path / "python3.10")
    python = machine.add_python(machine.home / "local/bin/python3.10")
    machine.variables["PATH"] = f"{machine.path}:{python.parent}"
    assert machine.run("find-python").stdout.strip() == str(python)


def test_pyenv_may_lie_anywhere(machine: Machine) -> None:
    python = machine.add_python(machine.home / "elsewhere/versions/3.10.4/bin/python3.10")
    machine.variables["PYENV_ROOT"] = str(machine.home / "elsewhere")
    assert machine.run("find-python").stdout.strip() == str(python)


def test_a_newer_python_is_not_taken(machine: Machine) -> None:
    machine.add_python(machine.path / "python3", version="3.12.1", pip_works=False)
    machine.add_python(machine.home / ".pyenv/versions/3.10.13/bin/python3.10", version="3.12.1")
    result = machine.run("find-python")
    assert (result.returncode, result.stdout) == (1, "")


def test_uv_installs_one_where_there_is_none(machine: Machine) -> None:
    managed = machine.add_uv()
    assert machine.run("find-python").stdout.strip() == str(managed)
    assert "uv python install 3.10" in machine.calls()


def test_what_uv_has_installed_is_not_installed_again(machine: Machine) -> None:
    machine.add_uv()
    machine.run("find-python")
    machine.calls()
    machine.run("find-python")
    assert "uv python install 3.10" not in machine.calls()


def test_without_uv_it_is_looked_for_on_pypi_by_whatever_python_there_is(machine: Machine) -> None:
    machine.add_python(machine.path / "python3", version="3.12.1", pip_works=False)
    machine.run("find-python")
    assert "python -m pip install uv" in machine.calls()


def test_where_there_is_none_the_message_says_how_to_get_one(machine: Machine) -> None:
    result = machine.run("find-python")
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Python 3.10 is needed" in result.stderr
    for way in ("uv python install 3.10", "pyenv install 3.10", "BOTKIT_PYTHON="):
        assert way in result.stderr


def test_where_uv_fails_too_the_message_is_the_same(machine: Machine) -> None:
    machine.add_uv(installs=False)
    result = machine.run("find-python")
    assert result.returncode == 1
    assert "Python 3.10 is needed" in result.stderr


def test_a_python_that_is_named_is_taken(machine: Machine) -> None:
    machine.add_python(machine.path / "python3.10")
    named = machine.add_python(machine.home / "mine")
    machine.variables["BOTKIT_PYTHON"] = str(named)
    assert machine.run("find-python").stdout.strip() == str(named)


def test_a_named_python_that_does_not_work_is_an_error(machine: Machine) -> None:
    machine.add_python(machine.path / "python3.10")
    machine.variables["BOTKIT_PYTHON"] = "/nowhere/python3.10"
    result = machine.run("find-python")
    assert result.returncode == 1
    assert "BOTKIT_PYTHON=/nowhere/python3.10" in result.stderr
