"""A quote that is put together: which of its parts stand in a text word for word, and where.

"Ships wait outside. The pilot boards at dawn" of a text that has the two sentences pages apart:
two parts, each at its place, and no chain, for they do not follow on one another.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from qa.check.quote.rules import Rules
from qa.check.quote.text import Place, Text
from qa.check.types import Part
from qa.text.words import is_content, is_negation, is_number


@dataclass(frozen=True, slots=True)
class Run:
    """Words `first` to `end` of a piece of a quote, which stand somewhere word for word."""

    piece: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The runs that make up a quote, and each way to place them so that one follows on another."""

    runs: Sequence[Run]
    chains: Sequence[Sequence[Place]]


def standing(pieces: Sequence[Text], source: Text, rules: Rules) -> Standing:
    """The runs of a quote in a text; no runs when some of its words stand nowhere.

    A quote of one run has a chain for each of its places.
    """
    runs = cover(pieces, source.normalized, rules)
    places = [_places(pieces, run, source, rules) for run in runs]
    found = islice(_chains(places, source, rules), rules.max_chains) if runs else ()
    return Standing(runs, list(found))


def parts_of(
    pieces: Sequence[Text], runs: Sequence[Run], source: Text, rules: Rules
) -> tuple[Part, ...]:
    """The parts of a quote, each run at the first of its places."""
    places = [_places(pieces, run, source, rules)[0] for run in runs]
    return parts_at(pieces, runs, places, source)


def parts_at(
    pieces: Sequence[Text], runs: Sequence[Run], places: Sequence[Place], source: Text
) -> tuple[Part, ...]:
    """The parts of a quote, each run at the place that is chosen for it."""
    quoted = [pieces[r.piece].slice(pieces[r.piece].words[r.first : r.end]) for r in runs]
    return tuple(
        Part(words, *place, source.text[slice(*place)])
        for words, place in zip(quoted, places, strict=True)
    )


def _places(pieces: Sequence[Text], run: Run, source: Text, rules: Rules) -> list[Place]:
    return source.places(pieces[run.piece].line(run.first, run.end), rules.max_part_places)


# --- which parts ----------------------------------------------------------------------------------


def cover(pieces: Sequence[Text], line: str, rules: Rules) -> list[Run]:
    """The fewest runs that make up all pieces, in order; none when something stands nowhere.

    `line` is what they are looked for in: Text.normalized of a text, or of several.
    """
    if sum(len(piece.words) for piece in pieces) > rules.max_parts_words:
        return []
    runs: list[Run] = []
    for number, piece in enumerate(pieces):
        found = _cover(piece, line, number, rules)
        if not found:
            return []
        runs += found
    return runs


def _cover(piece: Text, line: str, number: int, rules: Rules) -> list[Run]:
    """The runs of a piece that cost least: 1 for each, less where one ends at punctuation."""
    count = len(piece.words)
    if piece.line(0, count) in line:
        return [Run(number, 0, count)]
    reach = _reach(piece, line)
    costs = [0.0, *[float("inf")] * count]
    starts: list[int | None] = [None] * (count + 1)  # None: the word before is in no run
    for first in range(count):
        joined = costs[first] + rules.joining_cost
        if joined < costs[first + 1] and _joins(piece.folded_words[first]):
            costs[first + 1], starts[first + 1] = joined, None
        for end in range(first + 1, reach[first] + 1):
            cost = costs[first] + 1 - _is_edge(piece, end) * rules.edge_discount
            if cost < costs[end] and _may_be_part(piece, first, end, rules):
                costs[end], starts[end] = cost, first
    if costs[count] == float("inf"):
        return []
    return _traced(starts, number)


def _traced(starts: Sequence[int | None], number: int) -> list[Run]:
    """The runs of the cheapest cover, from where each begins."""
    runs: list[Run] = []
    end = len(starts) - 1
    while end > 0:
        first = starts[end]
        if first is not None:
            runs.insert(0, Run(number, first, end))
        end = end - 1 if first is None else first
    return runs


def _reach(piece: Text, line: str) -> list[int]:
    """How far what begins at each word of a piece stands in the line: up to which word."""
    reach, end = [], 0
    for first in range(len(piece.words)):
        end = max(end, first)
        while end < len(piece.words) and piece.line(first, end + 1) in line:
            end += 1
        reach.append(end)
    return reach


def _is_edge(piece: Text, word: int) -> bool:
    """Whether the piece begins or ends before a word, or has punctuation there."""
    if not 0 < word < len(piece.words):
        return True
    return int(piece.words[word] - piece.words[word - 1]) > 1


def _may_be_part(piece: Text, first: int, end: int, rules: Rules) -> bool:
    """Whether a run may be a part: long, or set apart by punctuation, "We have influence. …"."""
    set_apart = _is_edge(piece, first) and _is_edge(piece, end)
    enough = end - first >= (rules.min_set_apart_words if set_apart else rules.min_part_words)
    return enough and any(map(is_content, piece.folded_words[first:end]))


def _joins(word: str) -> bool:
    """Whether a word may join two parts and stand in neither: "and", not "not" and not "two"."""
    return not is_content(word) and not is_negation(word) and not is_number(word)


# --- whether they follow on -----------------------------------------------------------------------


def _chains(places: Sequence[Sequence[Place]], source: Text, rules: Rules) -> Iterator[list[Place]]:
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
            closest = bisect_right(ends, place[0]) - 1
            if closest >= 0 and _follows(before[closest], place, source, rules):
                reached[place] = before[closest]
        steps.append(reached)
    for last in steps[-1]:
        found = [last]
        for step in reversed(steps[1:]):
            found.insert(0, step[found[0]])
        yield found


def _follows(before: Place, place: Place, source: Text, rules: Rules) -> bool:
    """Whether a place follows on another: in its sentence, or in the next one."""
    if place[0] < before[1]:
        return False
    starts, ends, words = source.sentence_words
    first, last = bisect_left(starts, before[1]), bisect_right(ends, place[0])
    return first >= last or words[last] - words[first] < rules.max_skipped_words
