"""A quote beside the place in a text that comes nearest to it: what differs, and how much.

"The supply of heavy weapons" beside "the supply of weapons": "heavy" is put in, and 2 of 7 weigh
what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qa.check.quote.nearest import spelled_alike
from qa.check.quote.pairs import Pair, pairs
from qa.check.quote.rules import Rules
from qa.check.quote.text import Text
from qa.check.quote.wording import difference
from qa.check.types import Difference
from qa.text.words import is_number

_AROUND = " \n\"'“”„«»‘’()[]"
_STOPS = tuple(".!?…")
_ENDS = frozenset((".", "!", "?", "...", "。"))


@dataclass(frozen=True)
class Comparison:
    """A quote beside words `first` to `end` of its source, both in blocks of words."""

    quote: Text
    source: Text
    first: int
    end: int
    rules: Rules

    @cached_property
    def pairs(self) -> list[Pair]:
        """The quote's words beside the text's.

        The blocks reach from the first equal one to the last, with the quote's changed words at
        either end: few of them are held against as many words of the text there, up to punctuation
        that the quote has not; more are taken for words that the quote adds. Nothing in common: no
        blocks.
        """
        core = self._core(self.first, self.end)
        if not core:
            return []
        wider = self._wider(core)
        if wider != (self.first, self.end):
            core = self._core(*wider)
        head, tail = core[0], core[-1]
        after = len(self.quote.words) - tail.i2
        if head.i1:
            reach = min(self._reach_before(head), head.i1)
            reach += self._whole_before(head.j1 - reach) if reach else 0
            core.insert(0, Pair(False, 0, head.i1, head.j1 - reach, head.j1))
        if after:
            reach = min(self._reach_behind(tail), after)
            reach += self._whole_behind(tail.j2 + reach - 1) if reach else 0
            core.append(Pair(False, tail.i2, tail.i2 + after, tail.j2, tail.j2 + reach))
        return core

    @cached_property
    def similarity(self) -> float:
        """How alike the two are: one less the weight of what differs, as a share of the longer.

        "Resolution 1245 is in force" for "Resolution 1244 is in force": 1 - 1 / 8 -> 0.88. Words
        that are spelled alike differ by half, and so does one number from another: they are what is
        changed.
        """
        sides = [
            (
                int(self.quote.weights[b.i1 : b.i2].sum()),
                int(self.source.weights[b.j1 : b.j2].sum()),
            )
            for b in self.pairs
        ]
        changed = sum(
            max(side) - self._alike(block)
            for side, block in zip(sides, self.pairs, strict=True)
            if not block.equal
        )
        longer = max(sum(quote for quote, _ in sides), sum(source for _, source in sides))
        return 1 - changed / longer if longer else 0.0

    def shares(self, needed: int) -> bool:
        """Whether this many words that say something are the same.

        Fewer do, `few_shared`, when they are all of the quote's or the two are very similar.
        """
        content = self.quote.weights == 2
        shared = sum(
            int(content[b.i1 : b.i2].sum()) if b.equal else self._alike(b) for b in self.pairs
        )
        few = self.rules.few_shared
        if self.similarity < self.rules.very_similar:
            few = max(few, int(content.sum()))
        return shared >= min(needed, few)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The words that differ; when none does, the punctuation that does."""
        quote, source, blocks = self.quote.words, self.source.words, self.pairs
        if all(block.equal for block in blocks):
            quote = np.arange(quote[0], quote[-1] + 1)
            source = np.arange(source[blocks[0].j1], source[blocks[-1].j2 - 1] + 1)
            folded = self.quote.folded(quote), self.source.folded(source)
            blocks = pairs(*folded, 0, self.rules)
        return tuple(
            difference(self.quote, quote[b.i1 : b.i2], self.source, source[b.j1 : b.j2])
            for b in blocks
            if not b.equal
        )

    def _core(self, first: int, end: int) -> list[Pair]:
        """The blocks from the first equal one to the last."""
        source = self.source.folded_words[first:end]
        blocks = pairs(self.quote.folded_words, source, first, self.rules)
        equal = [i for i, block in enumerate(blocks) if block.equal]
        return blocks[equal[0] : equal[-1] + 1] if equal else []

    def _wider(self, core: Sequence[Pair]) -> tuple[int, int]:
        """The stretch, with the quote's first and last word where they stand just outside of it.

        "If properly regulated" beside "If not properly regulated": to add "if" to "properly"
        changes less than to leave out "not" does, but the "if" is there.
        """
        head, tail = core[0], core[-1]
        quote, source = self.quote.folded_words, self.source.folded_words
        first, end = self.first, self.end
        if head.i1:
            reach = range(head.j1 - self._reach_before(head), head.j1)
            before = [j for j in reach if source[j] == quote[0]]
            first = min(first, *before[-1:], first)
        if tail.i2 < len(quote):
            reach = range(tail.j2, tail.j2 + self._reach_behind(tail))
            behind = [j + 1 for j in reach if source[j] == quote[-1]]
            end = max(end, *behind[:1], end)
        return first, end

    def _reach_before(self, head: Pair) -> int:
        """How many words of the text the changed first ones of the quote may be held against."""
        if head.i1 > self.rules.max_edge_words:
            return 0
        return self._reach(head.i1, head.j1, -1)

    def _reach_behind(self, tail: Pair) -> int:
        """How many words of the text the changed last ones of the quote may be held against."""
        if len(self.quote.words) - tail.i2 > self.rules.max_edge_words:
            return 0
        return self._reach(tail.i2 - 1, tail.j2 - 1, 1)

    def _reach(self, i: int, j: int, step: int) -> int:
        """How many words of the text go on from word j, up to punctuation the quote has not."""
        most = 2 * self.rules.max_edge_words
        for count in range(most):
            there = self.source.gap(j + count * step, step)
            if there is None or (there and there != self.quote.gap(i + count * step, step)):
                return count
        return most

    def _whole_before(self, j: int) -> int:
        """How many words more belong to what stands where the quote begins otherwise.

        To the sentence's beginning where the quote has one: The United States | is for Mexico | is.
        """
        rest = self.source.rest(j, -1)
        if self.quote.text.lstrip(_AROUND)[:1].isupper() and self._begins(j - rest):
            return rest
        count = 0
        while count < rest and self.source.is_amid_name(j - count - 1):
            count += 1
        return count

    def _whole_behind(self, j: int) -> int:
        """The same of what stands where the quote ends otherwise: in | the United States."""
        rest = self.source.rest(j, 1)
        if self.quote.text.rstrip(_AROUND)[-1:] in _STOPS and self._ends(j + rest):
            return rest
        count = 0
        while count < rest and (
            self.source.is_amid_name(j + count) or self.source.weights[j + count] == 1
        ):
            count += 1  # in the | United States
        return count

    def _begins(self, j: int) -> bool:
        """Whether a sentence begins with word j."""
        gap = self.source.gap(j, -1)
        return gap is None or not _ENDS.isdisjoint(gap)

    def _ends(self, j: int) -> bool:
        """Whether a sentence ends with word j."""
        gap = self.source.gap(j, 1)
        return gap is None or not _ENDS.isdisjoint(gap)

    def _alike(self, block: Pair) -> int:
        """How many words are spelled alike, or are a number on both sides."""
        quote = self.quote.folded_words[block.i1 : block.i2]
        source = self.source.folded_words[block.j1 : block.j2]
        numbers = min(sum(map(is_number, quote)), sum(map(is_number, source)))
        return numbers + len(spelled_alike(set(quote), set(source), self.rules))
