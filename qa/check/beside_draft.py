"""Sources that came beside a draft: held in memory for one check, and never added to the corpus.

They have keys below zero, which no row of a store has, and ids that begin with `~`, which none of a
corpus may. They are cut as articles are, and embedded when a sentence cites them, not before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from qa import ingest
from qa.errors import InvalidInput, TooLarge
from qa.ids import BESIDE
from qa.ingest.limits import Limits
from qa.ingest.slugs import slug
from qa.passages.chunking import Chunking
from qa.passages.prepare import Piece, embedded, pieces
from qa.storage.records import Occurrence, StoredArticle, fingerprint, text_digest
from qa.storage.token_vectors import PassageTokens, unpack
from qa.text.language import read_as
from qa.text.sought import Forms
from qa.text.terms import terms
from qa.types import Document, Refused

MAX_BESIDE = 20  # sources
# Characters of all together: to embed them takes some ten seconds on two cores.
MAX_BESIDE_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Placed:
    """A passage of a source."""

    article: int  # key
    piece: Piece


class SourcesBeside:
    """The sources that came beside one draft."""

    def __init__(
        self, documents: Iterable[Document], encoder: Callable[[], Encoder], chunking: Chunking
    ) -> None:
        """Raises TooLarge when they are more than are taken."""
        self._encoder, self._chunking = encoder, chunking
        self.articles = {stored.key: stored for stored in _stored(_checked(list(documents)))}
        self._names: dict[str, int] = {}
        for key, stored in self.articles.items():
            for name in _names(stored):
                self._names.setdefault(name, key)
        self._known: dict[bytes, tuple[bytes, bytes]] = {}  # vectors, by what is encoded

    def find(self, name: str) -> StoredArticle | None:
        """The source that a draft may call so: by its id, with or without the sign, or its file."""
        key = self._names.get(name)
        return None if key is None else self.articles[key]

    def best(
        self, wanted: Sequence[str | Forms], limit: int, *, every: bool, rarity: Sequence[float]
    ) -> list[int]:
        """The passages that share the rarest of these index terms, or with `every` have all."""
        scores: defaultdict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for term, rare in zip(wanted, rarity, strict=True):
            forms = (term,) if isinstance(term, str) else term
            for chunk in {chunk for form in forms for chunk in self._having.get(form, ())}:
                scores[chunk] += rare
                shared[chunk] += 1
        found = [chunk for chunk in scores if not every or shared[chunk] == len(wanted)]
        return sorted(found, key=lambda chunk: (-scores[chunk], -chunk))[:limit]

    def counts(self, wanted: Sequence[str]) -> NDArray[np.int64]:
        """In how many passages each of these index terms stands."""
        return np.array([len(self._having.get(term, ())) for term in wanted], np.int64)

    def occurrence(self, chunk: int) -> Occurrence:
        """The one place where a passage stands."""
        placed = self.passages[chunk]
        piece, stored = placed.piece, self.articles[placed.article]
        own = piece.chunk
        return Occurrence(chunk, own.text, piece.start, piece.end, stored, own.words, own.lead)

    def passages_of(self, key: int) -> list[tuple[int, int, int]]:
        """(start, end, chunk) of a source's passages, in order."""
        return [
            (placed.piece.start, placed.piece.end, chunk)
            for chunk, placed in self.passages.items()
            if placed.article == key
        ]

    def vectors(self, chunks: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of passages; shape (len(chunks), dimension)."""
        packed = [vector for vector, _ in self._embedded(chunks)]
        return np.array([np.frombuffer(vector, "<f4") for vector in packed], np.float32)

    def token_vectors(self, chunks: Sequence[int]) -> Iterator[PassageTokens]:
        """Sentences and token vectors of passages, in order."""
        found, dimension = self._embedded(chunks), self._encoder().dimension
        return (unpack(tokens, dimension) for _, tokens in found)

    def _embedded(self, chunks: Sequence[int]) -> list[tuple[bytes, bytes]]:
        wanted = [self.passages[chunk].piece for chunk in chunks]
        new = {p.chunk.encoded: p for p in wanted if p.chunk.encoded not in self._known}
        if new:
            self._known.update(embedded(list(new.values()), self._encoder()))
        return [self._known[piece.chunk.encoded] for piece in wanted]

    @cached_property
    def passages(self) -> dict[int, _Placed]:
        """The passages of all of them, by chunk."""
        cut = [
            _Placed(key, piece)
            for key, stored in self.articles.items()
            for piece in pieces(stored.article, self._encoder(), self._chunking)
        ]
        return {-number: placed for number, placed in enumerate(cut, 1)}

    @cached_property
    def _having(self) -> dict[str, list[int]]:
        """The chunks that have each index term."""
        found: dict[str, list[int]] = {}
        for chunk, placed in self.passages.items():
            text = _words(placed)
            for term in terms(text, read_as(text)):
                found.setdefault(term, []).append(chunk)
        return found

    @cached_property
    def languages(self) -> Counter[str]:
        """The languages by whose rules their words are read, and how many passages each has."""
        return Counter(map(read_as, map(_words, self.passages.values())))


def _words(placed: _Placed) -> str:
    own = placed.piece.chunk
    return f"{own.words}\n{own.text}"


def read_beside(data: bytes, name: str, limits: Limits) -> list[Document]:
    """The sources in a file. Raises InvalidInput, with its name, when it cannot be read."""
    found = list(ingest.read_stream(data, name, limits))
    for item in found:
        if isinstance(item, Refused):
            raise InvalidInput(f"{name}: {item.reason}", code=item.code)
    if not found:
        raise InvalidInput(f"{name}: there is no article in it", code="empty")
    return [item for item in found if isinstance(item, Document)]


def _checked(documents: list[Document]) -> list[Document]:
    for document in documents:
        if not document.article.text:
            name = document.origin or document.article.id
            raise InvalidInput(f"{name}: there is no text in it", code="empty")
    characters = sum(len(document.article.text) for document in documents)
    if len(documents) > MAX_BESIDE or characters > MAX_BESIDE_CHARS:
        raise TooLarge(
            f"{len(documents)} sources of {characters:,} characters came beside the draft; at most "
            f"{MAX_BESIDE} of {MAX_BESIDE_CHARS:,} together are taken: add them to the collection"
        )
    return documents


def _stored(documents: Sequence[Document]) -> Iterator[StoredArticle]:
    taken: set[str] = set()
    for number, document in enumerate(documents, 1):
        name = slug(document.article.id)
        again = (f"{name}-{times}" for times in count(2))
        id_ = next(one for one in chain([name], again) if one not in taken)
        taken.add(id_)
        article = replace(document.article, id=f"{BESIDE}{id_}")
        yield StoredArticle(
            key=-number,
            digest=text_digest(article.text),
            fingerprint=fingerprint(article),
            article=article,
            removed=document.removed,
            notes=document.notes,
            media_type=document.media_type,
            encoding=document.encoding,
            origin=document.origin,
            added_at="",
        )


def _names(stored: StoredArticle) -> Iterator[str]:
    id_ = stored.article.id
    yield id_
    yield id_.removeprefix(BESIDE)
    if stored.origin:
        yield stored.origin.rpartition("/")[2]
