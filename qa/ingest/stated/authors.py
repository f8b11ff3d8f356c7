"""Who wrote a page, as names: what stands where an author should and names nobody is none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from html import unescape
from urllib.parse import urlsplit

from qa.ingest.canonical_text import one_line
from qa.ingest.limits import LONGEST
from qa.text.words.tables import any_of, listed

_LONGEST = 100  # characters; what is longer is a sentence about the author
_MOST_WORDS = 9
_ADDRESS = re.compile(r"\S+@\S+|(?:https?://|www\.)\S*|^@\w+$")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,6}/?")
_WORDS = re.compile(r"\w+")
# What follows a name in a byline: on 21 April 2020, am 21. April, | 5 min read.
_DATED = re.compile(r"(?:\s+(?:am|on|le|el|in|at|um|·|-|–|—|\|))?[\s,(|·–—-]*+[0-9].*")
_JOIN = any_of(listed("name_joins"))
_BETWEEN = re.compile(rf"\s*,\s*(?:(?:{_JOIN})\s+)?|\s+(?:{_JOIN})\s+")
_SIGNED = re.compile(rf"(?:{any_of(listed('signed_by'))})(?:\s*:\s*|\s+)", re.IGNORECASE)
_EDGES = " ,;:|/•·–—-()<>[]\"'„“”"


def people(stated: Iterable[str], nobody: Collection[str] = ()) -> tuple[str, ...]:
    """The names in what is stated, each once; `nobody`: the publisher, the site, its host.

    >>> people(["By Ann Lee and Bo Ray", "admin", "info@northport.example"])
    ('Ann Lee', 'Bo Ray')
    """
    others = {_folded(name) for name in nobody}
    named = (
        name
        for text in map(one_line, map(unescape, stated))
        for name in ([text] if _is_too_long(text) else _names(text))
        if _is_too_long(name) or _is_somebody(name, others)
    )
    return tuple(dict.fromkeys(named))


def signed(lines: Iterable[str], nobody: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the first line that is a byline: "Von ANA LEE am 21. April 2020"."""
    for line in lines:
        bare = _DATED.sub("", one_line(line))
        names = people([bare], nobody)
        if names and all(map(_is_name, names)):
            return names
    return ()


def is_signed(line: str) -> bool:
    """Whether a line is "By Ann Lee" or the like, and nothing more than a name follows."""
    found = _SIGNED.match(line)
    return (
        bool(found) and len(line) <= _LONGEST and all(map(_is_name, _names(_DATED.sub("", line))))
    )


def _is_name(name: str) -> bool:
    """Whether a name looks like that of a person: two to five words, nearly all with capitals."""
    words = name.split()
    plain = [word for word in words if not word[0].isupper()]
    return (
        2 <= len(words) <= 5
        and len(name) <= 50
        and not any(character.isdigit() or character in "!?&:" for character in name)
        and all(len(word) <= 3 and word.isalpha() for word in plain)
        and len(plain) < len(words) - 1
    )


def hosts(url: str | None) -> tuple[str, ...]:
    """How the host of a URL is written where it stands for a name: www.a-b.org, a-b.org, a-b."""
    host = urlsplit(url).hostname if url and url.startswith("http") else None
    if not host:
        return ()
    bare = host.removeprefix("www.")
    return (host, bare, bare.partition(".")[0], bare.rpartition(".")[0])


def _is_too_long(text: str) -> bool:
    """Whether a text is kept as it is stated, for the limits to leave it out and say so."""
    return len(text) > LONGEST["author"]


def _names(text: str) -> list[str]:
    """The names of one string, without "By", addresses and what stands between names."""
    bare = one_line(_ADDRESS.sub(" ", text)).strip(_EDGES)
    signed = _SIGNED.match(bare)
    if signed and _may_be_cut(signed[0], bare[signed.end() :]):
        bare = bare[signed.end() :].strip(_EDGES)
    pieces = [piece.strip(_EDGES) for piece in re.split(r"\s*[;|]\s*", bare)]
    return [name for piece in pieces for name in _listed(piece)]


def _listed(text: str) -> list[str]:
    """Jo Reed, Max Blum and Ann Lee are three; Reed, Jo is one, and so is Marks and Spencer."""
    pieces = [piece.strip(_EDGES) for piece in _BETWEEN.split(text)]
    whole = all(len(piece.split()) >= 2 for piece in pieces if piece)
    return list(filter(None, pieces)) if whole else [text]


def _may_be_cut(prefix: str, rest: str) -> bool:
    """Whether a name follows: "Von Ana Lee", and not "Von der Leyen"."""
    colon = prefix.rstrip().endswith(":")
    return (
        bool(rest) and (colon or rest[0].isupper()) and (colon or " " in rest or prefix[0] in "bB")
    )


def _is_somebody(name: str, others: set[str]) -> bool:
    words = name.casefold().split()
    if (
        not 1 <= len(words) <= _MOST_WORDS
        or len(name) > _LONGEST
        or not any(map(str.isalpha, name))
    ):
        return False
    if _HOST.fullmatch(name) or any(character in name for character in "{}<>=@_\\"):
        return False
    if any(word.strip(",.()") in _forms() for word in words[1:]):
        return False
    left = [word for word in words if word.strip(".,:") not in _nobodies()]
    joined = "-".join(words)
    return (
        bool(left)
        and joined not in _nobodies()
        and not {_folded(name), _folded(" ".join(left))} & others
    )


@cache
def _forms() -> frozenset[str]:
    return listed("legal_forms")


@cache
def _nobodies() -> frozenset[str]:
    return listed("nobodies") | listed("not_authors")


def _folded(name: str) -> str:
    return "".join(_WORDS.findall(name.casefold()))
