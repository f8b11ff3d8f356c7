"""Whether a sentence that quotes says anything besides: who says it is a part of the quotation.

"“We had no choice,” said Ana Petrović." -> nothing
"In March “we had no choice but to shut the gates,” she told 300 guests." -> that, too
"""

from __future__ import annotations

import re

from qa.check.draft.layers import DraftLayers, words
from qa.check.draft.markdown import cover
from qa.check.draft.statements import DraftStatement, ends_with_colon
from qa.check.facts import facts
from qa.text.tokens import is_word, tokenize
from qa.text.words import TITLES
from qa.text.words.tables import alternatives, listed
from qa.types import Span

# Of a quotation with a mark; fewer are a name or a term, and a part of the sentence.
QUOTED_WORDS = 4
# Content words besides, where a word says that somebody says it: the mayor told reporters.
SAID_BESIDES = 2

_SAYING = frozenset[str]().union(*map(listed, ("say", "say_bare", "saying")))
_ACCORDING = re.compile(
    rf"\b(?:{alternatives('according')}|{alternatives('in_words_of')})\b", re.IGNORECASE
)
_EMPTY = TITLES.union(*map(listed, ("function", "say_adverbs", "auxiliaries", "source_words")))


def only_quotes(draft: DraftLayers, statement: DraftStatement) -> bool:
    """Whether a statement is a quotation and who says it, and nothing else."""
    least = QUOTED_WORDS if statement.references else 1
    quotes = [quote for quote in statement.quotes if words(draft.prose, quote) >= least]
    if not quotes and not ends_with_colon(draft, statement):
        return False
    start = statement.said.start
    inside = (Span(quote.start - start, quote.end - start) for quote in quotes)
    return _only_says(cover(draft.said(statement.said), inside, " "))


def _only_says(written: str) -> bool:
    if any(fact.kind != "name" for fact in facts(written)):
        return False
    written, phrases = _ACCORDING.subn(lambda match: " " * len(match[0]), written)
    found = tokenize(written)
    besides, says = 0, phrases > 0
    for folded, start in zip(found.folded, found.starts.tolist(), strict=True):
        if folded in _SAYING:
            says = True
        elif is_word(folded) and written[start].islower() and folded not in _EMPTY:
            besides += 1
    return besides <= (SAID_BESIDES if says else 0)
