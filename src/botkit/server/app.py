"""Builds the web application from its parts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import socketio
import structlog
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic, json, text
from sanic.response import HTTPResponse, file

from actions import all_actions
from actions.services import Services as ActionServices
from botkit.assembly import House
from botkit.bss.demo.catalogue import load_catalogue
from botkit.bss.demo.listing import demo_listing
from botkit.bss.demo.scenario import load_scenarios
from botkit.clock import system_clock
from botkit.conversation.action_endpoint import InProcessActions
from botkit.conversation.core import conversation_core
from botkit.conversation.dialogue import Dialogue
from botkit.conversation.files import Files
from botkit.conversation.pages import Pages
from botkit.conversation.signs import Signs
from botkit.conversation.worker import Worker
from botkit.desk.port import Desk
from botkit.desk.tickets import Tickets
from botkit.server.channels import configured_channels
from botkit.server.desks import desk_of
from botkit.server.metrics import Metrics
from botkit.server.origins import Origins
from channels.base import Services
from channels.rest import RestConnector, rest_blueprint
from channels.web.connector import WebConnector
from channels.web.files import files_blueprint

log = structlog.get_logger(__name__)

STATIC = Path(__file__).resolve().parents[3] / "channels" / "web" / "static"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'self'",
}


def tickets_of(house: House) -> Tickets:
    """The tickets of this house's customers."""
    verified_for = timedelta(minutes=house.settings.verification_minutes)
    return Tickets(house.unit_of_work, house.texts, system_clock, house.hours, verified_for)


def in_process_actions(house: House) -> InProcessActions:
    """All actions, with the services of this house, to be run in this process."""
    executor = ActionExecutor()
    for action in all_actions(ActionServices.of(house, tickets_of(house))):
        executor.register_action(action)
    return InProcessActions(executor)


def load_dialogue(house: House, model: Path) -> Dialogue:
    """The bot with its actions in this process."""
    return Dialogue.load(model, in_process_actions(house), house.unit_of_work)


def build_app(house: House, dialogue: Dialogue) -> Sanic:
    """The application. Messages are taken up when it has started."""
    settings = house.settings
    app = Sanic("botkit", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
    app.config.REQUEST_MAX_SIZE = 1_000_000

    origins = Origins(settings.allowed_origins)
    sockets = socketio.AsyncServer(
        async_mode="sanic",
        cors_allowed_origins=origins,
        max_http_buffer_size=100_000,
        logger=False,
        engineio_logger=False,
    )
    sockets.attach(app, "/chat/socket.io")

    signs = Signs()
    files = Files(settings.files, house.unit_of_work)
    web = WebConnector(sockets, house.unit_of_work, house.texts, signs)
    pages = Pages(house.unit_of_work, system_clock, house.texts)
    services = Services(
        house.unit_of_work, system_clock, house.texts, files, pages, settings.var, settings.demo, house.sms
    )
    outside = configured_channels(os.environ, services)
    metrics = Metrics()

    async def deliver(conversation_id: str) -> None:
        await outbox.flush(conversation_id)

    def resend(conversation_id: str, seq: int) -> bool:
        return outbox.send_again(conversation_id, seq)

    desk = desk_of(house, sockets, tickets_of(house), files, signs, deliver, resend)
    worker, outbox = conversation_core(
        house.unit_of_work,
        system_clock,
        dialogue,
        house.texts,
        [web, RestConnector(), *outside],
        metrics.timed,
        desk.reception,
    )
    worker.on_activity(_telling(desk))
    outbox.on_delivery(desk.delivered)
    app.ctx.worker = worker
    for blueprint in [*desk.blueprints, *(channel.blueprint for channel in outside)]:
        if blueprint is not None:
            app.blueprint(blueprint)
    app.blueprint(files_blueprint(web, files, origins, system_clock))
    app.blueprint(rest_blueprint(worker, outbox, None if settings.demo else settings.rest_token))
    _add_pages(app, house)
    _add_operations(app, house, worker, metrics)

    @app.after_server_start
    async def begin(_app: Sanic, _loop: Any) -> None:
        # the first message must not pay for what is built on first use
        await dialogue.parse("查话费余额")
        web.serve(worker, outbox, desk.reception)
        for channel in outside:
            await channel.serve(worker, outbox)
        log.info("channels", configured=", ".join(channel.channel for channel in outside) or "web only")
        await desk.start()
        resumed = await worker.start()
        if resumed:
            log.info("taken up after a restart", messages=resumed)
        app.ctx.ready = True
        app.ctx.timers = asyncio.create_task(_every_ten_seconds([desk.tick, web.tick]))
        if settings.demo:
            app.ctx.keep_alive = asyncio.create_task(_every_minute(house))

    @app.before_server_stop
    async def end(_app: Sanic, _loop: Any) -> None:
        app.ctx.ready = False
        if app.ctx.timers:
            app.ctx.timers.cancel()
        await desk.stop()
        if app.ctx.keep_alive:
            app.ctx.keep_alive.cancel()
        await worker.stop()
        for channel in outside:
            await channel.close()

    @app.after_server_stop
    async def settle(_app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        # as asyncio.run does and Sanic does not: nothing is left half done when the loop is closed
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await loop.shutdown_default_executor()

    @app.on_response
    async def headers(request: Request, response: HTTPResponse) -> None:
        if response is not None:
            if request.path.startswith("/web/"):
                response.headers["Access-Control-Allow-Origin"] = "*"  # modules of the widget, embedded elsewhere
                response.headers["Cache-Control"] = "no-cache"  # their names carry no version
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)

    return app


def _telling(desk: Desk) -> Callable[[str, bool], Awaitable[None]]:
    async def tell(conversation_id: str, at_work: bool) -> None:
        desk.changed(conversation_id, settled=not at_work)

    return tell


async def _every_minute(house: House) -> None:
    """Keeps the demo's dates at today, past midnight too."""
    while True:
        await asyncio.sleep(60)
        try:
            await asyncio.to_thread(house.keep_demo_alive)
        except Exception:
            log.exception("demo not brought to today")


async def _every_ten_seconds(ticks: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Nobody is left in silence."""
    while True:
        await asyncio.sleep(10)
        for tick in ticks:
            try:
                await tick()
            except Exception:
                log.exception("not looked after")


def _add_pages(app: Sanic, house: House) -> None:
    app.static("/web", STATIC)

    @app.get("/")
    async def shop(_request: Request) -> HTTPResponse:
        return await file(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    @app.get("/widget.js")
    async def widget(_request: Request) -> HTTPResponse:
        return await file(
            STATIC / "widget.js", headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        )

    @app.get("/favicon.ico")
    async def icon(_request: Request) -> HTTPResponse:
        return await file(STATIC / "favicon.svg", mime_type="image/svg+xml")

    @app.get("/demo.json")
    async def demo(_request: Request) -> HTTPResponse:
        if not house.settings.demo:
            return json({"error": "not in demo mode"}, status=404)
        return json(await asyncio.to_thread(_demo_of, house.operator.now().date()), ensure_ascii=False)


@lru_cache(maxsize=1)
def _demo_of(today: date) -> dict[str, Any]:
    return demo_listing(load_catalogue(), load_scenarios(), today)


def _add_operations(app: Sanic, house: House, worker: Worker, metrics: Metrics) -> None:
    app.ctx.ready = False
    app.ctx.keep_alive = None
    app.ctx.timers = None

    @app.get("/healthz")
    async def alive(_request: Request) -> HTTPResponse:
        return json({"status": "alive"})

    @app.get("/readyz")
    async def ready(_request: Request) -> HTTPResponse:
        checks = {
            "model": bool(app.ctx.ready),
            "queue": bool(app.ctx.ready),
            "database": await asyncio.to_thread(_database, house),
        }
        return json({"ready": all(checks.values()), "checks": checks}, status=200 if all(checks.values()) else 503)

    @app.get("/metrics")
    async def prometheus(_request: Request) -> HTTPResponse:
        return text(metrics.exposition(backlog=worker.backlog), content_type=metrics.content_type)


def _database(house: House) -> bool:
    try:
        with house.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        return True
    except Exception:
        log.exception("database does not answer")
        return False
