"""What the endpoints of every skin are given: the corpus of the service that runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.corpus import Corpus
from qa.ingest import Limits
from qa.jobs import Jobs


async def corpus(request: Request) -> Corpus:
    """The corpus. Raises Unavailable while the service is starting.

    A coroutine, though it waits for nothing: FastAPI sends a plain function to a thread, and every
    request would pay for that hop.
    """
    here: Corpus = request.app.state.service.corpus
    return here


async def jobs(request: Request) -> Jobs:
    """The queue of bulk additions; a coroutine, as `corpus` is."""
    here: Jobs = request.app.state.service.jobs
    return here


async def limits(request: Request) -> Limits:
    """How large an article may be, and what reading it may cost."""
    here: Limits = request.app.state.service.limits
    return here


CorpusHere = Annotated[Corpus, Depends(corpus)]
JobsHere = Annotated[Jobs, Depends(jobs)]
LimitsHere = Annotated[Limits, Depends(limits)]
