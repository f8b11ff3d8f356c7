"""Read hits -> their supporting sentences, the statement that answers, or why none does.

The supporting sentence of a passage is the statement nearest to the question: by late interaction
within the passage, by the mean of its tokens, and by the rare words they share. Headings and
bylines support only where there is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import numpy as np

from qa.retrieval.late_interaction import Question, Reading, SentenceReading, mean, union
from qa.storage.lexical import LexicalSearcher
from qa.types import Hit, Span, Statement

# Chosen on training sets, where the judged passage is given (docs/quality.md).
COSINE_WEIGHT = 0.45
COVERAGE_WEIGHT = 0.08
# A further sentence is marked when it brings the question's words so much nearer, in the mean.
FURTHER = 0.1
MAX_MARKED = 3
# A line without a full stop is a statement, and no heading, from so many words on.
LONG_LINE = 16
_STATEMENT_ENDS = tuple(".!?…\"'”’“»)")
# "By Ana Petrović", "Source: Tanjug"; but "By 1990 it had two million" and "Source code is" state.
# The names are a word and what may follow one by turns, each held to once read: were words parted
# anywhere ("SIGNING" as S and IGNING), a line in capitals would have 2**n readings.
_NAME = r"[^\W\d_a-z][\w.'’-]*+"
_BYLINE = re.compile(
    r"(?:(?:[Ww]ritten (?>for .* (?=[Bb]y [^\W\d_a-z]))?)?[Bb]y|BY) "
    rf"{_NAME}(?:(?:,(?: and | )?| and | ){_NAME})*+,?(?: and | )?\.?"
    r"|(?i:author|source|photo|foto|image|autor|izvor|read more)\s?:.*"
)


def mark(hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Hit]:
    """The hits with their supporting sentences marked, the best one first."""
    return [
        replace(hit, highlights=_supporting(hit, reading))
        for hit, reading in zip(hits, readings, strict=True)
    ]


def statement(hit: Hit) -> Statement:
    """The first supporting sentence of a hit, as an answer."""
    span, passage = hit.highlights[0], hit.passage
    text = passage.text[span.start - passage.start : span.end - passage.start]
    return Statement(text, passage.article_id, passage.id, span.start, span.end)


def reason(question: Question, hits: Sequence[Hit], lexical: LexicalSearcher) -> str:
    """One sentence on why the question counts as not answered."""
    if not hits:
        return "No passage was found: the corpus is empty, or the filters leave nothing."
    absent = set(compress(question.terms, lexical.frequencies(list(question.terms)).absent))
    missing = [w for w, terms in question.words.items() if len(w) > 2 and absent & set(terms)]
    if missing:
        return f"Nothing here mentions {_listed(missing)}; these are the nearest passages."
    title = hits[0].source.title or hits[0].source.article_id
    return f"No passage answers this closely enough; the nearest are about “{title}”."


def nearest(hit: Hit, reading: Reading) -> SentenceReading:
    """The statement of the passage that the question comes nearest to."""
    return _nearest(_statements(hit, reading))


def _nearest(candidates: Sequence[SentenceReading]) -> SentenceReading:
    return max(candidates, key=_nearness)


def _supporting(hit: Hit, reading: Reading) -> tuple[Span, ...]:
    candidates = _statements(hit, reading)
    first = _nearest(candidates)
    marked, near = [first], first.near
    nears = np.array([s.near for s in candidates])  # shape (sentences, tokens of the question)
    weights = reading.question.weights / reading.question.weights.sum()
    while len(marked) < MAX_MARKED:
        gains = np.maximum(nears, near) @ weights - near @ weights
        further = int(gains.argmax())
        if gains[further] < FURTHER:
            break
        marked.append(candidates[further])
        near = union([near, nears[further]])
    start = hit.passage.start
    return tuple(Span(start + s.span.start, start + s.span.end) for s in marked)


def _nearness(sentence: SentenceReading) -> float:
    words = COVERAGE_WEIGHT * sentence.coverage
    return mean(sentence.near) + COSINE_WEIGHT * sentence.cosine + words


def _statements(hit: Hit, reading: Reading) -> list[SentenceReading]:
    """The sentences that state something; all of them when none does."""
    found = [s for s in reading.sentences if _states(hit, s)]
    return found or list(reading.sentences)


def _states(hit: Hit, sentence: SentenceReading) -> bool:
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
