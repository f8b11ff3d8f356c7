"""What the endpoints are given.

Coroutines, though they wait for nothing: FastAPI sends a plain function to a thread, and every
request would pay for that hop.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.api.service import Service
from qa.corpus import Corpus
from qa.jobs import Jobs


async def service(request: Request) -> Service:
    """The running service."""
    running: Service = request.app.state.service
    return running


async def corpus(request: Request) -> Corpus:
    """The corpus. Raises Unavailable while the service is starting."""
    return (await service(request)).corpus


async def jobs(request: Request) -> Jobs:
    """The queue of bulk additions. Raises Unavailable while the service is starting."""
    return (await service(request)).jobs


CorpusHere = Annotated[Corpus, Depends(corpus)]
JobsHere = Annotated[Jobs, Depends(jobs)]
ServiceHere = Annotated[Service, Depends(service)]
