"""The works that citations are of: what bibliographies list, each once, with its cited places."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.citations.cited import Citation
from qa.ingest.stated.several_names import names_in
from qa.types import Source

# What separates fields, begins comments or joins names in one of the formats.
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._-]")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?(?![0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Work:
    """An article as a bibliography lists it, with the places of it that are cited."""

    key: str  # the same for an article each time, and for no other
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: tuple[str, ...]  # ("2024", "05", "02"), as far as it is stated
    url: str | None
    language: str | None
    accessed: tuple[str, ...]
    notes: tuple[str, ...]  # "p. 3: the words"


def works(citations: Iterable[Citation]) -> list[Work]:
    """The works of some citations, in the order in which they come first."""
    by_article: dict[str, list[Citation]] = {}
    for cited in citations:
        by_article.setdefault(cited.source.article_id, []).append(cited)
    return [_work(places) for places in by_article.values()]


def _work(places: Sequence[Citation]) -> Work:
    told = places[0].source
    return Work(
        key=key_of(told.article_id),
        title=flat(told.title) if told.title else None,
        authors=authors_of(told),
        publisher=flat(told.publisher) if told.publisher else None,
        published=date_parts(told.published),
        url=re.sub(r"\s", "%20", told.url.strip()) if told.url else None,
        language=told.language,
        accessed=date_parts(places[0].accessed),
        notes=tuple(dict.fromkeys(filter(None, map(_note, places)))),
    )


def key_of(article_id: str) -> str:
    """A name for an article that every program for bibliographies takes.

    >>> key_of("talks-2024"), key_of("a,b")
    ('talks-2024', 'a-b-1eb7c5')
    """
    plain = _NOT_IN_KEYS.sub("-", article_id)
    if plain == article_id:
        return plain
    return f"{plain}-{hashlib.sha256(article_id.encode()).hexdigest()[:6]}"


def authors_of(source: Source) -> tuple[str, ...]:
    """The names of all authors; where they came as one, those that it names: "Jo Reed, Max Blum".

    "Reed, Jo" stays one, and each stays as it is written: which part of it is the family's name,
    and whether it has one, nothing says.
    """
    several = len(source.authors) > 1
    return tuple(map(flat, source.authors if several else names_in(source.author or "")))


def date_parts(iso: str | None) -> tuple[str, ...]:
    """Year, month and day of a date, as far as it has them.

    >>> date_parts("2024-05-02T10:00:00Z"), date_parts("2024-05"), date_parts(None)
    (('2024', '05', '02'), ('2024', '05'), ())
    """
    found = _DATE.match(iso or "")
    return tuple(filter(None, found.groups())) if found else ()


def flat(text: str) -> str:
    """The text on one line: a line break would end a field."""
    return " ".join(text.split())


def _note(cited: Citation) -> str:
    return ": ".join(filter(None, [cited.place, flat(cited.words)]))
