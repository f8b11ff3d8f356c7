"""The client that waits."""

# Written by client/generate.py: change that, or what it reads.

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx2

from footnote import models
from footnote.batches import batches, error_in, plain
from footnote.errors import FootnoteError, Unavailable, error_of

_Model = TypeVar("_Model", bound=models.Model)
_LONGEST_WAIT = 30.0  # seconds between two tries
_RUNNING = ("queued", "running")


class Client:
    """A service at `url`, to be closed or used in a `with` statement.

    `key` is one of the service's keys, where it has some. A service that has no room is asked again
    `retries` times, when it says it may be. `timeout` is in seconds, for each request.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        retries: int = 3,
        timeout: float = 60.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._retries = retries
        self._http = httpx2.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    # --- asking --------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        filters: models.FiltersIn | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> models.AskOut:
        """Asks a question. `options` are the other fields of POST /v1/ask: mode, read, expand…"""
        given = plain(filters) if filters else None
        body = {"question": question, "top_k": top_k, "filters": given, **options}
        return self._post("/v1/ask", body, models.AskOut)

    def ask_many(
        self,
        questions: Iterable[str | models.AskIn | Mapping[str, Any]],
        *,
        filters: models.FiltersIn | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> list[models.AskOut | FootnoteError]:
        """Asks many questions, a hundred in a request; gives answer or error of each, in order.

        `filters` and `options` hold for those that do not say otherwise themselves.
        """
        given = {**options, "filters": plain(filters) if filters else None}
        found: list[models.AskOut | FootnoteError] = []
        for part in batches("question", questions, given):
            answer = self._post("/v1/ask/batch", {"questions": part}, models.AskBatchOut)
            found += [item.result or error_in(item.problem) for item in answer.items]
        return found

    def passage(
        self, id: str, *, expand: str | None = None, min_generation: int | None = None
    ) -> models.PassageOut:
        """Gives a passage by its id. Raises SourceChanged for one of an earlier version."""
        path = f"/v1/passages/{_segment(id)}"
        query = {"expand": expand, "min_generation": min_generation}
        return self._get(path, models.PassageOut, query)

    def related(
        self,
        text: str | None = None,
        *,
        passage_id: str | None = None,
        top_k: int | None = None,
        other_sources_only: bool | None = None,
        min_generation: int | None = None,
    ) -> models.RelatedOut:
        """Finds passages about the same matter as a text or a passage."""
        body = {
            "text": text,
            "passage_id": passage_id,
            "top_k": top_k,
            "other_sources_only": other_sources_only,
            "min_generation": min_generation,
        }
        return self._post("/v1/related", body, models.RelatedOut)

    # --- checking ------------------------------------------------------------------------------

    def check_quote(
        self,
        quote: str,
        *,
        article_id: str | None = None,
        passage_id: str | None = None,
        speaker: str | None = None,
        min_generation: int | None = None,
    ) -> models.CheckOut:
        """Checks whether a quote stands in its source, and who says it there."""
        body = {
            "quote": quote,
            "article_id": article_id,
            "passage_id": passage_id,
            "speaker": speaker,
            "min_generation": min_generation,
        }
        return self._post("/v1/check", body, models.CheckOut)

    def check_quotes(
        self, quotes: Iterable[str | models.CheckIn | Mapping[str, Any]]
    ) -> list[models.CheckOut | FootnoteError]:
        """Checks many quotes, a hundred in a request; gives verdict or error of each, in order."""
        found: list[models.CheckOut | FootnoteError] = []
        for part in batches("quote", quotes, {}):
            answer = self._post("/v1/check/batch", {"quotes": part}, models.CheckBatchOut)
            found += [item.result or error_in(item.problem) for item in answer.items]
        return found

    def check_text(
        self,
        text: str,
        *,
        citations: Sequence[models.CitationIn | Mapping[str, Any]] | None = None,
        **options: Any,
    ) -> models.CheckTextOut:
        """Checks all that a text quotes and cites."""
        given = [plain(one) for one in citations or ()]
        body = {"text": text, "citations": given or None, **options}
        return self._post("/v1/check/text", body, models.CheckTextOut)

    # --- articles ------------------------------------------------------------------------------

    def add_article(self, article: Mapping[str, Any]) -> models.AddedOut:
        """Adds one article, {"text": …, "title": …}, or replaces the one of that id."""
        answer = self._send("POST", "/v1/articles", json=dict(article))
        return models.AddedOut.model_validate_json(answer.content)

    def add_articles(self, articles: Iterable[Mapping[str, Any]]) -> models.JobOut:
        """Adds many in the background; see `wait`."""
        lines = b"".join(json.dumps(dict(one)).encode() + b"\n" for one in articles)
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self._send("POST", "/v1/articles", content=lines, headers=headers)
        return models.JobOut.model_validate_json(answer.content)

    def add_files(self, paths: Iterable[str | Path]) -> models.JobOut:
        """Adds files in the background; see `wait`."""
        files = [("files", (Path(path).name, Path(path).read_bytes())) for path in paths]
        answer = self._send("POST", "/v1/articles", files=files)
        return models.JobOut.model_validate_json(answer.content)

    def articles(self, **options: Any) -> Iterator[models.ArticleSummary]:
        """Lists the articles, page after page. `options` are the parameters of GET /v1/articles."""
        cursor: str | None = ""
        while cursor is not None:
            page = self._get(
                "/v1/articles", models.ArticlesOut, {**options, "cursor": cursor or None}
            )
            for article in page.articles:
                yield article
            cursor = page.next

    def article(self, id: str, *, min_generation: int | None = None) -> models.ArticleOut:
        """Gives an article with its text."""
        query = {"min_generation": min_generation}
        return self._get(f"/v1/articles/{_segment(id)}", models.ArticleOut, query)

    def raw(self, id: str) -> bytes:
        """Gives the bytes that were added."""
        answer = self._send("GET", f"/v1/articles/{_segment(id)}/raw")
        return answer.content

    def edit_article(self, id: str, **given: Any) -> models.ArticleOut:
        """States anew what an article does not: title, author, published…; None takes it out."""
        answer = self._send("PATCH", f"/v1/articles/{_segment(id)}", json=given)
        return models.ArticleOut.model_validate_json(answer.content)

    def remove_article(self, id: str) -> None:
        """Removes an article."""
        self._send("DELETE", f"/v1/articles/{_segment(id)}")

    # --- jobs ----------------------------------------------------------------------------------

    def jobs(self, **options: Any) -> Iterator[models.JobSummary]:
        """Lists the jobs, the newest first. `options` are the parameters of GET /v1/jobs."""
        cursor: str | None = ""
        while cursor is not None:
            page = self._get("/v1/jobs", models.JobsOut, {**options, "cursor": cursor or None})
            for job in page.jobs:
                yield job
            cursor = page.next

    def job(self, id: str) -> models.JobOut:
        """Gives a job as it is now."""
        return self._get(f"/v1/jobs/{_segment(id)}", models.JobOut)

    def cancel_job(self, id: str) -> models.JobOut:
        """Cancels a job; what is stored stays."""
        answer = self._send("DELETE", f"/v1/jobs/{_segment(id)}")
        return models.JobOut.model_validate_json(answer.content)

    def wait(
        self, job: models.JobOut | models.JobSummary | str, *, seconds: float = 0.2
    ) -> models.JobOut:
        """Waits until a job has ended, looking every so many seconds."""
        id = job if isinstance(job, str) else job.id
        while (found := self.job(id)).state in _RUNNING:
            time.sleep(seconds)
        return found

    def status(self) -> dict[str, Any]:
        """Gives what the collection holds, and how large it is."""
        answer = self._send("GET", "/v1/status")
        found: dict[str, Any] = answer.json()
        return found

    # --- how it is sent ------------------------------------------------------------------------

    def _post(self, path: str, body: Mapping[str, Any], model: type[_Model]) -> _Model:
        answer = self._send("POST", path, json=_given(body))
        return model.model_validate_json(answer.content)

    def _get(
        self, path: str, model: type[_Model], query: Mapping[str, Any] | None = None
    ) -> _Model:
        answer = self._send("GET", path, params=_given(query or {}))
        return model.model_validate_json(answer.content)

    def _send(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer. Nothing has been done where it is refused for want of room: asked again."""
        for tries_left in range(self._retries, -1, -1):
            answer = self._http.request(method, path, **options)
            if answer.is_success:
                return answer
            error = error_of(answer.status_code, _body(answer))
            wait = _seconds(answer)
            if not isinstance(error, Unavailable) or wait is None or not tries_left:
                raise error
            time.sleep(wait)
        raise AssertionError


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _segment(id: str) -> str:
    return quote(id, safe="")


def _body(answer: httpx2.Response) -> object:
    try:
        return answer.json()
    except ValueError:  # of a proxy, or cut off
        return None


def _seconds(answer: httpx2.Response) -> float | None:
    """What Retry-After says; None where it says nothing."""
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_WAIT) if said.isdigit() else None
