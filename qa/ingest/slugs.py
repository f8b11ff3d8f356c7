"""Article ids made of what names a text: a file name, an address, the text itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

from qa.ids import MAX_LENGTH, is_article_id

_OTHER = re.compile(r"[^A-Za-z0-9._~-]+")
_MOST_FOLDERS = 16  # of a path that stand in an id
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
# Latin letters that Unicode does not decompose into a base letter and an accent.
_LATIN = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "\u0131": "i", "ð": "d", "Ð": "D"}
    | {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th"}
)


def slug(name: str, *, spelled: bool = True) -> str:
    """`name` made URL-safe; one that already is stays exactly as it is.

    Letters of other scripts are spelled in Latin ones. As two names may be spelled alike, or when
    one is cut, eight hex digits of SHA-256 keep them apart: "Привет" -> "Privet-" + digits,
    "Čačak" -> "Cacak". Not `spelled`, they are lost, as they were once: "a-" + digits.
    """
    if is_article_id(name):
        return name
    folded = _ascii(name)
    lost = any(char.isalnum() for char in folded if not char.isascii())
    safe = _dashed(_in_latin(folded) if lost and spelled else folded)
    if lost or not safe or len(safe) > MAX_LENGTH:
        return _with_digest(safe, unicodedata.normalize("NFC", name))
    return safe


def ids_of_file(path: str) -> list[str]:
    """Every id that a file may have been given, from its stem to its path and a digest of it.

    "/x/2024/minutes.txt" -> minutes, minutes.txt, 2024-minutes.txt, x-2024-minutes.txt, and the
    paths with a digest.
    """
    parts = [part for part in PurePosixPath(path).parts if part != "/"]
    stem = PurePosixPath(path).stem
    paths = ["/".join(parts[-n:]) for n in range(1, min(len(parts), _MOST_FOLDERS) + 1)]
    ids = [slug(stem), slug(stem, spelled=False), *map(slug, paths)]
    ids += [slug(path, spelled=False) for path in paths]
    ids += [with_digest(slug(shown, spelled=old), path) for shown in paths for old in (True, False)]
    return list(dict.fromkeys(ids))


def with_digest(id_: str, path: str) -> str:
    """The id with eight digits that no other file's path has."""
    return f"{id_[: MAX_LENGTH - 10]}-{digest(path)}"


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


def _in_latin(name: str) -> str:
    # Here, because it takes a while to load, and most names are in Latin letters.
    from anyascii import anyascii

    return anyascii(name)


def _dashed(text: str) -> str:
    return _OTHER.sub("-", text).lstrip("-.~").rstrip("-")


def _with_digest(safe: str, original: str) -> str:
    head = safe[: MAX_LENGTH - 9].rstrip("-") or "a"
    return f"{head}-{digest(original)}"
