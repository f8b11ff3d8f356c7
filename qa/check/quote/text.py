"""A text and what aligning needs of it: tokens, words and their weights, names, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from qa.check.quote.marks import without_marks
from qa.check.quote.speech import joints, without_attributions
from qa.text.names import certain, names
from qa.text.notes import blanked
from qa.text.sentences import sentences
from qa.text.spelling import latin, scripts, spelled
from qa.text.tokens import Tokens, is_word, tokenize
from qa.text.words import is_content
from qa.types import Span

MOST_REST = 8  # words: what goes on for longer is another statement
Ints = NDArray[np.int64]
Place = tuple[int, int]  # code points of a text: start, end

# Between the halves of a word that a line break has parted: "coop-\neration", "coop -\neration".
_BREAK = re.compile(
    "(?<=[^\\W\\d_])(?:[-‐\u00ad]\\s+|[^\\S\\n][-‐\u00ad][^\\S\\n]*\\n\\s*)(?=[^\\W\\d_])"
)
# Between a number and what may be glued to it: "20 km", "20km".
_GLUE = re.compile(r"(?<=\d)[^\S\n]+(?=[^\W\d_])")


@dataclass(frozen=True)
class Text:
    """A text and what aligning needs of it, each part made when first asked for."""

    text: str
    whole: frozenset[str] = frozenset()  # words to join where a break or a space has parted them
    latin: bool = False  # whether Serbian Cyrillic is compared in Latin letters
    quoted: bool = False  # whether it is a quote, whose [5] may be put in
    joined: str | None = None  # what stands for an attribution between two quotations, if anything

    @cached_property
    def tokens(self) -> Tokens:
        if not self.whole:
            return self._cut
        parted = [first for first, word in self.parted.items() if word in self.whole]
        apart = [first for first in parted if first - 1 not in parted]
        return _joined(self._cut, apart) if apart else self._cut

    @cached_property
    def parted(self) -> dict[int, str]:
        """The words that another text may write as one, by the number of the first one's token.

        "coop-\\neration" -> {0: "cooperation"}, "20 km" -> {0: "20km"}
        """
        return self.broken | self._pairs(_GLUE.finditer(self.text))

    @cached_property
    def broken(self) -> dict[int, str]:
        """The words of `parted` that a hyphen and space part: "coop- eration", not "20 km"."""
        gaps = _BREAK.finditer(self.text)
        return self._pairs(gap for gap in gaps if self.text[gap.end()].islower())

    def _pairs(self, gaps: Iterable[re.Match[str]]) -> dict[int, str]:
        # All at once, and of the type of the ends: each search by itself would copy these.
        starts = np.array([gap.start() for gap in gaps], self._cut.ends.dtype)
        firsts = np.searchsorted(self._cut.ends, starts).tolist()
        folded = self._cut.folded
        return {i: folded[i] + folded[i + 1] for i in firsts if i + 1 < len(folded)}

    @cached_property
    def sentences(self) -> list[Span]:
        return sentences(self.text)

    @cached_property
    def sentence_words(self) -> tuple[list[int], list[int], list[int]]:
        """Where the sentences begin, where they end, and how many words are before each."""
        counts = [len(self.text[s.start : s.end].split()) for s in self.sentences]
        starts, ends = ([getattr(s, edge) for s in self.sentences] for edge in ("start", "end"))
        return starts, ends, list(accumulate(counts, initial=0))

    @cached_property
    def _cut(self) -> Tokens:
        tokens = self._written_tokens if self._bare == self.text else tokenize(self._bare)
        ways = {one: spelled(latin(one) if self.latin else one) for one in set(tokens.folded)}
        if any(one != way for one, way in ways.items()):
            folded = [ways[one] for one in tokens.folded]
            tokens = Tokens(folded, tokens.starts, tokens.ends)
        return without_marks(tokens, self.text)

    @cached_property
    def in_latin(self) -> Text:
        """The same text, with Serbian Cyrillic compared in Latin letters."""
        return replace(self, latin=True)

    @cached_property
    def scripts(self) -> tuple[bool, bool]:
        """Whether it has letters of Cyrillic, and of Latin."""
        return scripts(self.text)

    @cached_property
    def _bare(self) -> str:
        """The text without reference marks and markup, every offset as it is."""
        bare = blanked(self.text, quoted=self.quoted)
        return bare if self.joined is None else without_attributions(bare, self.joints, self.joined)

    @cached_property
    def joints(self) -> list[re.Match[str]]:
        """The attributions between two quotations."""
        return joints(blanked(self.text))

    @cached_property
    def as_spoken(self) -> list[Text]:
        """The text without these, in each way that its sentences may have been spoken."""
        return [replace(self, joined=comma) for comma in ("", ",")] if self.joints else []

    @cached_property
    def _written_tokens(self) -> Tokens:
        return tokenize(self.text)

    @cached_property
    def distinct(self) -> frozenset[str]:
        """The folded tokens, each once."""
        return frozenset(self.tokens.folded)

    @cached_property
    def normalized(self) -> str:
        """The folded tokens, with one space before and after each."""
        return f" {' '.join(self.tokens.folded)} "

    @cached_property
    def is_word(self) -> list[bool]:
        """Whether each token is a word, and not punctuation."""
        return _words_among(self.tokens)

    @cached_property
    def _is_word_there(self) -> list[bool]:
        return _words_among(self._written_tokens)

    @cached_property
    def words(self) -> Ints:
        """The tokens that are words."""
        return np.flatnonzero(self.is_word)

    @cached_property
    def folded_words(self) -> list[str]:
        return self.folded(self.words)

    @cached_property
    def weights(self) -> Ints:
        """How much each word weighs: 2, or 1 when it is a function word."""
        weight = {word: 1 + is_content(word) for word in set(self.folded_words)}
        return np.array([weight[word] for word in self.folded_words], dtype=np.int64)

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of its names, without those that only open a sentence."""
        return frozenset(self.folded(np.flatnonzero(self.is_of_name)))

    @cached_property
    def is_of_name(self) -> NDArray[np.bool_]:
        """Whether each token belongs to a name."""
        words = [word for name in certain(names(self.text)) for word in name.words]
        steps = np.zeros(len(self.tokens.starts) + 1, np.int64)
        edges = np.array([(word.start, word.end) for word in words]).reshape(-1, 2)
        first, end = np.searchsorted(self.tokens.starts, edges).T
        np.add.at(steps, first, 1)
        np.add.at(steps, end, -1)
        return np.cumsum(steps[:-1]) > 0

    def folded(self, tokens: Ints) -> list[str]:
        return [self.tokens.folded[token] for token in tokens.tolist()]

    def line(self, first: int, end: int) -> str:
        """Words `first` to `end` with the punctuation between them, as in `normalized`."""
        start, stop = int(self.words[first]), int(self.words[end - 1])
        return f" {' '.join(self.tokens.folded[start : stop + 1])} "

    def places(self, line: str, limit: int) -> list[Place]:
        """The places where the tokens of a `line` stand one after the other, at most `limit`."""
        length = line.count(" ") - 1
        places: list[Place] = []
        token, seen = 0, 0
        at = self.normalized.find(line)
        while at >= 0 and len(places) < limit:
            token, seen = token + self.normalized.count(" ", seen, at), at
            places.append(self.span(token, token + length - 1))
            at = self.normalized.find(line, at + 1)
        return places

    def span(self, first: int, last: int) -> Place:
        """The code points from the first token to the last."""
        return int(self.tokens.starts[first]), int(self.tokens.ends[last])

    def between(self, start: int, end: int) -> Ints:
        """The tokens that are words and lie between two places."""
        starts, ends = self.tokens.starts[self.words], self.tokens.ends[self.words]
        return self.words[(starts >= start) & (ends <= end)]

    def is_within_word(self, place: int) -> bool:
        """Whether a word or number reaches over a place."""
        tokens = self._written_tokens
        token = int(np.searchsorted(tokens.starts, np.int32(place))) - 1
        return token >= 0 and place < int(tokens.ends[token]) and self._is_word_there[token]

    def slice(self, tokens: Ints) -> str:
        """The text from the first of the tokens to the last."""
        if not tokens.size:
            return ""
        start, end = self.span(int(tokens[0]), int(tokens[-1]))
        return self.text[start:end]

    def rest(self, word: int, step: int) -> int:
        """How many words go on from a word up to punctuation, at most `MOST_REST`."""
        count = 0
        while count < MOST_REST and self.gap(word + count * step, step) == []:
            count += 1
        return count

    def is_amid_name(self, word: int) -> bool:
        """Whether a name goes on from a word to the next."""
        if not 0 <= word < len(self.words) - 1:
            return False
        one, other = int(self.words[word]), int(self.words[word + 1])
        return bool(self.is_of_name[one] and self.is_of_name[other])

    def gap(self, word: int, step: int) -> list[str] | None:
        """The punctuation between a word and the next in one direction.

        None at the end of the text and at a blank line, where nothing goes on.
        """
        if not 0 <= word + step < len(self.words):
            return None
        one, other = sorted((int(self.words[word]), int(self.words[word + step])))
        if any(self._gap(t, t + 1).count("\n") > 1 for t in range(one, other)):
            return None
        return self.tokens.folded[one + 1 : other]

    def rejoined(self, other: Text) -> Text:
        """This text with the words made whole that it parts and the other text does not."""
        parted = set(self.parted.values())
        whole = other.distinct.intersection(parted) if parted else set[str]()
        return replace(self, whole=frozenset(whole)) if whole - self.whole else self

    def _gap(self, one: int, other: int) -> str:
        return self.text[self.tokens.ends[one] : self.tokens.starts[other]]


def _words_among(tokens: Tokens) -> list[bool]:
    word = {token: is_word(token) for token in set(tokens.folded)}
    return [word[token] for token in tokens.folded]


def rejoined(quote: Text, source: Text) -> tuple[Text, Text]:
    """Both texts, with the words made whole that one of them parts and the other does not.

    "coop-\\neration" beside "cooperation" -> the same token; beside "well-known", "well-\\nknown"
    stays two words, as it is there.
    """
    return quote.rejoined(source), source.rejoined(quote)


def in_two_scripts(quote: Text, source: Text) -> bool:
    """Whether one has Cyrillic letters where the other may have the same in Latin ones."""
    (cyrillic, roman), (cyrillic_there, roman_there) = quote.scripts, source.scripts
    return (cyrillic and roman_there) or (roman and cyrillic_there)


def _joined(tokens: Tokens, firsts: list[int]) -> Tokens:
    """The tokens, with each of `firsts` and the one behind it made one."""
    folded = list(tokens.folded)
    for first in firsts:
        folded[first] += folded[first + 1]
    second = np.array(firsts) + 1
    kept = np.delete(np.arange(len(folded)), second)
    ends = tokens.ends.copy()
    ends[firsts] = tokens.ends[second]
    return Tokens([folded[i] for i in kept.tolist()], tokens.starts[kept], ends[kept])
