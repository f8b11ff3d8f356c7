"""The nouns of the service: frozen dataclasses that every other module speaks in.

Offsets are Unicode code points of an article's canonical text, half open: ``text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qa.errors import Code

Mode = Literal["hybrid", "dense", "lexical"]
# How much a reader reads before a question is answered: the first passages, or nothing.
Depth = Literal["deep", "fast", "off"]
# In which order passages come: the nearest first, or the newest, or the oldest.
Sort = Literal["relevance", "-published", "published"]
GroupBy = Literal["article"]
# What a passage is shown within.
Expand = Literal["paragraph", "neighbours"]
# What words of a question are read as (Understood).
Reads = Literal["phrase", "without", "since", "period", "latest"]
# Why: docs/decisions/0015-reading.md.
DEFAULT_DEPTH: Depth = "deep"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """A ranked list: chunk keys and their scores, best first. Both have shape (n,)."""

    keys: NDArray[np.int64]
    scores: NDArray[np.float32]

    @classmethod
    def empty(cls) -> Ranked:
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Frequencies:
    """In how many of all chunks each of some index terms stands; `counts` has shape (n,).

    With counts (0, 1, 4) of 4 chunks, `rarity` is (2.3, 1.2, 0.1), and the first is `absent`.
    """

    counts: NDArray[np.int64]
    total: int

    @property
    def rarity(self) -> NDArray[np.float32]:
        """BM25's inverse document frequency of each term: shape (n,), above 0."""
        counts = self.counts.astype(np.float32)
        rarity: NDArray[np.float32] = np.log1p((self.total - counts + 0.5) / (counts + 0.5))
        return rarity

    @property
    def highest_rarity(self) -> float:
        """The rarity of a term that no chunk has."""
        return float(np.log1p((self.total + 0.5) / 0.5))

    @property
    def absent(self) -> NDArray[np.bool_]:
        """Whether no chunk has the term, for each: shape (n,)."""
        absent: NDArray[np.bool_] = self.counts == 0
        return absent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a source says of itself; a field that nothing states is None."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None  # the names of all, with commas
    authors: tuple[str, ...] = ()  # the same, each apart
    published: str | None = None  # ISO 8601, as precise as the source: YYYY, YYYY-MM, YYYY-MM-DD…
    language: str | None = None  # BCP 47, lower-case primary tag: "en", "sr"

    def __post_init__(self) -> None:
        """Sees to it that both say the same: an author that is stated alone is one."""
        if ", ".join(self.authors) != (self.author or ""):
            object.__setattr__(self, "authors", (self.author,) if self.author else ())

    def stated(self) -> dict[str, Any]:
        """The fields by name, for whatever else has them."""
        return {name: getattr(self, name) for name in STATED}


STATED = tuple(Stated.__dataclass_fields__)
WRITTEN = tuple(name for name in STATED if name != "authors")  # as people write them, in a form


@dataclass(frozen=True, slots=True)
class Article(Stated):
    """One source text and what is known of it."""

    id: str
    text: str  # canonical: NFC, LF line ends, no boilerplate lines
    tags: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # whatever else the input said
    pages: tuple[int, ...] = ()  # where each page of a PDF begins in the text; else empty


@dataclass(frozen=True, slots=True)
class Removed:
    """A line, or the end of one, that cleaning kept out of the canonical text."""

    kind: str  # "caption", "comment count", "pagination", …
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article together with the input it was read from."""

    article: Article
    raw: bytes  # the input as it came, so that cleaning loses nothing
    media_type: str
    encoding: str | None = None  # how the raw bytes were decoded; None when they were not text
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()  # what the reader of a report should know: a fallback encoding…
    origin: str | None = None  # path of the file, "corpus.jsonl:317"; None of a posted record
    size: int = 0  # bytes of input that this document accounts for, for progress
    named: bool = False  # its id is made of its file's name, and gives way to another file's


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that did not become an article, and why."""

    origin: str
    code: Code
    reason: str
    size: int = 0
    skipped: bool = False  # passed over on purpose (a README, a questions file): not a failure


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article: what is embedded, retrieved and cited."""

    id: str  # <article_id>.<digest8>.<start>-<end>
    article_id: str
    start: int
    end: int
    text: str  # == article.text[start:end]


@dataclass(frozen=True, slots=True)
class Source(Stated):
    """Who says what stands in a passage, as far as its article states it."""

    article_id: str
    page: int | None = None  # of a PDF, 1-based: where the passage begins
    page_label: str | None = None  # what the page is called, where that is not its number
    time: str | None = None  # of subtitles: "00:12:31", of the cue in which the passage begins

    @property
    def printed_page(self) -> str | None:
        """The page as one looks for it: 4, or iv (4) where iv is printed on it."""
        if self.page is None:
            return None
        return f"{self.page_label} ({self.page})" if self.page_label else str(self.page)


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of an article as long as is wanted, with its source and citation."""

    start: int
    end: int
    text: str  # == article.text[start:end]
    source: Source
    citation: str


@dataclass(frozen=True, slots=True)
class ContextPart(Extract):
    """A part of an article for a prompt, and the passages in it that were found."""

    tokens: int
    passages: tuple[Passage, ...]  # in the order of the text


@dataclass(frozen=True, slots=True)
class Context:
    """What of the passages goes into a prompt, the part with the best passage first."""

    parts: tuple[ContextPart, ...]
    tokens: int
    max_tokens: int
    left_out: tuple[str, ...]  # ids of the passages for which there was no room


@dataclass(frozen=True, slots=True)
class Why:
    """What two related passages have in common."""

    similarity: float  # cosine of their vectors
    shared_names: tuple[str, ...]  # as the hit writes them, in its order
    shared_terms: tuple[str, ...]  # likewise, the rarest first


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query."""

    passage: Passage
    source: Source
    score: float  # fused, 0..1 within one result list
    dense: float | None  # cosine; None when this leg did not find the passage
    lexical: float | None  # BM25; None likewise
    highlights: tuple[Span, ...] = ()  # supporting sentences, in article offsets
    citation: str = ""
    also_in: tuple[tuple[Source, Passage], ...] = ()  # the same text in other articles
    chunk: int = 0  # key of the stored text
    words: str = ""  # title and byline, which the passage is indexed with besides its text
    lead: bool = False  # it is the first of its article
    why: Why | None = None  # of a related passage: what it has in common with the other
    expanded: Extract | None = None  # what it stands within, where that is wanted


@dataclass(frozen=True, slots=True)
class Words:
    """The words that answer, in article offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Who says what answers, and the words of the article that show it."""

    name: str  # as the article has it in full
    start: int
    end: int
    text: str  # "said Botsan-Kharchenko": == article.text[start:end]


@dataclass(frozen=True, slots=True)
class Statement:
    """The sentence that answers."""

    text: str
    article_id: str
    passage_id: str
    start: int
    end: int
    # Of the sentence; of who said it the name, which may stand elsewhere in the article. None: no
    # words alone answer, or nothing was read.
    words: Words | None = None
    speaker: SaidBy | None = None  # None: it quotes nobody, or it is not clear whom
    language: str | None = None  # that the article states, else that its passage is in


@dataclass(frozen=True, slots=True)
class Understood:
    """Words of a question that do more than to be looked for, and what they do."""

    kind: Reads
    effect: Literal["filter", "preference"]
    text: str  # == question[start:end]
    start: int
    end: int
    words: str = ""  # of a phrase, or without which passages are: as they are compared
    published_from: str | None = None  # inclusive, as precise as it is said
    published_to: str | None = None
    month: int | None = None  # of any year, where none is said
    stands: bool | None = None  # of a phrase that is preferred: whether a passage has it


@dataclass(frozen=True, slots=True)
class Answer:
    """What `ask` gives back."""

    question: str
    answered: bool
    confidence: float  # 0..1
    reason: str | None  # why not, when not answered
    statement: Statement | None
    hits: tuple[Hit, ...]
    generation: int
    encoder: str
    took_ms: float
    read: Depth = "off"  # how much was read: nothing of what the reader does not know
    understood: tuple[Understood, ...] = ()
    notes: tuple[str, ...] = ()  # what of the question was not asked for as it stands there
    unread: str = ""  # the end of a question that is longer than the encoder reads
    offset: int = 0  # how many passages come before the hits
    next_offset: int | None = None  # where the next page begins; None: there is none
    context: Context | None = None  # where there are so many tokens for it
