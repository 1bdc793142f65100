"""Shows a training in the terminal: a bar for a person, plain lines for a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from botkit.settings import Settings
from botkit.training.progress import Estimate, Phase, Step, expected_seconds


class TrainingDisplay:
    """A `Report` for the terminal. Shows nothing as long as there is nothing to report.

    Use: `with TrainingDisplay(settings) as display: train_if_needed(settings, display)`.
    """

    def __init__(
        self, settings: Settings, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._settings = settings
        self._clock = clock
        self._started = 0.0
        self._estimate: Estimate | None = None
        self._bar: _Bar | None = None

    def __enter__(self) -> TrainingDisplay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.end(complete=kind is None)

    def __call__(self, step: Step) -> None:
        if self._estimate is None:
            self._started = self._clock()
            self._estimate = Estimate(expected_seconds(self._settings), self._clock)
            if self._console.is_terminal:
                self._bar = _Bar(self._console, self._estimate)
                self._bar.start()
        new = self._estimate.take(step)
        if self._bar:
            self._bar.show(step)
        elif new or step.phase is Phase.WAITING:
            seconds = self._clock() - self._started
            self._console.print(f"{seconds:5.0f} s {self._estimate.share():4.0%}  {_text(step)}", markup=False)


class _Bar(Progress):
    """Moves with the clock between two steps."""

    def __init__(self, console: Console, estimate: Estimate) -> None:
        self._estimate: Estimate | None = None
        super().__init__(
            SpinnerColumn(),
            TextColumn("Training: {task.description}"),
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._only = self.add_task("", total=1.0)
        self._estimate = estimate

    def show(self, step: Step) -> None:
        self.update(self._only, description=_text(step).ljust(44))

    def end(self, complete: bool) -> None:
        if complete:
            self.update(self._only, description="done".ljust(44), completed=1.0)
        self._estimate = None
        self.stop()

    def get_renderables(self) -> Iterable[RenderableType]:
        if self._estimate and self.tasks:
            self.update(self._only, completed=self._estimate.share())
        yield from super().get_renderables()


def _text(step: Step) -> str:
    return f"{step.phase.value}: {step.detail}" if step.detail else step.phase.value
