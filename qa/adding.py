"""Documents -> entries for the store: cut into passages, embedded once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embeddings import Encoder
from qa.chunking import Chunking, chunk, encoder_input, title_prefix
from qa.store import Entry, Placed, Store, chunk_digest, fingerprint, text_digest
from qa.types import Article, Document, Refused, Span

# One commit for about this much work: seconds of embedding, so little is lost to a Ctrl-C.
BATCH_CHUNKS = 192
BATCH_DOCUMENTS = 512

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


class Preparer:
    """Cuts and embeds, against what the store already has."""

    def __init__(self, store: Store, encoder: Encoder, chunking: Chunking) -> None:
        self._store = store
        self._encoder = encoder
        self._chunking = chunking

    def entries(self, documents: Sequence[Document]) -> list[Entry]:
        """Entries for the documents that are not in the store as they are, in order."""
        cut: dict[str, list[tuple[int, int, str, str]]] = {}  # by text: a copy is cut once
        copies: dict[str, tuple[Placed, ...]] = {}
        changed = [d for d in documents if not self.unchanged(d.article)]
        for document in changed:
            digest = text_digest(document.article.text)
            if digest in cut or digest in copies:
                continue
            copy = self._store.copy_of(document.article)
            if copy is not None:
                copies[digest] = copy
            else:
                cut[digest] = self._cut(document.article)
        vectors = self._vectors([(t, x) for places in cut.values() for _, _, t, x in places])
        for digest, places in cut.items():
            copies[digest] = tuple(
                Placed(start, end, title, text, vectors[chunk_digest(title, text)])
                for start, end, title, text in places
            )
        return [Entry(d, copies[text_digest(d.article.text)]) for d in changed]

    def unchanged(self, article: Article) -> bool:
        return self._store.fingerprint_of(article.id) == fingerprint(article)

    def _cut(self, article: Article) -> list[tuple[int, int, str, str]]:
        spans, title = passages(article, self._encoder, self._chunking)
        return [(s.start, s.end, title, article.text[s.start : s.end]) for s in spans]

    def _vectors(self, inputs: Sequence[tuple[str, str]]) -> dict[bytes, bytes]:
        wanted = {chunk_digest(title, text): (title, text) for title, text in inputs}
        vectors = self._store.known_vectors(list(wanted))
        missing = [digest for digest in wanted if digest not in vectors]
        encoded = self._encoder.encode_passages([encoder_input(*wanted[d]) for d in missing])
        rows = np.asarray(encoded, "<f4")
        vectors.update((d, row.tobytes()) for d, row in zip(missing, rows, strict=True))
        return vectors


def passages(
    article: Article, encoder: Encoder, chunking: Chunking
) -> tuple[list[Span], str]:
    """The spans of an article's passages, and the title that goes in front of each."""
    # A short reader gets at most half of itself taken by the title.
    limit = min(chunking.title_tokens, encoder.max_tokens // 2)
    title = title_prefix(article.title, encoder.token_spans, limit)
    room = encoder.max_tokens - len(encoder.token_spans(f"{title}\n")) if title else encoder.max_tokens
    spans = chunk(
        article.text,
        budget=max(1, min(chunking.tokens, room)),
        token_spans=encoder.token_spans,
        language=article.language,
    )
    return spans, title
