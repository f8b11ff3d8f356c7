"""Liveness, readiness, and the state of the corpus."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from qa.api.running_service import ServiceHere
from qa.dependencies import CorpusHere

router = APIRouter(tags=["service"])


@router.get("/health/live", summary="The process runs")
async def live() -> dict[str, str]:
    """Answers 200 as long as the process answers at all."""
    return {"status": "live"}


@router.get("/health/ready", summary="Questions are answered")
def ready(service: ServiceHere) -> dict[str, Any]:
    """Whether questions are answered: 503 with the reason while starting, shutting down, or
    when the corpus cannot be opened.
    """
    corpus = service.corpus  # raises Unavailable
    return {"status": "ready", "generation": corpus.checked_generation()}


@router.get("/v1/status", summary="Counts, generation, encoder, sizes")
def status(corpus: CorpusHere, check: bool = False) -> dict[str, Any]:
    """What the corpus holds, and how large it is.

    With `check`, an integrity check of everything: that takes a while on a large corpus.
    """
    return corpus.status(check=check)
