"""The articles that have a passage too, exactly or nearly, as candidates show."""

from __future__ import annotations

from collections.abc import Iterable

from qa.retrieval.hits import place
from qa.storage.records import Occurrence
from qa.storage.view import View
from qa.text.shingles import Shingles
from qa.types import Hit, Passage, Source

Elsewhere = tuple[tuple[Source, Passage], ...]

# From this share of the passage on, what stands around a candidate counts: cut elsewhere, a copy
# of the passage is spread over two of its article's passages.
SUSPECT = 0.1
# A candidate made up of so much of the passage is a piece of a copy.
OWN_WORDS = 0.5


class Copies:
    """The copies of one passage or text, as far as they are known."""

    def __init__(self, view: View, text: str, article_id: str | None, known: Elsewhere) -> None:
        """`known` are articles with the very words; `article_id` is the passage's own: no copy."""
        self.found = {source.article_id: (source, passage) for source, passage in known}
        self._view = view
        self._article_id, self._length = article_id, len(text)
        self._shingles = Shingles.of(text)
        self._of_chunk: dict[int, Shingles] = {}
        self._read: set[tuple[str, int]] = set()  # article and place

    def note(self, places: Iterable[Occurrence]) -> None:
        """Learns from candidates whose articles have the passage."""
        for at in places:
            id_ = at.stored.article.id
            if id_ != self._article_id and id_ not in self.found:
                near = self._shingles.near(self._shingled(at.chunk, at.text))
                if near or self._stands_around(at):
                    self.found[id_] = place(at)

    def _stands_around(self, at: Occurrence) -> bool:
        key = (at.stored.article.id, at.start)
        shared = self._shingles.shared(self._shingled(at.chunk, at.text))
        if key in self._read or shared < SUSPECT:
            return False
        self._read.add(key)
        stored = self._view.find(key[0])
        if stored is None:
            return False
        around = slice(max(0, at.start - 2 * self._length), at.end + 2 * self._length)
        return self._shingles.stands_in(Shingles.of(stored.article.text[around]))

    def has(self, at: Occurrence) -> bool:
        """Whether the article of a candidate is known to have the passage."""
        return at.stored.article.id in self.found

    def is_piece(self, at: Occurrence) -> bool:
        """Whether a candidate is itself a copy, or a piece of one."""
        shingles = self._shingled(at.chunk, at.text)
        near = self._shingles.near(shingles) or shingles.shared(self._shingles) >= OWN_WORDS
        return near and self.has(at)

    def same(self, one: Hit, other: Hit) -> bool:
        """Whether two passages of different articles are near-duplicates.

        Within one article these are a refrain, and no copies.
        """
        if one.passage.article_id == other.passage.article_id:
            return False
        shingles = self._shingled(one.chunk, one.passage.text)
        return shingles.near(self._shingled(other.chunk, other.passage.text))

    def _shingled(self, chunk: int, text: str) -> Shingles:
        """The shingles of a passage, made once."""
        if chunk not in self._of_chunk:
            self._of_chunk[chunk] = Shingles.of(text)
        return self._of_chunk[chunk]
