"""The hits of a question in the order that is asked for, one of each article if that is.

By date not all hits can be put in order: in the end every passage is one. Those are that come at
least half as near as the nearest, by meaning or by words, or have the phrases that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from qa.ask.preference import day_of
from qa.ask.request import Request
from qa.types import GroupBy, Hit, Sort

# How many of the nearest are looked at for an order by date.
DATED = 200
_NEAR = 0.5


def arranged(
    hits: Iterable[Hit], request: Request, sort: Sort, group_by: GroupBy | None
) -> Iterator[Hit]:
    """The hits, given best first, in their order; no further ones are looked at than are taken."""
    if sort != "relevance":
        hits = _by_date(list(islice(hits, DATED)), request, newest=sort == "-published")
    return _of_each_article(hits) if group_by == "article" else iter(hits)


def _by_date(hits: Sequence[Hit], request: Request, *, newest: bool) -> list[Hit]:
    """Those without a date come last in either order, and of one day the better before."""
    near = list(hits) if request.wording.required else _near(hits)
    dated = sorted((hit for hit in near if day_of(hit)), key=day_of, reverse=newest)
    return [*dated, *(hit for hit in near if not day_of(hit))]


def _near(hits: Sequence[Hit]) -> list[Hit]:
    dense = max((hit.dense or 0.0 for hit in hits), default=0.0) * _NEAR
    lexical = max((hit.lexical or 0.0 for hit in hits), default=0.0) * _NEAR
    return [
        hit
        for hit in hits
        if (hit.dense or 0.0) >= dense > 0 or (hit.lexical or 0.0) >= lexical > 0
    ]


def _of_each_article(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The first hit of each article."""
    shown = set[str]()
    for hit in hits:
        if hit.passage.article_id not in shown:
            shown.add(hit.passage.article_id)
            yield hit
