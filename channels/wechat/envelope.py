"""The platform's XML: read without entities and document types, and written."""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from botkit.conversation.messages import storable

MAX_BODY = 64 * 1024
"""Bytes of a request. A text has at most 2048; in compatible mode it comes plain and encrypted."""

_DEPTH, _ELEMENTS = 8, 300


class Malformed(Exception):
    """It is not what the platform posts. The message says why, without a word of the content."""


def fields_of(body: bytes) -> Mapping[str, str]:
    """The texts of the root's direct children; what is nested deeper is left out. Raises Malformed.

    A document type is refused before anything in it is read: so there are no entities besides XML's own five.
    """
    if len(body) > MAX_BODY:
        raise Malformed("too large")
    reader = _Reader()
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Malformed(f"not XML: {expat.ErrorString(error.code)}") from None
    return reader.fields


def _refuse(*_declared: object) -> int:
    raise Malformed("a document type, an entity or an instruction")


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._elements = 0

    def start(self, name: str, _attributes: object) -> None:
        self._elements += 1
        self._path.append(name)
        if self._elements > _ELEMENTS or len(self._path) > _DEPTH:
            raise Malformed("too deep or too long")
        if self._path[0] != "xml":
            raise Malformed("not <xml>")
        if len(self._path) == 2:
            if name in self.fields:
                raise Malformed("a field twice")
            self.fields[name] = ""

    def end(self, _name: str) -> None:
        self._path.pop()

    def text(self, data: str) -> None:
        if len(self._path) == 2:
            self.fields[self._path[1]] += data


def text_reply(to: str, account: str, at: int, text: str) -> str:
    """A passive reply. at: seconds since 1970."""
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(account)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{_cdata(text)}</Content></xml>"
    )


def sealed(encrypted: str, signed: str, at: str, nonce: str) -> str:
    """An encrypted reply in its envelope."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt><MsgSignature>{_cdata(signed)}</MsgSignature>"
        f"<TimeStamp>{at}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


_NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))
"""Storable, but no characters of XML: https://www.w3.org/TR/xml/#charsets. One of them, and nobody can read the reply."""


def _cdata(text: str) -> str:
    clean = storable(text).translate(_NO_XML)
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"
