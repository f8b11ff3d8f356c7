import hashlib
import json
import threading
from itertools import chain
from typing import Any

import pytest

TEXT = "A harbour pilot guides ships. The pilot boards at dawn."
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Harbour pilots</title>
<meta name="author" content="Ana Kovač"><meta property="og:site_name" content="The Wire">
</head><body><nav><a href="/">Home</a></nav><article><h1>Harbour pilots</h1>
<p>A harbour pilot guides ships &amp; boats.</p><p>The pilot boards at dawn.</p></article>
<footer>All rights reserved</footer></body></html>"""


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which is problem+json in every field."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    fields = {"type", "title", "status", "detail", "code", "instance", "request_id"}
    assert fields <= body.keys() <= fields | {"errors"}
    assert answer.status_code == body["status"]
    assert body["type"] == "about:blank"
    assert answer.headers["X-Request-ID"] == body["request_id"]
    return answer.status_code, body["code"]


def send(footnote: Any, body: bytes | str, kind: str = "application/json") -> Any:
    return footnote.client.post("/v1/articles", content=body, headers={"Content-Type": kind})


def lines(*articles: dict[str, Any]) -> bytes:
    return "\n".join(map(json.dumps, articles)).encode()


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"id": f"n{n:04}", "text": f"Lighthouse {n} stands on rock {n}."} for n in range(count)]


# --- one article ----------------------------------------------------------------------


def test_a_new_article_is_created_replaced_and_left_unchanged(footnote, pilots):
    created = footnote.post("/v1/articles", pilots)
    unchanged = footnote.post("/v1/articles", pilots)
    replaced = footnote.post("/v1/articles", {**pilots, "title": "Pilots"})

    location = "/v1/articles/pilots"
    for answer, status, state, generation in (
        (created, 201, "added", 1),
        (unchanged, 200, "unchanged", 1),
        (replaced, 200, "replaced", 2),
    ):
        assert (status, location) == (answer.status_code, answer.headers["Location"])
        expected = {"id": "pilots", "status": state, "passages": 1, "link": location, "notes": []}
        assert {**expected, "generation": generation} == answer.json()
    assert footnote.get(location).json()["title"] == "Pilots"
    assert footnote.get("/health/ready").json()["generation"] == 2


def test_an_article_has_exactly_these_fields_and_values(footnote, pilots):
    footnote.add(**pilots)
    article = footnote.get("/v1/articles/pilots").json()

    assert article.pop("added_at").endswith("Z")
    assert article == {
        **pilots,
        "authors": ["Ana Kovač"],
        "extra": {},
        "pages": [],
        "digest": DIGEST,
        "passages": [{"id": "pilots.7d5ce6bd.0-55", "start": 0, "end": 55}],
        "removed": [],
        "notes": [],
        "encoding": "utf-8",
        "media_type": "text/plain",
    }


def test_a_removed_article_is_gone_for_reading_asking_and_removing(footnote, pilots):
    footnote.add(**pilots)
    removed = footnote.delete("/v1/articles/pilots")

    assert (removed.status_code, removed.content) == (204, b"")
    for answer in (
        footnote.get("/v1/articles/pilots"),
        footnote.get("/v1/articles/pilots/raw"),
        footnote.delete("/v1/articles/pilots"),
        footnote.get("/v1/passages/pilots.7d5ce6bd.0-55"),
    ):
        assert problem(answer) == (404, "article_not_found")
    assert footnote.ask("Who guides ships?")["passages"] == []


def test_a_removed_article_can_come_back(footnote, pilots):
    footnote.add(**pilots)
    footnote.delete("/v1/articles/pilots")

    assert footnote.add(**pilots)["status"] == "added"
    assert len(footnote.ask("Who guides ships?")["passages"]) == 1
    assert footnote.corpus.problems() == []


def test_an_article_without_an_id_gets_one_from_its_url_or_its_text(footnote):
    by_url = footnote.add(text=TEXT, url="https://www.gazette.example/2024/pilots?page=2")
    by_text = footnote.add(text=TEXT)

    assert by_url["id"].startswith("gazette.example-2024-pilots-page-2-")
    assert by_text["id"] == f"a-{DIGEST[:12]}"
    assert footnote.add(text=TEXT)["status"] == "unchanged"


def test_unknown_fields_are_kept_in_extra(footnote):
    footnote.add(
        id="a",
        text=TEXT,
        desk="Shipping",
        extra={"edition": 3},
        words=[1, {"x": None}],
    )

    extra = footnote.get("/v1/articles/a").json()["extra"]
    assert extra == {"desk": "Shipping", "edition": 3, "words": [1, {"x": None}]}


def test_the_raw_download_is_what_was_sent_and_never_shown_as_a_page(footnote):
    sent = "\ufeffCafe\u0301\r\n\r\nThe pilot.\x07  \r\n"
    footnote.add(id="a", text=sent)
    raw = footnote.get("/v1/articles/a/raw")

    assert raw.content == sent.encode()
    assert footnote.text("a") == "Café\n\nThe pilot."
    assert (
        raw.headers["Content-Type"],
        raw.headers["Content-Disposition"],
        raw.headers["X-Content-Type-Options"],
    ) == (
        "application/octet-stream",
        "attachment; filename*=UTF-8''a.txt",
        "nosniff",
    )


def test_an_html_article_is_its_main_text_and_what_it_states(footnote):
    footnote.add(id="page", html=PAGE, published="2024-05-02")
    article = footnote.get("/v1/articles/page").json()

    assert "A harbour pilot guides ships & boats." in article["text"]
    assert "<p>" not in article["text"]
    assert (
        article["title"],
        article["author"],
        article["published"],
        article["media_type"],
    ) == ("Harbour pilots", "Ana Kovač", "2024-05-02", "text/html")
    assert footnote.get("/v1/articles/page/raw").content == PAGE.encode()
    [passage] = footnote.ask("Who guides boats?")["passages"]
    assert article["text"][passage["start"] : passage["end"]] == passage["text"]


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid_json"),
        (b'{"text": ', 422, "invalid_json"),
        (b"\xff\xfe\x00", 422, "invalid_json"),
        (b"[" * 100_000, 422, "invalid_json"),
        (b'{"text": "x", "n": 1' + b"0" * 5000 + b"}", 422, "invalid_json"),
        (b"[]", 422, "invalid_json"),
        (b'"text"', 422, "invalid_json"),
        (b"{}", 422, "missing_text"),
        (b'{"text": ""}', 422, "missing_text"),
        (b'{"text": null, "html": null}', 422, "missing_text"),
        (b'{"text": " \\n\\t "}', 422, "empty"),
        (b'{"html": "<html><body></body></html>"}', 422, "empty"),
        (b'{"text": 5}', 422, "invalid_field"),
        (b'{"text": ["x"]}', 422, "invalid_field"),
        (b'{"text": "x", "title": 5}', 422, "invalid_field"),
        (b'{"text": "x", "tags": [["x"]]}', 422, "invalid_field"),
        (b'{"text": "x", "language": "the English one"}', 422, "invalid_field"),
        (b'{"text": "x", "extra": "x"}', 422, "invalid_field"),
        (b'{"text": "x", "desk": 1, "extra": {"desk": 2}}', 422, "invalid_field"),
        (
            b'{"text": "x", "deep": ' + b"[" * 200 + b"]" * 200 + b"}",
            422,
            "invalid_field",
        ),
        (b'{"text": "x", "id": "a/b"}', 422, "invalid_id"),
        (b'{"text": "x", "id": "../a"}', 422, "invalid_id"),
        (b'{"text": "x", "id": "' + b"x" * 201 + b'"}', 422, "invalid_id"),
        (b'{"text": "x", "id": true}', 422, "invalid_id"),
    ],
)
def test_an_article_that_cannot_be_used_is_refused_with_a_code(bare, body, status, code):
    assert problem(send(bare, body)) == (status, code)
    assert bare.get("/v1/articles").json()["articles"] == []


def test_a_date_that_is_not_understood_is_a_note_and_the_article_comes_in(footnote):
    added = footnote.add(id="a", text="x", published="yesterday")

    stored = footnote.get("/v1/articles/a").json()
    assert (stored["published"], stored["extra"]) == (None, {"published": "yesterday"})
    assert stored["notes"] == [
        '"published": expected a date such as 2021, 2021-03, 2021-03-03 or'
        " 2021-03-03T10:00:00+01:00, got 'yesterday'"
    ]
    assert added["notes"] == stored["notes"]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "application/jsonp"])
def test_another_media_type_is_not_taken(bare, kind):
    assert problem(send(bare, b'{"text": "x"}', kind)) == (415, "unsupported_media")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_media_type_may_have_parameters_and_capitals(footnote, kind):
    assert send(footnote, b'{"text": "x"}', kind).status_code == 201


def test_multipart_without_sense_is_a_bad_request(bare):
    assert problem(send(bare, b"x", "multipart/form-data")) == (400, "bad_request")
    assert problem(send(bare, b"x", "multipart/form-data; boundary=y")) == (400, "bad_request")


def test_an_article_over_the_limit_is_too_large(serving):
    footnote = serving(max_article_bytes=100)

    assert footnote.post("/v1/articles", {"id": "a", "text": "x" * 100}).status_code == 201
    answer = footnote.post("/v1/articles", {"id": "b", "text": "č" * 51})
    assert problem(answer) == (413, "too_large")
    assert answer.json()["detail"] == "the article has 102 bytes; the limit is 100 bytes"


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/ask", "/v1/check/text", "/nowhere"])
def test_a_body_that_declares_too_much_is_refused_unread(serving, path):
    footnote = serving(max_body_bytes=1000)
    answer = footnote.post(path, {"text": "x" * 1000})

    assert problem(answer) == (413, "body_too_large")
    assert answer.json()["detail"] == (
        "the body has 1011 bytes and the limit is 1000: send less at a time, "
        "or raise QA_MAX_BODY_BYTES"
    )


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/ask", "/v1/check/text"])
@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-ndjson", "multipart/form-data"]
)
def test_a_body_in_pieces_is_refused_once_it_is_over_the_limit(serving, path, kind):
    footnote = serving(max_body_bytes=1000)
    pieces = (b"x" * 100 for _ in range(1000))
    headers = {"Content-Type": f"{kind}; boundary=x"}
    answer = footnote.client.post(path, content=pieces, headers=headers)

    expected = (413, "body_too_large")
    if path != "/v1/articles" and kind != "application/json":
        # Not read as JSON, so it is not known to be too long; either way it is refused.
        assert problem(answer) in (expected, (422, "invalid_request"))
    else:
        assert problem(answer) == expected
    assert footnote.get("/health/live").status_code == 200


# --- characters that UTF-8 has none for -----------------------------------------------

LONE = "\\ud800"


@pytest.mark.parametrize(
    ("field", "status"),
    [
        (f'"title": "{LONE}"', 201),
        (f'"author": "{LONE}"', 201),
        (f'"publisher": "{LONE}"', 201),
        (f'"url": "https://a.example/{LONE}"', 201),
        (f'"tags": ["{LONE}", "a{LONE}b"]', 201),
        (f'"extra": {{"a{LONE}": ["{LONE}", {{"{LONE}": "{LONE}"}}]}}', 201),
        (f'"a{LONE}": "{LONE}"', 201),
        (f'"language": "{LONE}"', 422),
        (f'"published": "{LONE}"', 201),
        (f'"id": "{LONE}"', 422),
    ],
)
def test_a_lone_surrogate_in_a_field_is_replaced_or_refused(footnote, field, status):
    body = f'{{"text": "A pilot {LONE} boards.", {field}}}'
    answer = send(footnote, body)

    assert status == answer.status_code
    if status == 201:
        article = footnote.get(answer.headers["Location"])
        assert article.status_code == 200
        assert article.json()["text"] == "A pilot \ufffd boards."
        [passage] = footnote.ask("pilot boards")["passages"]
        assert passage["text"] == "A pilot \ufffd boards."
        assert footnote.get("/v1/articles").status_code == 200
        assert footnote.get(passage["source"]["link"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "statuses"),
    [
        ("/v1/ask", f'{{"question": "{LONE}"}}', {422}),
        ("/v1/ask", f'{{"question": "pilot {LONE}"}}', {422}),
        ("/v1/ask", f'{{"question": "pilot", "{LONE}": 1}}', {422}),
        ("/v1/ask", f'{{"question": "pilot", "mode": "{LONE}"}}', {422}),
        ("/v1/ask", f'{{"question": "pilot", "filters": {{"tags": ["{LONE}"]}}}}', {200, 422}),
        ("/v1/ask", f'{{"question": "pilot", "filters": {{"authors": ["{LONE}"]}}}}', {200, 422}),
        (
            "/v1/ask",
            f'{{"question": "pilot", "filters": {{"article_ids": ["{LONE}"]}}}}',
            {200, 422},
        ),
        ("/v1/related", f'{{"text": "{LONE}"}}', {422}),
        ("/v1/related", f'{{"passage_id": "{LONE}"}}', {404, 422}),
        ("/v1/check", f'{{"quote": "{LONE}"}}', {422}),
        ("/v1/check", f'{{"quote": "pilot", "article_id": "{LONE}"}}', {404, 422}),
        ("/v1/check", f'{{"quote": "pilot", "speaker": "{LONE}"}}', {200, 422}),
        ("/v1/check/text", f'{{"text": "“one two three {LONE}”"}}', {422}),
    ],
)
def test_a_lone_surrogate_in_a_request_is_never_our_fault(harbour, path, body, statuses):
    answer = harbour.client.post(path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in statuses
    answer.json()


# --- the list -------------------------------------------------------------------------


def test_the_list_goes_page_by_page_to_its_end(footnote):
    footnote.add_lines(lines(*numbered(25)))
    pages, cursor = [], ""
    while cursor is not None:
        page = footnote.get("/v1/articles", params={"cursor": cursor, "limit": 10}).json()
        pages.append([article["id"] for article in page["articles"]])
        cursor = page["next"]

    assert [len(page) for page in pages] == [10, 10, 5]
    assert [f"n{n:04}" for n in range(25)] == list(chain(*pages))


def test_a_page_that_ends_with_the_last_article_is_the_last(footnote):
    footnote.add_lines(lines(*numbered(10)))

    assert footnote.get("/v1/articles?limit=10").json()["next"] is None
    assert footnote.get("/v1/articles?limit=9").json()["next"] == "n0008"
    assert footnote.get("/v1/articles?cursor=n0009").json() == {
        "articles": [],
        "total": 10,
        "next": None,
        "facets": {},
    }


def test_the_list_says_of_each_article_what_is_known_but_not_its_text(footnote, pilots):
    footnote.add(**pilots)
    [listed] = footnote.get("/v1/articles").json()["articles"]

    assert listed.pop("added_at").endswith("Z")
    del pilots["text"]
    assert listed == {**pilots, "authors": ["Ana Kovač"], "characters": 55, "passages": 1}


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "cursor=" + "x" * 301])
def test_a_page_outside_the_bounds_is_refused(bare, query):
    assert problem(bare.get(f"/v1/articles?{query}")) == (422, "invalid_request")


# --- many at once ---------------------------------------------------------------------


def test_many_lines_are_a_job_that_ends_with_all_articles_there(footnote):
    answer = send(footnote, lines(*numbered(50)), "application/x-ndjson")
    accepted = answer.json()

    assert (202, f"/v1/jobs/{accepted['id']}") == (
        answer.status_code,
        answer.headers["Location"],
    )
    assert tuple(accepted[name] for name in ("state", "total", "problems", "finished")) == (
        "queued",
        50,
        [],
        None,
    )
    job = footnote.ended(answer.headers["Location"])
    assert tuple(job[name] for name in ("state", "total", "done", "counts", "problems")) == (
        "done",
        50,
        50,
        {"added": 50},
        [],
    )
    assert job["created"] < job["finished"]
    assert [accepted[name] for name in ("id", "created")] == [job["id"], job["created"]]
    assert footnote.ask("Where does lighthouse 7 stand?")["passages"][0]["article_id"] == "n0007"


@pytest.mark.parametrize(
    "kind", ["application/x-ndjson", "application/ndjson", "application/jsonl"]
)
def test_each_name_of_json_lines_is_taken(footnote, kind):
    assert send(footnote, lines(*numbered(2)), kind).status_code == 202


def test_a_broken_line_is_named_and_the_others_are_added(footnote):
    articles = [json.dumps(article) for article in numbered(400)]
    articles[316] = '{"id": "n0316", "text": "Lighthouse'
    articles[41] = '{"id": "n/41", "text": "x"}'
    articles[42] = "[1, 2]"
    job = footnote.add_lines("\n".join(articles).encode())

    assert tuple(job[name] for name in ("state", "total", "done", "counts")) == (
        "done",
        400,
        400,
        {"added": 397, "refused": 3},
    )
    assert [(found["origin"], found["code"]) for found in job["problems"]] == [
        ("line 42", "invalid_id"),
        ("line 43", "invalid_json"),
        ("line 317", "invalid_json"),
    ]
    assert "not valid JSON: Unterminated string" in job["problems"][2]["reason"]
    assert footnote.get("/v1/articles/n0315").status_code == 200
    assert footnote.get("/v1/articles/n0316").status_code == 404
    assert footnote.get("/v1/articles/n0399").status_code == 200


def test_blank_lines_and_windows_line_ends_do_not_count_but_keep_their_numbers(footnote):
    job = footnote.add_lines(b'\r\n{"id": "a", "text": "x"}\r\n\r\n{"id": "b"}\r\n')

    assert (job["total"], job["counts"]) == (2, {"added": 1, "refused": 1})
    assert [found["origin"] for found in job["problems"]] == ["line 4"]


def test_a_line_over_the_article_limit_is_refused_by_itself(serving):
    footnote = serving(max_article_bytes=100)
    job = footnote.add_lines(lines({"id": "a", "text": "x" * 101}, {"id": "b", "text": "x"}))

    assert job["counts"] == {"added": 1, "refused": 1}
    assert [(p["origin"], p["code"]) for p in job["problems"]] == [("line 1", "too_large")]


@pytest.mark.parametrize("body", [b"", b"\n\n", b" \r\n"])
def test_no_line_at_all_is_refused(bare, body):
    assert problem(send(bare, body, "application/x-ndjson")) == (422, "empty")


def test_the_same_lines_again_change_nothing(footnote):
    body = lines(*numbered(30))
    first, second = footnote.add_lines(body), footnote.add_lines(body)

    assert (first["counts"], second["counts"]) == ({"added": 30}, {"unchanged": 30})


def test_of_an_id_that_comes_twice_the_last_line_holds(footnote):
    footnote.add(id="a", text="The first.")
    job = footnote.add_lines(
        lines({"id": "a", "text": "The second."}, {"id": "a", "text": "The first."})
    )

    assert job["counts"] == {"replaced": 2}
    assert footnote.text("a") == "The first."


def test_files_are_read_by_kind_and_a_binary_one_is_refused(footnote):
    files = [
        ("files", ("morning report.txt", "A pilot boards at dawn.".encode("utf-16"))),
        ("files", ("corpus.jsonl", lines(*numbered(3)) + b'\n{"text": ')),
        ("file", ("photo.txt", bytes(range(256)) * 20)),
        ("files", ("tool.exe", b"MZ\x00\x01")),
        ("files", ("../../etc/notes.md", b"# Notes\n\nThe tide turns at noon.")),
    ]
    answer = footnote.client.post("/v1/articles", files=files)
    job = footnote.ended(answer.headers["Location"])

    assert tuple(job[name] for name in ("state", "total", "done", "counts")) == (
        "done",
        5,
        5,
        {"added": 5, "refused": 3},
    )
    assert {
        ("corpus.jsonl:4", "invalid_json"),
        ("photo.txt", "binary"),
        ("tool.exe", "unknown_type"),
    } == {(found["origin"], found["code"]) for found in job["problems"]}
    listed = [article["id"] for article in footnote.get("/v1/articles").json()["articles"]]
    assert listed == ["morning-report", "n0000", "n0001", "n0002", "notes"]
    assert footnote.text("morning-report") == "A pilot boards at dawn."


def test_a_form_without_files_is_refused(bare):
    answer = bare.client.post("/v1/articles", data={"files": "x"}, files={"other": b"x"})

    assert problem(answer) == (422, "empty")


def test_of_a_long_file_name_the_end_is_kept(footnote):
    files = {"files": (f"{'x' * 3000}.pdf", b"no PDF")}
    job = footnote.ended(footnote.client.post("/v1/articles", files=files).headers["Location"])

    [refused] = job["problems"]
    assert (refused["origin"], refused["code"]) == (f"{'x' * 251}.pdf", "bad_pdf")


# --- jobs -----------------------------------------------------------------------------


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in body.strip().split("\n\n"):
        event, data = block.split("\n")
        found.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_events_tell_of_a_job_until_it_is_done(footnote):
    location = send(footnote, lines(*numbered(2000)), "application/x-ndjson").headers["Location"]
    stream = footnote.get(location, headers={"Accept": "text/event-stream"})

    assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["Cache-Control"] == "no-store"
    told = events(stream.text)
    done = [job["done"] for _, job in told]
    assert len(told) > 1
    assert sorted(done) == done
    assert all(event == job["state"] for event, job in told)
    assert {"done"} == {event for event, job in told if job["finished"]}
    assert ("done", footnote.get(location).json()) == told[-1]
    assert told[-1][1]["counts"] == {"added": 2000}


def test_a_job_that_has_ended_is_told_in_one_event(footnote):
    job = footnote.add_lines(lines(*numbered(1)))
    stream = footnote.get(f"/v1/jobs/{job['id']}", headers={"Accept": "text/event-stream"})

    assert [("done", job)] == events(stream.text)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "text/html"])
def test_a_job_that_there_is_none_of_is_not_found(bare, accept):
    answer = bare.get("/v1/jobs/none", headers={"Accept": accept})

    assert problem(answer) == (404, "job_not_found")


def test_jobs_are_listed_newest_first_a_page_at_a_time(footnote):
    for count in (1, 2, 3):
        footnote.add_lines(lines(*numbered(count)) + b"\n{")
    page = footnote.get("/v1/jobs?limit=2").json()
    rest = footnote.get(f"/v1/jobs?limit=2&cursor={page['next']}").json()

    assert [job["total"] for job in page["jobs"] + rest["jobs"]] == [4, 3, 2]
    assert (rest["next"], page["total"], rest["total"]) == (None, 3, 3)
    alone = footnote.get(f"/v1/jobs/{page['jobs'][0]['id']}").json()
    assert alone.pop("problems") != []
    assert (alone.pop("stated"), alone.pop("retryable"), alone.pop("generation")) == ({}, 1, 3)
    assert page["jobs"][0] == alone
    assert footnote.get("/v1/jobs?state=done").json()["jobs"] == page["jobs"] + rest["jobs"]
    assert footnote.get("/v1/jobs?state=queued").json() == {"jobs": [], "total": 0, "next": None}
    assert problem(footnote.get("/v1/jobs?state=lost")) == (422, "invalid_request")


def test_a_job_is_cancelled_while_it_runs_and_its_events_end(footnote):
    told = []

    def follow(location):
        told.append(footnote.get(location, headers={"Accept": "text/event-stream"}).text)

    with footnote.corpus.storage.lock.held():  # nothing can be stored
        location = send(footnote, lines(*numbered(300)), "application/x-ndjson").headers["Location"]
        following = threading.Thread(target=follow, args=(location,))
        following.start()
        cancelled = footnote.delete(location)
        following.join(20)
        again = footnote.delete(location)
    after = footnote.add_lines(lines({"id": "z", "text": "Later."}))

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (again.status_code, again.json()) == (200, cancelled.json())
    assert events(told[0])[-1] == ("cancelled", cancelled.json())
    assert after["counts"] == {"added": 1}
    found = footnote.get(location).json()
    assert found == cancelled.json()
    assert (found["total"], found["done"], found["counts"]) == (300, 0, {})
    assert [a["id"] for a in footnote.get("/v1/articles").json()["articles"]] == ["z"]


def test_a_job_that_has_ended_cannot_be_cancelled(footnote):
    job = footnote.add_lines(lines(*numbered(1)))

    assert problem(footnote.delete(f"/v1/jobs/{job['id']}")) == (409, "job_ended")
    assert problem(footnote.delete("/v1/jobs/none")) == (404, "job_not_found")
    assert footnote.get(f"/v1/jobs/{job['id']}").json() == job


def test_several_authors_are_a_list_beside_their_names_together(footnote):
    footnote.add(id="two", text="The ferry sails.", authors=["Reed, Jo", "Max"])

    article = footnote.get("/v1/articles/two").json()
    assert (article["author"], article["authors"]) == ("Reed, Jo, Max", ["Reed, Jo", "Max"])
    for name, found in (("Max", 1), ("Reed, Jo", 1), ("Reed, Jo, Max", 1), ("Ma", 0)):
        asked = {"question": "ferry", "mode": "lexical", "filters": {"authors": [name]}}
        answered = footnote.client.post("/v1/ask", json=asked).json()
        sources = [passage["source"]["authors"] for passage in answered["passages"]]
        assert sources == [["Reed, Jo", "Max"]] * found

    one = footnote.client.patch("/v1/articles/two", json={"author": "Ana Petric"}).json()
    assert (one["author"], one["authors"]) == ("Ana Petric", ["Ana Petric"])
    none = footnote.client.patch("/v1/articles/two", json={"author": None}).json()
    assert (none["author"], none["authors"]) == (None, [])
