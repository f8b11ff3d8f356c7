"""Where in a corpus a quote may stand: stretches of articles around the passages with its words.

A quote is looked for in passages that have all of its words, then in those that have the rarest of
them. It may reach over passages, so a stretch goes on for the length of the quote on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from qa.check.quote.forms import Quote
from qa.check.quote.rules import RULES, Rules
from qa.check.quote.text import Text
from qa.check.types import MatchField
from qa.filters import Filters
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.text.sought import Forms, Sought
from qa.text.spelling import first_look, other_ways
from qa.text.tokens import visible
from qa.text.words import is_content
from qa.text.words.tables import listed

_NEXT_SPACE = 200  # characters in which the space is looked for that a stretch begins or ends at
_STANDFIRSTS = listed("standfirsts")  # keys of what else an article says of itself
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of an article from `start`, and what aligning needs of it."""

    article: int  # key
    start: int
    text: Text
    share: float = 1.0  # of the quote's words that it has, at a first look
    field: MatchField = "text"  # in another field a stretch is one line of it


class Sources:
    """The articles of one moment of a corpus."""

    def __init__(
        self, view: View, text_of: Callable[[str], Text] = Text, rules: Rules = RULES
    ) -> None:
        """`text_of` may be a cached one: a draft is held against the same articles many times."""
        self._view = view
        self._text_of = text_of
        self._rules = rules

    def likely(self, quote: Quote) -> list[Stretch]:
        """The stretches around passages that have all words of the quote."""
        terms, rules = self._rarest(quote.searched), self._rules
        keys = self._search(terms, rules.all_words_passages, all_terms=True)
        if len(keys) >= rules.all_words_passages:
            many = self._search(terms, rules.in_order_passages, all_terms=True)
            keys = self._holding(quote.words.text, many) or keys
        for way in self._otherwise(quote.searched):
            keys += self._search(way, rules.all_words_passages, all_terms=True)
        stretches = self._around(keys, quote)
        # The texts themselves take a millisecond for each megabyte. “Compromise” has all its terms.
        if not terms or (len(terms) < rules.few_terms <= len(quote.words.words) - len(terms)):
            limit = rules.scanned_articles
            found = self._view.containing(quote.core, limit)
            stretches += [self.whole(stored) for stored in map(self._view.find, found) if stored]
        return stretches

    def possible(self, quote: Quote) -> list[Stretch]:
        """The stretches with most of the quote's words, or of those between two of its ellipses."""
        pieces = [piece.text for piece in quote.pieces[: self._rules.searched_pieces]]
        parts = pieces if len(pieces) > 1 else _halves(quote.searched, self._rules.halved_words)
        limit = self._rules.some_words_passages
        found = [self._nearest(quote.searched)]
        found += [self._search(self._rarest(part), limit) for part in parts]
        found += [self._search(way, limit) for way in self._otherwise(quote.searched)]
        return self._around(list(dict.fromkeys(_by_turns(found))), quote)

    def within(self, stored: StoredArticle, quote: Quote) -> list[Stretch]:
        """The stretches of one article in which the quote may stand."""
        if len(stored.article.text) <= self._rules.whole_chars:
            return [self.whole(stored)]
        here = Filters(article_ids=(stored.article.id,))
        terms, limit = self._rarest(quote.searched), self._rules.all_words_passages
        terms += [term for way in self._otherwise(quote.searched) for term in way]
        found = self._view.best(terms, limit, filters=here)
        stretches = self._around(found.keys.tolist(), quote)
        return [stretch for stretch in stretches if stretch.article == stored.key]

    def titles(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        """The titles and standfirsts of the articles of these stretches."""
        keys = list(dict.fromkeys(s.article for s in stretches))[: self._rules.titled_articles]
        found = self._view.articles_by_key(keys)
        return [line for key in keys if key in found for line in self.titled(found[key])]

    def titled(self, stored: StoredArticle) -> list[Stretch]:
        """The title of an article, and what introduces it."""
        extra = stored.article.extra
        lines: list[tuple[MatchField, Any]] = [("title", stored.article.title)]
        lines += [("standfirst", extra[key]) for key in sorted(_STANDFIRSTS & extra.keys())]
        return [
            Stretch(stored.key, 0, Text(line), field=field)
            for field, line in lines
            if isinstance(line, str) and line
        ]

    def removed(self, stored: StoredArticle) -> list[Stretch]:
        """The lines that were left out of an article's text."""
        lines = [Text(line.text) for line in stored.removed]
        return [Stretch(stored.key, 0, line, field="removed") for line in lines]

    def whole(self, stored: StoredArticle) -> Stretch:
        return Stretch(stored.key, 0, self._text_of(stored.article.text))

    def ranked(self, quote: Quote, stretches: Sequence[Stretch]) -> list[Stretch]:
        """The stretches that have the most of the quote's words, best first."""
        every = list(dict.fromkeys(quote.words.folded_words))
        words = list(filter(is_content, every)) or every or [quote.core]
        words = words[:: 1 + len(words) // self._rules.first_look_words]
        words = list(map(first_look, words))
        found = [replace(s, share=_share(words, first_look(s.text.text))) for s in stretches]
        found.sort(key=lambda stretch: -stretch.share)
        return [stretch for stretch in found if stretch.share >= self._rules.min_share]

    def _rarest(self, quote: str) -> list[Forms]:
        """The forms of the rarest terms; words that say little in a language need not be."""
        found = self._sought(quote)
        needed = [name for name in found.forms if name not in found.common]
        needed.sort(key=lambda name: -found.rarity[name])
        return [found.forms[name] for name in needed[: self._rules.search_terms]]

    def _sought(self, quote: str) -> Sought:
        whole = Text(quote).broken.values()  # words that a line break parts
        return self._view.sought(" ".join([visible(quote), *whole]), rare_languages=True)

    def _otherwise(self, quote: str) -> list[list[Forms]]:
        """The terms of a quote in other letters, where the corpus has some that are others."""
        own, found = self._rarest(quote), []
        for way in other_ways(quote):
            there, terms = self._sought(way), self._rarest(way)
            if terms != own and there.absent != there.forms.keys():
                found.append(terms)
        return found

    def _nearest(self, part: str) -> list[int]:
        """The passages that have the most of these words; of few words, in this order."""
        terms = self._rarest(part)
        limit = self._rules.some_words_passages
        if len(terms) > self._rules.common_terms:
            return self._search(terms, limit)
        chunks = self._search(terms, self._rules.common_passages)
        texts = self._view.texts(chunks)
        pairs = [" ".join(pair) for pair in pairwise(_plain(part).split())]
        shared = {key: sum(map(text.casefold().__contains__, pairs)) for key, text in texts.items()}
        return sorted(chunks, key=lambda key: -shared.get(key, 0))[:limit]

    def _search(self, terms: Sequence[Forms], limit: int, *, all_terms: bool = False) -> list[int]:
        found = self._view.best(terms, limit, all_terms=all_terms)
        keys: list[int] = found.keys.tolist()
        return keys

    def _holding(self, quote: str, chunks: Sequence[int]) -> list[int]:
        """The passages, out of many, that have the quote's words one after the other."""
        wanted = _plain(quote)
        texts = self._view.texts(chunks)
        found = [key for key in chunks if wanted in _plain(texts.get(key, ""))]
        return found[: self._rules.all_words_passages]

    def _around(self, chunks: Sequence[int], quote: Quote) -> list[Stretch]:
        """The stretches that hold these passages, in the order of the passages."""
        margin = self._rules.margin_chars + len(quote.core) * 5 // 4
        places = self._view.places(chunks)
        texts = self._view.article_texts({key for _, key, _, _ in places})
        wanted: dict[int, list[tuple[int, int]]] = {}
        for _, article, start, end in places:
            wanted.setdefault(article, []).append((start - margin, end + margin))
        return [
            Stretch(article, start, self._text_of(texts[article][start:end]))
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
        first = max(text.rfind(" ", 0, start) + 1, start - _NEXT_SPACE) if start > 0 else 0
        last = text.find(" ", end, end + _NEXT_SPACE) if end < len(text) else len(text)
        yield first, end if last < 0 else last


def _share(words: Sequence[str], text: str) -> float:
    return sum(word in text for word in words) / len(words)


def _halves(quote: str, least: int) -> list[str]:
    """Both halves of a quote of many words, which may stand in different places."""
    words = quote.split()
    if len(words) < least:
        return []
    middle = len(words) // 2
    return [" ".join(words[:middle]), " ".join(words[middle:])]


def _by_turns(lists: Sequence[Sequence[int]]) -> Iterator[int]:
    longest = max(map(len, lists), default=0)
    return (one[i] for i in range(longest) for one in lists if i < len(one))


def _plain(text: str) -> str:
    """The words of a text, for a first look: qa.check.quote.exact looks closely."""
    return _NO_WORD.sub(" ", text.casefold()).strip()
