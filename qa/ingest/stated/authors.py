"""Who wrote a page, as names: what stands where an author should and names nobody is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from html import unescape
from urllib.parse import urlsplit

from qa.ingest.canonical_text import one_line
from qa.ingest.limits import LONGEST
from qa.text.words.tables import any_of, listed, tables

_LONGEST = 100  # characters; what is longer is a sentence about the author
_MOST_WORDS = 9
_ADDRESS = re.compile(
    r"(?<!\S)(?:(?!@|\[at\])\S)++(?:@|\[at\])\S+|(?:https?://|www\.)\S*|(?<!\S)@\w+"
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,6}/?")
_WORDS = re.compile(r"\w+")
_WEEKDAY = any_of(day for table in tables().values() for day in table.get("weekdays", ()))
_MONTH = any_of(month for table in tables().values() for month in table.get("months", ()))
_ON = any_of(listed("date_joins"))
# What follows a name in a byline: on Monday, 21 April 2020, am 21. April, | 5 min read; and what
# stands before one: 21.04.2020 – Ann Lee.
_DATED = re.compile(
    rf"(?: (?:{_ON}|·|-|–|—|\|))?"
    rf"(?:[\s,(|·–—-]{{1,8}}(?:{_WEEKDAY})\b.*"
    rf"|(?: (?:{_MONTH})\.?(?=\s[0-9]))?[\s,(|·–—-]{{0,8}}+[0-9].*)",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(r"[0-9]{1,2}([./])[0-9]{1,2}\1(?:[0-9]{2}){1,2}\s*[-–—|·,]\s*")
# Behind a comma and part of the name, as Jr. is.
_OF_NAMES = re.compile(r",\s*(?=(?:[JS]r|I{2,3}|Ph\.?\s?D|M\.?D|Esq)\b)", re.IGNORECASE)
_JOIN = any_of(listed("name_joins"))
_BETWEEN = re.compile(rf" ?, ?(?:(?:{_JOIN}) )?| (?:{_JOIN}) ")
_SIGNED = re.compile(rf"(?:{any_of(listed('signed_by'))})(?:\s*:\s*|\s+)", re.IGNORECASE)
_EDGES = " ,;:|/•·–—-()<>[]\"'„“”"


def people(
    stated: Iterable[str], sites: Collection[str] = (), hosts: Collection[str] = ()
) -> tuple[str, ...]:
    """The names in what is stated, each once, but those of the publisher, the site and its host.

    But for a person's: Ann Lee may write at annlee.org, which is called Ann Lee.

    >>> people(["By Ann Lee and Bo Ray", "admin", "info@northport.example"])
    ('Ann Lee', 'Bo Ray')
    """
    others = {_folded(name) for name in sites}
    others |= {_folded(site.rpartition(".")[0]) for site in sites if _HOST.fullmatch(site)}
    called = {host.casefold() for host in hosts}
    named = (
        name
        for text in map(one_line, map(unescape, stated))
        for name in ([text] if _is_too_long(text) else _names(text))
        if _is_too_long(name) or _is_somebody(name, others, called)
    )
    return tuple(dict.fromkeys(named))


def signed(
    lines: Iterable[str], sites: Collection[str] = (), hosts: Collection[str] = ()
) -> tuple[str, ...]:
    """The names of the first line that is a byline: "Von ANA LEE am 21. April 2020"."""
    for line in lines:
        bare = _undated(line)
        names = people([bare], sites, hosts)
        if names and all(map(_is_name, names)):
            return names
    return ()


def is_signed(line: str) -> bool:
    """Whether a line is "By Ann Lee" or the like, and nothing more than a name follows."""
    if len(line) > _LONGEST or not (_SIGNED.match(line) or _DATE_BEFORE.match(line)):
        return False
    names = _names(_undated(line))
    return bool(names) and all(map(_is_name, names))


def is_author_label(label: str) -> bool:
    """Whether a label says that an author follows: Author, Verfasst von."""
    return one_line(label).lower() in listed("signed_by")


def _undated(line: str) -> str:
    return _DATED.sub("", _DATE_BEFORE.sub("", one_line(line), count=1))


def _is_name(name: str) -> bool:
    """Whether a name looks like that of a person: two to five words, nearly all with capitals."""
    words = name.split()
    plain = [word for word in words if not word[0].isupper()]
    return (
        2 <= len(words) <= 5
        and len(name) <= 50
        and not any(character.isdigit() or character in "!?&:" for character in name)
        and all(len(word) <= 3 and word.isalpha() for word in plain)
        and all(word[-1] != "-" for word in words)
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
    pieces = [piece.strip(_EDGES) for piece in re.split(r" ?[;|] ?| / ", bare)]
    return [name for piece in pieces for name in _listed(piece)]


def _listed(text: str) -> list[str]:
    """Jo Reed, Max Blum and Ann Lee are three; Reed, Jo is one, and so is Marks and Spencer."""
    joined = _OF_NAMES.sub("\0", text)
    pieces = [piece.strip(_EDGES).replace("\0", ", ") for piece in _BETWEEN.split(joined)]
    pieces = list(filter(None, pieces))
    first = pieces[:1] if "," in text else pieces
    whole = all(len(piece.split()) >= 2 for piece in first)
    return pieces if whole else [text]


def _may_be_cut(prefix: str, rest: str) -> bool:
    """Whether a name follows: "Von Ana Lee", "Publié par Ana", and not "Von der Leyen"."""
    if not rest or prefix.rstrip().endswith(":"):
        return bool(rest)
    said = " " in prefix.strip() or prefix.strip().lower() == "by"
    return rest[0].isupper() and (said or " " in rest)


def _is_somebody(name: str, others: set[str], hosts: set[str]) -> bool:
    words = name.casefold().split()
    if (
        not 1 <= len(words) <= _MOST_WORDS
        or len(name) > _LONGEST
        or not any(map(str.isalpha, name))
    ):
        return False
    if _HOST.fullmatch(name) or any(character in name for character in "{}<>=@\\"):
        return False
    if any(word.strip(",.()") in _forms() for word in words[1:]):
        return False
    if any(part in listed("newsrooms") for word in words for part in word.split("-")):
        return False
    left = [word for word in words if word.strip(".,:") not in _nobodies()]
    joined = "-".join(words)
    return (
        bool(left)
        and joined not in _nobodies()
        and (not {name.casefold(), "-".join(words), "".join(words)} & hosts or _is_person(words))
        and (not {_folded(name), _folded(" ".join(left))} & others or _is_person(words))
    )


def _is_person(words: list[str]) -> bool:
    """Whether a name is a person's, whose site may have it too: Ann Lee, not Charlotte Observer."""
    return (
        2 <= len(words) <= 3
        and words[0] in listed("given_names")
        and not any(word in listed("press_names") for word in words)
    )


@cache
def _forms() -> frozenset[str]:
    return listed("legal_forms")


@cache
def _nobodies() -> frozenset[str]:
    return listed("nobodies") | listed("not_authors")


def plain(name: str) -> str:
    """A name in small letters without accents, its words apart: "Anné-Jil" -> "anne jil"."""
    letters = unicodedata.normalize("NFKD", name[: 4 * _LONGEST].casefold())
    return " ".join(_WORDS.findall("".join(c for c in letters if not unicodedata.combining(c))))


def _folded(name: str) -> str:
    return plain(name).replace(" ", "")
