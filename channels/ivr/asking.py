"""What the telephone system asks: is it genuine, is it well formed, what did the caller press or say."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from botkit.conversation.messages import MAX_TEXT, storable
from botkit.nlu.numerals import DIGITS

MAX_BODY = 16_000
CLOCKS_DIFFER = 300
"""Seconds that a signature's time may differ from ours; an older one may have been listened to."""
UNCLEAR = 0.35
"""The recogniser's confidence below which what it heard counts as not understood."""
EVENTS = frozenset(("start", "input", "hangup", "no_input", "no_match", "again"))

_CALL_ID = re.compile(r"[\x21-\x7e]{1,64}")
_KEYS = re.compile(r"[0-9*#]{1,32}")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_SPOKEN_DIGITS = re.compile(
    rf"[0-9{''.join(c for c in DIGITS if c not in '俩仨')}洞拐][0-9{''.join(DIGITS)}洞拐\s,，、.-]{{3,}}"
)
_AS_DIGITS = {**{c: str(n) for c, n in DIGITS.items()}, "洞": "0", "拐": "7"}


class Malformed(ValueError):
    """The request makes no sense; the message says why, for whoever connects the telephone system."""


@dataclass(frozen=True)
class Ask:
    """One request. `phone`: the mobile number that the network vouches for; `keys` and `text` at most one of them."""

    call_id: str
    event: str
    turn: int
    phone: str | None = None
    keys: str | None = None
    text: str | None = None
    confidence: float | None = None

    @property
    def sender(self) -> str:
        """A mobile number has one history. Behind any other number, or none, may be many people: each call its own."""
        return f"tel:{self.phone}" if self.phone else f"call:{self.call_id}"

    @property
    def digest(self) -> str:
        """Two requests of one turn that differ in it are not the same request."""
        parts = [self.call_id, self.event, self.turn, self.phone, self.keys, self.text]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @property
    def external_id(self) -> str:
        return f"{self.call_id}:{self.turn}"


def genuine(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    """Whether the request carries the secret, or its signature: `X-Botkit-Signature`, the hexadecimal HMAC-SHA256 of
    `X-Botkit-Timestamp` (seconds since 1970), a dot and the body."""
    signature, timestamp = headers.get("x-botkit-signature"), headers.get("x-botkit-timestamp")
    if signature is None:
        given = headers.get("authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {secret}".encode())
    if timestamp is None or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    same = hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode())
    return same and abs(now.timestamp() - int(timestamp)) <= CLOCKS_DIFFER


def read(body: bytes) -> Ask:
    """The request in a body. Raises Malformed."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None
    if not isinstance(data, dict):
        raise Malformed("the body is not a JSON object")
    call_id, event, turn = data.get("call_id"), data.get("event"), data.get("turn")
    if not isinstance(call_id, str) or not _CALL_ID.fullmatch(call_id):
        raise Malformed("`call_id` must be a text of 1 to 64 visible ASCII characters")
    if not isinstance(event, str) or event not in EVENTS:
        raise Malformed(f"`event` must be one of {', '.join(sorted(EVENTS))}")
    if type(turn) is not int or not 0 <= turn < 2**31:
        raise Malformed("`turn` must be a whole number that grows, from 0")
    keys, text = _pressed_or_said(data)
    if (keys is not None or text is not None) != (event == "input"):
        raise Malformed("an `input`, and nothing else, has either `keys` or `text`")
    return Ask(call_id, event, turn, _phone(data.get("number")), keys, text, _confidence(data.get("confidence")))


def _pressed_or_said(data: Mapping[str, object]) -> tuple[str | None, str | None]:
    keys, text = data.get("keys"), data.get("text")
    if keys is not None and text is not None:
        raise Malformed("either `keys` or `text`, not both")
    if keys is not None and not (isinstance(keys, str) and _KEYS.fullmatch(keys)):
        raise Malformed("`keys` must be 1 to 32 of 0-9, * and #")
    if text is None:
        return keys if isinstance(keys, str) else None, None
    if not isinstance(text, str) or not storable(text).strip() or len(text) > MAX_TEXT:
        raise Malformed(f"`text` must be a text of 1 to {MAX_TEXT} characters")
    return None, storable(text).strip()


def _phone(number: object) -> str | None:
    """The mobile number of our customers' kind in it. Anything else, a landline or `anonymous`, vouches for nobody."""
    if number is None:
        return None
    if not isinstance(number, str) or len(number) > 100:
        raise Malformed("`number` must be a text, or left away where it is withheld")
    found = _MOBILE.fullmatch(re.sub(r"[\s-]", "", number))
    return found[1] if found else None


def _confidence(value: object) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value <= 1:  # type: ignore[operator]
        raise Malformed("`confidence` must be a number from 0 to 1")
    return float(value)  # type: ignore[arg-type]


def said_digits(text: str) -> str:
    """A number or code as it was dictated: `幺三八 零零一三 八零零零` in digits, what stands around it left away."""
    found = max(_SPOKEN_DIGITS.findall(text), key=len, default="")
    dictated = "".join(_AS_DIGITS.get(c, c if c.isdigit() and c.isascii() else "") for c in found)
    return dictated or text
