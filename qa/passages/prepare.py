"""Documents -> entries for the store: cut into passages, embedded once each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from embeddings import Encoded, Encoder, TokenVectors
from qa.ids import check_id
from qa.observe import stage
from qa.passages.chunking import Chunking, chunk, title_prefix, with_title
from qa.storage.records import Chunk, Entry, Placed, fingerprint, text_digest
from qa.storage.sql import Store
from qa.storage.token_vectors import PassageTokens, pack
from qa.text.language import stated_or_told
from qa.text.sentences import sentences
from qa.types import Article, Document, Refused, Span

# About how much work is one commit: seconds of embedding, so little is lost to a Ctrl-C.
BATCH_CHUNKS = 192
BATCH_DOCUMENTS = 512

# How many are encoded at a time while somebody watches; all of a batch is a little cheaper.
WATCHED_CHUNKS = 64
# Takes how much more of a batch is encoded, as a share of it: in all 1.
TellShare = Callable[[float], None]

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
    generation: int = field(default=0, compare=False)  # of the corpus that has it so

    @classmethod
    def of(cls, refused: Refused) -> Outcome:
        name: OutcomeName = "skipped" if refused.skipped else "refused"
        return cls(name, refused.origin, refused.size, refused=refused)


def batches(items: Iterable[Document | Refused]) -> Iterator[list[Document | Refused]]:
    """Cuts a stream into parts that are embedded and committed together, by the work they are."""
    part: list[Document | Refused] = []
    chunks = 0
    for item in items:
        part.append(item)
        if isinstance(item, Document):
            chunks += 1 + len(item.article.text) // 800
        if chunks >= BATCH_CHUNKS or len(part) >= BATCH_DOCUMENTS:
            yield part
            part, chunks = [], 0
    if part:
        yield part


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs that are committed together, each with what is to be stored of it.

    The entry is None for what was refused, and for a document that is stored as it is.
    """

    items: tuple[tuple[Document | Refused, Entry | None], ...] = ()


class Preparer:
    """Documents become entries: cut and embedded, against what the store already has."""

    def __init__(self, store: Store, encoder: Encoder, chunking: Chunking) -> None:
        self._store = store
        self._encoder = encoder
        self._chunking = chunking

    def prepare(self, items: Sequence[Document | Refused], tell: TellShare | None = None) -> Batch:
        """A batch with entries for the documents that are not in the store as they are.

        Raises InvalidInput for an id that is none.
        """
        documents = [item for item in items if isinstance(item, Document)]
        for document in documents:
            check_id(document.article.id)
        # What an id that comes twice is compared with is known only as the first is stored.
        times = Counter(document.article.id for document in documents)
        stored = self._store.fingerprints_of([id_ for id_, count in times.items() if count == 1])
        changed = {
            number: item
            for number, item in enumerate(items)
            if isinstance(item, Document)
            and stored.get(item.article.id) != fingerprint(item.article)
        }
        made = self.entries(list(changed.values()), tell=tell)
        entries = dict(zip(changed, made, strict=True))
        return Batch(tuple((item, entries.get(number)) for number, item in enumerate(items)))

    def entries(
        self,
        documents: Sequence[Document],
        *,
        anew: bool = False,
        tell: TellShare | None = None,
    ) -> list[Entry]:
        """An entry for each document; with `anew`, nothing is taken over from the store."""
        cut: dict[str, list[Piece]] = {}  # by text: a copy is cut and embedded once
        placed: dict[str, tuple[Placed, ...]] = {}
        with stage("chunk"):
            articles: dict[str, Article] = {}
            for document in documents:
                articles.setdefault(text_digest(document.article.text), document.article)
            held = set() if anew else self._store.texts_held(list(articles))
            for digest, article in articles.items():
                copy = self._store.copy_of(article) if digest in held else None
                if copy is not None:
                    placed[digest] = copy
                else:
                    cut[digest] = pieces(article, self._encoder, self._chunking)
        pieces_to_embed = [piece for own in cut.values() for piece in own]
        vectors = self._vectors(pieces_to_embed, tell, known=not anew)
        for digest, own in cut.items():
            placed[digest] = tuple(
                Placed(p.start, p.end, p.chunk, *vectors[p.chunk.encoded]) for p in own
            )
        return [Entry(d, placed[text_digest(d.article.text)]) for d in documents]

    def _vectors(
        self, wanted_pieces: Sequence[Piece], tell: TellShare | None, *, known: bool
    ) -> dict[bytes, tuple[bytes, bytes]]:
        """Vector and packed token vectors of each piece, by the digest of what is encoded."""
        wanted = {piece.chunk.encoded: piece for piece in wanted_pieces}
        vectors = self._store.known_vectors(list(wanted)) if known else {}
        missing = [piece for digest, piece in wanted.items() if digest not in vectors]
        vectors.update(embedded(missing, self._encoder, tell))
        return vectors


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk at its place, before it has a vector."""

    start: int
    end: int
    chunk: Chunk
    language: str | None

    @property
    def encoder_input(self) -> str:
        chunk = self.chunk
        return with_title(chunk.title, chunk.text) if chunk.lead else chunk.text

    def tokens(self, tokens: TokenVectors) -> PassageTokens:
        text = self.chunk.text
        in_front = len(self.encoder_input) - len(text)
        found = sentences(text, self.language) or [Span(0, len(text))]
        return PassageTokens(TokenVectors(tokens.vectors, tokens.spans - in_front), tuple(found))


def pieces(article: Article, encoder: Encoder, chunking: Chunking) -> list[Piece]:
    """The chunks of an article at their places, in order."""
    title, spans = passages(article, encoder, chunking)
    text, language, byline = article.text, _language(article), byline_of(article)
    return [
        Piece(s.start, s.end, Chunk(title, byline, number == 0, text[s.start : s.end]), language)
        for number, s in enumerate(spans)
    ]


def _language(article: Article) -> str | None:
    return stated_or_told(article.language, article.text)


def embedded(
    wanted: Sequence[Piece], encoder: Encoder, tell: TellShare | None = None
) -> dict[bytes, tuple[bytes, bytes]]:
    """Vector and packed token vectors of each piece, by the digest of what is encoded."""
    with stage("encode"):
        encoded = _encoded([piece.encoder_input for piece in wanted], encoder, tell)
    with stage("pack"):
        return {
            piece.chunk.encoded: (
                np.asarray(found.vector, "<f4").tobytes(),
                pack(piece.tokens(found.tokens)),
            )
            for piece, found in zip(wanted, encoded, strict=True)
        }


def _encoded(texts: Sequence[str], encoder: Encoder, tell: TellShare | None) -> list[Encoded]:
    if tell is None:
        return encoder.encode_passages(texts)
    found: list[Encoded] = []
    for start in range(0, len(texts), WATCHED_CHUNKS):
        part = texts[start : start + WATCHED_CHUNKS]
        found += encoder.encode_passages(part)
        tell(len(part) / len(texts))
    if not texts:
        tell(1.0)
    return found


def byline_of(article: Article) -> str:
    """Who says what stands in an article, in words to be found by: questions name them.

    What a record calls its source is often the newspaper: a passage is found by it, but cites it
    not as its publisher.
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
        language=_language(article),
    )
    return title, spans
