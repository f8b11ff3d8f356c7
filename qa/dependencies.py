"""What the endpoints of every skin are given: the corpus of the service that runs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.corpus import Corpus


async def corpus(request: Request) -> Corpus:
    """The corpus. Raises Unavailable while the service is starting.

    A coroutine, though it waits for nothing: FastAPI sends a plain function to a thread, and every
    request would pay for that hop.
    """
    here: Corpus = request.app.state.service.corpus
    return here


CorpusHere = Annotated[Corpus, Depends(corpus)]
