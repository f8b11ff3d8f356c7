"""Which statement each reference and each quotation of a draft belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from qa.check.draft.layers import Layers
from qa.check.draft.statements import Statement
from qa.check.draft.types import Reference


def place_references(draft: Layers, statements: Sequence[Statement]) -> None:
    """Gives each statement the references in it and around it.

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


def place_quotations(draft: Layers, statements: Sequence[Statement]) -> None:
    """Gives each statement the quotations that begin in it; attributions quote nothing.

    "He said “yes”. She left." -> “yes” to "He said “yes”."
    """
    starts = [statement.said.start for statement in statements]
    for span in draft.quotations:
        i = bisect_right(starts, span.start) - 1
        if i >= 0 and statements[i].kind != "attribution":
            statements[i].quotes.append(span)


def _belonging(
    draft: Layers, found: Reference, last: Statement | None, following: Statement | None
) -> Statement | None:
    """The statement that it stands in; else the one before it in the paragraph; else after."""
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


def _is_amid(draft: Layers, after: Statement | None) -> bool:
    """Whether what is behind a reference goes on with a sentence."""
    return after is not None and draft.prose[after.said.start].islower()


def _is_right_below(draft: Layers, found: Reference, last: Statement) -> bool:
    """Whether a reference stands below a blockquote, with a blank line between at most."""
    if last.kind != "blockquote":
        return False
    return draft.text.count("\n", last.end, found.span.start) <= 2


def _with_bracket(draft: Layers, end: int) -> int:
    closes = draft.body[end : end + 1] in {")", "]"} and draft.prose[end] == " "
    return end + closes
