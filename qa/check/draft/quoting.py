"""The references of each quotation: those of its statement, nearest first."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from qa.check.draft.layers import Layers, has_words
from qa.check.draft.statements import Statement, ends_with_colon
from qa.check.draft.types import Quoted, Reference
from qa.types import Span

MAX_REFERENCES = 20  # of one quotation, the nearest


def quoted(draft: Layers, statements: Sequence[Statement]) -> Iterator[Quoted]:
    """The quotations of a draft, in order, once its statements have theirs.

    "“A” [1] and “b” [2]." -> "A" with [1], "b" with [2] and [1]
    """
    first = statements[0].said.start if statements else len(draft.text)
    for span in draft.quotations:
        if span.start >= first:
            break
        yield Quoted(span, ())
    for i, statement in enumerate(statements):
        introducing = statements[i - 1] if i else None
        yield from _quoted_in(draft, statement, introducing)


def _quoted_in(
    draft: Layers, statement: Statement, introducing: Statement | None
) -> Iterator[Quoted]:
    places = [found.span.start for found in statement.references]
    ends = [span.start for span in statement.quotes[1:]] + [len(draft.text)]
    for span, end in zip(statement.quotes, ends, strict=False):
        near = _nearest(statement.references, places, span, end)
        yield Quoted(span, near or _introduced(draft, statement, introducing, span))


def _nearest(
    found: Sequence[Reference], places: Sequence[int], quote: Span, following: int
) -> tuple[Reference, ...]:
    """Those that a quotation refers to: a link around it, then behind, within, and before it.

    When there are none of these, those behind the quotation that follows.
    """
    first, behind = bisect_left(places, quote.start), bisect_left(places, quote.end)
    last = bisect_left(places, following)
    before = list(reversed(found[max(0, first - MAX_REFERENCES) : first]))
    around = [one for one in before[:1] if one.span.end >= quote.end]
    near = [*around, *found[behind : min(last, behind + MAX_REFERENCES)]]
    near += [*found[first : min(behind, first + MAX_REFERENCES)], *before[len(around) :]]
    return tuple(near[:MAX_REFERENCES] or found[last : last + MAX_REFERENCES])


def _introduced(
    draft: Layers, statement: Statement, introducing: Statement | None, span: Span
) -> tuple[Reference, ...]:
    """The references of the statement before, when it ends with a colon."""
    if introducing is None or not ends_with_colon(draft, introducing):
        return ()
    before = Span(statement.said.start, span.start)
    if statement.kind != "blockquote" and has_words(draft.prose, before):
        return ()
    return tuple(reversed(introducing.references[-MAX_REFERENCES:]))
