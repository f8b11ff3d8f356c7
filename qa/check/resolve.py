"""A reference of a draft -> the article of the corpus that it refers to.

It is found by passage id; by URL, the article's own or that of our page of it; by a file name or an
article id; by the title, where the entry of a list of sources has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from qa.check.draft import Reference
from qa.check.types import Cited
from qa.citations.line import source
from qa.ids import PassageId, is_article_id
from qa.storage import View
from qa.storage.records import StoredArticle

_OWN_PAGE = re.compile(r"(?:/v1)?/(?P<kind>articles|passages)/(?P<id>[^/]+)/?")
_WORD = re.compile(r"\w+")
# What follows people around: it says who links, not what is linked.
_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_[ce]id|ref$|ref_src$|cmpid$|ito$|smid$")
# Shorter titles ("News") stand in many an entry by chance.
SHORTEST_TITLE = 12
# How many words of a longer title count: lists of sources shorten them.
TITLE_WORDS = 6
LONGEST_NAME = 200  # characters of a name that stands alone in brackets
MAX_ENTRY = 2_000  # characters of an entry in which a title is looked for

Resolved = tuple[Cited, StoredArticle | None]
Find = Callable[[str], tuple[StoredArticle | None, str | None]]


class Addresses:
    """URLs and titles of all articles, to be looked for; made once for each change of a corpus."""

    def __init__(self, view: View) -> None:
        self.version = view.version
        known = view.addresses
        self.by_url = _first((address(url), id_) for id_, url, _ in known if url)
        words = ((_WORD.findall(title.casefold()), id_) for id_, _, title in known if title)
        titles = ((" ".join(title[:TITLE_WORDS]), id_) for title, id_ in words)
        self.by_title = _first(
            (title, id_) for title, id_ in titles if len(title) >= SHORTEST_TITLE
        )


class Resolver:
    """The articles of one moment, by what may refer to them."""

    def __init__(self, view: View, addresses: Callable[[View], Addresses] = Addresses) -> None:
        """`addresses` may remember those of a moment: all articles are read for them."""
        self._view = view
        self._read_addresses = addresses

    @cached_property
    def _addresses(self) -> Addresses:
        return self._read_addresses(self._view)

    def resolve(self, reference: Reference) -> Resolved:
        """The reference with the article's source, and the article; None when it is not there."""
        return self.resolve_all([reference])[0]

    def resolve_all(self, references: Sequence[Reference]) -> list[Resolved]:
        """The references of a draft, in order: what thousands of them share is looked for once."""
        find = cache(self._find)
        return [_resolved(reference, find) for reference in references]

    def has(self, name: str) -> bool:
        """Whether an article has this id, file name or title, no more and no less."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or "\n" in name:
            return False
        stem = name.rpartition("/")[2]
        if any(
            is_article_id(id_) and self._view.find(id_) for id_ in (stem, stem.rpartition(".")[0])
        ):
            return True
        title = " ".join(_WORD.findall(name.casefold())[:TITLE_WORDS])
        return title in self._addresses.by_title

    def _find(self, target: str) -> tuple[StoredArticle | None, str | None]:
        """The article that a target names, and its passage."""
        id_, passage = self._named(target)
        return (self._view.find(id_) if id_ else None), passage

    def _named(self, target: str) -> tuple[str | None, str | None]:
        """The ids of the article, which may not exist, and of the passage."""
        if whole := PassageId.match(target):
            return whole.article, target
        parts = _split(target)
        if parts and (page := _OWN_PAGE.fullmatch(unquote(parts.path))):
            id_ = page["id"]
            cited = PassageId.match(id_) if page["kind"] == "passages" else None
            return (cited.article, id_) if cited else (id_, None)
        return self._addresses.by_url.get(address(target)) or self._by_name(target), None

    def _by_name(self, target: str) -> str | None:
        """The id by a file name, an article id alone, or a title within the text."""
        name = unquote(target.strip().rpartition("/")[2])
        for id_ in (name, name.rpartition(".")[0]):
            if id_ and self._view.find(id_):
                return id_
        words = _WORD.findall(target.casefold()[:MAX_ENTRY])
        for size in range(TITLE_WORDS, 0, -1):
            for first in range(len(words) - size + 1):
                if found := self._addresses.by_title.get(" ".join(words[first : first + size])):
                    return found
        return None


def _resolved(reference: Reference, find: Find) -> Resolved:
    for target in reference.targets:
        stored, passage = find(target)
        if stored:
            where = source(stored)
            return Cited(reference.span, reference.label, target, where, passage), stored
    said = reference.targets[0] if reference.targets else None
    return Cited(reference.span, reference.label, said, None), None


def address(url: str) -> str:
    """A URL by which two links to one page compare equal.

    >>> address("http://www.example.org/a/?utm_source=x&id=3#top")
    'example.org/a?id=3'
    """
    parts = _split(url)
    if parts is None:
        return url
    asked = [pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0].lower())]
    host = parts.netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    path = unquote(parts.path).rstrip("/")
    return f"{host}{path}?{urlencode(asked)}" if asked else f"{host}{path}"


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url if "//" in url or url.startswith("/") else f"//{url}")
    except ValueError:
        return None


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The id for each title or address: of several articles, the one that was added first."""
    found: dict[str, str] = {}
    for key, id_ in pairs:
        found.setdefault(key, id_)
    return found
