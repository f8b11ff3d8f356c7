"""The words of a quote beside those of its source, in blocks that are equal and different by turns.

"we met twice" beside "we had met": equal "we", different "" / "had", equal "met", different
"twice" / "".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import Indel

from qa.check.quote.nearest import spelled_alike
from qa.check.quote.rules import Rules
from qa.text.words import is_content, is_number


class Pair(NamedTuple):
    """Words i1 to i2 of a quote beside words j1 to j2 of a text."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def pairs(quote: Sequence[str], source: Sequence[str], offset: int, rules: Rules) -> list[Pair]:
    """The words of both in blocks; the source's are counted from `offset`."""
    found: list[Pair] = []
    for equal, i1, i2, j1, j2 in _steps(quote, source, rules):
        if found and found[-1].equal == equal:
            last = found.pop()
            i1, j1 = last.i1, last.j1 - offset
        found.append(Pair(equal, i1, i2, j1 + offset, j2 + offset))
    return found


def _steps(quote: Sequence[str], source: Sequence[str], rules: Rules) -> Iterable[Pair]:
    """The words that are kept, replaced, added or left out, one by one, at the least cost.

    For long texts that is the longest common sequence, which is nearly the same and quick.
    """
    if len(quote) * len(source) <= rules.max_table_pairs:
        return _cheapest_steps(quote, source, rules)
    return (
        Pair(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Indel.opcodes(quote, source)
    )


def _cheapest_steps(quote: Sequence[str], source: Sequence[str], rules: Rules) -> list[Pair]:
    """The steps of least weight: "45 and 40" for "40 and 45" are two numbers replaced.

    To add or leave out a word costs its weight (2, or 1 if it says little); to replace one costs
    the heavier, or 1 if both are numbers or are spelled alike.
    """
    alike = spelled_alike(set(quote), set(source), rules)
    weigh = {word: 1 + is_content(word) for word in {*quote, *source}}
    number = {word: is_number(word) for word in weigh}

    def replacing(said: str, there: str) -> int:
        near = (number[said] and number[there]) or alike.get(there) == said
        return 1 if near else max(weigh[said], weigh[there])

    table = [list(accumulate((weigh[word] for word in source), initial=0))]
    for i, said in enumerate(quote):
        above, row = table[i], [table[i][0] + weigh[said]]
        for j, there in enumerate(source):
            kept = above[j] if there == said else above[j] + replacing(said, there)
            row.append(min(kept, above[j + 1] + weigh[said], row[j] + weigh[there]))
        table.append(row)
    return _traced(table, quote, source, weigh)


def _traced(
    table: Sequence[Sequence[int]],
    quote: Sequence[str],
    source: Sequence[str],
    weigh: Mapping[str, int],
) -> list[Pair]:
    """The way through the table, from its beginning."""
    i, j = len(quote), len(source)
    steps: list[Pair] = []
    while i or j:
        cost, equal = table[i][j], False
        if i and j and quote[i - 1] == source[j - 1] and cost == table[i - 1][j - 1]:
            from_i, from_j, equal = i - 1, j - 1, True
        elif i and cost == table[i - 1][j] + weigh[quote[i - 1]]:
            from_i, from_j = i - 1, j
        elif j and cost == table[i][j - 1] + weigh[source[j - 1]]:
            from_i, from_j = i, j - 1
        else:
            from_i, from_j = i - 1, j - 1
        steps.append(Pair(equal, from_i, i, from_j, j))
        i, j = from_i, from_j
    return steps[::-1]
