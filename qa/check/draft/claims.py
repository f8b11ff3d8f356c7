"""The sentences of a draft that cite without quoting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from qa.check.draft.layers import DraftLayers, ends_sentence, without_empty_brackets, words
from qa.check.draft.markdown import plain
from qa.check.draft.statements import DraftStatement, ends_with_colon
from qa.check.draft.types import Claim
from qa.types import Span

MIN_WORDS = 4  # of a claim, and of a quotation that makes a sentence more than a claim

_SPACE_BEFORE_STOP = re.compile(r"(?<=\S) +(?=[.,;)])")


def claims(draft: DraftLayers, statements: Sequence[DraftStatement]) -> Iterator[Claim]:
    """The claims of a draft, in order, once its statements have their references and quotations.

    "The long talks ended [in May](/a) [1]." -> Claim([0:38], "The long talks ended in May.", both)
    """
    for statement, following in zip_longest(statements, statements[1:]):
        if statement.kind != "sentence" or not statement.references:
            continue
        introduces = following and following.quotes and ends_with_colon(draft, statement)
        if not introduces and _claims_something(draft, statement):
            span = Span(statement.start, statement.end)
            yield Claim(span, _shown(draft, statement.said), tuple(statement.references))


def _claims_something(draft: DraftLayers, statement: DraftStatement) -> bool:
    if any(words(draft.prose, quote) >= MIN_WORDS for quote in statement.quotes):
        return False
    besides, said = words(draft.bare, statement.said), statement.said
    if besides == 0 and ends_sentence(draft.said(said)):
        return words(draft.prose, said) >= MIN_WORDS  # all of it is a link
    return besides >= MIN_WORDS


def _shown(draft: DraftLayers, said: Span) -> str:
    """A sentence as a reader sees it: in one line, without marks and Markdown."""
    parts, at = [], said.start
    for span in draft.hidden_in(said):
        parts.append(draft.text[at : max(at, span.start)])
        at = max(at, span.end)
    shown = plain(without_empty_brackets("".join(parts) + draft.text[at : said.end]))
    return _SPACE_BEFORE_STOP.sub("", shown)
