"""What a question says of the words themselves: "ferry line", -Lund, -"ferry line", +"ferry line".

A phrase has to stand in a passage, an excluded word or phrase may not. With some words besides, as
in «Who wrote the article "The ferry line" of May?», marks rather quote: passages that have the
phrase come earlier, and where there is none, that is said. Behind a plus it has to stand there all
the same. Words compare as a quote's do: by their folded tokens, in whichever way their language
lets them be written (qa.text.tokens, qa.text.spelling); `Lund` stands in “Lund’s”, and not in
“Lundgren”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from qa.text.notes import blanked
from qa.text.spelling import latin, other_ways, spelled
from qa.text.terms import terms
from qa.text.tokens import is_word, tokenize

# In double marks of any kind, which open behind a space and close before none of a word: no inches.
# An excluded word begins with a letter: -5 is a number; and ends with none: -psp- is set apart.
_OPERATOR = re.compile(
    r"""(?<![^\s(\[])(?P<sign>[-+])?
        (?: ["“”„«»](?P<phrase>[^\s"“”„«»][^"“”„«»]*)["“”«»](?!\w)
          | (?<=-)(?P<word>[^\W\d_](?:[\w'’.-]*\w)?)(?![\w-]) )""",
    re.VERBOSE,
)
# With more words than these besides what is in marks, it is a question, and marks quote.
FEW = 3
# How many phrases passages are preferred by: each is a search.
MOST_PREFERRED = 3
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# What the lexical index may hold in another spelling than a phrase has.
_PAIRS = [pair.split("=") for pair in ["ae=ä", "oe=ö", "ue=ü", "ss=ß", "dj=đ", "е=ё"]]
_PAIRED = re.compile("|".join(f"{one}|{other}" for one, other in _PAIRS))
_MOST_PAIRS = 4
_OF_IT = "'s"
_INDEXED = re.compile("[a-z0-9\u00c0-\u024f\u0400-\u04ff]{1,40}")


@dataclass(frozen=True)
class Phrase:
    """Words that have to stand one after the other, or may not."""

    text: str  # without its marks
    start: int  # of the operator in the question, marks and all
    end: int
    excluded: bool
    preferred: bool = False  # passages that have it come earlier, and the others stay

    @cached_property
    def line(self) -> str:
        """Its tokens as `line_of` has them, without the punctuation around them."""
        tokens = compared(self.text)
        numbers = [number for number, token in enumerate(tokens) if is_word(token)]
        return _line(tokens[numbers[0] : numbers[-1] + 1]) if numbers else ""

    def stands_in(self, line: str) -> bool:
        """Whether it stands in a text that is given as `line_of` gives it."""
        return self.line in line or f"{self.line[:-1]}{_OF_IT}\n" in line

    def index_terms(self, languages: Sequence[str]) -> list[tuple[str, ...]]:
        """Of each word that an index of these languages cannot miss, the terms of all ways of
        writing it.
        """
        words = filter(_INDEXED.fullmatch, map(spelled, tokenize(self.text).folded))
        found = (tuple(_terms_of(word, languages)) for word in words)
        return [terms_ for terms_ in found if terms_]


@dataclass(frozen=True)
class Wording:
    """A question without its operators, and these."""

    text: str  # what is looked for by meaning and by words: a phrase's words are part of it
    phrases: tuple[Phrase, ...] = ()

    @cached_property
    def required(self) -> tuple[Phrase, ...]:
        return tuple(p for p in self.phrases if not (p.excluded or p.preferred))

    @cached_property
    def preferred(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.phrases if phrase.preferred)

    @cached_property
    def excluded(self) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase in self.phrases if phrase.excluded)

    def admits(self, text: str) -> bool:
        """Whether a passage's text has every phrase that it must, and nothing that is excluded."""
        if not self.holds:
            return True
        line = line_of(text)
        return all(p.stands_in(line) != p.excluded for p in self.phrases if not p.preferred)

    @property
    def holds(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.required or self.excluded)

    def requiring(self, phrase: Phrase) -> Wording:
        """The same, for passages that have a phrase which is only preferred."""
        return Wording(
            self.text, (*self.required, replace(phrase, preferred=False), *self.excluded)
        )

    def excludes(self, text: str) -> bool:
        """Whether a text has something that is excluded."""
        if not self.excluded:
            return False
        line = line_of(text)
        return any(phrase.stands_in(line) for phrase in self.excluded)


def wording(question: str) -> Wording:
    """The operators of a question, and its words without them.

    >>> wording('Who opened the "swimming pool" -Lund?').text
    'Who opened the swimming pool?'
    """
    if '"' not in question and _OPERATOR.search(question) is None:
        return Wording(question)
    found = [
        (place, phrase) for place in _OPERATOR.finditer(question) if (phrase := _phrase(place)).line
    ]
    if not found:
        return Wording(question)
    pieces, behind = [], 0
    for place, phrase in found:
        before = question[behind : place.start()]
        pieces += [before.rstrip(" "), ""] if phrase.excluded else [before, phrase.text]
        behind = place.end()
    pieces.append(question[behind:])
    phrases = [phrase for _, phrase in found]
    if len(_WORD.findall(" ".join(pieces[::2]))) > FEW:
        phrases = list(_preferred(found))
    return Wording("".join(pieces).strip(), tuple(phrases))


def _phrase(place: re.Match[str]) -> Phrase:
    return Phrase(place["phrase"] or place["word"], *place.span(), place["sign"] == "-")


def _preferred(found: Sequence[tuple[re.Match[str], Phrase]]) -> Iterator[Phrase]:
    """The phrases of a question in which marks quote: the first preferred, further ones words."""
    quoted = 0
    for place, phrase in found:
        if phrase.excluded or place["sign"]:
            yield phrase
        elif (quoted := quoted + 1) <= MOST_PREFERRED:
            yield replace(phrase, preferred=True)


def compared(text: str) -> list[str]:
    """The tokens of a text as phrases and passages are compared by."""
    return [spelled(latin(token)) for token in tokenize(blanked(text)).folded]


def line_of(text: str) -> str:
    """The tokens of a text, each on a line of its own."""
    return _line(compared(text))


def _line(tokens: Sequence[str]) -> str:
    return "".join(["\n", *(f"{token}\n" for token in tokens)])


def _terms_of(word: str, languages: Sequence[str]) -> Iterator[str]:
    """The index terms of all ways of writing a word; nothing where one of them has none, or two."""
    ways = {way.casefold() for one in (word, *other_ways(word)) for way in _paired(one)}
    found = [terms(way, language) for way in ways for language in languages]
    if found and all(len(one) == 1 for one in found):
        yield from sorted({one[0] for one in found})


def _paired(word: str) -> Iterator[str]:
    """A word with ae or ä, ss or ß, … at each place that has one; nothing where they are many."""
    places = list(_PAIRED.finditer(word))
    if len(places) > _MOST_PAIRS:
        return
    kept = [word[a:b] for a, b in _between(places, len(word))]
    choices = [next(pair for pair in _PAIRS if place[0] in pair) for place in places]
    for chosen in product(*choices):
        yield "".join(map("".join, zip(kept, (*chosen, ""), strict=True)))


def _between(places: Sequence[re.Match[str]], length: int) -> Iterator[tuple[int, int]]:
    edges = [0, *(edge for place in places for edge in place.span()), length]
    return zip(edges[::2], edges[1::2], strict=True)
