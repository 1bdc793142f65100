"""Serves: from a bare database and untrained content to a page that answers."""

from __future__ import annotations

import logging
import os
import socket
import sys
from typing import Any

import structlog

from botkit.assembly import assemble
from botkit.clock import system_clock
from botkit.desk.accounts import Accounts
from botkit.logs import configure_logging
from botkit.server.channel_settings import check_channel_settings
from botkit.server.model import current_model
from botkit.settings import Settings
from botkit.training.light import without_tensorflow

log = structlog.get_logger(__name__)

_DEMO_NUMBERS_SHOWN = 6


def serve(settings: Settings) -> int:
    """Train if needed, serve until Ctrl-C. 0: stopped cleanly; 1: the port is taken."""
    if not _port_is_free(settings.host, settings.port):
        print(
            f"Port {settings.port} is taken by another program. Stop it, or choose another port: "
            f"BOTKIT_PORT={settings.port + 1} make run",
            file=sys.stderr,
        )
        return 1
    configure_logging(logging.INFO)
    check_channel_settings(os.environ)  # half a channel is said at once, not after minutes of training
    house = assemble(settings)  # before the training: what is broken here is known in a second
    first_admin = Accounts(house.unit_of_work, system_clock).ensure_admin() if settings.chatwoot is None else None
    model = current_model(settings)

    # Rasa takes seconds to import: only now that everything cheap has succeeded
    without_tensorflow(settings.project / "config.yml")
    from botkit.server.app import build_app, load_dialogue

    if not settings.demo:
        log.warning(
            "no operator's systems are connected: data are the demo's; without an SMS gateway codes go to a file"
        )
    app = build_app(house, load_dialogue(house, model))

    @app.after_server_start
    async def announce(_app: Any, _loop: Any) -> None:
        print(_announcement(settings, first_admin), flush=True)

    app.run(host=settings.host, port=settings.port, access_log=False, debug=False)
    return 0


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _announcement(settings: Settings, first_admin: tuple[str, str] | None) -> str:
    from botkit.bss.demo.scenario import load_scenarios

    where = f"http://{settings.host}:{settings.port}"
    lines = ["", f"  botkit is ready: open {where} and click the chat button (Ctrl-C stops it)"]
    lines.append(f"  agents: {settings.chatwoot.url if settings.chatwoot else f'{where}/desk'}")
    if first_admin:
        login, password = first_admin
        lines.append(f"    sign in as {login} with the password {password} (shown this once) and add the others")
    if settings.demo:
        lines += ["", "  Demo numbers (one-time codes are written to " + _relative(settings) + "):"]
        for scenario in load_scenarios()[:_DEMO_NUMBERS_SHOWN]:
            lines.append(f"    {scenario.phone}  {scenario.shows}")
        lines.append("    all of them: make demo")
    return "\n".join([*lines, ""])


def _relative(settings: Settings) -> str:
    from botkit.settings import ROOT

    path = settings.sms_file
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
