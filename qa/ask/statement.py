"""Hits and interactions -> supporting sentences, the statement that answers, or why none does.

The supporting sentence of a passage is the statement nearest to the question: by late interaction
within the passage, by the mean of its tokens, and by the rare words they share. Headings and
bylines support only where there is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qa.retrieval.late_interaction import Interaction, Question, SentenceInteraction, mean, union
from qa.text.words.tables import alternatives
from qa.types import Hit, Span, Statement

# Chosen on training sets, where the judged passage is given (docs/quality.md).
COSINE_WEIGHT = 0.45
COVERAGE_WEIGHT = 0.08
# How much nearer, in the mean, a further sentence has to bring the question's words to be marked.
FURTHER = 0.1
MAX_MARKED = 3
# From how many words on a line without a full stop is a statement, and no heading.
LONG_LINE = 16
_STATEMENT_ENDS = tuple(".!?…\"'”’“»)")
# "By Ana Petrović", "Source: Tanjug"; but "By 1990 it had two million" and "Source code is" state.
# The names are a word and what may follow one by turns, each held to once read: were words parted
# anywhere ("SIGNING" as S and IGNING), a line in capitals would have 2**n ways to be read.
_NAME = r"[^\W\d_a-z][\w.'’-]*+"
_BYLINE = re.compile(
    r"(?:(?:[Ww]ritten (?>for .* (?=[Bb]y [^\W\d_a-z]))?)?[Bb]y|BY) "
    rf"{_NAME}(?:(?:,(?: and | )?| and | ){_NAME})*+,?(?: and | )?\.?"
    rf"|(?i:{alternatives('bylines')})\s?:.*"
)


def mark(hits: Sequence[Hit], interactions: Sequence[Interaction]) -> list[Hit]:
    """The hits with their supporting sentences marked, the best one first."""
    return [
        replace(hit, highlights=_supporting(hit, interaction))
        for hit, interaction in zip(hits, interactions, strict=True)
    ]


def statement(hit: Hit) -> Statement:
    """The first supporting sentence of a hit, as an answer."""
    span, passage = hit.highlights[0], hit.passage
    text = passage.text[span.start - passage.start : span.end - passage.start]
    return Statement(text, passage.article_id, passage.id, span.start, span.end)


def reason(question: Question, hits: Sequence[Hit]) -> str:
    """One sentence on why the question counts as not answered."""
    if not hits:
        return "No passage was found: the corpus is empty, or the filters leave nothing."
    absent = question.absent
    missing = [w for w, terms in question.words.items() if len(w) > 2 and absent & set(terms)]
    if missing:
        return f"Nothing here mentions {_listed(missing)}; these are the nearest passages."
    title = hits[0].source.title or hits[0].source.article_id
    return f"No passage answers this closely enough; the nearest are about “{title}”."


def nearest(hit: Hit, interaction: Interaction) -> SentenceInteraction:
    """The statement of the passage that the question comes nearest to."""
    return _nearest(_statements(hit, interaction))


def _nearest(candidates: Sequence[SentenceInteraction]) -> SentenceInteraction:
    return max(candidates, key=_nearness)


def _supporting(hit: Hit, interaction: Interaction) -> tuple[Span, ...]:
    candidates = _statements(hit, interaction)
    first = _nearest(candidates)
    marked, near = [first], first.near
    nears = np.array([s.near for s in candidates])  # shape (sentences, tokens of the question)
    weights = interaction.question.weights / interaction.question.weights.sum()
    while len(marked) < MAX_MARKED:
        gains = np.maximum(nears, near) @ weights - near @ weights
        further = int(gains.argmax())
        if gains[further] < FURTHER:
            break
        marked.append(candidates[further])
        near = union([near, nears[further]])
    start = hit.passage.start
    return tuple(Span(start + s.span.start, start + s.span.end) for s in marked)


def _nearness(sentence: SentenceInteraction) -> float:
    words = COVERAGE_WEIGHT * sentence.coverage
    return mean(sentence.near) + COSINE_WEIGHT * sentence.cosine + words


def _statements(hit: Hit, interaction: Interaction) -> list[SentenceInteraction]:
    """The sentences that state something; all of them when none does."""
    found = [s for s in interaction.sentences if _states(hit, s)]
    return found or list(interaction.sentences)


def _states(hit: Hit, sentence: SentenceInteraction) -> bool:
    text = hit.passage.text[sentence.span.start : sentence.span.end]
    if text == hit.source.title:
        return False
    words = len(text.split())
    if words < LONG_LINE and _BYLINE.fullmatch(text):
        return False
    return text.endswith(_STATEMENT_ENDS) or words >= LONG_LINE


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:4]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
