"""What a corpus keeps, as records: no engine, no SQL."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.types import Article, Document, Refused, Removed


@dataclass(frozen=True, slots=True)
class Chunk:
    """A text that is embedded and indexed once, with what decides its vectors and words."""

    title: str
    byline: str  # publisher and author: "Tanjug, Ana Petrović"
    lead: bool  # the article's first passage: embedded with the title in front
    text: str

    @property
    def encoded(self) -> bytes:
        """Digest of what the encoder reads: the text, and the title where it is in front."""
        front = self.title if self.lead else ""
        return hashlib.sha256(f"{front}\0{self.text}".encode()).digest()

    @property
    def front(self) -> bytes:
        """Digest of what the chunk shares with the other passages of its article."""
        return hashlib.sha256(f"{self.title}\0{self.byline}".encode()).digest()

    @property
    def digest(self) -> bytes:
        fields = "\0".join((self.title, self.byline, f"{self.lead:d}", self.text))
        return hashlib.sha256(fields.encode()).digest()

    @property
    def words(self) -> str:
        """Title and byline: what the chunk is found by besides its text."""
        return f"{self.title}\n{self.byline}".strip("\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """A chunk at its place in an article that is about to be stored."""

    start: int
    end: int
    chunk: Chunk
    vector: bytes  # float32, little endian
    token_vectors: bytes  # packed (token_vectors.py)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its chunks, ready to be written."""

    document: Document
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store knows it; `article.text` is "" in listings."""

    key: int
    digest: str
    fingerprint: str  # of all that can be seen of it: another one, and it has changed
    article: Article
    removed: tuple[Removed, ...]
    notes: tuple[str, ...]
    media_type: str
    encoding: str | None
    origin: str | None
    added_at: str


ArticleSort = Literal["id", "-id", "title", "-title", "published", "-published", "added", "-added"]
Facet = Literal["publisher", "author", "year", "language", "tag"]
FACETS: tuple[Facet, ...] = get_args(Facet)
MOST_SUGGESTED = 100  # values of each that are kept: a form offers them
MOST_COUNTED = 20  # values of each that are listed; all others are found by their words


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are listed: those that pass the filters and have all of the words."""

    filters: Filters = field(default_factory=Filters)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A value that articles state, and how many of them do."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class ArticleList:
    """A page of selected articles, each with its length and passages, and the number of all."""

    rows: tuple[tuple[StoredArticle, int, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a chunk stands."""

    chunk: int
    text: str
    start: int
    end: int
    stored: StoredArticle
    words: str = ""  # title and byline: what the chunk is indexed with besides its text
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What separates two generations, for the derived indexes."""

    added: NDArray[np.int64]
    removed: NDArray[np.int64]


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprint(article: Article) -> str:
    """The digest of all that a user can see of an article: equal means that nothing changed."""
    fields = {name: getattr(article, name) for name in Article.__dataclass_fields__}
    fields["extra"] = dict(article.extra)
    if len(article.authors) < 2:  # says what `author` does
        del fields["authors"]
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()


JobState = Literal["queued", "running", "done", "failed", "cancelled"]

# How many problems of a job are kept in full; all are counted.
KEPT_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class JobInput:
    """One input of a job: a line of JSON, or a file when it has a name."""

    origin: str
    payload: bytes
    name: str | None = None


@dataclass(frozen=True, slots=True)
class PendingInput:
    """An input that is not dealt with, or a file of which the first `stored` articles are.

    `died` is how often it was begun by a process that ended before it was done.
    """

    ordinal: int
    input: JobInput
    stored: int
    died: int

    @property
    def is_line(self) -> bool:
        """Whether it is a line of JSON, and not a file."""
        return self.input.name is None

    @property
    def work(self) -> int:
        """About how many passages it is."""
        return 1 + len(self.input.payload) // 800


@dataclass(slots=True)
class Job:
    """A bulk addition and how far it is."""

    id: str
    state: JobState
    total: int
    created: str
    finished: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    dropped: int = 0  # inputs that were left when it was cancelled
    stated: dict[str, Any] = field(default_factory=dict)  # of articles that do not say it

    @property
    def ended(self) -> bool:
        return self.state not in ("queued", "running")

    def note(self, outcome: str, refused: Refused | None) -> None:
        """Counts what became of an article, and keeps why it was refused."""
        self.counts[outcome] = self.counts.get(outcome, 0) + 1
        if refused and len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(
                {"origin": refused.origin, "code": refused.code, "reason": refused.reason}
            )
