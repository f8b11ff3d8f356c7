"""Where a quote stands in a text: word for word, in other typography, or changed, and what changed.

Pure functions, no I/O. Places are found on the tokens of qa.normalize, so that spans are exact and
cut neither a word nor a number. What a similarity alone would wave through (1245 for 1244,
"decreased" for "increased") never counts as equal: a place that differs in a word is "altered",
however alike, and its differences are named.

What bounds the work: exact and normalised search are linear, with a cap on occurrences that cut a
token (MAX_REREAD); the search for a changed quote compares MAX_CELLS pairs of words at most, where
the text shares most with the quote, and leaves out quotes of more than MAX_QUOTE_WORDS words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from qa.check.words import Ints, Prepared, kind, prepare
from qa.normalize import QUOTATION_MARKS
from qa.types import Difference, DifferenceOp

__all__ = ["Alignment", "Prepared", "find", "prepare"]

MIN_SIMILARITY = 0.6  # of the words, by weight, agree in order
MIN_SHARED = 3  # content words; two do when they are all of the quote's, or it is VERY_SIMILAR
VERY_SIMILAR = 0.75
MAX_EDGE = 3  # changed words at an end of the quote that are held against the text's words there
MAX_QUOTE_WORDS = 2_500
MAX_CELLS = 8_000_000
MAX_REREAD = 2_000_000  # characters of occurrences that cut a token, before giving up

_LINE_MARK = re.compile(r"\n {0,3}(?:> ?)+")


@dataclass(frozen=True, slots=True)
class Alignment:
    """A place ``text[start:end]`` that says what a quote says, or nearly."""

    kind: Literal["verbatim", "normalized", "altered"]
    start: int
    end: int
    similarity: float  # 1.0 beside "altered" when nothing but punctuation differs
    differences: tuple[Difference, ...] = ()


class _Block(NamedTuple):
    """Words i1 to i2 of a quote beside words j1 to j2 of a text."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def find(quote: str, text: str | Prepared, *, limit: int = 20) -> list[Alignment]:
    """The places where a quote stands in a text, at most `limit`, in their order.

    Those that are verbatim; where none is, those that differ in typography alone; where none does,
    the one that says nearly the same, the first of equally good ones.

    "Resolution 1245 remains in force" in "Resolution 1244 remains in force."
    -> [altered 0:32, similarity 0.78, replace 1245 by 1244 (number)]
    """
    source = prepare(text) if isinstance(text, str) else text
    core = _unquoted(quote)
    if not core or limit < 1:
        return []
    if places := _verbatim(core, source, limit):
        return [Alignment("verbatim", start, end, 1.0) for start, end in places]
    wanted = prepare(_without_line_marks(core))
    if places := _normalized(wanted, source, limit):
        return [Alignment("normalized", start, end, 1.0) for start, end in places]
    return _altered(wanted, source)


def _unquoted(quote: str) -> str:
    """The quote without space around it and without one pair of quotation marks around that."""
    core = quote.strip()
    if len(core) > 1 and core[0] in QUOTATION_MARKS and core[-1] in QUOTATION_MARKS:
        return core[1:-1].strip()
    return core


def _without_line_marks(core: str) -> str:
    """A Markdown blockquote of several lines without the > before each of them."""
    further = core.split("\n")[1:]
    is_blockquote = all(line.lstrip().startswith(">") for line in further)
    return _LINE_MARK.sub("\n", core) if is_blockquote else core


# --- verbatim ---


def _verbatim(core: str, source: Prepared, limit: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    start = source.text.find(core)
    for _ in range(limit + MAX_REREAD // (len(core) + 20)):
        if start < 0 or len(places) == limit:
            break
        end = start + len(core)
        if not _cuts(source, start) and not _cuts(source, end):
            places.append((start, end))
        start = source.text.find(core, start + 1)
    return places


def _cuts(source: Prepared, place: int) -> bool:
    """Whether a place lies in a token and not at a space: "art|y", "3|.5", "-|5", not "20| %"."""
    around = source.text[max(place - 1, 0) : place + 1]
    if len(around) < 2 or around[0].isspace() or around[1].isspace():
        return False
    return source.is_within_word(place)


# --- normalised ---


def _normalized(wanted: Prepared, source: Prepared, limit: int) -> list[tuple[int, int]]:
    """Places whose tokens are those of the quote, punctuation around it left aside."""
    if not wanted.words.size:
        return []
    first, last = int(wanted.words[0]), int(wanted.words[-1])
    tokens = wanted.tokens.folded[first : last + 1]
    needle, line = f" {' '.join(tokens)} ", source.normalized
    places: list[tuple[int, int]] = []
    token, seen = 0, 0
    at = line.find(needle)
    while at >= 0 and len(places) < limit:
        token, seen = token + line.count(" ", seen, at), at
        places.append(source.span(token, token + len(tokens) - 1))
        at = line.find(needle, at + 1)
    return places


# --- altered ---


def _altered(wanted: Prepared, source: Prepared) -> list[Alignment]:
    if not 0 < len(wanted.words) <= MAX_QUOTE_WORDS:
        return []
    first, end = _nearest(wanted, source)
    blocks = _blocks(wanted.folded_words, source.folded_words[first:end], first)
    blocks = _settle_edges(blocks, wanted, source)
    similarity = _similarity(blocks, wanted.weights, source.weights)
    if similarity < MIN_SIMILARITY or not _shares_enough(blocks, wanted.weights, similarity):
        return []
    first, last = blocks[0].j1, blocks[-1].j2 - 1
    place = source.span(int(source.words[first]), int(source.words[last]))
    return [Alignment("altered", *place, similarity, _differences(blocks, wanted, source))]


def _nearest(wanted: Prepared, source: Prepared) -> tuple[int, int]:
    """The stretch of the text's words, first and end, that fewest changes turn into the quote."""
    known = {word: i for i, word in enumerate(wanted.folded_words)}
    ids = np.array([known.get(word, -1) for word in source.folded_words], dtype=np.int64)
    total = int(wanted.weights.sum())
    at = _promising(ids >= 0, source.weights, total, len(wanted.weights))
    if not at.size:
        return 0, 0
    quote = np.array([known[word] for word in wanted.folded_words], dtype=np.int64)
    first, end = _cheapest(
        quote,
        wanted.weights,
        np.where(at < 0, -1, ids[at]),
        np.where(at < 0, total + 1, source.weights[at]),  # no place reaches over a gap
    )
    return (int(at[first]), int(at[end - 1]) + 1) if first < end else (0, 0)


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


def _cheapest(quote: Ints, quote_weights: Ints, text: Ints, weights: Ints) -> tuple[int, int]:
    """The stretch text[first:end] at the least weighted edit distance from the quote (Sellers).

    To leave out a word costs its weight, and so does adding one; to replace one costs the heavier
    of the two. One row of the table for each word of the quote; a cell holds, from the highest bit
    down, the cost, how many words of the quote are added or replaced (12 bits) and how far the
    place's start is from the end of the text (24 bits). So a minimum is the cheapest place, of
    equally cheap ones the one with the most words in common, and of those the shortest.
    [1, 9, 3] in [7, 1, 2, 3] -> (1, 4)
    """
    skipped = np.concatenate(([0], np.cumsum(weights))) << 36
    row = np.arange(len(text), -1, -1, dtype=np.int64)
    replacing = {w: (np.maximum(weights, w) << 36) + (1 << 24) for w in set(quote_weights.tolist())}
    for word, weight in zip(quote.tolist(), quote_weights.tolist(), strict=True):
        replaced = row[:-1] + np.where(text == word, 0, replacing[weight])
        row = row + (weight << 36) + (1 << 24)
        np.minimum(row[1:], replaced, out=row[1:])
        row = np.minimum.accumulate(row - skipped) + skipped
    end = int(np.argmin(row >> 24))
    return len(text) - int(row[end] & 0xFFFFFF), end


def _blocks(quote: Sequence[str], text: Sequence[str], offset: int = 0) -> list[_Block]:
    """The two in blocks, equal and different by turns; the text's are counted from `offset`."""
    blocks: list[_Block] = []
    for step in Indel.opcodes(quote, text):
        tag, i1, i2, j1, j2 = step.tag, step.src_start, step.src_end, step.dest_start, step.dest_end
        if tag != "equal" and blocks and not blocks[-1].equal:
            last = blocks.pop()
            i1, j1 = last.i1, last.j1 - offset
        blocks.append(_Block(tag == "equal", i1, i2, j1 + offset, j2 + offset))
    return blocks


def _settle_edges(blocks: list[_Block], wanted: Prepared, source: Prepared) -> list[_Block]:
    """The blocks from the first equal one to the last, and the quote's changed words at either end.

    Few of them are held against as many words of the text there, up to the next punctuation; more
    are taken for words that the quote adds.
    """
    equal = [i for i, block in enumerate(blocks) if block.equal]
    if not equal:
        return []
    core = blocks[equal[0] : equal[-1] + 1]
    head, tail = core[0], core[-1]
    after = len(wanted.words) - tail.i2
    if head.i1:
        reach = source.run(head.j1, -1, head.i1) if head.i1 <= MAX_EDGE else 0
        core.insert(0, _Block(False, 0, head.i1, head.j1 - reach, head.j1))
    if after:
        reach = source.run(tail.j2 - 1, 1, after) if after <= MAX_EDGE else 0
        core.append(_Block(False, tail.i2, tail.i2 + after, tail.j2, tail.j2 + reach))
    return core


def _similarity(blocks: Sequence[_Block], quote_weights: Ints, weights: Ints) -> float:
    """One less the weight of what differs, as a share of the longer side.

    "Resolution 1245 is in force" for "Resolution 1244 is in force": 1 - 2 / 8 -> 0.75
    """
    sides = [
        (int(quote_weights[b.i1 : b.i2].sum()), int(weights[b.j1 : b.j2].sum())) for b in blocks
    ]
    changed = sum(max(side) for side, block in zip(sides, blocks, strict=True) if not block.equal)
    longer = max(sum(quote for quote, _ in sides), sum(text for _, text in sides))
    return 1 - changed / longer if longer else 0.0


def _shares_enough(blocks: Sequence[_Block], quote_weights: Ints, similarity: float) -> bool:
    content = quote_weights == 2
    shared = sum(int(content[b.i1 : b.i2].sum()) for b in blocks if b.equal)
    needed = 2 if similarity >= VERY_SIMILAR else min(MIN_SHARED, int(content.sum()))
    return shared >= max(2, needed)


def _differences(
    blocks: Sequence[_Block], wanted: Prepared, source: Prepared
) -> tuple[Difference, ...]:
    """The words that differ; when none does, the punctuation that does."""
    quote, text = wanted.words, source.words
    if all(block.equal for block in blocks):
        quote = np.arange(quote[0], quote[-1] + 1)
        text = np.arange(text[blocks[0].j1], text[blocks[-1].j2 - 1] + 1)
        blocks = _blocks(wanted.folded(quote), source.folded(text))
    return tuple(
        _difference(quote[b.i1 : b.i2], text[b.j1 : b.j2], wanted, source)
        for b in blocks
        if not b.equal
    )


def _difference(quote: Ints, text: Ints, wanted: Prepared, source: Prepared) -> Difference:
    ops: dict[tuple[bool, bool], DifferenceOp] = {(True, False): "insert", (False, True): "delete"}
    op = ops.get((quote.size > 0, text.size > 0), "replace")
    changed = kind(wanted.written(quote, source.names), source.written(text, source.names))
    return Difference(op, wanted.slice(quote), source.slice(text), changed)
