"""Whether a request is the platform's own: signature, age, nonce, encryption, account."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.wechat.crypto import Cipher, Forged, is_genuine, signature
from channels.wechat.envelope import Malformed, fields_of, sealed
from channels.wechat.settings import WechatSettings

MAX_AGE = timedelta(minutes=5)
REPEATED_WITHIN = timedelta(seconds=20)
"""The platform tries three times, five seconds each."""

_REMEMBERED = 50_000


@dataclass(frozen=True)
class Opened:
    """A genuine request: what is in it, and how an answer is sealed."""

    fields: Mapping[str, str]
    cipher: Cipher | None
    nonce: str


class Guard:
    """`BOTKIT_WECHAT_AES_KEY` decides: with it only what is encrypted is taken, without it only what is plain."""

    def __init__(self, settings: WechatSettings, clock: Callable[[], datetime]) -> None:
        self._token = settings.token
        self._ciphers: Sequence[Cipher] = [Cipher(key, settings.app_id) for key in settings.aes_keys]
        self._clock = clock
        self._seen: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def check(self, query: Mapping[str, str]) -> None:
        """Signature and age of a request whose body is not signed. Raises Forged."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_genuine(query.get("signature", ""), self._token, timestamp, nonce):
            raise Forged("wrong signature")
        self._check_age(timestamp)

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        """Raises Forged, Malformed."""
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not self._ciphers:
            self.check(query)
            fields = fields_of(body)
            if "FromUserName" not in fields and "Encrypt" in fields:
                raise Malformed("encrypted, but BOTKIT_WECHAT_AES_KEY is not set")
            return Opened(fields, None, nonce)
        encrypted = fields_of(body).get("Encrypt", "")
        if not encrypted:
            raise Forged("not encrypted, but BOTKIT_WECHAT_AES_KEY is set")
        if not is_genuine(query.get("msg_signature", ""), self._token, timestamp, nonce, encrypted):
            raise Forged("wrong signature")
        self._check_age(timestamp)
        for cipher in self._ciphers:
            try:
                message = cipher.decrypt(encrypted)
            except Forged:
                continue
            return Opened(fields_of(message), cipher, nonce)
        raise Forged("no key of ours, or for another account")

    def first_time(self, query: Mapping[str, str], delivery: str) -> None:
        """Raises Forged for a nonce that came with another delivery before, or with this one, but not just now.

        The platform's own repeats within a few seconds pass, whether they come with the same signature or a new one.
        """
        key, now = f"{query.get('timestamp')}:{query.get('nonce')}", self._clock()
        at, known = self._seen.setdefault(key, (now, delivery))
        if known != delivery or now - at > REPEATED_WITHIN:
            raise Forged("replayed")
        while self._seen and (len(self._seen) > _REMEMBERED or now - next(iter(self._seen.values()))[0] > 2 * MAX_AGE):
            self._seen.popitem(last=False)

    def seal(self, opened: Opened, reply: str) -> str:
        """The answer as the platform wants it: encrypted with the key that the request came with."""
        if opened.cipher is None:
            return reply
        encrypted, at = opened.cipher.encrypt(reply.encode()), str(int(self._clock().timestamp()))
        return sealed(encrypted, signature(self._token, at, opened.nonce, encrypted), at, opened.nonce)

    def _check_age(self, timestamp: str) -> None:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise Forged("no timestamp")
        if abs(self._clock().timestamp() - int(timestamp)) > MAX_AGE.total_seconds():
            raise Forged("too old")
