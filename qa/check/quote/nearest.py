"""The stretch of a text that fewest changed words turn into a quote (Sellers 1980, weighted).

Words that differ by a letter or two, as after OCR, cost half. What bounds the work: so many pairs
of words are compared at most (`Rules.max_cells`), where the text shares most with the quote.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from qa.check.quote.rules import Rules
from qa.check.quote.text import Ints, Text
from qa.text.words import is_number

# The table of costs has one whole number (int64) in each cell, from the highest bit down: the cost
# (28 bits with the sign), how many words of the quote are not kept (12), and how far the place's
# start is from the end of the text (24). So the least cell is the cheapest place, of equally cheap
# ones the one with most words in common, and of those the shortest: one table, no second look.
#
# The bits suffice. Words of the quote: 2,500 at most (Rules.max_quote_words) of 4,095. Words of the
# text: what _promising keeps, 8,000,000 (Rules.max_cells) and a gap to four of them or more, of
# 16,777,215. Cost: a place may begin anywhere for nothing, so at most all of the quote's words,
# 5,000; less what is skipped before, at most 2 for each word kept and, for each gap, all of the
# quote's: under 21,000,000 together, of 134,217,727.
_COST, _LOST = 1 << 36, 1 << 24  # one more in the cost, one more word that is not kept
_START = _LOST - 1  # the bits of the start


def nearest(quote: Text, source: Text, rules: Rules) -> tuple[int, int]:
    """The stretch of the text's words, first and end, that fewest changes turn into the quote."""
    known = {word: i for i, word in enumerate(quote.folded_words)}
    alike = spelled_alike(set(known), set(source.folded_words), rules)
    ids = np.array([known.get(word, -1) for word in source.folded_words], dtype=np.int64)
    near = np.array(
        [known[alike[word]] if word in alike else -2 for word in source.folded_words],
        dtype=np.int64,
    )
    total = int(quote.weights.sum())
    hits = (ids >= 0) | (near >= 0)
    at = _promising(hits, source.weights, total, len(quote.weights), rules)
    if not at.size:
        return 0, 0
    first, end = _cheapest(
        np.array([known[word] for word in quote.folded_words], dtype=np.int64),
        quote.weights,
        np.where(at < 0, -1, ids[at]),
        np.where(at < 0, -2, near[at]),
        np.where(at < 0, total + 1, source.weights[at]),  # no place reaches over a gap
    )
    return (int(at[first]), int(at[end - 1]) + 1) if first < end else (0, 0)


def spelled_alike(quote: set[str], source: set[str], rules: Rules) -> dict[str, str]:
    """The quote's word that is spelled nearly like a word of the text which the quote has not.

    {"modem", "tanks"}, {"modern", "tanks"} -> {"modern": "modem"}
    """
    said, there = _long(quote - source, rules), _long(source - quote, rules)
    if not said or not there or len(said) * len(there) > rules.max_spelled_pairs:
        return {}
    least = rules.alike_letters
    scores = cdist(there, said, scorer=Indel.normalized_similarity, score_cutoff=least)
    best = scores.argmax(axis=1)
    return {word: said[best[i]] for i, word in enumerate(there) if scores[i, best[i]] >= least}


def _long(words: set[str], rules: Rules) -> list[str]:
    """The words that may be spelled like others, in order: those of many letters, no numbers."""
    least = rules.min_alike_letters
    return sorted(word for word in words if len(word) >= least and not _is_number(word))


@lru_cache(maxsize=65_536)
def _is_number(word: str) -> bool:
    return is_number(word)


def _promising(
    hits: NDArray[np.bool_], weights: Ints, total: int, words: int, rules: Rules
) -> Ints:
    """The words of a text among which a place may be, in order, -1 for every gap.

    A place that is alike enough weighs total / min_similarity at most, so it has no more words than
    that, and shares min_similarity * total with the quote. Stretches without such a window are left
    out, which loses nothing; of the rest the best are kept, as many as max_cells allows.
    """
    if not hits.any():
        return np.array([], dtype=np.int64)
    width, size = int(total / rules.min_similarity) + 1, len(hits)
    sums = np.concatenate(([0], np.cumsum(np.where(hits, weights, 0))))
    begins = np.arange(size)
    shared = sums[np.minimum(begins + width, size)] - sums[begins]
    peaks = np.maximum.reduceat(shared, begins[::width])
    best = np.argsort(-peaks, kind="stable")[: max(1, rules.max_cells // (2 * width * words))]
    best = best[peaks[best] >= rules.min_similarity * total]
    kept = np.zeros(size + 2 * width, dtype=bool)
    kept[(best[:, None] * width + np.arange(2 * width)).ravel()] = True
    at = np.flatnonzero(kept[:size])
    return np.insert(at, np.flatnonzero(np.diff(at) > 1) + 1, -1)


def _cheapest(
    quote: Ints, quote_weights: Ints, source: Ints, near: Ints, weights: Ints
) -> tuple[int, int]:
    """The stretch source[first:end] at the least weighted edit distance from the quote (Sellers).

    To leave out a word costs its weight, and so does adding one; to replace one costs the heavier
    of the two, or 1 where they are spelled alike (`near` is the quote's word). One row of the table
    for each word of the quote; what a cell holds stands above.
    [1, 9, 3] in [7, 1, 2, 3] -> (1, 4)
    """
    skipped = np.concatenate(([0], np.cumsum(weights))) * _COST
    row = np.arange(len(source), -1, -1, dtype=np.int64)  # nothing lost yet, only a start
    heavier = {w: np.maximum(weights, w) * _COST + _LOST for w in set(quote_weights.tolist())}
    for word, weight in zip(quote.tolist(), quote_weights.tolist(), strict=True):
        changed = np.where(near == word, _COST + _LOST, heavier[weight])
        replaced = row[:-1] + np.where(source == word, 0, changed)
        row = row + (weight * _COST + _LOST)  # the quote adds the word
        np.minimum(row[1:], replaced, out=row[1:])
        # The text has words more: the least of what ended before, each with what is skipped since.
        row = np.minimum.accumulate(row - skipped) + skipped
    end = int(np.argmin(row // _LOST))  # of places alike in cost and words lost the first
    return len(source) - int(row[end] & _START), end
