"""Bytes -> text, saying which encoding was used and on what evidence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from qa.errors import InvalidInput
from qa.ingest.codepages import code_page

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# As browsers do: pages that say Latin-1 or ASCII are written in its superset.
_SUPERSET = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_SEQUENCE = re.compile(  # one character in several bytes of UTF-8
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_TRIED = 4096  # bytes, an even number
_BINARY = "not a text: it holds NUL bytes or control characters"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was read."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None, told: str | None = None) -> Decoded:
    """The text of bytes: by a byte order mark, as UTF-16 or UTF-8, as declared, or by its letters.

    `told` is the encoding that a user names, and comes before all of it. Raises InvalidInput with
    code "binary" when the bytes are no text, and with "encoding" when nothing says in which
    encoding they are one: a wrong alphabet is worse than none.
    """
    decoded = (
        (_told(data, told) if told else None)
        or _marked(data)
        or _unmarked(data)
        or _escaped(data)
        or _utf8(data)
        or _declared(data, declared)
        or _guessed(data)
    )
    controls = len(_CONTROLS.findall(decoded.text))
    if "\0" in decoded.text or controls > max(3, len(decoded.text) // 50):
        raise InvalidInput(_BINARY, code="binary")
    return decoded


def known_encoding(told: str) -> str:
    """The encoding of this name, of a text. Raises InvalidInput with code "encoding"."""
    try:
        b"".decode(told)
        return codecs.lookup(told).name
    except (LookupError, ValueError):
        raise InvalidInput(f"there is no encoding {told[:40]!r}", code="encoding") from None


def _marked(data: bytes) -> Decoded | None:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        return None
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _unmarked(data: bytes) -> Decoded | None:
    """The bytes as UTF-16 without a mark: of its ASCII, every second byte is zero."""
    head = data[:_TRIED]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(data) % 2 or not (even or odd) or min(even, odd) or (even + odd) * 10 < len(head) // 2:
        return None
    encoding = "utf-16-le" if odd else "utf-16-be"
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _told(data: bytes, told: str) -> Decoded:
    try:
        return Decoded(data.decode(told), codecs.lookup(told).name)
    except (LookupError, ValueError):
        raise InvalidInput(f"this is not in the encoding {told[:40]!r}", code="encoding") from None


def _escaped(data: bytes) -> Decoded | None:
    """The bytes as ISO-2022-JP, all ASCII: escapes turn parts of it into Japanese."""
    if b"\x1b$" not in data:
        return None
    try:
        return Decoded(data.decode("iso2022_jp_2"), "iso2022_jp", (_note("iso2022_jp"),))
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> Decoded | None:
    """The bytes as UTF-8; with some damaged too, when most of what is not ASCII is sound."""
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # Letters of a single-byte encoding form a valid UTF-8 sequence only by a rare accident.
    damaged = text.count("\ufffd")
    if len(_SEQUENCE.findall(data)) <= damaged:
        return None
    note = f"UTF-8 with damaged bytes; U+FFFD stands in {damaged} places"
    return Decoded(text, "utf-8", (note,))


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
        name = _SUPERSET.get(name, name)
        return Decoded(data.decode(name), name)
    except (LookupError, ValueError):  # unknown, not a text encoding, or not this one after all
        return None


def _guessed(data: bytes) -> Decoded:
    if b"\0" in data:
        raise InvalidInput(_BINARY, code="binary")
    name = code_page(data)
    if name is None:
        reason = "not UTF-8, and its letters fit no other encoding that is known"
        hint = "say which it is with qa add --encoding, or save it as UTF-8"
        raise InvalidInput(f"{reason}; {hint}", code="encoding")
    return Decoded(data.decode(name, "replace"), name, (_note(name),))


def _note(name: str) -> str:
    return f"not UTF-8; read as {name}"
