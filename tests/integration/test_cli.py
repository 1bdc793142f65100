"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def botkit(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "botkit.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
        check=False,
    )


def with_model(var: Path, model: Path) -> str:
    (var / "models").mkdir(parents=True)
    (var / "models" / model.name).symlink_to(model)
    return str(var)


def test_demo_lists_customers_and_plans(tmp_path: Path) -> None:
    listing = json.loads(botkit("demo", "--json", BOTKIT_VAR=str(tmp_path)).stdout)
    assert set(listing) == {"customers", "plans"}
    assert len(listing["customers"]) >= 14
    assert all(set(customer) == {"phone", "name", "plan", "phone_model", "shows"} for customer in listing["customers"])
    assert len(listing["plans"]) >= 25
    assert all({"id", "name", "monthly_fee", "on_sale"} <= set(plan) for plan in listing["plans"])
    assert any(not plan["on_sale"] for plan in listing["plans"])


@pytest.mark.model
def test_parse_answers_line_by_line(tmp_path: Path, trained_model: Path) -> None:
    lines = ["查話費餘額", "畅选79和畅选59哪个划算", "转人工"]
    done = botkit(
        "parse",
        stdin="".join(json.dumps({"text": line}, ensure_ascii=False) + "\n" for line in lines),
        BOTKIT_VAR=with_model(tmp_path, trained_model),
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [result["text"] for result in results] == lines
    assert [result["intent"] for result in results] == ["ask_balance", "compare_plans", "request_human"]
    shapes = {"text", "intent", "confidence", "entities", "frustration", "handoff", "rule"}
    assert all(set(result) == shapes for result in results)
    assert [e["value"] for e in results[1]["entities"] if e["entity"] == "plan"] == ["畅选79", "畅选59"]
    assert results[2]["handoff"] is True


@pytest.mark.model
def test_parse_says_which_line_is_wrong(tmp_path: Path, trained_model: Path) -> None:
    done = botkit("parse", stdin='{"text": "你好"}\nno json\n', BOTKIT_VAR=with_model(tmp_path, trained_model))
    good, bad = (json.loads(line) for line in done.stdout.splitlines())
    assert good["intent"] == "greet"
    assert bad["line"] == 2
    assert "error" in bad
    assert done.returncode == 1


@pytest.mark.model
def test_chat_answers_and_takes_numbers_for_choices(tmp_path: Path, trained_model: Path) -> None:
    done = botkit("chat", stdin="你好\n1\n", BOTKIT_VAR=with_model(tmp_path, trained_model))
    assert done.returncode == 0, done.stderr
    assert "查余额" in done.stdout
    assert "手机号码" in done.stdout, "the first choice asks for verification"


def test_a_taken_port_is_one_clear_message(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = botkit("serve", BOTKIT_PORT=str(port), BOTKIT_VAR=str(tmp_path))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "BOTKIT_PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_without_sense_is_one_clear_message() -> None:
    done = botkit("serve", BOTKIT_PORT="eighty")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "BOTKIT_PORT" in done.stderr


def test_a_broken_content_file_is_named_with_its_line(tmp_path: Path) -> None:
    from botkit.settings import ROOT

    project = tmp_path / "project"
    subprocess.run(["cp", "-r", str(ROOT / "rasa_project"), str(project)], check=True)
    broken = project / "content" / "texts" / "account.yml"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nbroken: [\n", encoding="utf-8")
    done = botkit("serve", BOTKIT_PROJECT=str(project), BOTKIT_VAR=str(tmp_path / "var"), BOTKIT_PORT="5999")
    assert done.returncode == 1
    assert "account.yml 第 " in done.stderr
    assert "checking content" not in done.stderr, "known before the training"
    assert "Traceback" not in done.stderr


def test_the_database_can_be_brought_up_to_date_alone(tmp_path: Path) -> None:
    assert botkit("db", "upgrade", BOTKIT_VAR=str(tmp_path)).returncode == 0
    assert (tmp_path / "botkit.db").exists()
