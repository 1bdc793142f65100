"""What Prometheus may ask: messages handled, how long it took, how many wait."""

from __future__ import annotations

import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from botkit.conversation.worker import Handler

_BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 1, 2, 5)


class Metrics:
    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._handled = Histogram(
            "botkit_message_seconds", "Time from taking a message up to its answer being stored", registry=self._registry, buckets=_BUCKETS
        )  # fmt: skip
        self._failed = Counter(
            "botkit_messages_failed", "Messages whose handling raised an error", registry=self._registry
        )
        self._backlog = Gauge(
            "botkit_messages_waiting", "Messages received and not handled yet", registry=self._registry
        )

    def timed(self, router: Handler) -> TimedRouter:
        return TimedRouter(router, self._handled, self._failed)

    def exposition(self, backlog: int) -> str:
        """The Prometheus text format."""
        self._backlog.set(backlog)
        return generate_latest(self._registry).decode()


class TimedRouter:
    """A router that counts and times."""

    def __init__(self, router: Handler, seconds: Histogram, failed: Counter) -> None:
        self._router = router
        self._seconds = seconds
        self._failed = failed

    async def handle(self, message_id: int) -> None:
        begun = time.perf_counter()
        try:
            await self._router.handle(message_id)
        except Exception:
            self._failed.inc()
            raise
        self._seconds.observe(time.perf_counter() - begun)
