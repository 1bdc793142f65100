"""Signatures and encryption of what the platform posts.

https://developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

NOISE = 16
"""Random bytes before each message."""

_BLOCK = 32
"""Padding is to blocks of so many bytes, not to those of AES."""


class Forged(Exception):
    """It does not come from the platform, or is not for this account."""


def signature(*parts: str) -> str:
    """SHA-1 of the parts in alphabetical order, in hexadecimal."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass")).hexdigest()


def is_genuine(given: str, *parts: str) -> bool:
    """Whether the signature is that of the parts. In constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), signature(*parts).encode())


class Cipher:
    """AES-256-CBC with the first half of the key as initialisation vector.

    Plain: 16 random bytes, 4 bytes length (big endian), message, AppID; PKCS#7 to blocks of 32 bytes.
    """

    def __init__(self, key: bytes, app_id: str) -> None:
        self._aes = Aes(AES(key), CBC(key[:16]))
        self._app_id = app_id.encode()

    def decrypt(self, text: str) -> bytes:
        """The message. Raises Forged."""
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Forged("not base64") from None
        if not data or len(data) % 16:
            raise Forged("not whole blocks")
        decryptor = self._aes.decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or len(plain) < NOISE + 4 + pad:
            raise Forged("wrong padding")
        plain = plain[NOISE:-pad]
        length = int.from_bytes(plain[:4], "big")
        message, app_id = plain[4 : 4 + length], plain[4 + length :]
        if len(message) != length or not hmac.compare_digest(app_id, self._app_id):
            raise Forged("for another account")
        return message

    def encrypt(self, message: bytes, noise: bytes | None = None) -> str:
        """noise: 16 random bytes, for the official examples."""
        plain = (noise or os.urandom(NOISE)) + len(message).to_bytes(4, "big") + message + self._app_id
        pad = _BLOCK - len(plain) % _BLOCK
        encryptor = self._aes.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()
