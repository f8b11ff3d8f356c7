"""The sentences of a draft that cite, each with the references whose marks cover it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.check.draft.clauses import clauses
from qa.check.draft.introductions import only_quotes
from qa.check.draft.layers import DraftLayers, ends_sentence, without_empty_brackets, words
from qa.check.draft.markdown import plain
from qa.check.draft.naming import naming
from qa.check.draft.statements import DraftStatement
from qa.check.draft.table_rows import cells
from qa.check.draft.types import Claim, Reference
from qa.check.types import Covering
from qa.types import Span

MIN_WORDS = 4  # of a claim
MAX_COVERING = 20  # references behind a sentence that count for it, those that are nearest

_SPACE_BEFORE_STOP = re.compile(r"(?<=\S) +(?=[.,;)])")
_COMMA_AT_END = re.compile(r"(?<![,;])[,;]++(?= ?[.!?]?\Z)")  # what a mark stood behind


class Claims(NamedTuple):
    """What a draft claims, and where it does so without a reference."""

    cited: tuple[Claim, ...]
    uncited: tuple[Span, ...]


def claims(draft: DraftLayers, statements: Sequence[DraftStatement]) -> Claims:
    """The claims of a draft, in order, once its statements have their references and quotations.

    "The long talks ended [in May](/a) [1]." -> Claim([0:38], "The long talks ended in May.", both)
    """
    cited: list[Claim] = []
    uncited: list[Span] = []
    following = _following(statements)
    for statement, behind in zip(statements, following, strict=True):
        if statement.kind not in ("sentence", "row") or not _claims_something(draft, statement):
            continue
        if statement.references:
            cited += _with_marks(draft, statement)
        elif behind:
            cited.append(_claim(draft, statement, statement.said, behind, "paragraph"))
        else:
            uncited.append(statement.said)
    return Claims(tuple(cited), tuple(uncited))


def _following(statements: Sequence[DraftStatement]) -> list[tuple[Reference, ...]]:
    """For each statement the references of the next one in its paragraph that has any."""
    found: list[tuple[Reference, ...]] = []
    behind: tuple[Reference, ...] = ()
    block = -1
    for statement in reversed(statements):
        found.append(behind if statement.block == block else ())
        if statement.references:
            behind, block = tuple(statement.references[:MAX_COVERING]), statement.block
        elif statement.block != block:
            behind, block = (), statement.block
    return found[::-1]


def _with_marks(draft: DraftLayers, statement: DraftStatement) -> Iterator[Claim]:
    """The clauses of a statement, each with its own marks: "It fell [1], and it rose [2]."."""
    for said, references in clauses(draft, statement, MIN_WORDS):
        yield _claim(draft, statement, said, references, "mark")


def _claim(
    draft: DraftLayers,
    statement: DraftStatement,
    said: Span,
    references: Sequence[Reference],
    covered_by: Covering,
) -> Claim:
    start = statement.start if said.start == statement.said.start else said.start
    end = statement.end if said.end == statement.said.end else said.end
    shown = _shown(draft, said, row=statement.kind == "row")
    return Claim(Span(start, end), shown, tuple(references), covered_by)


def _claims_something(draft: DraftLayers, statement: DraftStatement) -> bool:
    if only_quotes(draft, statement):
        return False
    besides, said = words(draft.bare, statement.said), statement.said
    if besides == 0 and ends_sentence(draft.said(said)):
        return words(draft.prose, said) >= MIN_WORDS  # all of it is a link
    return besides >= MIN_WORDS


def _shown(draft: DraftLayers, said: Span, *, row: bool) -> str:
    """A sentence as a reader sees it: in one line, without marks, Markdown and its source's name.

    A row of a table is shown by its cells: "| A | 1958 [1] |" -> "A, 1958"
    """
    parts, at = [], said.start
    for span in sorted([*draft.hidden_in(said), *naming(draft, said)]):
        before = draft.text[at : max(at, span.start)]
        stops = draft.text[span.end : span.end + 1] == ":"  # in French a space stands before it
        parts.append(before.rstrip(" ") if stops else before)
        at = max(at, span.end)
    written = without_empty_brackets("".join(parts) + draft.text[at : said.end])
    shown = plain(", ".join(cells(written)) if row else written)
    return _COMMA_AT_END.sub("", _SPACE_BEFORE_STOP.sub("", shown))
