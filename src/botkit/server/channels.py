"""The channels that are configured, each from its own settings in the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from channels.base import Channel, Services
from channels.ivr.connector import ivr_channel
from channels.sms.build import sms_channel
from channels.telegram.connector import telegram_channel
from channels.wechat.connector import wechat_channel

CHANNELS: Sequence[Callable[[Mapping[str, str], Services], Channel | None]] = (
    telegram_channel,
    wechat_channel,
    sms_channel,
    ivr_channel,
)
"""Each makes its channel, or None where the environment says nothing of it. Raises SettingsError where it says half."""


def configured_channels(environment: Mapping[str, str], services: Services) -> Sequence[Channel]:
    made = [make(environment, services) for make in CHANNELS]
    return [channel for channel in made if channel is not None]
