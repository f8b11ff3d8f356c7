"""A quote beside the place in a text that comes nearest to it: what differs, and how much.

Both are cut into blocks of words, equal and different by turns. "The supply of heavy weapons"
beside "the supply of weapons": equal "the supply of", different "heavy" / "", equal "weapons".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Indel

from qa.check.quote.nearest import spelled_alike
from qa.check.quote.text import Ints, Prepared
from qa.check.types import Difference, DifferenceOp
from qa.text.words import is_content, is_number, kind

MAX_EDGE = 3  # changed words at an end of the quote that are held against the text's words there
MIN_SHARED = 3  # content words; two do when they are all of the quote's, or it is VERY_SIMILAR
VERY_SIMILAR = 0.75
MAX_TABLE = 20_000  # pairs of words that are compared one by one
REPLACED = 0.125  # so that a word is rather added or left out than replaced at the same cost


class Block(NamedTuple):
    """Words i1 to i2 of a quote beside words j1 to j2 of a text."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def side_by_side(wanted: Prepared, source: Prepared, first: int, end: int) -> list[Block]:
    """The quote's words beside the text's words from `first` to `end`.

    The blocks reach from the first equal one to the last, with the quote's changed words at either
    end: few of them are held against as many words of the text there, up to punctuation that the
    quote has not; more are taken for words that the quote adds. Nothing in common: no blocks.
    """
    core = _core(wanted, source, first, end)
    if not core:
        return []
    wider = _wider(core, wanted, source, first, end)
    if wider != (first, end):
        core = _core(wanted, source, *wider)
    head, tail = core[0], core[-1]
    after = len(wanted.words) - tail.i2
    if head.i1:
        reach = _reach(wanted, source, head.i1, head.j1, -1) if head.i1 <= MAX_EDGE else 0
        reach = min(reach, head.i1)
        core.insert(0, Block(False, 0, head.i1, head.j1 - reach, head.j1))
    if after:
        reach = _reach(wanted, source, tail.i2 - 1, tail.j2 - 1, 1) if after <= MAX_EDGE else 0
        reach = min(reach, after)
        core.append(Block(False, tail.i2, tail.i2 + after, tail.j2, tail.j2 + reach))
    return core


def _core(wanted: Prepared, source: Prepared, first: int, end: int) -> list[Block]:
    """The blocks from the first equal one to the last."""
    blocks = _blocks(wanted.folded_words, source.folded_words[first:end], first)
    equal = [i for i, block in enumerate(blocks) if block.equal]
    return blocks[equal[0] : equal[-1] + 1] if equal else []


def _wider(
    core: Sequence[Block], wanted: Prepared, source: Prepared, first: int, end: int
) -> tuple[int, int]:
    """The stretch, with the quote's first and last word where they stand just outside of it.

    "If properly regulated" beside "If not properly regulated": to add "if" to "properly" changes
    less than to leave out "not" does, but the "if" is there.
    """
    head, tail = core[0], core[-1]
    quote, text = wanted.folded_words, source.folded_words
    after = len(quote) - tail.i2
    if 0 < head.i1 <= MAX_EDGE:
        reach = _reach(wanted, source, head.i1, head.j1, -1)
        before = [j for j in range(head.j1 - reach, head.j1) if text[j] == quote[0]]
        first = min(first, *before[-1:], first)
    if 0 < after <= MAX_EDGE:
        reach = _reach(wanted, source, tail.i2 - 1, tail.j2 - 1, 1)
        behind = [j + 1 for j in range(tail.j2, tail.j2 + reach) if text[j] == quote[-1]]
        end = max(end, *behind[:1], end)
    return first, end


def _reach(wanted: Prepared, source: Prepared, i: int, j: int, step: int) -> int:
    """How many words of the text go on from word j, up to punctuation that the quote has not."""
    for count in range(2 * MAX_EDGE):
        there = source.gap(j + count * step, step)
        if there is None or (there and there != wanted.gap(i + count * step, step)):
            return count
    return 2 * MAX_EDGE


def _blocks(quote: Sequence[str], text: Sequence[str], offset: int = 0) -> list[Block]:
    """The two in blocks, equal and different by turns; the text's are counted from `offset`."""
    blocks: list[Block] = []
    for equal, i1, i2, j1, j2 in _steps(quote, text):
        if blocks and blocks[-1].equal == equal:
            last = blocks.pop()
            i1, j1 = last.i1, last.j1 - offset
        blocks.append(Block(equal, i1, i2, j1 + offset, j2 + offset))
    return blocks


def _steps(quote: Sequence[str], text: Sequence[str]) -> Iterable[Block]:
    """Word by word what is kept, replaced, added or left out, at the least cost.

    Long ones by the longest common sequence, which is nearly the same and quick.
    """
    if len(quote) * len(text) <= MAX_TABLE:
        return _cheapest_steps(quote, text)
    return (
        Block(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Indel.opcodes(quote, text)
    )


def _cheapest_steps(quote: Sequence[str], text: Sequence[str]) -> list[Block]:
    """By weighted edit distance: "45 and 40" for "40 and 45" are two numbers replaced.

    To add or leave out a word costs its weight (2, or 1 if it says little); to replace one costs
    the heavier, or 1 if both are numbers or are spelled alike.
    """
    alike = spelled_alike(set(quote), set(text))
    weigh = {word: 1 + is_content(word) for word in {*quote, *text}}
    number = {word: is_number(word) for word in weigh}

    def replacing(one: str, other: str) -> float:
        near = (number[one] and number[other]) or alike.get(other) == one
        return (1 if near else max(weigh[one], weigh[other])) + REPLACED

    table = [list(accumulate((weigh[word] for word in text), initial=0.0))]
    for i, wanted in enumerate(quote):
        above, row = table[i], [table[i][0] + weigh[wanted]]
        for j, word in enumerate(text):
            kept = above[j] if word == wanted else above[j] + replacing(wanted, word)
            row.append(min(kept, above[j + 1] + weigh[wanted], row[j] + weigh[word]))
        table.append(row)
    return _traced(table, quote, text, weigh)


def _traced(
    table: Sequence[Sequence[float]],
    quote: Sequence[str],
    text: Sequence[str],
    weigh: Mapping[str, int],
) -> list[Block]:
    """The way through the table, from its beginning."""
    i, j = len(quote), len(text)
    steps: list[Block] = []
    while i or j:
        cost, equal = table[i][j], False
        if i and j and quote[i - 1] == text[j - 1] and cost == table[i - 1][j - 1]:
            from_i, from_j, equal = i - 1, j - 1, True
        elif i and cost == table[i - 1][j] + weigh[quote[i - 1]]:
            from_i, from_j = i - 1, j
        elif j and cost == table[i][j - 1] + weigh[text[j - 1]]:
            from_i, from_j = i, j - 1
        else:
            from_i, from_j = i - 1, j - 1
        steps.append(Block(equal, from_i, i, from_j, j))
        i, j = from_i, from_j
    return steps[::-1]


def similarity(blocks: Sequence[Block], wanted: Prepared, source: Prepared) -> float:
    """One less the weight of what differs, as a share of the longer side.

    "Resolution 1245 is in force" for "Resolution 1244 is in force": 1 - 1 / 8 -> 0.88. Words that
    are spelled alike differ by half, and so does one number from another: they are what is changed.
    """
    sides = [
        (int(wanted.weights[b.i1 : b.i2].sum()), int(source.weights[b.j1 : b.j2].sum()))
        for b in blocks
    ]
    changed = sum(
        max(side) - _alike(block, wanted, source)
        for side, block in zip(sides, blocks, strict=True)
        if not block.equal
    )
    longer = max(sum(quote for quote, _ in sides), sum(text for _, text in sides))
    return 1 - changed / longer if longer else 0.0


def _alike(block: Block, wanted: Prepared, source: Prepared) -> int:
    """How many words are spelled alike, or are a number on both sides."""
    quote = wanted.folded_words[block.i1 : block.i2]
    text = source.folded_words[block.j1 : block.j2]
    numbers = min(sum(map(is_number, quote)), sum(map(is_number, text)))
    return numbers + len(spelled_alike(set(quote), set(text)))


def shares_enough(
    blocks: Sequence[Block], wanted: Prepared, source: Prepared, needed: int = MIN_SHARED
) -> bool:
    """Whether enough words that say something are the same."""
    content = wanted.weights == 2
    shared = sum(
        int(content[b.i1 : b.i2].sum()) if b.equal else _alike(b, wanted, source) for b in blocks
    )
    alike = similarity(blocks, wanted, source) >= VERY_SIMILAR
    return shared >= min(needed, max(2, 2 if alike else min(needed, int(content.sum()))))


def differences(
    blocks: Sequence[Block], wanted: Prepared, source: Prepared
) -> tuple[Difference, ...]:
    """The words that differ; when none does, the punctuation that does."""
    quote, text = wanted.words, source.words
    if all(block.equal for block in blocks):
        quote = np.arange(quote[0], quote[-1] + 1)
        text = np.arange(text[blocks[0].j1], text[blocks[-1].j2 - 1] + 1)
        blocks = _blocks(wanted.folded(quote), source.folded(text))
    return tuple(
        difference(quote[b.i1 : b.i2], text[b.j1 : b.j2], wanted, source)
        for b in blocks
        if not b.equal
    )


def difference(quote: Ints, text: Ints, wanted: Prepared, source: Prepared) -> Difference:
    """Between some tokens of a quote and some of a text; one side may have none."""
    ops: dict[tuple[bool, bool], DifferenceOp] = {(True, False): "insert", (False, True): "delete"}
    op = ops.get((quote.size > 0, text.size > 0), "replace")
    changed = kind(wanted.written(quote, source.names), source.written(text, source.names))
    return Difference(op, wanted.slice(quote), source.slice(text), changed)
