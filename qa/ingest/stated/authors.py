"""Who wrote a page, as names: what stands where an author should and names nobody is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from urllib.parse import urlsplit

from qa.ingest.canonical_text import one_line
from qa.ingest.limits import LONGEST
from qa.ingest.stated.several_names import is_name, names_in
from qa.text.words.tables import any_of, listed

_LONGEST = 100  # characters; what is longer is a sentence about the author
_MOST_WORDS = 9
_ADDRESS = re.compile(
    r"(?<!\S)(?:(?!@|\[at\])\S)++(?:@|\[at\])\S+|(?:https?://|www\.)\S*|(?<!\S)@\w+"
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,6}/?")
_WORDS = re.compile(r"\w+")
SIGNED = re.compile(rf"(?:{any_of(listed('signed_by'))})(?:\s*:\s*|\s+)", re.IGNORECASE)
_OTHERS_WORK = re.compile(
    rf"[\s,;|(·–—-]{{1,4}}(?:{any_of(listed('others_work'))})(?!\w).*", re.IGNORECASE
)
_HEAD = re.compile(r"[,/|–—]|\s-\s")
_EDGES = " ,;:|/•·–—-()<>[]\"'„“”"


@dataclass(frozen=True, slots=True)
class Site:
    """Who a page is published by: what stands in an author's place may be its name."""

    names: tuple[str, ...] = ()
    url: str | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """How its host is written where it stands for a name: www.a-b.org, a-b.org, a-b.

        Where a host gives everybody a name of their own, that is who writes: gizmo.wordpress.com.
        """
        url = self.url
        host = urlsplit(url).hostname if url and url.startswith("http") else None
        if not host:
            return ()
        bare = host.removeprefix("www.")
        first, _, rest = bare.partition(".")
        called = (host, bare, bare.rpartition(".")[0])
        return called if rest in listed("hosts_of_blogs") else (*called, first)

    @property
    def account(self) -> str:
        """Who writes on a host that gives everybody a name of their own; "" on another."""
        host = urlsplit(self.url).hostname if self.url and self.url.startswith("http") else None
        first, _, rest = (host or "").partition(".")
        return _folded(first) if rest in listed("hosts_of_blogs") else ""


NOWHERE = Site()


def people(stated: Iterable[str], site: Site = NOWHERE) -> tuple[str, ...]:
    """The names in what is stated, each once, but those of the publisher, the site and its host.

    But for a person's: Ann Lee may write at annlee.org, which is called Ann Lee.

    >>> people(["By Ann Lee and Bo Ray", "admin", "info@northport.example"])
    ('Ann Lee', 'Bo Ray')
    """
    told = [one_line(unescape(text)) for text in stated]
    if not told:
        return ()
    other = _Others(site)
    named = (
        _without_employer(name, other)
        for text in told
        for name in ([text] if _is_too_long(text) else _names(text))
        if _is_too_long(name) or _is_somebody(name, other)
    )
    return tuple(dict.fromkeys(named))


def _without_employer(name: str, other: _Others) -> str:
    """Ann Lee, Northport News -> Ann Lee, where that publishes the page."""
    first, comma, rest = name.rpartition(", ")
    return first.strip() if comma and is_name(first) and not _is_somebody(rest, other) else name


def _is_too_long(text: str) -> bool:
    """Whether a text is kept as it is stated, for the limits to leave it out and say so."""
    return len(text) > LONGEST["author"]


def _names(text: str) -> Iterator[str]:
    """The names of one string, without "By", addresses and what stands between names."""
    bare = one_line(_ADDRESS.sub(" ", _OTHERS_WORK.sub("", text, count=1))).strip(_EDGES)
    signed = SIGNED.match(bare)
    if signed and _may_be_cut(signed[0], bare[signed.end() :]):
        bare = bare[signed.end() :].strip(_EDGES)
    for name in names_in(bare):
        words = name.strip(_EDGES).split()
        half = len(words) // 2
        twice = half > 1 and words[:half] == words[half:]  # in a link within what is marked, too
        yield " ".join(words[:half] if twice else words)


def _may_be_cut(prefix: str, rest: str) -> bool:
    """Whether a name follows: "Von Ana Lee", "Publié par Ana", and not "Von der Leyen"."""
    if not rest or prefix.rstrip().endswith(":"):
        return bool(rest)
    said = " " in prefix.strip() or prefix.strip().lower() == "by"
    return rest[0].isupper() and (said or " " in rest)


def _is_somebody(name: str, other: _Others) -> bool:
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
    if not left or "-".join(words) in _nobodies():
        return False
    return _is_person(words) or not other.are(name, " ".join(left))


class _Others:
    """The names of who publishes, in the ways in which they are written."""

    def __init__(self, site: Site) -> None:
        self._names = {_folded(name) for name in site.names}
        self._names |= {_folded(n.rpartition(".")[0]) for n in site.names if _HOST.fullmatch(n)}
        self._hosts = {host.casefold() for host in site.hosts}
        self._labels = {_folded(host) for host in site.hosts if "." not in host}
        words = [name.split() for name in site.names]
        self._initials = {"".join(word[0] for word in name) for name in words if len(name) > 1}
        self._account = site.account

    def are(self, name: str, left: str) -> bool:
        """Whether a name is one of these: Northport News, Northport News/ab, www.northport.org."""
        if self._account and _folded(name) == self._account:
            return False
        begins = _HEAD.split(name, maxsplit=1)[0].rstrip()
        if any(map(self._is, (name, left, begins))):
            return True
        return name.upper() in self._initials or self._has_label(plain(name).split())

    def _is(self, name: str) -> bool:
        words = name.casefold().split()
        written = {name.casefold(), "-".join(words), "".join(words)}
        return bool(_folded(name) in self._names or written & self._hosts)

    def _has_label(self, words: list[str]) -> bool:
        """Whether several words in a row are what the host is called: FC Blue Sea, bluesea.org."""
        rows = ("".join(words[i:j]) for j in range(2, len(words) + 1) for i in range(j - 1))
        return not self._labels.isdisjoint(rows)


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
    return listed("nobodies") | listed("not_authors") | listed("signed_by")


def plain(name: str) -> str:
    """A name in small letters without accents, its words apart: "Anné-Jil" -> "anne jil"."""
    letters = unicodedata.normalize("NFKD", name[: 4 * _LONGEST].casefold())
    return " ".join(_WORDS.findall("".join(c for c in letters if not unicodedata.combining(c))))


def _folded(name: str) -> str:
    return plain(name).replace(" ", "")
