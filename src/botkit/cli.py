"""The command `botkit`: serve, talk, understand, look at the demo, keep database and content in order."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from botkit.logs import configure_logging
from botkit.settings import Settings, SettingsError

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done, 1: it failed and said why, 130: stopped by Ctrl-C."""
    options = _parser().parse_args(arguments)
    configure_logging()
    try:
        return int(options.run(options, Settings.from_environment()) or 0)
    except KeyboardInterrupt:
        return 130
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        message = _explained(error)
        if message is None:
            raise
        print(message, file=sys.stderr)
        return 1


def _explained(error: Exception) -> str | None:
    """One sentence for errors that a person can mend; None for the others."""
    from sqlalchemy.exc import OperationalError

    from botkit.content import ContentError
    from botkit.training import TrainingError

    if isinstance(error, ContentError | TrainingError):
        return str(error)
    if isinstance(error, OperationalError):
        return f"The database cannot be used: {error.orig}. Look at BOTKIT_DATABASE_URL and BOTKIT_VAR."
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="botkit", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    command("serve", _serve, "train if needed and serve the pages, the chat and the REST channel")
    command("train", _train, "train the model if the content changed")
    chat = command("chat", _chat, "talk to the bot in the terminal")
    chat.add_argument("--sender", default="terminal", help="whose conversation (default: terminal)")
    command("parse", _parse, 'JSON lines {"text"} on stdin to JSON lines of what is understood on stdout')
    evaluation = command("evaluate", _evaluate, "hold the model against labelled messages or dialogues")
    evaluation.add_argument("file", type=Path, help="a JSON object a line, see tests/heldout/README.md")
    evaluation.add_argument("--page", type=Path, help="where to write the HTML page (default: var/evaluation/)")
    trial = command("experiments", _experiments, "compare intent classifiers on the training data")
    trial.add_argument("--quick", action="store_true", help="few examples, once: only to see that it runs")
    trial.add_argument("--only", nargs="+", default=[], metavar="KEY", help="measure these again, keep the others")
    bench = command("bench", _bench, "measure answers, beside a baseline in the same run")
    bench.add_argument("--turns", type=int, default=120, help="length of the long conversation (default: 120)")
    bench.add_argument("--only", choices=["answers", "desk"], help="one of the two parts")
    demo = command("demo", _demo, "the demo customers and plans")
    demo.add_argument("--json", action="store_true", help="as JSON")
    desk = command("desk", _reset_password, "the agents' console").add_subparsers(required=True, metavar="action")
    reset = desk.add_parser("reset-password", help="print a new password for an agent who has lost his")
    reset.add_argument("login")
    wechat = command("wechat", _wechat_menu, "the WeChat official account").add_subparsers(
        required=True, metavar="action"
    )
    wechat.add_parser("menu", help="put the menu of content/texts/wechat.yml in place, if it differs")
    database = command("db", _database, "the database").add_subparsers(required=True, metavar="action")
    database.add_parser("upgrade", help="bring the database to the newest revision")
    content = command("content", _content, "the content under rasa_project/").add_subparsers(
        required=True, metavar="action", dest="action"
    )
    content.add_parser("check", help="check every file, and say where and what is wrong")
    content.add_parser("lookups", help="write data/lookups from the catalogue, the phones and the glossary")
    return parser


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    from botkit.server.run import serve

    return serve(settings)


def _train(_options: argparse.Namespace, settings: Settings) -> int:
    from botkit.server.model import current_model

    print(current_model(settings))
    return 0


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    _light(settings)
    from botkit.server.terminal import chat

    return asyncio.run(chat(settings, options.sender))


def _parse(_options: argparse.Namespace, settings: Settings) -> int:
    _light(settings)
    from botkit.server.understanding import parse_lines

    return asyncio.run(parse_lines(settings, sys.stdin, sys.stdout))


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    _light(settings)
    from rich.console import Console
    from rich.progress import Progress

    from botkit.evaluation import LabelError, as_page, as_text, read_labelled
    from botkit.server.rehearsal import evaluate

    try:
        labelled = read_labelled(options.file)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Evaluating")
            measures = asyncio.run(evaluate(settings, labelled, partial(bar.update, task)))
    except (LabelError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if labelled.sealed:
        measures = replace(measures, worst=())
    as_text(measures, Console())
    page = options.page or settings.var / "evaluation" / f"{options.file.name.partition('.')[0]}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(as_page(measures, options.file.name), encoding="utf-8")
    print(f"The same with plots, all intents and all confusions: {page}")
    return 0


def _experiments(options: argparse.Namespace, settings: Settings) -> int:
    from botkit.experiments.command import experiments

    return experiments(settings, options.quick, options.only)


def _bench(options: argparse.Namespace, settings: Settings) -> int:
    if options.only != "desk":
        from botkit.server.bench import bench

        asyncio.run(bench(settings, options.turns))
    if options.only != "answers":
        from botkit.server.bench_desk import bench_desk

        asyncio.run(bench_desk(settings))
    return 0


def _light(settings: Settings) -> None:
    from botkit.training.light import without_tensorflow

    without_tensorflow(settings.project / "config.yml")


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    from botkit.bss.demo.catalogue import load_catalogue
    from botkit.bss.demo.listing import demo_listing
    from botkit.bss.demo.scenario import load_scenarios
    from botkit.bss.embedded import CHINA
    from botkit.clock import system_clock

    listing = demo_listing(load_catalogue(), load_scenarios(), system_clock().astimezone(CHINA).date())
    if options.json:
        json.dump(listing, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for customer in listing["customers"]:
        print(
            f"{customer['phone']}  {customer['name']}  {customer['plan']}  {customer['phone_model'] or '—'}  {customer['shows']}"
        )
    return 0


def _database(_options: argparse.Namespace, settings: Settings) -> int:
    from botkit.store import migrate
    from botkit.store.engine import create_engine

    settings.var.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(create_engine(settings.database_url))
    return 0


def _reset_password(options: argparse.Namespace, settings: Settings) -> int:
    from botkit.clock import system_clock
    from botkit.desk.accounts import Accounts
    from botkit.store.engine import create_engine, unit_of_work

    accounts = Accounts(unit_of_work(create_engine(settings.database_url)), system_clock)
    agent = next((agent for agent in accounts.agents() if agent.login == options.login), None)
    if agent is None:
        print(f"There is no agent {options.login!r}.", file=sys.stderr)
        return 1
    print(accounts.reset_password(agent.id))
    return 0


def _wechat_menu(_options: argparse.Namespace, settings: Settings) -> int:
    from botkit.clock import system_clock
    from botkit.content.texts import load_texts
    from botkit.store import migrate
    from botkit.store.engine import create_engine, unit_of_work
    from channels.wechat.api import ApiError, Unreachable, WechatApi
    from channels.wechat.menu import MenuError, menu_of, push
    from channels.wechat.settings import WechatSettings

    account = WechatSettings.from_environment(os.environ)
    if account is None:
        raise SettingsError("BOTKIT_WECHAT_APP_ID is missing: no official account is configured, see docs/wechat.md")

    async def run() -> bool:
        api = WechatApi(account, unit_of_work(engine), system_clock)
        try:
            return await push(api, menu_of(load_texts(settings.content / "texts")))
        finally:
            await api.close()

    settings.var.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database_url)
    migrate.upgrade(engine)
    try:
        print("The menu is in place." if asyncio.run(run()) else "The menu was in place already.")
    except (ApiError, Unreachable, MenuError) as error:
        print(f"The menu is not in place: {error}. See docs/wechat.md.", file=sys.stderr)
        return 1
    return 0


def _content(options: argparse.Namespace, settings: Settings) -> int:
    if options.action == "lookups":
        return _lookups(options, settings)
    from botkit.checking import check_content

    return check_content(settings)


def _lookups(_options: argparse.Namespace, settings: Settings) -> int:
    from botkit.lookups import refresh_lookups

    for path in refresh_lookups(settings):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
