"""Article ids: given ones are checked and never altered, derived ones are made URL-safe."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote

from qa.errors import InvalidInput

MAX_LENGTH = 200
ALLOWED = (
    "1 to 200 of the letters a-z and A-Z, digits and . _ ~ : @ + , = -, "
    "beginning with a letter, digit or _"
)

# What may stand in a segment of a URL path as it is (RFC 3986), less what shells and SQL use.
_ID = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9._~:@+,=-]{{0,{MAX_LENGTH - 1}}}")
_OTHER = re.compile(r"[^A-Za-z0-9._~-]+")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
# Latin letters that Unicode does not decompose into a base letter and an accent.
_LATIN = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "\u0131": "i", "ð": "d", "Ð": "D"}
    | {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)


def check_id(given: object) -> str:
    """The given id as it is (an int as its digits); InvalidInput when it is not URL-safe."""
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    shown = repr(given) if len(repr(given)) <= 80 else f"{repr(given)[:80]}…"
    raise InvalidInput(f"id {shown} is not URL-safe; allowed: {ALLOWED}", code="invalid_id")


def slug(name: str) -> str:
    """`name` made URL-safe; one that already is stays exactly as it is.

    When letters are lost (any script but Latin) or the name is cut, eight hex digits of its
    SHA-256 keep two names apart: "Привет" -> "a-" + digits, "Čačak" -> "Cacak".
    """
    if _ID.fullmatch(name):
        return name
    folded = _ascii(name)
    lost = any(char.isalnum() for char in folded if not char.isascii())
    safe = _dashed(folded)
    if lost or not safe or len(safe) > MAX_LENGTH:
        return _with_digest(safe, unicodedata.normalize("NFC", name))
    return safe


def id_from_url(url: str) -> str:
    """The host, path and query, readable, with a digest, since "/a/b" and "/a-b" read the same."""
    bare = _SCHEME.sub("", url.strip()).partition("#")[0].rstrip("/")
    host, slash, path = bare.partition("/")
    place = host.lower() + slash + path
    return _with_digest(_dashed(_ascii(unquote(place))), place)


def id_from_text(text: str) -> str:
    """An id for a text about which nothing is known: the same text gets the same id."""
    return f"a-{digest(text, 12)}"


def digest(text: str, digits: int = 8) -> str:
    """The first hex digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _ascii(name: str) -> str:
    """The name with accents off its Latin letters; other letters stay, for `slug` to notice."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_LATIN))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _dashed(text: str) -> str:
    return _OTHER.sub("-", text).lstrip("-.~").rstrip("-")


def _with_digest(safe: str, original: str) -> str:
    head = safe[: MAX_LENGTH - 9].rstrip("-") or "a"
    return f"{head}-{digest(original)}"
