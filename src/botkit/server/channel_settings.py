"""Whether the environment says enough of each channel. Apart from `channels`, whose connectors take seconds to import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from channels.ivr.settings import IvrSettings
from channels.sms.settings import sms_settings
from channels.telegram.settings import TelegramSettings
from channels.wechat.settings import WechatSettings

SETTINGS: Sequence[Callable[[Mapping[str, str]], object]] = (
    TelegramSettings.from_environment,
    WechatSettings.from_environment,
    sms_settings,
    IvrSettings.from_environment,
)


def check_channel_settings(environment: Mapping[str, str]) -> None:
    """Raises SettingsError where a channel is half configured."""
    for read in SETTINGS:
        read(environment)
