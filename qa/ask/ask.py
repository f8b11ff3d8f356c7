"""A question becomes an answer, in five steps: understand, find, interact, order, tell.

The hits of a question are one list, whose first are judged, read and answered from; a page is a
stretch of it. So pages neither repeat nor skip a passage, and each has the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile
from typing import Any

from embeddings import Encoded, Reader
from qa.ask.arrangement import arranged
from qa.ask.caveats import cut_note, unread, vain_notes
from qa.ask.confidence import JUDGED, Coefficients
from qa.ask.preference import preferred
from qa.ask.quoted import with_quoted
from qa.ask.request import Request
from qa.ask.rerank import READ, RERANKED, rerank, reread
from qa.ask.statement import below, mark, reason, statement
from qa.filters import Filters
from qa.observe import stage
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readable, readings
from qa.retrieval.search import Query, found
from qa.storage.view import View
from qa.text.operators import Phrase
from qa.types import Answer, Depth, GroupBy, Hit, Mode, Sort

# The longest question that is read.
MOST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, and how it is to be answered."""

    request: Request
    top_k: int
    filters: Filters | None
    mode: Mode
    rerank: bool
    threshold: float | None  # the confidence from which it counts as answered; None: as was fitted
    depth: Depth = "off"  # how many of the first passages a reader reads
    offset: int = 0  # how many passages are on the pages before
    sort: Sort = "relevance"
    group_by: GroupBy | None = None
    min_score: float = 0.0  # passages that score less are left out

    @property
    def text(self) -> str:
        """The question without its operators."""
        return self.request.wording.text

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
    def judged(self) -> int:
        """How many passages are found at once: those whose order, or whose confidence, is made of
        more than the search knows. However many are shown: the order must not depend on it.
        """
        return RERANKED if self.reranked or self.request.prefers else max(JUDGED, READ["deep"])


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
    hits, rest, stand = find(view, asked, question)
    read = interactions(view, question, hits)
    hits, read = order(asked, question, hits, read, fitted, reader)
    depth = asked.depth if read and read[0].reading else "off"
    confidence = fitted.sure(question, read, depth) if hits else 0.0
    least = fitted.threshold[depth] if asked.threshold is None else asked.threshold
    good = hits[: sum(hit.score >= asked.min_score for hit in hits)]  # they come by their scores
    answer = tell(
        *(view, asked, question, good, read[: len(good)], confidence, least, depth, encoder)
    )
    answer = replace(answer, **cautioned(asked, question, stand))
    if hits and not good:
        answer = replace(answer, reason=below(asked.min_score, hits[0].score))
    everything = takewhile(
        lambda hit: hit.score >= asked.min_score, chain(hits, behind(asked, hits, rest))
    )
    ranked = arranged(everything, asked.request, asked.sort, asked.group_by)
    known = dict(zip(map(_chunk, hits), read, strict=True))
    return paged(view, asked, question, answer, ranked, known)


def understand(view: View, asked: Asked, encoded: Encoded) -> Question:
    """The question with its words, how rare each is, and its vectors."""
    with stage("words"):
        return Question.of(asked.text, encoded, view)


def find(
    view: View, asked: Asked, question: Question
) -> tuple[list[Hit], Iterator[Hit], list[Phrase]]:
    """The first hits of both indexes, or of the one that is asked for, and those behind them.

    With the preferred phrases that a passage has: the first of these passages are among the hits.
    """
    filters, wording = asked.request.filters(asked.filters), asked.request.wording
    query = Query(
        *(asked.text, question.encoded.vector, asked.mode, filters, asked.judged),
        wording=wording,
        sought=question.sought,
    )
    rest = found(view, query)
    return with_quoted(view, query, list(islice(rest, asked.judged)), rest)


def order(
    asked: Asked,
    question: Question,
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
            hits, read = rerank(hits, read, fitted.ranking_of(question))
    prefers = asked.request.prefers
    if prefers:
        hits, read = preferred(asked.request, hits, read, len(hits))
    first = hits[: READ[asked.depth]]
    if reader is None or not first or not asked.readable or not readable(asked.text, first):
        return hits, read
    if fitted.apart(question, read):
        return hits, read
    made = readings(reader, asked.text, first)
    read = [
        *(replace(one, reading=its) for one, its in zip(read, made, strict=False)),
        *read[len(made) :],
    ]
    if not asked.reranked:
        return hits, read
    hits, read = reread(asked.text, hits, read, fitted.reading)
    return preferred(asked.request, hits, read, len(made)) if prefers else (hits, read)


def behind(asked: Asked, hits: Sequence[Hit], rest: Iterable[Hit]) -> Iterator[Hit]:
    """The hits behind the first ones, with scores that are no higher than theirs."""
    share = 0.5 if asked.reranked else 1.0  # as rerank.py has it
    for hit in rest:
        yield replace(hit, score=round(min(share * hit.score, hits[-1].score), 6))


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
    """The answer by the best hit, or the reason why there is none; still without passages."""
    with stage("mark"):
        best = mark(hits[:1], read[:1])
    answered = bool(best) and confidence >= least
    return Answer(
        question=asked.request.question,
        answered=answered,
        confidence=round(confidence, 4),
        reason=None
        if answered
        else reason(question, best, read, asked.request, filtered=bool(asked.filters)),
        statement=statement(asked.text, best[0], read[0]) if answered else None,
        hits=tuple(best),
        generation=view.version,
        encoder=encoder,
        took_ms=0.0,
        read=depth,
        offset=asked.offset,
    )


def cautioned(asked: Asked, question: Question, stand: Sequence[Phrase]) -> dict[str, Any]:
    """What was read of the question besides its words, and what of it could not be heeded."""
    understood = asked.request.understood(stand)
    cut = cut_note("question", asked.text, question.encoded, asked.mode)
    return {
        "understood": understood,
        "notes": (*cut, *vain_notes(understood)),
        "unread": unread(asked.text, question.encoded),
    }


def paged(
    view: View,
    asked: Asked,
    question: Question,
    answer: Answer,
    ranked: Iterator[Hit],
    known: dict[int, Interaction],
) -> Answer:
    """The answer with the passages of its page, marked; `known` are interactions by chunk."""
    end = asked.offset + asked.top_k
    page = list(islice(ranked, asked.offset, end + 1))
    more, page = len(page) > asked.top_k, page[: asked.top_k]
    if unread := [hit for hit in page if hit.chunk not in known]:
        known |= zip(map(_chunk, unread), interactions(view, question, unread), strict=True)
    shown = {hit.chunk: hit for hit in answer.hits}  # the best, which is marked
    if others := [hit for hit in page if hit.chunk not in shown]:
        with stage("mark"):
            marked = mark(others, [known[hit.chunk] for hit in others])
        shown |= zip(map(_chunk, others), marked, strict=True)
    hits = tuple(shown[hit.chunk] for hit in page)
    return replace(answer, hits=hits, next_offset=end if more else None)


def _chunk(hit: Hit) -> int:
    return hit.chunk
