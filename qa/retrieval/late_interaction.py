"""How near a question's words come to a passage, in the whole and in each sentence.

Near is meant as in late interaction (MaxSim; Khattab and Zaharia, ColBERT, 2020): each token of the
question takes its best cosine among the tokens of the passage. No training is needed: the vectors
are those that the encoder pools into the passage's one vector anyway.

With two tokens on either side and cosines (0.9, 0.2) and (0.1, 0.5), nearness is (0.9, 0.5): in the
mean 0.7, and 0.8 if the first token's word is three times as rare as the second's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoded, Reading
from qa.observe import stage
from qa.storage.token_vectors import PassageTokens
from qa.storage.view import View
from qa.text.language import read_as
from qa.text.sought import CountedWords, Sought, sought
from qa.text.spelling import scripts
from qa.text.terms import sequence
from qa.types import Hit, Span

# What a token of no rare word weighs, against 1 for the rarest word there can be.
FLOOR = 0.04
_WORD = re.compile(r"\w+")
Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordPlace:
    """A word of a question among the question's tokens."""

    terms: tuple[str, ...]
    cyrillic: bool
    first: int
    last: int  # the token behind it


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question with everything that passages are compared by."""

    text: str
    encoded: Encoded
    weights: Weights  # shape (tokens,): rarity of the word that each token is part of
    terms: dict[str, float]  # index term -> rarity
    pairs: frozenset[tuple[str, str]]  # of neighbouring terms
    words: dict[str, tuple[str, ...]]  # as written -> its terms
    absent: frozenset[str]  # the terms that no passage has
    # Term -> what it may be in the passages' languages; and these.
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    places: tuple[WordPlace, ...] = ()  # of its words among its tokens
    foreign: bool = False  # it is in a language that the passages are not in
    in_other_forms: bool = False  # they may have what is absent in another form
    sought: Sought | None = None  # its words as they stand in the passages
    rarity: float = field(init=False)  # of all terms together: asked for each sentence
    same: dict[str, str] = field(init=False)  # form -> its term, where it is another

    def __post_init__(self) -> None:
        object.__setattr__(self, "rarity", sum(self.terms.values()))
        same = {form: term for term, forms in self.forms.items() for form in forms if form != term}
        object.__setattr__(self, "same", same)

    @classmethod
    def of(
        cls, text: str, encoded: Encoded, view: CountedWords, *, rare_languages: bool = False
    ) -> Question:
        """The question of a text; `encoded` is that text as a query, or as a passage."""
        written = list(_WORD.finditer(text))
        found = sought(text, view, rare_languages=rare_languages)
        words, rarity = found.words, found.rarity
        in_order = [term for match in written for term in words[match.group()]]
        weights = np.full(len(encoded.tokens.spans), FLOOR, np.float32)
        spans = np.array([match.span() for match in written], np.int32).reshape(-1, 2)
        places = np.searchsorted(encoded.tokens.spans[:, 0], spans)
        of_words = []
        for match, (first, last) in zip(written, places.tolist(), strict=True):
            word = match.group()
            of_words.append(WordPlace(words[word], scripts(word)[0], first, last))
            rare = max((rarity[term] for term in words[word]), default=0.0)
            weights[first:last] += rare / found.rarest
        return cls(
            text=text,
            encoded=encoded,
            weights=weights,
            terms=dict(rarity),
            pairs=frozenset(pairwise(in_order)),
            words=dict(words),
            absent=found.absent,
            forms=dict(found.forms),
            languages=tuple(view.languages),
            places=tuple(of_words),
            foreign=found.foreign,
            in_other_forms=found.in_other_forms,
            sought=found,
        )

    def read(self, text: str, language: str) -> list[str]:
        """The index terms of a passage's text, those of the question by its own names."""
        found = sequence(text, language)
        return [self.same.get(term, term) for term in found] if self.same else found

    def in_other_script(self, text: str) -> list[WordPlace]:
        """The words that are written in another script than a passage is, where its words may be
        these: Cyrillic of a passage in Latin letters, and the other way.
        """
        if not ("sr" in self.languages or any(place.cyrillic for place in self.places)):
            return []
        cyrillic, latin = scripts(text)
        return [p for p in self.places if p.terms and not (cyrillic if p.cyrillic else latin)]

    def language_of(self, text: str) -> str:
        """The language by whose rules a passage is indexed."""
        return self.languages[0] if len(self.languages) == 1 else read_as(text)

    def coverage(self, terms: Set[str]) -> float:
        """The share of the question's rarity that these terms make up."""
        if not self.rarity:
            return 0.0
        return sum([r for term, r in self.terms.items() if term in terms]) / self.rarity


@dataclass(frozen=True, slots=True, eq=False)
class SentenceInteraction:
    """How near a question comes to a sentence of a passage."""

    span: Span  # from the beginning of the passage
    near: Weights  # shape (tokens of the question,): best cosines
    cosine: float  # of the question and the mean of the sentence's tokens
    coverage: float  # the share of the question's rarity that the sentence has
    sequence: tuple[str, ...]  # its index terms


@dataclass(frozen=True, eq=False)
class Interaction:
    """How near a question comes to a passage, in the whole and in its sentences."""

    question: Question
    near: Weights  # shape (tokens of the question,): best cosines; the title's tokens count too
    sentences: tuple[SentenceInteraction, ...]
    words: tuple[str, ...]  # terms of title and byline
    reading: Reading | None = None  # what a reader made of the passage, if one read it

    @cached_property
    def nearness(self) -> float:
        """The best cosines, weighted by the rarity of the words."""
        return mean(self.near, self.question.weights)

    @cached_property
    def terms(self) -> set[str]:
        return set(self.words).union(*(sentence.sequence for sentence in self.sentences))

    @cached_property
    def pairs(self) -> float:
        """The share of neighbouring terms of the question that are neighbours here too."""
        wanted = self.question.pairs
        sequences = [self.words, *(s.sequence for s in self.sentences)]
        found = {pair for s in sequences for pair in pairwise(s) if pair in wanted}
        return len(found) / len(wanted) if wanted else 0.0


def interaction(question: Question, hit: Hit, passage: PassageTokens) -> Interaction:
    """The interaction of a question with a hit's passage."""
    vectors, starts = passage.tokens.vectors, passage.tokens.spans[:, 0]
    cosines = vectors @ question.encoded.tokens.vectors.T
    spans = np.array([(s.start, s.end) for s in passage.sentences], np.int32).reshape(-1, 2)
    places = np.searchsorted(starts, spans)  # of each sentence: its first token, and the next one's
    means = _cosines(question.encoded.vector, vectors, places).tolist()
    sentences = []
    language = question.language_of(f"{hit.words}\n{hit.passage.text}")
    other = question.in_other_script(hit.passage.text)
    for span, (first, last), cosine in zip(passage.sentences, places.tolist(), means, strict=True):
        found = tuple(question.read(hit.passage.text[span.start : span.end], language))
        sentences.append(
            SentenceInteraction(
                span=span,
                near=_with_words(best(cosines[first:last]), other, found),
                cosine=cosine,
                coverage=question.coverage(set(found)),
                sequence=found,
            )
        )
    words = tuple(question.read(hit.words, language))
    here = [term for sentence in sentences for term in sentence.sequence]
    near = _with_words(best(cosines), other, [*words, *here])
    return Interaction(question, near, tuple(sentences), words)


def _with_words(near: Weights, places: Sequence[WordPlace], terms: Sequence[str]) -> Weights:
    """A word that is there in another script is as near as can be, whatever its vectors say."""
    there = set(terms) if places else set()
    for place in places:
        if there.issuperset(place.terms):
            near[place.first : place.last] = 1.0
    return near


def interactions(view: View, question: Question, hits: Sequence[Hit]) -> list[Interaction]:
    """The interactions with the hits' passages, in order, by the token vectors that are stored."""
    with stage("fetch"):
        stored = view.token_vectors([hit.chunk for hit in hits])
    with stage("read"):
        return [interaction(question, *pair) for pair in zip(hits, stored, strict=True)]


def best(cosines: Weights) -> Weights:
    """The best cosine of each token of the question; 0 where the passage has no tokens.

    `cosines` has shape (tokens of the passage, tokens of the question).
    """
    if not len(cosines):
        return np.zeros(cosines.shape[1], np.float32)
    found: Weights = np.maximum.reduce(cosines, axis=0)  # `max` asks itself more than it does
    return found


def mean(near: Weights, weights: Weights | None = None) -> float:
    if not len(near):
        return 0.0
    return float(near.mean() if weights is None else near @ weights / weights.sum())


def union(nears: Sequence[Weights]) -> Weights:
    """The best cosines of several places together."""
    found: Weights = np.max(nears, axis=0)
    return found


def _cosines(vector: Weights, tokens: Weights, places: NDArray[np.int64]) -> Weights:
    """The cosines of a vector with each sentence's mean vector; shape (sentences,), 0 if empty."""
    position = np.arange(len(tokens))
    inside = (position >= places[:, :1]) & (position < places[:, 1:])
    # One product for all sentences of a passage: a sum for each took half of the interaction.
    sums = inside.astype(np.float32) @ tokens
    lengths = np.sqrt(np.add.reduce(sums * sums, axis=1))  # as np.linalg.norm, which asks more
    found: Weights = sums @ vector / np.maximum(lengths, 1e-12)
    return found
