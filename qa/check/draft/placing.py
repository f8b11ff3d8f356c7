"""Which statement each reference and quotation of a draft belongs to, and so which each cites."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.check.draft.layers import DraftLayers, has_words
from qa.check.draft.statements import DraftStatement, ends_with_colon
from qa.check.draft.types import Quotation, Reference
from qa.types import Span

MAX_REFERENCES = 20  # of one quotation, the nearest


def place_references(draft: DraftLayers, statements: Sequence[DraftStatement]) -> None:
    """Give each statement the references in it and around it.

    What follows a sentence's end in its paragraph and is a reference and nothing else belongs to
    that sentence: "He left. [1] She stayed." -> [1] to "He left.", which now ends behind it.
    """
    starts = [statement.start for statement in statements]
    for found in draft.references:
        i = bisect_right(starts, found.span.start)
        last = statements[i - 1] if i else None
        following = statements[i] if i < len(starts) else None
        if statement := _belonging(draft, found, last, following):
            statement.references.append(found)
    for last, statement in pairwise(statements):
        if statement.kind == "attribution":
            last.references += statement.references


def place_quotations(draft: DraftLayers, statements: Sequence[DraftStatement]) -> None:
    """Give each statement the quotations that begin in it; attributions quote nothing.

    "He said “yes”. She left." -> “yes” to "He said “yes”."
    """
    starts = [statement.said.start for statement in statements]
    for span in draft.quotations:
        i = bisect_right(starts, span.start) - 1
        if i >= 0 and statements[i].kind != "attribution":
            statements[i].quotes.append(span)


def _belonging(
    draft: DraftLayers,
    found: Reference,
    last: DraftStatement | None,
    following: DraftStatement | None,
) -> DraftStatement | None:
    """The statement of a reference: around it, else before it in the paragraph, else behind it."""
    if last and found.span.start < last.end:
        return last
    block = bisect_right(draft.blocks, found.span.start, key=lambda block: block.span.start) - 1
    after = following if following and following.block == block else None
    if last and last.block == block and not _is_amid(draft, after):
        last.end = _with_bracket(draft, found.span.end)
        return last
    if after:
        after.start = min(after.start, found.span.start)
        return after
    return last if last and _is_right_below(draft, found, last) else None


def _is_amid(draft: DraftLayers, after: DraftStatement | None) -> bool:
    """Whether what is behind a reference goes on with a sentence."""
    return after is not None and draft.prose[after.said.start].islower()


def _is_right_below(draft: DraftLayers, found: Reference, last: DraftStatement) -> bool:
    """Whether a reference stands below a blockquote, with a blank line between at most."""
    if last.kind != "blockquote":
        return False
    return draft.text.count("\n", last.end, found.span.start) <= 2


def _with_bracket(draft: DraftLayers, end: int) -> int:
    closes = draft.body[end : end + 1] in {")", "]"} and draft.prose[end] == " "
    return end + closes


# --- the references of each quotation ---


def cited_quotations(
    draft: DraftLayers, statements: Sequence[DraftStatement]
) -> Iterator[Quotation]:
    """The quotations of a draft in order, each with its references; its statements have theirs.

    "“A” [1] and “b” [2]." -> "A" with [1], "b" with [2] and [1]
    """
    first = statements[0].said.start if statements else len(draft.text)
    for span in draft.quotations:
        if span.start >= first:
            break
        yield Quotation(span, ())
    for i, statement in enumerate(statements):
        introducing = statements[i - 1] if i else None
        yield from _cited_in(draft, statement, introducing)


def _cited_in(
    draft: DraftLayers, statement: DraftStatement, introducing: DraftStatement | None
) -> Iterator[Quotation]:
    places = [found.span.start for found in statement.references]
    ends = [span.start for span in statement.quotes[1:]] + [len(draft.text)]
    for span, end in zip(statement.quotes, ends, strict=False):
        near = _nearest(statement.references, places, span, end)
        yield Quotation(span, near or _introduced(draft, statement, introducing, span))


def _nearest(
    found: Sequence[Reference], places: Sequence[int], quote: Span, following: int
) -> tuple[Reference, ...]:
    """The references of a quotation: a link around it, then those behind, within and before it.

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
    draft: DraftLayers, statement: DraftStatement, introducing: DraftStatement | None, span: Span
) -> tuple[Reference, ...]:
    """The references of the statement before, when it ends with a colon: "Ana said [1]:".

    What says where another quotation is from, "Source: [1]", introduces nothing.
    """
    if introducing is None or introducing.kind == "attribution":
        return ()
    if not ends_with_colon(draft, introducing):
        return ()
    before = Span(statement.said.start, span.start)
    if statement.kind != "blockquote" and has_words(draft.prose, before):
        return ()
    return tuple(reversed(introducing.references[-MAX_REFERENCES:]))
