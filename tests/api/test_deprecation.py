"""What is deprecated says so, by the headers that the standards have for it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import anyio
import pytest
from starlette.datastructures import MutableHeaders

from qa.api import openapi_document
from qa.api.deprecation import DEPRECATED, Deprecated, Deprecations, deprecated_operation

LINE = '{"id": "tides", "text": "The tide turns at noon."}\n'
FILES = {"files": ("tides.txt", b"The tide turns at noon.", "text/plain")}
SINCE = datetime(2026, 11, 28, tzinfo=UTC)
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def lines(footnote, path, body=LINE):
    headers = {"Content-Type": "application/x-ndjson; charset=utf-8"}
    return footnote.client.post(path, content=body, headers=headers)


@pytest.mark.parametrize("form", ["lines", "files"])
def test_the_old_form_works_and_says_what_has_taken_its_place(footnote, form):
    if form == "lines":
        answer, instead = lines(footnote, "/v1/articles"), "/v1/articles/bulk"
    else:
        answer = footnote.client.post("/v1/articles", files=FILES)
        instead = "/v1/articles/files"

    assert answer.status_code == 202
    assert answer.headers["Deprecation"] == f"@{int(SINCE.timestamp())}"
    assert "Sunset" not in answer.headers
    assert answer.headers["Link"] == (
        f'</docs>; rel="deprecation"; type="text/html", <{instead}>; rel="successor-version"'
    )
    told = footnote.client.get("/docs", headers={"Accept": "text/html"}).text
    assert "deprecated" in told


def test_a_refusal_of_the_old_form_says_so_too(footnote):
    footnote.client.post("/v1/articles", files={})
    answer = footnote.client.post(
        "/v1/articles",
        content=b"--x--",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 422
    assert answer.headers["Deprecation"] == f"@{int(SINCE.timestamp())}"


def test_what_has_taken_its_place_says_nothing_of_the_kind(footnote, pilots):
    answers = [
        footnote.post("/v1/articles", pilots),
        lines(footnote, "/v1/articles/bulk"),
        footnote.client.post("/v1/articles/files", files=FILES),
        footnote.get("/v1/articles"),
    ]
    assert [answer.status_code for answer in answers] == [201, 202, 202, 200]
    assert [a for a in answers if "Deprecation" in a.headers] == []


def test_below_the_path_of_a_proxy_the_links_lead_there(serving):
    answer = lines(serving(root_path="/footnote"), "/v1/articles")
    assert answer.headers["Link"].startswith('</footnote/docs>; rel="deprecation"')
    assert "</footnote/v1/articles/bulk>" in answer.headers["Link"]


def test_what_has_a_last_day_names_it():
    old = Deprecated("GET", "/v1/old", date(2027, 1, 1), "/v1/new", until=date(2027, 7, 1))
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"link", b"<a>")]})

    async def nothing():
        return {"type": "http.request"}

    async def keep(message):
        sent.append(MutableHeaders(scope=message))

    async def called():
        scope = {"type": "http", "method": "GET", "path": "/v1/old", "headers": []}
        await Deprecations(app, [old])(scope, nothing, keep)

    anyio.run(called)

    assert sent[0]["Deprecation"] == "@1798761600"
    assert parsedate_to_datetime(sent[0]["Sunset"]) == datetime(2027, 7, 1, tzinfo=UTC)
    assert sent[0]["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert sent[0].getlist("link")[0] == "<a>"
    assert deprecated_operation("get", "/v1/old", [old])


def test_the_document_marks_whole_operations_and_no_others(serving, monkeypatch):
    document = serving().get("/openapi.json").json()
    marked = [
        (path, method)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if operation.get("deprecated")
    ]
    assert marked == []
    monkeypatch.setattr(
        openapi_document, "deprecated_operation", lambda method, path: path == "/v1/related"
    )
    changed = serving().get("/openapi.json").json()["paths"]
    assert changed["/v1/related"]["post"]["deprecated"] is True
    assert "deprecated" not in changed["/v1/ask"]["post"]


def test_the_page_names_all_that_is_deprecated():
    rows = re.findall(r"^\| .* to `(\w+) (\S+)` \| (\S+) \| `POST (\S+)` \|$", PAGE, re.MULTILINE)
    assert rows == [(d.method, d.path, str(d.since), d.instead) for d in DEPRECATED]
