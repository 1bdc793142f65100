"""Settings of the official account, all from the environment."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from botkit.settings import SettingsError

API_URL = "https://api.weixin.qq.com"

_WANTED = ("BOTKIT_WECHAT_APP_ID", "BOTKIT_WECHAT_SECRET", "BOTKIT_WECHAT_TOKEN")
_MORE = ("BOTKIT_WECHAT_AES_KEY", "BOTKIT_WECHAT_AES_KEY_BEFORE", "BOTKIT_WECHAT_API_URL")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


@dataclass(frozen=True)
class WechatSettings:
    """
    app_id, secret: BOTKIT_WECHAT_APP_ID, BOTKIT_WECHAT_SECRET. The account's AppID and AppSecret.
    token: BOTKIT_WECHAT_TOKEN. What requests of the platform are signed with.
    aes_keys: BOTKIT_WECHAT_AES_KEY, then BOTKIT_WECHAT_AES_KEY_BEFORE while keys are changed. Empty: plain mode.
    api_url: BOTKIT_WECHAT_API_URL. Where the platform is.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[bytes, ...] = field(default=(), repr=False)
    api_url: str = API_URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WechatSettings | None:
        """None where nothing is said of it. Raises SettingsError where it is half said."""
        given = {name: environment.get(name, "").strip() for name in _WANTED}
        if not any(given.values()) and not any(environment.get(name, "").strip() for name in _MORE):
            return None
        for name, value in given.items():
            if not value:
                raise SettingsError(f"{name} is missing: {', '.join(_WANTED)} belong together")
        app_id, secret, token = given.values()
        if not _TOKEN.fullmatch(token):
            raise SettingsError("BOTKIT_WECHAT_TOKEN: 3 to 32 letters and digits are wanted")
        key, before = (_key(environment, name) for name in ("BOTKIT_WECHAT_AES_KEY", "BOTKIT_WECHAT_AES_KEY_BEFORE"))
        if before and not key:
            raise SettingsError("BOTKIT_WECHAT_AES_KEY_BEFORE makes no sense without BOTKIT_WECHAT_AES_KEY")
        url = environment.get("BOTKIT_WECHAT_API_URL", "").strip().rstrip("/") or API_URL
        if not url.startswith(("https://", "http://")):
            raise SettingsError(f"BOTKIT_WECHAT_API_URL={url!r}: an address that begins with https:// is wanted")
        return cls(app_id, secret, token, tuple(one for one in (key, before) if one), url)


def _key(environment: Mapping[str, str], name: str) -> bytes | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not _AES_KEY.fullmatch(text):
        raise SettingsError(f"{name}: 43 letters and digits are wanted, as the platform shows them")
    return aes_key(text)


def aes_key(text: str) -> bytes:
    """The 32 bytes that the 43 characters of an EncodingAESKey stand for."""
    try:
        return base64.b64decode(text + "=")
    except binascii.Error:
        raise SettingsError("an EncodingAESKey has 43 letters and digits") from None
