"""Requests that ask for a generation which this server does not show yet: they wait for it.

Who has added an article on one server finds it on any other so. None of those that wait has a
thread, or a place among the requests that are worked on; one thread looks for all of them.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from qa.api.overload import standing_aside
from qa.corpus import Corpus
from qa.errors import StorageError, Unavailable
from qa.request_limits import MOST_GENERATIONS
from qa.storage.storage import AWAITED_SECONDS, LOOK_SECONDS

_Turn = asyncio.Future[None]
_FIELD, _DIGITS = "min_generation", len(str(MOST_GENERATIONS))


class Arrivals:
    """Those who wait, each for a generation. All on the event loop's thread."""

    def __init__(self) -> None:
        self._waiting: dict[_Turn, int] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, corpus: Corpus, generation: int) -> None:
        """Waits a second until the corpus shows this generation. Raises Behind.

        Raises also what stands in the way of looking: Mismatch, CorpusBroken, StorageError.
        """
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = generation
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(corpus))
        try:
            async with asyncio.timeout(AWAITED_SECONDS):
                await turn
        except TimeoutError:
            raise corpus.storage.behind(generation) from None
        finally:
            del self._waiting[turn]

    async def _look(self, corpus: Corpus) -> None:
        """Looks for news as long as somebody waits."""
        thread = CapacityLimiter(1)  # of its own: questions have as many as before
        try:
            while self._waiting:
                error = await to_thread.run_sync(_followed, corpus, limiter=thread)
                self._tell(corpus.storage.shown, error)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._looking = None

    def _tell(self, shown: int, error: Exception | None) -> None:
        for turn, generation in self._waiting.items():
            if turn.done():
                continue
            if generation <= shown:
                turn.set_result(None)
            elif error:
                turn.set_exception(error)


def _followed(corpus: Corpus) -> Exception | None:
    """Shows what is stored by now; gives what stands in the way, unless others are writing."""
    try:
        corpus.follow()
    except StorageError as error:
        return error
    except Unavailable:
        return None
    except Exception as error:
        return error
    return None


async def corpus_then(request: Request) -> Corpus:
    """The corpus, once it shows the generation that the request asks for. Raises Behind.

    A coroutine, so that who waits has no thread.
    """
    service = request.app.state.service
    corpus: Corpus = service.corpus
    wanted = await _wanted(request)
    if wanted > corpus.storage.shown:
        async with standing_aside(request.scope):
            await service.arrivals.wait(corpus, wanted)
    return corpus


async def _wanted(request: Request) -> int:
    """The latest generation that is asked for: in the query, in the body, or by one of many.

    What is no number of a generation is 0 here: the endpoint refuses it.
    """
    if request.method == "GET":
        said = request.query_params.get(_FIELD, "")
        return _number(int(said)) if len(said) <= _DIGITS and said.isdecimal() else 0
    try:
        body = await request.json()  # read already, unless it is none: the endpoint refuses that
    except (ValueError, RecursionError):
        return 0
    if not isinstance(body, dict):
        return 0
    many = body.get("questions") or body.get("quotes")
    every = [body, *(many if isinstance(many, list) else ())]
    return max(_number(one.get(_FIELD)) if isinstance(one, dict) else 0 for one in every)


def _number(said: object) -> int:
    return said if type(said) is int and 0 < said <= MOST_GENERATIONS else 0


CorpusThen = Annotated[Corpus, Depends(corpus_then)]
