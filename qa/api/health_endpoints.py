"""Liveness, readiness, and the state of the corpus."""

from __future__ import annotations

from fastapi import APIRouter

from qa.api.running_service import ServiceHere
from qa.dependencies import CorpusHere
from qa.schemas.service_state import LagOut, LiveOut, ReadyOut, StatusOut

router = APIRouter(tags=["service"])


@router.get("/health/live", summary="The process runs")
async def live() -> LiveOut:
    """Answers 200 as long as the process answers at all."""
    return LiveOut(status="live")


@router.get("/health/ready", summary="Questions are answered")
def ready(service: ServiceHere) -> ReadyOut:
    """Whether questions are answered: 503 with the reason while starting, shutting down, when
    the corpus cannot be opened, or when a change has not been shown for two seconds.
    """
    lag = service.checked_lag()
    return ReadyOut(status="ready", **LagOut.of(lag).model_dump())


@router.get("/v1/status", summary="Counts, generation, encoder, sizes")
def status(corpus: CorpusHere, check: bool = False) -> StatusOut:
    """What the corpus holds, and how large it is.

    With `check`, an integrity check of everything: that takes a while on a large corpus.
    """
    return StatusOut.model_validate(corpus.status(check=check))
