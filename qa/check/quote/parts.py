"""A quote that is put together: which of its parts stand in a text word for word, and where.

"Ships wait outside. The pilot boards at dawn" of a text that has the two sentences pages apart:
two parts, each at its place. Whether that is an omission or a splice is for alignment to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.check.quote.text import Prepared
from qa.text.words import is_content, is_negation, is_number

MIN_WORDS = 4  # of a part, one of them a word that says something
MIN_SET_APART = 3  # of one between punctuation marks; between ellipses one word will do
MAX_WORDS = 600  # of a quote that is looked for in parts
MAX_PLACES = 1_000  # of a part
# Whole sentences left out between two parts that still follow on: together under this many words.
MAX_SKIPPED = 4
# A word that joins two parts and stands in neither: "and". At most one to each part.
_JOINING = 1.5

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Words `first` to `end` of a piece of a quote, which stand somewhere word for word."""

    piece: int
    first: int
    end: int


def cover(pieces: Sequence[Prepared], line: str) -> list[Run]:
    """The fewest runs that make up all pieces, in order; none when something stands nowhere.

    `line` is what they are looked for in: Prepared.normalized of a text, or of several.
    """
    if sum(len(piece.words) for piece in pieces) > MAX_WORDS:
        return []
    runs: list[Run] = []
    for number, piece in enumerate(pieces):
        found = _cover(piece, line, number)
        if not found:
            return []
        runs += found
    return runs


def _cover(piece: Prepared, line: str, number: int) -> list[Run]:
    count = len(piece.words)
    if tokens_of(piece, 0, count) in line:
        return [Run(number, 0, count)]
    reach = _reach(piece, line)
    costs = [0.0, *[float("inf")] * count]
    starts: list[int | None] = [None] * (count + 1)  # None: the word before is in no run
    for first in range(count):
        if costs[first] + _JOINING < costs[first + 1] and _joins(piece.folded_words[first]):
            costs[first + 1], starts[first + 1] = costs[first] + _JOINING, None
        for end in range(first + 1, reach[first] + 1):
            cost = costs[first] + 1 - _is_edge(piece, end) / 4
            if cost < costs[end] and _may_be_part(piece, first, end):
                costs[end], starts[end] = cost, first
    if costs[count] == float("inf"):
        return []
    return _traced(starts, number)


def _traced(starts: Sequence[int | None], number: int) -> list[Run]:
    runs: list[Run] = []
    end = len(starts) - 1
    while end > 0:
        first = starts[end]
        if first is not None:
            runs.insert(0, Run(number, first, end))
        end = end - 1 if first is None else first
    return runs


def _reach(piece: Prepared, line: str) -> list[int]:
    """For each word of a piece: up to which word what begins there stands in the line."""
    reach, end = [], 0
    for first in range(len(piece.words)):
        end = max(end, first)
        while end < len(piece.words) and tokens_of(piece, first, end + 1) in line:
            end += 1
        reach.append(end)
    return reach


def tokens_of(piece: Prepared, first: int, end: int) -> str:
    """Words `first` to `end` with the punctuation between them, as in Prepared.normalized."""
    start, stop = int(piece.words[first]), int(piece.words[end - 1])
    return f" {' '.join(piece.tokens.folded[start : stop + 1])} "


def _is_edge(piece: Prepared, word: int) -> bool:
    """Whether the piece begins or ends before a word, or has punctuation there."""
    if not 0 < word < len(piece.words):
        return True
    return int(piece.words[word] - piece.words[word - 1]) > 1


def _may_be_part(piece: Prepared, first: int, end: int) -> bool:
    """Long enough, or short but set apart by punctuation: "We have influence. Given our …"."""
    set_apart = _is_edge(piece, first) and _is_edge(piece, end)
    enough = end - first >= (MIN_SET_APART if set_apart else MIN_WORDS)
    return enough and any(map(is_content, piece.folded_words[first:end]))


def _joins(word: str) -> bool:
    return not is_content(word) and not is_negation(word) and not is_number(word)


def chains(places: Sequence[Sequence[Place]], source: Prepared) -> Iterator[list[Place]]:
    """One place for each part such that each follows on the one before: every such chain there is.

    Chains differ in their last place; the parts before it are as close to it as can be.
    """
    steps: list[dict[Place, Place]] = [{place: place for place in places[0]}]
    for further in places[1:]:
        before = sorted(steps[-1], key=lambda place: place[1])
        ends = [end for _, end in before]
        reached: dict[Place, Place] = {}
        for place in further:
            # Of all that end before it the last one: what is further away follows on even less.
            nearest = bisect_right(ends, place[0]) - 1
            if nearest >= 0 and follows(before[nearest], place, source):
                reached[place] = before[nearest]
        steps.append(reached)
    for last in steps[-1]:
        found = [last]
        for step in reversed(steps[1:]):
            found.insert(0, step[found[0]])
        yield found


def follows(one: Place, other: Place, source: Prepared) -> bool:
    """Whether a place follows on another: in its sentence, or in the next one."""
    if other[0] < one[1]:
        return False
    starts, ends, words = source.sentence_words
    first, last = bisect_left(starts, one[1]), bisect_right(ends, other[0])
    return first >= last or words[last] - words[first] < MAX_SKIPPED
