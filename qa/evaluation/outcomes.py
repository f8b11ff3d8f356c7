"""Every question asked through `Corpus.ask`, as `POST /v1/ask` does, and what came back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.ask.confidence import JUDGED
from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.evaluation.judged import JudgedQuestion
from qa.types import Answer, Hit, Passage, Span

# Deep enough for Recall@100.
TOP_K = 100
# How many questions are timed, as a user asks them: with the usual number of passages.
TIMED = 200


class Configuration(StrEnum):
    """A way in which the questions are asked, by the name that `qa eval --mode` takes."""

    HYBRID = "hybrid"
    DEEP = "deep"
    FAST = "fast"
    OFF = "off"
    FUSED = "fused"
    DENSE = "dense"
    LEXICAL = "lexical"


# As the corpus is asked unless somebody says otherwise; to each depth; and without a reader, what
# each part of the search finds by itself.
CONFIGURATIONS: Mapping[str, dict[str, Any]] = {
    Configuration.HYBRID: {"mode": "hybrid"},
    Configuration.DEEP: {"mode": "hybrid", "read": "deep"},
    Configuration.FAST: {"mode": "hybrid", "read": "fast"},
    Configuration.OFF: {"mode": "hybrid", "read": "off"},
    Configuration.FUSED: {"mode": "hybrid", "rerank": False, "read": "off"},
    Configuration.DENSE: {"mode": "dense", "read": "off"},
    Configuration.LEXICAL: {"mode": "lexical", "read": "off"},
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ExpectedPlace:
    """An expected place in the corpus: an article, or a span of it."""

    article: str
    span: Span | None
    grade: int

    @property
    def name(self) -> str:
        return f"{self.article} {self.span.start}-{self.span.end}" if self.span else self.article

    def shown_by(self, hit: Hit) -> bool:
        """Whether the hit, or a copy that it stands for, has the article and half of the span."""
        passages = (hit.passage, *(passage for _, passage in hit.also_in))
        return any(self._in(p) for p in passages if p.article_id == self.article)

    def _in(self, passage: Passage) -> bool:
        if self.span is None:
            return True
        shared = min(passage.end, self.span.end) - max(passage.start, self.span.start)
        return 2 * shared >= self.span.end - self.span.start


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What came back for a question, beside what was expected."""

    question: JudgedQuestion
    places: tuple[ExpectedPlace, ...]
    # Names of the expected places and of whatever else was found, best first.
    ranking: tuple[str, ...]
    first: int | None  # rank of the first expected place, from 0
    answered: bool
    confidence: float
    sentence: bool | None  # the first supporting sentence holds a gold; None: no gold is known
    sentence_in_place: bool | None  # the same in the best passage that is an expected place
    words: str = ""  # those that are marked as the answer

    @property
    def right(self) -> bool:
        """Whether it was answered right: an expected place is among the passages judged by."""
        return self.question.answerable and self.first is not None and self.first < JUDGED


def expected_places(
    corpus: Corpus, question: JudgedQuestion, *, strict: bool = True
) -> tuple[ExpectedPlace, ...]:
    """Where in the corpus the expected articles and quotes are.

    Raises InvalidInput for a quote or, if `strict`, an article that is not there: a question that
    cannot be answered right measures nothing.
    """
    found: list[ExpectedPlace] = []
    for expected in question.expected:
        if expected.quote is None:
            assert expected.article is not None
            if strict:
                _refuse_missing(corpus, question, expected.article)
            found.append(ExpectedPlace(expected.article, None, expected.grade))
            continue
        if expected.article is not None:
            _refuse_missing(corpus, question, expected.article)
        verdict = corpus.check(expected.quote, article_id=expected.article)
        if verdict.verdict not in ("verbatim", "normalized"):
            where = f" in {expected.article}" if expected.article else " in the corpus"
            raise InvalidInput(
                f"{question.id} ({question.text}): the quote “{expected.quote}” does not stand"
                f"{where} ({verdict.verdict}); `qa check` shows what comes nearest",
                code="quote_not_found",
            )
        found += [
            ExpectedPlace(match.source.article_id, Span(match.start, match.end), expected.grade)
            for match in verdict.matches
        ]
    return tuple(found)


def _refuse_missing(corpus: Corpus, question: JudgedQuestion, article: str) -> None:
    try:
        corpus.article(article)
    except NotFound as error:
        raise InvalidInput(
            f"{question.id} ({question.text}): {error.message}; `qa list` shows the ids",
            code="article_not_found",
        ) from error


def ask_all(
    corpus: Corpus,
    questions: Sequence[tuple[JudgedQuestion, tuple[ExpectedPlace, ...]]],
    configuration: str,
    progress: Callable[[int], None] = lambda done: None,
    **more: Any,
) -> list[QuestionOutcome]:
    """The outcome of each question, in order; `more` are options of `Corpus.ask`."""
    options = {"top_k": TOP_K, **CONFIGURATIONS[configuration], **more}
    outcomes = []
    for number, (question, expected) in enumerate(questions, 1):
        outcomes.append(_outcome(question, expected, corpus.ask(question.text, **options)))
        progress(number)
    return outcomes


def time_all(
    corpus: Corpus, questions: Sequence[JudgedQuestion], configuration: str
) -> list[float]:
    """Milliseconds inside the service, of at most TIMED questions; the first ones warm it up."""
    options = CONFIGURATIONS[configuration]
    timed = questions[:: max(1, len(questions) // TIMED)][:TIMED]
    for question in timed[:3]:
        corpus.ask(question.text, **options)
    return [corpus.ask(question.text, **options).took_ms for question in timed]


def _outcome(
    question: JudgedQuestion, expected: tuple[ExpectedPlace, ...], answer: Answer
) -> QuestionOutcome:
    ranking: dict[str, None] = {}
    first = in_place = None
    for rank, hit in enumerate(answer.hits):
        shown = [place for place in expected if place.shown_by(hit)]
        if shown and first is None:
            first, in_place = rank, hit
        ranking.update(dict.fromkeys(p.name for p in shown))
        if not shown:
            ranking[hit.passage.article_id if not _spans(expected) else hit.passage.id] = None
    return QuestionOutcome(
        question=question,
        places=expected,
        ranking=tuple(ranking),
        first=first,
        answered=answer.answered,
        confidence=answer.confidence,
        sentence=_holds(answer.hits[0] if answer.hits else None, question.golds),
        sentence_in_place=_holds(in_place, question.golds) if in_place else None,
        words=answer.statement.words.text if answer.statement and answer.statement.words else "",
    )


def _spans(expected: tuple[ExpectedPlace, ...]) -> bool:
    return any(place.span for place in expected)


def _holds(hit: Hit | None, golds: Sequence[str]) -> bool | None:
    """Whether the supporting sentence (the first, where several are marked) holds a gold."""
    if not golds:
        return None
    if hit is None:
        return False
    start, best = hit.passage.start, hit.highlights[0]
    return holds(hit.passage.text[best.start - start : best.end - start], golds)


def holds(sentence: str, golds: Sequence[str]) -> bool:
    """Whether the sentence holds one of the golds, or is part of it; by whole words."""
    words = _words(sentence)
    return any(gold in words or words in gold for gold in map(_words, golds) if gold.strip())


def _words(text: str) -> str:
    """The words between single spaces, so that “art” is not in “party”."""
    return " " + " ".join(_WORD.findall(text.casefold())) + " "
