"""The channel from its settings."""

from __future__ import annotations

from collections.abc import Mapping

from botkit.content.sms import load_sms_codes
from botkit.settings import Settings
from channels.base import Services
from channels.sms.connector import SmsConnector
from channels.sms.gateway import Gateway
from channels.sms.http_gateway import HttpGateway
from channels.sms.settings import HttpSettings, sms_settings
from channels.sms.smpp.gateway import SmppGateway


def sms_channel(environment: Mapping[str, str], services: Services) -> SmsConnector | None:
    """None where the environment says nothing of it. Raises SettingsError where it says half, ContentError for broken
    codes."""
    settings = sms_settings(environment)
    if settings is None:
        return None
    codes = load_sms_codes(Settings.from_environment(environment).content / "channels" / "sms.yml")
    gateway: Gateway
    if isinstance(settings.gateway, HttpSettings):
        gateway = HttpGateway(settings.gateway, settings.number, services.clock)
    else:
        lost = services.texts.text("sms_lost_part")
        gateway = SmppGateway(settings.gateway, settings.number, services.unit_of_work, services.clock, lost)
    return SmsConnector(
        gateway,
        settings.number,
        codes,
        services.unit_of_work,
        services.clock,
        services.texts,
        services.pages,
        settings.parts,
        settings.per_minute,
        None if services.demo else services.sms,
    )
