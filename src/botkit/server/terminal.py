"""`botkit chat`: the same conversation as on the web page, in the terminal."""

from __future__ import annotations

import asyncio
import sys
import uuid
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from botkit.assembly import assemble
from botkit.clock import system_clock
from botkit.conversation.core import conversation_core
from botkit.conversation.messages import InboundMessage, Line
from botkit.conversation.worker import Worker
from botkit.server.app import load_dialogue
from botkit.server.model import current_model
from botkit.settings import Settings

CHANNEL = "terminal"


class TerminalConnector:
    """Prints lines; remembers the choices of the last one, so that a number answers."""

    channel = CHANNEL

    def __init__(self, console: Console) -> None:
        self._console = console
        self.choices: list[dict[str, str]] = []

    async def deliver(self, sender: str, line: Line, parts: int = 0) -> bool:
        self.choices = list(line.content.get("choices", ()))
        self._console.print(f"\n[bold cyan]星桥[/]  {escape(line.text)}", highlight=False)
        if table := line.content.get("table"):
            self._console.print(_table(table))
        if step := line.content.get("step"):
            self._console.print(
                f"      第 {step['number']} 步 / 共 {step['of']} 步  {escape(' › '.join(step['path']))}", style="dim"
            )
            if step["caution"]:
                self._console.print(f"      {escape(step['caution'])}", style="dim")
        for number, choice in enumerate(self.choices, start=1):
            self._console.print(f"      [dim]{number}[/] {escape(choice['title'])}", highlight=False)
        return True


async def chat(settings: Settings, sender: str) -> int:
    """Talk until the end of the input, or Ctrl-D."""
    console = Console()
    model = current_model(settings)
    house = assemble(settings)
    dialogue = load_dialogue(house, model)
    connector = TerminalConnector(console)
    worker, outbox = conversation_core(house.unit_of_work, system_clock, dialogue, house.texts, [connector])
    await worker.start()
    console.print("[dim]直接打字, 或输入选项前的数字。Ctrl-D 结束。[/]")
    while True:
        try:
            typed = (await asyncio.to_thread(_read)).strip()
        except EOFError:
            console.print()
            await worker.stop()
            return 0
        if typed:
            conversation_id = await _say(worker, connector, sender, typed)
            await outbox.flush(conversation_id)  # the choices are on the screen before the next line is read


async def _say(worker: Worker, connector: TerminalConnector, sender: str, typed: str) -> str:
    """The id of the conversation, when the message has been answered."""
    payload = None
    if typed.isdigit() and 1 <= int(typed) <= len(connector.choices):
        choice = connector.choices[int(typed) - 1]
        typed, payload = choice["title"], choice["payload"]
    receipt = await worker.submit(InboundMessage(CHANNEL, sender, f"{sender}:{uuid.uuid4().hex}", typed, payload))
    await worker.settled(receipt.message_id)
    return receipt.conversation_id


def _read() -> str:
    if sys.stdin.isatty():
        return input("\n您  ")
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _table(table: dict[str, Any]) -> RichTable:
    shown = RichTable(*table["columns"], title=table["caption"])
    for row in table["rows"]:
        shown.add_row(*(escape(cell["text"]) + {"up": " ↑", "down": " ↓"}.get(cell["trend"], "") for cell in row))
    return shown
