"""The words of a text, and what a difference turns on: number, negation, name or other word.

The lists are English, negations also German, French, Serbian and Russian; digits and capitals need
none. A word that no list knows is a plain word: reported all the same, without the louder label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qa.normalize import Tokens, is_word, tokenize
from qa.types import DifferenceKind

Ints = NDArray[np.int64]


class Word(NamedTuple):
    """A folded word, and whether it is written like a name."""

    folded: str
    name: bool


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Say little about where a text comes from: they weigh half.
FUNCTION_WORDS = _listed(
    """
    a about after all also although am an and any are as at be because been before being both but by
    can could did do does doing during each else even ever every for from further had has have
    having he her here hers him his how i if in into is it its just like may me might more most much
    must my of off on once only onto or other our out over own per rather same shall she should
    since so some such than that the their them then there these they this those though through thus
    to too under until up upon us very was we were what when where whether which while who whom
    whose why will with within would yet you your i'm i've i'd it's that's he's she's we're
    they're we've they've
    """
)

_NUMBERS = _listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred hundreds thousand thousands million millions billion billions trillion trillions dozen
    dozens half halves third thirds quarter quarters first second fourth fifth sixth seventh eighth
    ninth tenth eleventh twelfth hundredth thousandth once twice thrice percent percentage cent % ‰
    ‱ ٪ + ± = ≠ < > ≤ ≥ ≈ ~ × ÷ 一 二 三 四 五 六 七 八 九 十 百 千 万 萬 億 亿 兆
    """
)

_NEGATIONS = _listed(
    """
    no not never none nor neither without cannot nobody nothing nowhere hardly scarcely barely non
    anti deny denies denied denying denial dont doesnt didnt isnt arent wasnt werent wont
    cant couldnt wouldnt shouldnt nicht kein keine keinen keinem keiner nie niemals niemand nichts
    ohne ne pas jamais aucun aucune sans nije nisu nisam nismo niste nema neće nikad nikada niko
    ništa bez не нет ни никогда никто ничего без није нису нема неће никад нико ништа
    """
)
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "anti")
_SHORTEST_STEM = 3
_PRONOUNS = frozenset({"i", "i'm", "i've", "i'd", "i'll"})
_OPENERS = frozenset({".", "!", "?", ":", "'"})


def is_content(word: str) -> bool:
    """Whether a folded word says something of its own."""
    return word not in FUNCTION_WORDS


def is_number(word: str) -> bool:
    """Digits anywhere, a number word, or a sign that compares numbers."""
    return word in _NUMBERS or any(char.isnumeric() or char.isdigit() for char in word)


def is_negation(word: str) -> bool:
    """A word that turns a statement round, n't included."""
    return word in _NEGATIONS or word.endswith("n't")


def negates(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a word negates one of the others by a prefix: unable and able, illegal and legal."""
    stems = [word for word in others if len(word) >= _SHORTEST_STEM]
    return not {prefix + stem for prefix in _PREFIXES for stem in stems}.isdisjoint(words)


def kind(quote: Sequence[Word], source: Sequence[Word]) -> DifferenceKind:
    """What changed between words of a quote and those of its source: the gravest that applies."""
    if _differ(is_number, quote, source):
        return "number"
    one, other = ([word.folded for word in side] for side in (quote, source))
    if _differ(is_negation, quote, source) or negates(one, other) or negates(other, one):
        return "negation"
    names = [Counter(word.folded for word in side if word.name) for side in (quote, source)]
    return "word" if names[0] == names[1] else "name"


def _differ(test: Callable[[str], bool], quote: Sequence[Word], source: Sequence[Word]) -> bool:
    one, other = (Counter(w.folded for w in side if test(w.folded)) for side in (quote, source))
    return one != other


@dataclass(frozen=True)
class Prepared:
    """A text and what aligning needs of it, each part made when first asked for."""

    text: str

    @cached_property
    def tokens(self) -> Tokens:
        return tokenize(self.text)

    @cached_property
    def normalized(self) -> str:
        """The folded tokens, with one space before and after each."""
        return f" {' '.join(self.tokens.folded)} "

    @cached_property
    def is_word(self) -> list[bool]:
        """Of each token: whether it is a word, not punctuation."""
        word = {token: is_word(token) for token in set(self.tokens.folded)}
        return [word[token] for token in self.tokens.folded]

    @cached_property
    def words(self) -> Ints:
        """The tokens that are words."""
        return np.flatnonzero(self.is_word)

    @cached_property
    def folded_words(self) -> list[str]:
        return self.folded(self.words)

    @cached_property
    def weights(self) -> Ints:
        """Of each word: 2, or 1 when it is a function word."""
        weight = {word: 1 + is_content(word) for word in set(self.folded_words)}
        return np.array([weight[word] for word in self.folded_words], dtype=np.int64)

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that are capitalised somewhere within a sentence."""
        named = (
            token
            for token in self.words.tolist()
            if self._is_capitalised(token) and not self._opens_sentence(token)
        )
        return frozenset(self.tokens.folded[token] for token in named)

    def folded(self, tokens: Ints) -> list[str]:
        return [self.tokens.folded[token] for token in tokens.tolist()]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The code points from the first token to the last."""
        return int(self.tokens.starts[first]), int(self.tokens.ends[last])

    def is_within_word(self, place: int) -> bool:
        """Whether a word or number reaches over a place."""
        token = int(np.searchsorted(self.tokens.starts, np.int32(place))) - 1
        return token >= 0 and place < int(self.tokens.ends[token]) and self.is_word[token]

    def slice(self, tokens: Ints) -> str:
        """The text from the first of the tokens to the last."""
        if not tokens.size:
            return ""
        start, end = self.span(int(tokens[0]), int(tokens[-1]))
        return self.text[start:end]

    def written(self, tokens: Ints, names: frozenset[str]) -> list[Word]:
        """The tokens as words; one that opens a sentence is a name when it is among the `names`."""
        return [
            Word(
                self.tokens.folded[token],
                self._is_capitalised(token)
                and (self.tokens.folded[token] in names or not self._opens_sentence(token)),
            )
            for token in tokens.tolist()
        ]

    def run(self, word: int, step: int, limit: int) -> int:
        """How many words follow a word in one direction before punctuation or a blank line."""
        for count in range(limit):
            near, far = word + count * step, word + (count + 1) * step
            if not 0 <= far < len(self.words):
                return count
            one, other = sorted((int(self.words[near]), int(self.words[far])))
            if other - one > 1 or self._gap(one, other).count("\n") > 1:
                return count
        return limit

    def _is_capitalised(self, token: int) -> bool:
        first = self.text[self.tokens.starts[token]]
        return (first.isupper() or first.istitle()) and self.tokens.folded[token] not in _PRONOUNS

    def _opens_sentence(self, token: int) -> bool:
        if token == 0 or "\n" in self._gap(token - 1, token):
            return True
        before = self.tokens.folded[token - 1]
        return before in _OPENERS or before.startswith("..")

    def _gap(self, one: int, other: int) -> str:
        return self.text[self.tokens.ends[one] : self.tokens.starts[other]]


def prepare(text: str) -> Prepared:
    """The text, ready to be aligned with many quotes."""
    return Prepared(text)
