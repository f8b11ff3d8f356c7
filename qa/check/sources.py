"""Where in a corpus a quote may stand: stretches of articles around the passages with its words.

A quote is looked for in passages that have all of its words, then in those that have the rarest of
them. It may reach over passages, so a stretch goes on for the length of the quote on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from qa.check.quote.forms import Quote
from qa.check.quote.text import Prepared, prepare
from qa.storage.published import Indexes
from qa.storage.sqlite import Store, StoredArticle
from qa.text.terms import terms
from qa.text.tokens import visible
from qa.text.words import is_content

# A quote is looked for by its rarest words: more of them find the same places, only slower.
SEARCH_TERMS = 32
# Passages that have all of its words; when so many have, one that has them in order is among MANY.
ALL_WORDS, MANY = 60, 2_000
# Passages that have the most of its words.
SOME_WORDS = 24
# "It is what it is" has no word that is indexed, and a sentence in Chinese has one: then the texts
# themselves are searched, which takes about a millisecond for each megabyte. “Compromise” has all.
FEW_TERMS = 2
# Of a quote of so few terms BM25 knows too little: "I've been using this for about 2 days".
COMMON_TERMS, MANY_OF_FEW = 5, 150
MOST_PIECES = 6  # of a quote with ellipses that are looked for one by one
SCANNED = 24  # articles
LEAST = 0.3  # of a quote's words that a stretch must have to be looked through
MOST_SHARED = 500  # of a quote's words that are looked for one by one at a first look
MARGIN = 200  # characters around a passage, besides the length of the quote
WHOLE = 50_000  # characters of an article that is looked through from end to end

_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of an article from `start`, and what aligning needs of it."""

    article: int  # key
    start: int
    text: Prepared
    share: float = 1.0  # of the quote's words that it has, at a first look


class Sources:
    """The articles of one snapshot of a corpus."""

    def __init__(
        self, store: Store, snapshot: Indexes, prepare: Callable[[str], Prepared] = prepare
    ) -> None:
        """`prepare` may be a cached one: a draft is held against the same articles many times."""
        self.store = store
        self.snapshot = snapshot
        self._prepare = prepare

    def likely(self, quote: Quote) -> list[Stretch]:
        """Where all words of the quote stand in one passage."""
        terms = self._rarest(quote.core)
        keys = self._search(terms, ALL_WORDS, all_terms=True)
        if len(keys) == ALL_WORDS:
            keys = (
                self._holding(quote.words.text, self._search(terms, MANY, all_terms=True)) or keys
            )
        stretches = self._around(keys, quote)
        if not terms or (len(terms) < FEW_TERMS <= len(quote.words.words) - len(terms)):
            found = self.store.containing(quote.core, self.snapshot.generation, SCANNED)
            stretches += [self.whole(stored) for stored in map(self.article, found) if stored]
        return stretches

    def possible(self, quote: Quote) -> list[Stretch]:
        """Where most of its words stand, or most of those between two of its ellipses."""
        pieces = [piece.text for piece in quote.pieces[:MOST_PIECES]]
        parts = pieces if len(pieces) > 1 else _halves(quote.core)
        found = [self._nearest(quote.core)]
        found += [self._search(self._rarest(part), SOME_WORDS) for part in parts]
        return self._around(list(dict.fromkeys(_by_turns(found))), quote)

    def within(self, stored: StoredArticle, quote: Quote) -> list[Stretch]:
        """Where in one article it may stand."""
        if len(stored.article.text) <= WHOLE:
            return [self.whole(stored)]
        chunks = np.unique([chunk for _, _, chunk in self.store.passages_of(stored.key)])
        found = self.snapshot.lexical.best(self._rarest(quote.core), ALL_WORDS, chunks)
        stretches = self._around(found.keys.tolist(), quote)
        return [stretch for stretch in stretches if stretch.article == stored.key]

    def whole(self, stored: StoredArticle) -> Stretch:
        return Stretch(stored.key, 0, self._prepare(stored.article.text))

    def article(self, id_: str) -> StoredArticle | None:
        return self.store.article(id_, self.snapshot.generation)

    def ranked(self, quote: Quote, stretches: Sequence[Stretch]) -> list[Stretch]:
        """Those that have the most of the quote's words, best first."""
        every = list(dict.fromkeys(quote.words.folded_words))
        words = list(filter(is_content, every)) or every or [quote.core]
        words = words[:: 1 + len(words) // MOST_SHARED]
        found = [replace(s, share=_share(words, s.text.text.casefold())) for s in stretches]
        found.sort(key=lambda stretch: -stretch.share)
        return [stretch for stretch in found if stretch.share >= LEAST]

    def _rarest(self, quote: str) -> list[str]:
        whole = prepare(quote).broken.values()  # words that a line break parts
        found = terms(" ".join([visible(quote), *whole]))
        rarity = self.snapshot.lexical.frequencies(found).rarity
        order = np.argsort(-rarity, kind="stable")
        return [found[i] for i in order[:SEARCH_TERMS]]

    def _nearest(self, part: str) -> list[int]:
        """The passages that have the most of these words; of few words, in this order."""
        terms = self._rarest(part)
        if len(terms) > COMMON_TERMS:
            return self._search(terms, SOME_WORDS)
        chunks = self._search(terms, MANY_OF_FEW)
        texts = self.store.chunk_texts(chunks)
        pairs = [" ".join(pair) for pair in pairwise(_plain(part).split())]
        shared = {key: sum(map(text.casefold().__contains__, pairs)) for key, text in texts.items()}
        return sorted(chunks, key=lambda key: -shared.get(key, 0))[:SOME_WORDS]

    def _search(self, terms: Sequence[str], limit: int, *, all_terms: bool = False) -> list[int]:
        found = self.snapshot.lexical.best(terms, limit, all_terms=all_terms)
        keys: list[int] = found.keys.tolist()
        return keys

    def _holding(self, quote: str, chunks: Sequence[int]) -> list[int]:
        """Those of many passages that have the quote's words one after the other."""
        wanted = _plain(quote)
        texts = self.store.chunk_texts(chunks)
        return [key for key in chunks if wanted in _plain(texts.get(key, ""))][:ALL_WORDS]

    def _around(self, chunks: Sequence[int], quote: Quote) -> list[Stretch]:
        """The stretches that hold these passages, in the order of the passages."""
        margin = MARGIN + len(quote.core) * 5 // 4
        places = self.store.places(chunks, self.snapshot.generation)
        texts = self.store.article_texts({key for _, key, _, _ in places})
        wanted: dict[int, list[tuple[int, int]]] = {}
        for _, article, start, end in places:
            wanted.setdefault(article, []).append((start - margin, end + margin))
        return [
            Stretch(article, start, self._prepare(texts[article][start:end]))
            for article, spans in wanted.items()
            if article in texts
            for start, end in _merged(spans, texts[article])
        ]


def _merged(spans: Sequence[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The spans in order, those that touch as one, each from one space to another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    for start, end in merged:
        first = max(text.rfind(" ", 0, start) + 1, start - MARGIN) if start > 0 else 0
        last = text.find(" ", end, end + MARGIN) if end < len(text) else len(text)
        yield first, end if last < 0 else last


def _share(words: Sequence[str], text: str) -> float:
    return sum(word in text for word in words) / len(words)


def _halves(quote: str) -> list[str]:
    """Both halves of a quote of many words, which may stand in different places."""
    words = quote.split()
    if len(words) < 8:
        return []
    middle = len(words) // 2
    return [" ".join(words[:middle]), " ".join(words[middle:])]


def _by_turns(lists: Sequence[Sequence[int]]) -> Iterator[int]:
    longest = max(map(len, lists), default=0)
    return (one[i] for i in range(longest) for one in lists if i < len(one))


def _plain(text: str) -> str:
    """The words of a text, for a first look: qa.check.quote.exact looks closely."""
    return _NO_WORD.sub(" ", text.casefold()).strip()
