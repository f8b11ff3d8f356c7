"""Article ids made of what names a text: a file name, an address, the text itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote

from qa.ids import MAX_LENGTH, is_article_id

_OTHER = re.compile(r"[^A-Za-z0-9._~-]+")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
# Latin letters that Unicode does not decompose into a base letter and an accent.
_LATIN = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "\u0131": "i", "ð": "d", "Ð": "D"}
    | {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)


def slug(name: str) -> str:
    """`name` made URL-safe; one that already is stays exactly as it is.

    When letters are lost (any script but Latin) or the name is cut, eight hex digits of its
    SHA-256 keep two names apart: "Привет" -> "a-" + digits, "Čačak" -> "Cacak".
    """
    if is_article_id(name):
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
