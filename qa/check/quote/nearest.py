"""The stretch of a text that fewest changed words turn into a quote (Sellers 1980, weighted).

Words that differ by a letter or two, as after OCR, cost half. What bounds the work: MAX_CELLS pairs
of words are compared at most, where the text shares most with the quote.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from qa.check.quote.text import Ints, Prepared
from qa.text.words import is_number

MIN_SIMILARITY = 0.6  # of the words, by weight, agree in order
MAX_CELLS = 8_000_000
# Two words are spelled alike when they share this much of their letters in order: "goverment",
# "modem" and "modern". Numbers and short words never are: 1244 is not nearly 1245.
ALIKE = 0.7
MIN_LETTERS = 4
MAX_COMPARED = 400_000  # pairs of words
_ALIKE_COST = (1 << 36) + (1 << 24)


def nearest(wanted: Prepared, source: Prepared) -> tuple[int, int]:
    """The stretch of the text's words, first and end, that fewest changes turn into the quote."""
    known = {word: i for i, word in enumerate(wanted.folded_words)}
    alike = spelled_alike(set(known), set(source.folded_words))
    ids = np.array([known.get(word, -1) for word in source.folded_words], dtype=np.int64)
    near = np.array(
        [known[alike[word]] if word in alike else -2 for word in source.folded_words],
        dtype=np.int64,
    )
    total = int(wanted.weights.sum())
    at = _promising((ids >= 0) | (near >= 0), source.weights, total, len(wanted.weights))
    if not at.size:
        return 0, 0
    quote = np.array([known[word] for word in wanted.folded_words], dtype=np.int64)
    first, end = _cheapest(
        quote,
        wanted.weights,
        np.where(at < 0, -1, ids[at]),
        np.where(at < 0, -2, near[at]),
        np.where(at < 0, total + 1, source.weights[at]),  # no place reaches over a gap
    )
    return (int(at[first]), int(at[end - 1]) + 1) if first < end else (0, 0)


def spelled_alike(quote: set[str], text: set[str]) -> dict[str, str]:
    """For words of a text that a quote has not: the quote's word that is spelled nearly so.

    {"modem", "tanks"}, {"modern", "tanks"} -> {"modern": "modem"}
    """
    wanted = [word for word in sorted(quote - text) if _may_be_alike(word)]
    there = [word for word in sorted(text - quote) if _may_be_alike(word)]
    if not wanted or not there or len(wanted) * len(there) > MAX_COMPARED:
        return {}
    scores = cdist(there, wanted, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
    best = scores.argmax(axis=1)
    return {word: wanted[best[i]] for i, word in enumerate(there) if scores[i, best[i]] >= ALIKE}


@lru_cache(maxsize=65_536)
def _may_be_alike(word: str) -> bool:
    return len(word) >= MIN_LETTERS and not is_number(word)


def _promising(hits: NDArray[np.bool_], weights: Ints, total: int, words: int) -> Ints:
    """The words of a text among which a place may be, in order, -1 for every gap.

    A place that is alike enough weighs total / MIN_SIMILARITY at most, so it has no more words than
    that, and shares MIN_SIMILARITY * total with the quote. Stretches without such a window are left
    out, which loses nothing; of the rest the best are kept, as many as MAX_CELLS allows.
    """
    if not hits.any():
        return np.array([], dtype=np.int64)
    width, size = int(total / MIN_SIMILARITY) + 1, len(hits)
    sums = np.concatenate(([0], np.cumsum(np.where(hits, weights, 0))))
    begins = np.arange(size)
    shared = sums[np.minimum(begins + width, size)] - sums[begins]
    peaks = np.maximum.reduceat(shared, begins[::width])
    best = np.argsort(-peaks, kind="stable")[: max(1, MAX_CELLS // (2 * width * words))]
    best = best[peaks[best] >= MIN_SIMILARITY * total]
    kept = np.zeros(size + 2 * width, dtype=bool)
    kept[(best[:, None] * width + np.arange(2 * width)).ravel()] = True
    at = np.flatnonzero(kept[:size])
    return np.insert(at, np.flatnonzero(np.diff(at) > 1) + 1, -1)


def _cheapest(
    quote: Ints, quote_weights: Ints, text: Ints, near: Ints, weights: Ints
) -> tuple[int, int]:
    """The stretch text[first:end] at the least weighted edit distance from the quote (Sellers).

    To leave out a word costs its weight, and so does adding one; to replace one costs the heavier
    of the two, or 1 where they are spelled alike (`near` is the quote's word). One row of the table
    for each word of the quote; a cell holds, from the highest bit down, the cost, how many words of
    the quote are added or replaced (12 bits) and how far the place's start is from the end of the
    text (24 bits). So a minimum is the cheapest place, of equally cheap ones the one with the most
    words in common, and of those the shortest.
    [1, 9, 3] in [7, 1, 2, 3] -> (1, 4)
    """
    skipped = np.concatenate(([0], np.cumsum(weights))) << 36
    row = np.arange(len(text), -1, -1, dtype=np.int64)
    replacing = {w: (np.maximum(weights, w) << 36) + (1 << 24) for w in set(quote_weights.tolist())}
    for word, weight in zip(quote.tolist(), quote_weights.tolist(), strict=True):
        changed = np.where(near == word, _ALIKE_COST, replacing[weight])
        replaced = row[:-1] + np.where(text == word, 0, changed)
        row = row + (weight << 36) + (1 << 24)
        np.minimum(row[1:], replaced, out=row[1:])
        row = np.minimum.accumulate(row - skipped) + skipped
    end = int(np.argmin(row >> 24))
    return len(text) - int(row[end] & 0xFFFFFF), end
