"""A sentence cut into the clauses that have marks of their own.

"The bridge fell in March [1], and the port reopened in May [2]." -> one for [1], one for [2]
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from qa.check.draft.layers import DraftLayers, has_words, word_starts
from qa.check.draft.statements import DraftStatement
from qa.check.draft.types import Reference
from qa.text.words.tables import alternatives
from qa.types import Span

# What parts two clauses, behind a mark or before it; a bar parts the cells of a table's row.
_BEHIND = re.compile(
    rf"[ \t\n)\]]{{0,9}}(?:[,;|–—]\s{{0,9}})?(?:(?:{alternatives('joins_clauses')})\b\s{{0,9}})?",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[,;|–—]\s*\Z")
_LONGEST_GAP = 9  # characters that _BEFORE looks back

Clause = tuple[Span, Sequence[Reference]]


def clauses(draft: DraftLayers, statement: DraftStatement, least: int) -> Iterator[Clause]:
    """The clauses of a statement that have so many words at least, each with its references.

    A clause goes from behind the mark of another to its own; one that is too short goes with the
    next one, and what follows the last mark with the one before it.
    """
    start, said = statement.said.start, statement.said
    at = 0  # the references before this one are of an earlier clause
    starts = word_starts(draft.prose, said)
    last = max(one.span.end for one in statement.references)
    for i, end in _ends(draft, statement):
        behind = _BEHIND.match(draft.prose, end, said.end)
        following = behind.end() if behind else end
        before = bisect_left(starts, end) - bisect_left(starts, start)
        if before < least or len(starts) - bisect_left(starts, following) < least:
            continue
        if last <= following:
            break
        yield Span(start, end), statement.references[at:i]
        start, at = following, i
    yield Span(start, said.end), statement.references[at:]


def _ends(draft: DraftLayers, statement: DraftStatement) -> Iterator[tuple[int, int]]:
    """Where a clause may end, and how many references stand before it: behind a mark, at a joint.

    A link is no mark: its text is a part of the sentence.
    """
    found, said = statement.references, statement.said
    for i, one in enumerate(found, 1):
        end = one.span.end
        last = i == len(found) or found[i].span.start > end + 1
        if not last or not said.start < one.span.start < end < said.end:
            continue
        if has_words(draft.prose, one.span):
            continue
        behind = _BEHIND.match(draft.prose, end, said.end)
        joined = behind is not None and bool(behind[0].strip(" \t\n)]"))
        before = draft.prose[max(said.start, end - _LONGEST_GAP) : one.span.start].rstrip()
        if joined or _BEFORE.search(before):
            yield i, end
