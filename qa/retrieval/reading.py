"""What a reader made of a passage -> how sure it is, and which sentence and which words answer.

A reader says of each token how well an answer begins there and how well it ends there. With starts
(2, 0) and ends (0, 3), the first two tokens together are an answer of 2 + 3 = 5; if that nothing
answers is worth 1, the margin is 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from embeddings import Reader, Reading
from qa.observe import stage
from qa.text.language import stated_or_told
from qa.types import Hit, Span

Floats = NDArray[np.float32]
# Tokens of the longest answer.
LONGEST = 30
_TINY = 1e-6
_BEHIND_LATIN = "\u0250"


def readings(reader: Reader, query: str, hits: Sequence[Hit]) -> list[Reading]:
    """What the reader makes of each hit's passage, under the title of its article."""
    with stage("reader"):
        return reader.read(query, [(hit.source.title or "", hit.passage.text) for hit in hits])


def readable(query: str, hits: Sequence[Hit]) -> bool:
    """Whether a reader can read them: it knows English alone.

    What no article says of its language, and no word tells, is taken for English, where the
    question is in Latin letters.
    """
    letters = [char for char in query if char.isalpha()]
    latin = sum(char < _BEHIND_LATIN for char in letters)
    english = sum(
        stated_or_told(hit.source.language, hit.passage.text) in (None, "en") for hit in hits
    )
    return 2 * latin >= len(letters) and 2 * english >= len(hits)


def margin(reading: Reading) -> float:
    """How much better the best words answer than none do; far below 0 where nothing was read."""
    if not len(reading.starts):
        return -reading.none
    return float(_sums(reading.starts, reading.ends).max()) - reading.none


def shares(reading: Reading, sentences: Sequence[Span]) -> Floats:
    """How probable it is that an answer, if there is one, begins and ends in each sentence.

    Shape (sentences,), each 0..1.
    """
    if not len(reading.starts):
        return np.zeros(len(sentences), np.float32)
    odds = np.stack([_softmax(reading.starts), _softmax(reading.ends)])
    within = _within(reading, sentences).astype(np.float32)
    # No matrix product: of five tokens OpenBLAS reads what lies behind (qa/ask/statement.py).
    found: Floats = np.prod(np.einsum("st,kt->sk", within, odds), axis=1)
    return found


def words(reading: Reading, sentence: Span) -> tuple[Span, float] | None:
    """The words of a sentence that answer, and how probable it is that it is these, 0..1.

    None where nothing of the sentence was read.
    """
    inside = np.flatnonzero(_within(reading, [sentence])[0])
    if not len(inside):
        return None
    sums = _sums(reading.starts[inside], reading.ends[inside])
    first, further = divmod(int(sums.argmax()), LONGEST)
    first, last = inside[first], inside[first + further]
    odds = _softmax(reading.starts)[first] * _softmax(reading.ends)[last]
    span = Span(int(reading.spans[first, 0]), int(reading.spans[last, 1]))
    return span, float(odds)


def probabilities(reading: Reading) -> Floats:
    """How probable it is that the passage supports the statement, contradicts it, says neither.

    Shape (3,), together 1.
    """
    return _softmax(reading.says)


def log_odds(reading: Reading, says: int) -> float:
    """The log-odds of one of these three against the other two."""
    share = float(probabilities(reading)[says])
    return float(np.log(max(share, _TINY)) - np.log(max(1 - share, _TINY)))


def _sums(starts: Floats, ends: Floats) -> Floats:
    """Start and end together, for each token and those that an answer from it may end with.

    Shape (n, LONGEST): of a passage of 150 tokens a fifth of all pairs.
    """
    behind = np.concatenate([ends, np.full(LONGEST - 1, -np.inf, np.float32)])
    sums: Floats = starts[:, None] + sliding_window_view(behind, LONGEST)
    return sums


def _within(reading: Reading, sentences: Sequence[Span]) -> NDArray[np.bool_]:
    """Which tokens lie in which sentence; (sentences, n)."""
    places = np.array([(s.start, s.end) for s in sentences], np.int32).reshape(-1, 2, 1)
    within: NDArray[np.bool_] = (reading.spans[:, 0] >= places[:, 0]) & (
        reading.spans[:, 1] <= places[:, 1]
    )
    return within


def _softmax(values: Floats) -> Floats:
    odds = np.exp(values - values.max())
    shares_: Floats = odds / odds.sum()
    return shares_
