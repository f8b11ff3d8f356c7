"""A question becomes an answer, in five steps: understand, find, interact, judge, tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings import Encoded
from qa.ask.confidence import JUDGED, Coefficients, Signals
from qa.ask.rerank import RERANKED, rerank
from qa.ask.statement import mark, reason, statement
from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.search import Query, search
from qa.storage.view import View
from qa.types import Answer, Hit, Mode


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, and how it is to be answered."""

    text: str
    top_k: int
    filters: Filters | None
    mode: Mode
    rerank: bool
    threshold: float  # the confidence from which it counts as answered

    @property
    def reranked(self) -> bool:
        """Whether the first hits are put in another order by interaction: only those of both
        indexes are.
        """
        return self.rerank and self.mode == "hybrid"

    @property
    def found(self) -> int:
        """How many passages are looked for: as many as are shown, and as are needed to judge."""
        return max(self.top_k, RERANKED if self.reranked else JUDGED)


def ask(view: View, asked: Asked, encoded: Encoded, fitted: Coefficients, encoder: str) -> Answer:
    """The passages that answer a question, best first, with their supporting sentences."""
    question = understand(view, asked, encoded)
    hits = find(view, asked, question)
    read = interactions(view, question, hits[:RERANKED] if asked.reranked else hits)
    hits, read, confidence = judge(asked, question, hits, read, fitted)
    hits, read = hits[: asked.top_k], read[: asked.top_k]
    if unread := hits[len(read) :]:
        read += interactions(view, question, unread)
    return tell(view, asked, question, hits, read, confidence, encoder)


def understand(view: View, asked: Asked, encoded: Encoded) -> Question:
    """The question with its words, how rare each is, and its vectors."""
    with stage("words"):
        return Question.of(asked.text, encoded, view)


def find(view: View, asked: Asked, question: Question) -> list[Hit]:
    """The hits of both indexes, or of the one that is asked for."""
    vector = question.encoded.vector
    return search(view, Query(asked.text, vector, asked.mode, asked.filters, asked.found))


def judge(
    asked: Asked,
    question: Question,
    hits: Sequence[Hit],
    read: Sequence[Interaction],
    fitted: Coefficients,
) -> tuple[list[Hit], list[Interaction], float]:
    """The hits in the order that interaction shows, and how sure it is that they answer (0..1)."""
    with stage("rank"):
        ranked = rerank(hits, read, fitted.ranking) if asked.reranked else (list(hits), list(read))
        confidence = fitted.confidence(Signals.of(question, ranked[1])) if hits else 0.0
    return *ranked, confidence


def tell(
    view: View,
    asked: Asked,
    question: Question,
    hits: Sequence[Hit],
    read: Sequence[Interaction],
    confidence: float,
    encoder: str,
) -> Answer:
    """The answer, with its supporting sentences marked, or with the reason why there is none."""
    with stage("mark"):
        marked = mark(hits, read)
    answered = bool(marked) and confidence >= asked.threshold
    return Answer(
        question=asked.text,
        answered=answered,
        confidence=round(confidence, 4),
        reason=None if answered else reason(question, marked),
        statement=statement(marked[0]) if answered else None,
        hits=tuple(marked),
        generation=view.version,
        encoder=encoder,
        took_ms=0.0,
    )
