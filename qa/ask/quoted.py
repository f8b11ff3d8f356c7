"""What a question quotes: the passages that have it are among the first, wherever they are found.

Which of them come first is a preference (preference.py): the quoted words need not be where the
answer is, and may be another's words for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from qa.retrieval.hits import overlaps
from qa.retrieval.search import Query, found
from qa.storage.view import View
from qa.text.operators import Phrase
from qa.types import Hit

# How many passages of each phrase are looked at besides those that are found anyway.
LOOKED_AT = 10


def with_quoted(
    view: View, query: Query, hits: Sequence[Hit], rest: Iterator[Hit]
) -> tuple[list[Hit], Iterator[Hit], list[Phrase]]:
    """The hits with those that have a preferred phrase, the others, and the phrases that stand.

    What is put behind the hits has no higher score than they, and does not come again.
    """
    first, stand, shown = list(hits), [], {hit.chunk for hit in hits}
    least = min((hit.score for hit in hits), default=1.0)
    for phrase in query.wording.preferred:
        having = replace(query, wording=query.wording.requiring(phrase))
        theirs = list(islice(found(view, having), LOOKED_AT))
        stand += [phrase] if theirs else []
        for hit in theirs:
            if hit.chunk not in shown and not overlaps(hit, first):
                shown.add(hit.chunk)
                first.append(replace(hit, score=min(hit.score, least)))
    added = first[len(hits) :]
    others = (hit for hit in rest if hit.chunk not in shown and not overlaps(hit, added))
    return first, others, stand
