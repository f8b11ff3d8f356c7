"""Documents -> entries for the store: cut into passages, embedded once each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embeddings import Encoder, TokenVectors
from qa.observe import stage
from qa.passages.chunking import Chunking, chunk, title_prefix, with_title
from qa.storage.sqlite import Chunk, Entry, Placed, Store, fingerprint, text_digest
from qa.storage.token_vectors import PassageTokens, pack
from qa.text.sentences import sentences
from qa.types import Article, Document, Refused, Span

# One commit for about this much work: seconds of embedding, so little is lost to a Ctrl-C.
BATCH_CHUNKS = 192
BATCH_DOCUMENTS = 512

# A name, and no address or description.
_SOURCE = re.compile(r"[^\n/\\:]{1,80}")

OutcomeName = Literal["added", "replaced", "unchanged", "refused", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input."""

    name: OutcomeName
    origin: str | None
    size: int
    document: Document | None = None
    refused: Refused | None = None
    passages: int = 0

    @classmethod
    def of(cls, refused: Refused) -> Outcome:
        name: OutcomeName = "skipped" if refused.skipped else "refused"
        return cls(name, refused.origin, refused.size, refused=refused)


@dataclass(slots=True)
class Batch:
    """Documents that are embedded together and committed together."""

    items: list[Document | Refused] = field(default_factory=list)
    chunks: int = 0

    @property
    def full(self) -> bool:
        return self.chunks >= BATCH_CHUNKS or len(self.items) >= BATCH_DOCUMENTS


def batches(items: Iterable[Document | Refused]) -> Iterator[list[Document | Refused]]:
    """Cuts a stream into batches by the embedding work they are."""
    batch = Batch()
    for item in items:
        batch.items.append(item)
        if isinstance(item, Document):
            batch.chunks += 1 + len(item.article.text) // 800
        if batch.full:
            yield batch.items
            batch = Batch()
    if batch.items:
        yield batch.items


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is cut and embedded; `entries` by the identity of their documents."""

    items: Sequence[Document | Refused]
    entries: Mapping[int, Entry]


class Preparer:
    """Cuts and embeds, against what the store already has."""

    def __init__(self, store: Store, encoder: Encoder, chunking: Chunking) -> None:
        self._store = store
        self._encoder = encoder
        self._chunking = chunking

    def prepared(self, items: Sequence[Document | Refused]) -> Prepared:
        """What of a batch is not in the store as it is."""
        documents = [item for item in items if isinstance(item, Document)]
        return Prepared(items, {id(entry.document): entry for entry in self.entries(documents)})

    def entries(self, documents: Sequence[Document], *, anew: bool = False) -> list[Entry]:
        """Entries for the documents that are not in the store as they are, in order.

        With `anew` for all of them, and nothing is taken over from the store.
        """
        # What an id that comes twice is compared with is known only as the first is stored.
        twice = {id_ for id_, n in Counter(d.article.id for d in documents).items() if n > 1}
        changed = [
            d for d in documents if anew or d.article.id in twice or not self.unchanged(d.article)
        ]
        cut: dict[str, list[_Piece]] = {}  # by text: a copy is cut and embedded once
        placed: dict[str, tuple[Placed, ...]] = {}
        with stage("chunk"):
            for article in (document.article for document in changed):
                digest = text_digest(article.text)
                if digest in cut or digest in placed:
                    continue
                copy = None if anew else self._store.copy_of(article)
                if copy is not None:
                    placed[digest] = copy
                else:
                    cut[digest] = self._cut(article)
        pieces_to_embed = [piece for pieces in cut.values() for piece in pieces]
        vectors = self._vectors(pieces_to_embed, known=not anew)
        for digest, pieces in cut.items():
            placed[digest] = tuple(
                Placed(p.start, p.end, p.chunk, *vectors[p.chunk.encoded]) for p in pieces
            )
        return [Entry(d, placed[text_digest(d.article.text)]) for d in changed]

    def unchanged(self, article: Article) -> bool:
        return self._store.fingerprint_of(article.id) == fingerprint(article)

    def _cut(self, article: Article) -> list[_Piece]:
        title, spans = passages(article, self._encoder, self._chunking)
        text, language, byline = article.text, article.language, byline_of(article)
        return [
            _Piece(
                s.start,
                s.end,
                Chunk(title, byline, number == 0, text[s.start : s.end]),
                language,
            )
            for number, s in enumerate(spans)
        ]

    def _vectors(
        self, pieces: Sequence[_Piece], *, known: bool
    ) -> dict[bytes, tuple[bytes, bytes]]:
        """Vector and reading by the digest of what is encoded."""
        wanted = {piece.chunk.encoded: piece for piece in pieces}
        vectors = self._store.known_vectors(list(wanted)) if known else {}
        missing = [piece for digest, piece in wanted.items() if digest not in vectors]
        with stage("encode"):
            encoded = self._encoder.encode_passages([piece.encoder_input for piece in missing])
        with stage("pack"):
            for piece, found in zip(missing, encoded, strict=True):
                vector = np.asarray(found.vector, "<f4").tobytes()
                vectors[piece.chunk.encoded] = (vector, pack(piece.reading(found.tokens)))
        return vectors


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk before it has a vector."""

    start: int
    end: int
    chunk: Chunk
    language: str | None

    @property
    def encoder_input(self) -> str:
        chunk = self.chunk
        return with_title(chunk.title, chunk.text) if chunk.lead else chunk.text

    def reading(self, tokens: TokenVectors) -> PassageTokens:
        text = self.chunk.text
        in_front = len(self.encoder_input) - len(text)
        found = sentences(text, self.language) or [Span(0, len(text))]
        return PassageTokens(TokenVectors(tokens.vectors, tokens.spans - in_front), tuple(found))


def byline_of(article: Article) -> str:
    """Who says it, in words to be found by: questions name the newspaper and the author.

    What a record calls its source is often the newspaper; found by, but not cited as, publisher.
    """
    stated = article.extra.get("source")
    source = stated if isinstance(stated, str) and _SOURCE.fullmatch(stated) else None
    return ", ".join(dict.fromkeys(n for n in (article.publisher, source, article.author) if n))


def passages(article: Article, encoder: Encoder, chunking: Chunking) -> tuple[str, list[Span]]:
    """The title as far as it is embedded, and the spans of an article's passages.

    Every passage leaves room for the title, so that one budget holds for all of them.
    """
    # A short reader gets at most half of itself taken by the title.
    limit = min(chunking.title_tokens, encoder.max_tokens // 2)
    title = title_prefix(article.title, encoder.token_spans, limit)
    taken = len(encoder.token_spans(with_title(title, ""))) if title else 0
    spans = chunk(
        article.text,
        budget=max(1, min(chunking.tokens, encoder.max_tokens - taken)),
        token_spans=encoder.token_spans,
        language=article.language,
    )
    return title, spans
