"""The real server, on a day of the tests' own: its clock begins on Monday, 23 November 2026, 10:01 in China, and goes on.

Amounts depend on the day of the cycle; what the docs show must be the same whenever the tests run. Run as a program it is
`botkit serve` with that clock.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.channels.ivr.pbx import SECRET as CALL_SECRET
from tests.channels.sms.stand_in import KEY, NUMBER
from tests.channels.sms.stand_in import SECRET as SMS_SECRET
from tests.channels.telegram.bot_api import TOKEN as BOT_TOKEN
from tests.channels.wechat.platform import APP_ID, TOKEN
from tests.channels.wechat.platform import SECRET as APP_SECRET
from tests.channels.wechat.pusher import AES_KEY
from tests.integration.server.server import Server

BEGIN = datetime(2026, 11, 23, 2, 1, tzinfo=timezone.utc)
BEGAN = "BOTKIT_TEST_BEGAN"
"""The second, as `time.time` has it, at which it was BEGIN."""


def clock_since(began: float) -> Callable[[], datetime]:
    return lambda: BEGIN + timedelta(seconds=time.time() - began)


class EveryChannel(Server):
    """Serves all channels, with stand-ins for their platforms at these addresses."""

    command = ("-m", "tests.channels.same.server")

    def __init__(self, var: Path, model: Path, telegram: str, wechat: str, sms: str) -> None:
        began = time.time()
        self.clock = clock_since(began)
        super().__init__(
            var,
            model,
            BOTKIT_TELEGRAM_TOKEN=BOT_TOKEN,
            BOTKIT_TELEGRAM_SECRET="s3cret",
            BOTKIT_TELEGRAM_WEBHOOK_URL="http://127.0.0.1:9/webhooks/telegram",
            BOTKIT_TELEGRAM_API_URL=telegram,
            BOTKIT_WECHAT_APP_ID=APP_ID,
            BOTKIT_WECHAT_SECRET=APP_SECRET,
            BOTKIT_WECHAT_TOKEN=TOKEN,
            BOTKIT_WECHAT_AES_KEY=AES_KEY,
            BOTKIT_WECHAT_API_URL=wechat,
            BOTKIT_SMS_GATEWAY="http",
            BOTKIT_SMS_NUMBER=NUMBER,
            BOTKIT_SMS_PER_MINUTE="600",
            BOTKIT_SMS_URL=sms,
            BOTKIT_SMS_KEY=KEY,
            BOTKIT_SMS_SECRET=SMS_SECRET,
            BOTKIT_IVR_SECRET=CALL_SECRET,
            **{BEGAN: repr(began)},
        )


if __name__ == "__main__":
    import botkit.clock

    botkit.clock.system_clock = clock_since(float(os.environ[BEGAN]))

    from botkit.cli import main

    sys.exit(main(["serve"]))
