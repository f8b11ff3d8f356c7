"""Bytes -> text, saying which encoding was used and on what evidence."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import log

from qa.errors import InvalidInput

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
_CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was read."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of bytes: by a byte order mark, as UTF-16 or UTF-8, as declared, or by its letters.

    Raises InvalidInput with code "binary" when the bytes are no text.
    """
    decoded = (
        _marked(data)
        or _unmarked(data)
        or _utf8(data)
        or _declared(data, declared)
        or _guessed(data)
    )
    controls = len(_CONTROLS.findall(decoded.text))
    if "\0" in decoded.text or controls > max(3, len(decoded.text) // 50):
        raise InvalidInput("not a text: it holds NUL bytes or control characters", code="binary")
    return decoded


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
    name = _code_page(data)
    return Decoded(data.decode(name, "replace"), name, (f"not UTF-8; read as {name}",))


# --- which single-byte encoding ---

# In all encodings of Cyrillic most letters are here. Latin script has accents among its ASCII.
_CYRILLIC_WORD = re.compile(rb"[\xc0-\xff]{4,}")
_CYRILLIC_LETTER = re.compile(rb"[\xc0-\xff]")
_CYRILLIC = ["cp1251", "iso8859_5", "koi8_r"]
_C1 = re.compile(rb"[\x80-\x9f]")  # controls in ISO 8859; š, ž and curly quotes in cp1250

# Where a byte is surely a letter: "© 2026 »Vjesnik«" is not "Š 2026 ťVjesnikŤ".
_INSIDE = re.compile(rb"(?<=[A-Za-z\xc0-\xff])[\x80-\xff](?=[A-Za-z\xc0-\xff])")

# Latin script: every byte is a letter in both, "č" in cp1250 and "è" in cp1252, so only the company
# that it keeps tells. Each language is a row of its accented letters with their frequency among
# 100,000 letters of its running text, rounded (after Wikipedia, "Letter frequency"); the row that
# makes the letters seen most likely wins.
_ROWS = {
    "cp1250": (
        "č1000 ć700 š1000 ž650 đ200",  # Croatian, Serbian; Slovene
        "á870 č460 ď20 é630 ě1220 í1640 ň10 ó20 ř380 š690 ť10 ú50 ů200 ý1000 ž720",  # Czech
        "á1600 ä100 č1000 ď150 é900 í1100 ľ400 ň100 ô200 š800 ť600 ú800 ý1100 ž800",  # Slovak
        "ą700 ć740 ę1040 ł2110 ń360 ó1140 ś810 ź80 ż710",  # Polish
        "á3440 é4250 í470 ó820 ö820 ő880 ú220 ü620 ű150",  # Hungarian
        "ă2800 â500 î1000 ş800 ţ800",  # Romanian
    ),
    "cp1252": (
        "à490 â50 ç90 è270 é1500 ê220 ë10 î50 ï10 ô20 œ20 ù60 û60",  # French
        "á500 é430 í730 ñ310 ó830 ú170 ü10",  # Spanish
        "ã730 á120 à70 â60 ç530 é340 ê450 í130 ó300 ô60 õ40 ú210",  # Portuguese
        "à640 è260 é50 ì30 ò100 ù170",  # Italian
        "æ870 ø940 å1190 é50",  # Danish, Norwegian
        "å1340 ä1800 ö1310",  # Swedish; Finnish
        "ä580 ö440 ü1000 ß310",  # German
        "á1800 æ870 é650 í1570 ð4390 ó990 ö780 ú610 ý230 þ1450",  # Icelandic
    ),
}
_UNSEEN = 0.5  # stands for letters outside a row: names and loan words, not impossible


def _code_page(data: bytes) -> str:
    """The likeliest encoding; without a single accented letter cp1252, the Western default."""
    words = sum(map(len, _CYRILLIC_WORD.findall(data)))
    if 2 * words > len(_CYRILLIC_LETTER.findall(data)):
        return _cyrillic(data)
    if _likelier(data, "cp1252", "cp1250") == "cp1252":
        return "cp1252"
    if _C1.search(data):
        return "cp1250"
    return _likelier(b"".join(_INSIDE.findall(data)), "cp1250", "iso8859_2")


def _cyrillic(data: bytes) -> str:
    from charset_normalizer import from_bytes  # takes 16 ms, and most files are UTF-8

    found = from_bytes(data, cp_isolation=_CYRILLIC).best()
    return found.encoding if found else "cp1251"


def _likelier(data: bytes, one: str, other: str) -> str:
    """The likelier of two encodings of Latin script; the first where nothing tells."""
    seen = bytes(byte for byte in data if byte in _letters(one, other))
    return max((one, other), key=lambda name: _likelihood(seen, name))


@cache
def _letters(one: str, other: str) -> frozenset[int]:
    """The bytes that are a letter in either: "ł" is "³" in the other, to be explained as well."""
    return frozenset(
        byte
        for byte in range(0x80, 0x100)
        if any(bytes((byte,)).decode(name, "ignore").isalpha() for name in (one, other))
    )


def _likelihood(seen: bytes, name: str) -> float:
    letters = Counter(seen.decode(name, "replace").lower())
    return max(_log_probability(letters, row) for row in _tables()[name])


def _log_probability(letters: Counter[str], row: dict[str, float]) -> float:
    total = sum(row.values())
    return sum(count * log(row.get(letter, _UNSEEN) / total) for letter, count in letters.items())


@cache
def _tables() -> dict[str, list[dict[str, float]]]:
    """The rows of each encoding; the two of Central Europe write the same languages."""
    tables = {name: [_table(row) for row in rows] for name, rows in _ROWS.items()}
    return {**tables, "iso8859_2": tables["cp1250"]}


def _table(row: str) -> dict[str, float]:
    return {entry[0]: float(entry[1:]) for entry in row.split()}
