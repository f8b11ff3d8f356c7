"""What all retrievers have in common: what they ask, and what they say of a passage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footnote import models


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
