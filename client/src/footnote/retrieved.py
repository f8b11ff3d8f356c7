"""What all retrievers have in common: what they ask, and what they say of a passage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from footnote import models


@dataclass(frozen=True)
class Retrieved:
    """What a framework is given: a passage, what it is expanded to, or a part of a context."""

    id: str
    text: str
    score: float
    start: int  # in the article, as `end`
    end: int
    metadata: dict[str, Any]


def retrieved(answer: models.AskOut) -> Iterator[Retrieved]:
    """The passages; each within what it is expanded to, with `expand`. With `max_tokens`, the parts
    of the context instead: under the id of the best passage in it.
    """
    hits = {hit.id: hit for hit in answer.passages}
    if answer.context is None:
        for hit in answer.passages:
            yield _retrieved(hit, hit.expanded or hit, hit.source, answer)
        return
    for part in answer.context.parts:
        ids = [passage.id for passage in part.passages]
        best = next(hit for id_, hit in hits.items() if id_ in ids)  # they come best first
        yield _retrieved(best, part, part.source, answer, ids)


def _retrieved(
    hit: models.HitOut,
    shown: models.HitOut | models.ExpandedOut | models.ContextPartOut,
    source: models.SourceOut,
    answer: models.AskOut,
    ids: list[str] | None = None,
) -> Retrieved:
    said = metadata(hit, answer)
    said |= {"start": shown.start, "end": shown.end, "citation": shown.citation}
    said |= {"link": source.link, "passage_ids": " ".join(ids or [hit.id])}
    return Retrieved(hit.id, shown.text, hit.score, shown.start, shown.end, said)


def metadata(hit: models.HitOut, answer: models.AskOut) -> dict[str, Any]:
    """The footnote of a passage, flat: exact place, source and citation, and what was made of it.

    `answered` is of the question as a whole: where it is false, the passages are only the nearest.
    """
    source = hit.source
    return {
        "passage_id": hit.id,
        "article_id": hit.article_id,
        "start": hit.start,
        "end": hit.end,
        "citation": hit.citation,
        "title": source.title,
        "author": source.author,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
        "language": source.language,
        "link": source.link,
        "score": hit.score,
        "answered": answer.answered,
        "confidence": answer.confidence,
    }


def asked(k: int, filters: Mapping[str, Any] | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `ask`."""
    return {"top_k": k, "filters": filters, **options}
