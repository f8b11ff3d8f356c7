"""What the endpoints are given."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.api.service import Service
from qa.corpus import Corpus
from qa.jobs import Jobs


def service(request: Request) -> Service:
    """The running service."""
    running: Service = request.app.state.service
    return running


def corpus(request: Request) -> Corpus:
    """The corpus. Raises Unavailable while the service is starting."""
    return service(request).corpus


def jobs(request: Request) -> Jobs:
    """The queue of bulk additions. Raises Unavailable while the service is starting."""
    return service(request).jobs


CorpusHere = Annotated[Corpus, Depends(corpus)]
JobsHere = Annotated[Jobs, Depends(jobs)]
ServiceHere = Annotated[Service, Depends(service)]
