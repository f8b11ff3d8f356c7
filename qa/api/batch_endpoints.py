"""POST /v1/ask/batch and /v1/check/batch: many in one request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from qa.api.arrivals import CorpusThen
from qa.api.problems import invalid_problem, problem_of
from qa.api.responses import json_of
from qa.api.running_service import ServiceHere
from qa.errors import FootnoteError
from qa.schemas.answers import AskOut
from qa.schemas.batches import (
    AskBatchIn,
    AskBatchOut,
    AskedOut,
    CheckBatchIn,
    CheckBatchOut,
    CheckedOut,
)
from qa.schemas.problem_details import Problem
from qa.schemas.questions import NoQuery
from qa.schemas.verdicts import CheckOut
from qa.turns import Turns

router = APIRouter(prefix="/v1")

_Asked = TypeVar("_Asked", covariant=True)
_Found = TypeVar("_Found")


class _Sent(Protocol[_Asked]):
    """One of many, as it was sent."""

    def inquiry(self) -> _Asked:
        """What is asked. Raises InvalidInput."""


@router.post("/ask/batch", tags=["ask"], summary="Ask many questions", response_model=AskBatchOut)
def ask_batch(
    body: AskBatchIn, service: ServiceHere, corpus: CorpusThen, _: Annotated[NoQuery, Query()]
) -> Response:
    """Answers up to 100 questions at one moment of the corpus, each as POST /v1/ask does.

    They are encoded together. A question that cannot be answered has a `problem` of its own, and
    the others are answered. After `QA_BATCH_SECONDS` the rest have the problem `overloaded`.
    """
    started, seconds = perf_counter(), service.settings.batch_seconds
    found = _each(body.questions, lambda asked: corpus.ask_many(asked, seconds=seconds))
    items = [
        AskedOut(result=None, problem=one)
        if isinstance(one, Problem)
        else AskedOut(result=AskOut.of(one), problem=None)
        for one in found
    ]
    return json_of(AskBatchOut(items=items, took_ms=_milliseconds(started)))


@router.post(
    "/check/batch", tags=["check"], summary="Check many quotes", response_model=CheckBatchOut
)
def check_batch(body: CheckBatchIn, service: ServiceHere, corpus: CorpusThen) -> Response:
    """Checks up to 100 quotes at one moment of the corpus, each as POST /v1/check does.

    A quote that cannot be checked has a `problem` of its own, and the others are checked. After
    `QA_BATCH_SECONDS` the rest have the problem `overloaded`.
    """
    started, seconds = perf_counter(), service.settings.batch_seconds
    found = _each(body.quotes, lambda asked: corpus.check_many(asked, seconds=seconds))
    items = [
        CheckedOut(result=None, problem=one)
        if isinstance(one, Problem)
        else CheckedOut(result=CheckOut.of(one), problem=None)
        for one in found
    ]
    return json_of(CheckBatchOut(items=items, took_ms=_milliseconds(started)))


def _each(
    sent: Sequence[_Sent[_Asked] | ValidationError],
    work: Callable[[list[_Asked]], list[_Found | FootnoteError]],
) -> list[_Found | Problem]:
    """What the work makes of each that can be read, or the problem with it; in order."""
    read = [one if isinstance(one, ValidationError) else Turns.own(one.inquiry) for one in sent]
    refused = (ValidationError, FootnoteError)
    done = iter(work([one for one in read if not isinstance(one, refused)]))
    return [_told(one if isinstance(one, refused) else next(done)) for one in read]


def _told(found: Any) -> Any:
    if isinstance(found, ValidationError):
        return invalid_problem(found.errors())
    return problem_of(found) if isinstance(found, FootnoteError) else found


def _milliseconds(started: float) -> float:
    return round((perf_counter() - started) * 1000, 2)
