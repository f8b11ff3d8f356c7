"""A question becomes an answer, in five steps: understand, find, interact, order, tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from embeddings import Encoded, Reader
from qa.ask.confidence import JUDGED, Coefficients, Signals
from qa.ask.rerank import READ, RERANKED, rerank, reread
from qa.ask.statement import mark, reason, statement
from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readable, readings
from qa.retrieval.search import Query, search
from qa.storage.view import View
from qa.types import Answer, Depth, Hit, Mode

# The longest question that is read.
MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, and how it is to be answered."""

    text: str
    top_k: int
    filters: Filters | None
    mode: Mode
    rerank: bool
    threshold: float | None  # the confidence from which it counts as answered; None: as was fitted
    depth: Depth = "off"  # how many of the first passages a reader reads

    @property
    def reranked(self) -> bool:
        """Whether the first hits are put in another order by interaction: only those of both
        indexes are.
        """
        return self.rerank and self.mode == "hybrid"

    @property
    def readable(self) -> bool:
        """Whether it is no longer than what a reader was trained on: 999 of 1,000 questions had at
        most 24 words. Of longer ones it knows less than the words do (decision 15).
        """
        return len(self.text.split()) <= MOST_WORDS

    @property
    def found(self) -> int:
        """How many passages are looked for: as many as are shown, and as are needed to judge."""
        return max(self.top_k, RERANKED if self.reranked else JUDGED)


def ask(
    view: View,
    asked: Asked,
    encoded: Encoded,
    fitted: Coefficients,
    encoder: str,
    reader: Reader | None = None,
) -> Answer:
    """The passages that answer a question, best first, with their supporting sentences."""
    question = understand(view, asked, encoded)
    hits = find(view, asked, question)
    read = interactions(view, question, hits[:RERANKED] if asked.reranked else hits)
    hits, read = order(asked, hits, read, fitted, reader)
    depth = asked.depth if read and read[0].reading else "off"
    confidence = fitted.confidence[depth](Signals.of(question, read)) if hits else 0.0
    hits, read = hits[: asked.top_k], read[: asked.top_k]
    if unread := hits[len(read) :]:
        read += interactions(view, question, unread)
    least = fitted.threshold[depth] if asked.threshold is None else asked.threshold
    return tell(view, asked, question, hits, read, confidence, least, depth, encoder)


def understand(view: View, asked: Asked, encoded: Encoded) -> Question:
    """The question with its words, how rare each is, and its vectors."""
    with stage("words"):
        return Question.of(asked.text, encoded, view)


def find(view: View, asked: Asked, question: Question) -> list[Hit]:
    """The hits of both indexes, or of the one that is asked for."""
    vector = question.encoded.vector
    return search(view, Query(asked.text, vector, asked.mode, asked.filters, asked.found))


def order(
    asked: Asked,
    hits: list[Hit],
    read: list[Interaction],
    fitted: Coefficients,
    reader: Reader | None,
) -> tuple[list[Hit], list[Interaction]]:
    """The hits in the order that interaction shows, the first of them read.

    Without reranking they stay as they were found, and the first are read all the same. Nothing is
    read for a question longer than the reader knows, or in a language that it does not.
    """
    if asked.reranked:
        with stage("rank"):
            hits, read = rerank(hits, read, fitted.ranking)
    first = hits[: READ[asked.depth]]
    if reader is None or not first or not asked.readable or not readable(asked.text, first):
        return hits, read
    found = readings(reader, asked.text, first)
    read = [
        *(replace(one, reading=made) for one, made in zip(read, found, strict=False)),
        *read[len(found) :],
    ]
    return reread(asked.text, hits, read, fitted.reading) if asked.reranked else (hits, read)


def tell(
    view: View,
    asked: Asked,
    question: Question,
    hits: Sequence[Hit],
    read: Sequence[Interaction],
    confidence: float,
    least: float,
    depth: Depth,
    encoder: str,
) -> Answer:
    """The answer, with its supporting sentences marked, or with the reason why there is none."""
    with stage("mark"):
        marked = mark(hits, read)
    answered = bool(marked) and confidence >= least
    return Answer(
        question=asked.text,
        answered=answered,
        confidence=round(confidence, 4),
        reason=None if answered else reason(question, marked, read),
        statement=statement(asked.text, marked[0], read[0]) if answered else None,
        hits=tuple(marked),
        generation=view.version,
        encoder=encoder,
        took_ms=0.0,
        read=depth,
    )
