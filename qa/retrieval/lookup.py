"""Articles and passages that are asked for by their ids."""

from __future__ import annotations

from dataclasses import dataclass

from qa.errors import NotFound, SourceChanged
from qa.ids import PassageId
from qa.retrieval.hits import place
from qa.storage.records import Occurrence, StoredArticle
from qa.storage.view import View
from qa.types import Extract, Passage, Source


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its source, and the other articles it stands in."""

    passage: Passage
    source: Source
    chunk: int
    article_key: int
    also_in: tuple[tuple[Source, Passage], ...]
    expanded: Extract | None = None


def article(view: View, id_: str) -> StoredArticle:
    """The article with this id. Raises NotFound."""
    stored = view.article(id_)
    if stored is None:
        raise NotFound(f"there is no article {id_!r}", code="article_not_found")
    return stored


def passages(view: View, stored: StoredArticle) -> list[Passage]:
    """The passages of an article, in order. Raises Unavailable when it went out long ago."""
    id_, text = stored.article.id, stored.article.text
    return [
        Passage(str(PassageId.of(id_, stored.digest, start, end)), id_, start, end, text[start:end])
        for start, end, _ in view.passages_of(stored.key)
    ]


def passage(view: View, id_: str) -> PassageView:
    """The passage with this id.

    Raises NotFound for one that was never given out, and SourceChanged for one of an earlier
    version of its article.
    """
    asked = PassageId.parse(id_)
    stored = article(view, asked.article)
    if not asked.is_of(stored.digest):
        raise SourceChanged(
            f"article {asked.article!r} has changed since {id_!r} was cited: "
            f"see GET /v1/articles/{asked.article}, or check the quote again"
        )
    for start, end, chunk in view.passages_of(stored.key):
        if (start, end) == (asked.start, asked.end):
            return _at(view, stored, start, end, chunk)
    raise NotFound(
        f"article {asked.article!r} has no passage at characters {asked.start}-{asked.end}",
        code="passage_not_found",
    )


def _at(view: View, stored: StoredArticle, start: int, end: int, chunk: int) -> PassageView:
    text = stored.article.text[start:end]
    where, found = place(Occurrence(chunk, text, start, end, stored))
    places = view.occurrences([chunk])[chunk]
    others = {o.stored.article.id: place(o) for o in reversed(places)}
    others.pop(stored.article.id, None)
    return PassageView(found, where, chunk, stored.key, tuple(reversed(others.values())))
