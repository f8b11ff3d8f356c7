"""What a service meets on an open network. It may refuse all of it, and it may break at none."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from tests.api.conforming import deviation

pytestmark = pytest.mark.slow

JSON, LINES = "application/json", "application/x-ndjson"


@pytest.fixture(scope="module")
def besieged(serving_module: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One service for all of it; at the end it is well, and so is its corpus."""
    footnote = serving_module(max_article_bytes=1_000_000, max_body_bytes=2_000_000)
    footnote.add(id="pilots", title="Harbour pilots", text="A pilot guides ships. She boards.")
    footnote.add(id="tides", text="The tide turns at noon.", published="2024-05-02", tags=["sea"])
    yield footnote
    footnote.rest()
    assert footnote.get("/health/ready").status_code == 200
    assert footnote.corpus.problems() == []
    answer = footnote.ask("Who guides ships?")
    assert answer["passages"][0]["article_id"] == "pilots"


def unbroken(answer: Any) -> Any:
    """Not our fault, in words that give nothing away; a refusal of the API is problem+json."""
    behind = answer.status_code == 503 and answer.json()["code"] == "behind"  # as was asked
    assert answer.status_code < 500 or behind, answer.text[:500]
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text
    if answer.status_code >= 400 and answer.request.url.path.startswith("/v1/") and answer.text:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer


# --- from the schema ------------------------------------------------------------------


LONGEST_URL = 65_536  # that the client sends


@schemathesis.serializer(LINES)
def lines(_: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def test_hundreds_of_requests_made_from_the_schema_break_nothing(besieged):
    """Valid ones and ones that are meant not to be, the same in every run."""
    asked: Counter[str] = Counter()
    document = besieged.client.app.openapi()
    schema = schemathesis.openapi.from_dict(document)
    operations = [operation.ok() for operation in schema.get_all_operations()]
    for operation in operations:
        for mode in GenerationMode:

            @settings(
                max_examples=40,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(operation.as_strategy(generation_mode=mode))
            def send(case):
                # Its transport speaks requests; ours is the test client.
                made = case.as_transport_kwargs(base_url="http://127.0.0.1")
                made = requests.Request(**made).prepare()
                assume(len(str(made.url)) <= LONGEST_URL)
                headers = dict(made.headers.items())
                asked[case.operation.label] += 1
                answer = unbroken(
                    besieged.client.request(
                        made.method, made.url, content=made.body, headers=headers
                    )
                )
                operation = case.operation
                assert deviation(document, operation.path, operation.method, answer) is None

            try:
                send()
            except Unsatisfiable:  # any text is a valid id: there is no wrong one
                assert mode is GenerationMode.NEGATIVE

    assert {operation.label for operation in operations} == asked.keys()
    assert asked.total() >= 500
    besieged.rest()


# --- by hand --------------------------------------------------------------------------

MODES = ("hybrid", "dense", "lexical")
QUESTIONS = {
    "query syntax": 'AND OR NOT ( " : * ~ ^ \\',
    "open quotation mark": '"harbour pilot',
    "field of the index": "text:pilot key:1 key:[0 TO 99]",
    "slop, boost and fuzz": '"a b"~1000000000 pilot^999999 pilo~2',
    "regular expression": "/.*pilot.*/ (a+)+$",
    "SQL": "'; DROP TABLE articles; --",
    "SQL with a union": "x' UNION SELECT raw FROM articles WHERE '1'='1",
    "JSON path": "$[*].payload",
    "template": "{{7*7}} ${7*7} <%= 7*7 %> %s %n {0}",
    "markup": "<script>alert(1)</script><!--",
    "path": "../../../../etc/passwd",
    "punctuation alone": "?!.,;:—…()[]{}",
    "stop words alone": "who is it that was there then",
    "emoji alone": "🚢👩‍✈️🏴‍☠️🇷🇸",
    "a zero-width joiner alone": "\u200d",
    "zero-width spaces in words": "pi\u200blo\u200bt",
    "right-to-left override": "\u202etolip eht si ohw\u202c",
    "combining marks without end": "e" + "\u0301" * 1900,
    "control characters": "pilot\x00\x01\x02\x07\x08\x0b\x1b[31m\x7f\x85",
    "NUL alone": "\x00",
    "private use and non-characters": "\ue000\uffff\U0010ffff\ufdd0",
    "one word of 2,000 letters": "x" * 2000,
    "2,000 words of one letter": "x " * 1000,
    "one word a thousand times": "pilot " * 333,
    "line ends of every kind": "who\r\nguides\rships\u2028today\u2029\x0b\x0c",
    "digits of other scripts": "١٩٧١ 一九七一 Ⅷ ½",
    "ligatures and wide letters": "ﬁrst ｐｉｌｏｔ Straße İstanbul",
    "spaces of every kind": "\u00a0\u1680\u2003\u3000\ufeff",
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_any_question_is_answered_with_exact_places_or_refused(besieged, question):
    empty = not question.replace("\x00", " ").strip()
    for answer in (
        *(besieged.post("/v1/ask", {"question": question, "mode": mode}) for mode in MODES),
        besieged.get("/v1/ask", params={"q": question}),
        besieged.post("/v1/related", {"text": question}),
    ):
        assert unbroken(answer).status_code == (422 if empty else 200)
        for passage in answer.json().get("passages", []):
            text = besieged.text(passage["article_id"])
            assert text[passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize("quote", QUESTIONS.values(), ids=QUESTIONS)
def test_any_quote_is_checked_or_refused(besieged, quote):
    for answer in (
        besieged.post("/v1/check", {"quote": quote, "speaker": quote[:200]}),
        besieged.post("/v1/check", {"quote": quote, "article_id": "pilots"}),
        besieged.post("/v1/check/text", {"text": f"She said: “{quote}” and left."}),
        besieged.get("/check", params={"quote": quote, "article_id": quote[:200]}),
        besieged.get("/", params={"q": quote, "publisher": quote, "top_k": quote}),
        besieged.get("/related", params={"text": quote}),
        besieged.client.post("/check/text", data={"text": f"“{quote}”"}),
    ):
        assert unbroken(answer).status_code in (200, 404, 422)


BIG = b"1" + b"0" * 5000
DEEP = b"[" * 100_000
ASKED = {
    "100,000 open brackets": (DEEP, 422),
    "100,000 open objects": (b'{"a":' * 100_000, 422),
    "100,000 nested lists": (b'{"question": ' + DEEP + b"]" * 100_000 + b"}", 422),
    "10 to the 5,000": (b'{"question": "x", "top_k": ' + BIG + b"}", 422),
    "10 to the 400": (b'{"question": "x", "top_k": 1' + b"0" * 400 + b"}", 422),
    "less than nothing": (b'{"question": "x", "top_k": -1}', 422),
    "a fraction": (b'{"question": "x", "top_k": 1.5}', 422),
    "a float without end": (b'{"question": "x", "top_k": 1e999}', 422),
    "NaN": (b'{"question": "x", "top_k": NaN}', 422),
    "NaN for a question": (b'{"question": NaN}', 422),
    "null": (b'{"question": null}', 422),
    "a number for a question": (b'{"question": 1}', 422),
    "a list for a question": (b'{"question": ["x"]}', 422),
    "a list for filters": (b'{"question": "x", "filters": []}', 422),
    "a name for a list of names": (b'{"question": "x", "filters": {"tags": "sea"}}', 422),
    "a filter of 1,001 names": (
        json.dumps({"question": "x", "filters": {"tags": ["sea"] * 1001}}).encode(),
        422,
    ),
    "a filter of a million letters": (
        json.dumps({"question": "x", "filters": {"tags": ["x" * 1_000_000]}}).encode(),
        200,
    ),
    "a filter with SQL": (
        json.dumps({"question": "x", "filters": {"authors": ["') OR 1=1 --"]}}).encode(),
        200,
    ),
    "a filter with NUL": (b'{"question": "x", "filters": {"article_ids": ["\\u0000"]}}', 200),
    "a date before all": (b'{"question": "x", "filters": {"published_from": "0000"}}', 200),
    "a date that is none": (b'{"question": "x", "filters": {"published_to": "9999-99-99"}}', 422),
    "a date in words": (b'{"question": "x", "filters": {"published_to": "now"}}', 422),
    "a question of 2,001 letters": (json.dumps({"question": "x" * 2001}).encode(), 422),
    "an unknown field": (b'{"question": "x", "__proto__": {"admin": true}}', 422),
    "the same field twice": (b'{"question": "x", "question": "pilot"}', 200),
    "a byte order mark": (b'\xef\xbb\xbf{"question": "x"}', 200),
    "UTF-16": ('{"question": "x"}'.encode("utf-16"), 200),
    "bytes that are no UTF-8": (b'{"question": "\xff\xfe"}', 422),
    "overlong UTF-8": (b'{"question": "\xc0\xaf"}', 422),
    "a lone surrogate as bytes": (b'{"question": "\xed\xa0\x80"}', 422),
    "a raw control character": (b'{"question": "a\x01b"}', 422),
    "an end that is missing": (b'{"question": "x"', 422),
    "something after the end": (b'{"question": "x"} {}', 422),
    "single quotes": (b"{'question': 'x'}", 422),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x2a\x00", 422),
    "XML": (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 422),
    "nothing": (b"", 422),
    "over the limit": (b" " * 2_000_001, 413),
}


@pytest.mark.parametrize(("body", "status"), ASKED.values(), ids=ASKED)
def test_any_body_of_a_question_is_answered_or_refused(besieged, body, status):
    answer = besieged.client.post("/v1/ask", content=body, headers={"Content-Type": JSON})

    assert unbroken(answer).status_code == status


ARTICLES = {
    "a line of 200,000 letters without a space": ({"text": "x" * 200_000}, 201),
    "10,000 times the same line": ({"text": "The same line again.\n" * 10_000}, 201),
    "200,000 line feeds": ({"text": "a" + "\n" * 200_000 + "b"}, 201),
    "every kind of line end": ({"text": "a\r\nb\rc\n\rd\u2028e\u2029f\x0bg\x0ch\x85i"}, 201),
    "10,000 combining marks": ({"text": "e" + "\u0301" * 10_000}, 201),
    "emoji families": ({"text": "👨‍👩‍👧‍👦🏴‍☠️🇷🇸 " * 5000}, 201),
    "right-to-left override": ({"text": "\u202eehT tolip\u202c \u2067boards\u2069."}, 201),
    "zero-width characters": ({"text": "pi\u200blo\u200ct\u200d \u2060boards\u00ad."}, 201),
    "Zalgo": ({"text": "p\u0315\u0300\u0324i\u0334\u0321l\u0337\u0322ot " * 500}, 201),
    "control characters": ({"text": "a\x00b\x01c\x1b[2Jd\x7fe\x9ff"}, 201),
    "control characters alone": ({"text": "\x00\x01\x02"}, 422),
    "non-characters": ({"text": "\uffff\U0010ffff\ufdd0\ue000"}, 201),
    "scripts without spaces": ({"text": "引航员在黎明登船。" * 2000}, 201),
    "20,000 brackets": ({"text": "(" * 20_000}, 201),
    "5,000 open quotation marks": ({"text": "“" * 5000}, 201),
    "markup in a text": ({"text": "<script>alert(1)</script> & </textarea>"}, 201),
    "a title of 200,000 letters": ({"text": "x", "title": "T " * 100_000}, 422),
    "a title of many lines": ({"text": "x", "title": "a\nb\r\n\tc\x00"}, 201),
    "10,000 tags": ({"text": "x", "tags": [str(n) for n in range(10_000)]}, 422),
    "a link that is a script": ({"text": "x", "url": "javascript:alert(1)"}, 201),
    "a link that is none": ({"text": "x", "url": "http://[::1"}, 201),
    "an id of dots": ({"text": "x", "id": ".."}, 422),
    "an id that climbs": ({"text": "x", "id": "../../etc/passwd"}, 422),
    "an id that climbs in percent signs": ({"text": "x", "id": "%2e%2e%2f"}, 422),
    "an id with a line feed": ({"text": "x", "id": "a\n"}, 422),
    "an id with NUL": ({"text": "x", "id": "a\x00"}, 422),
    "an id in look-alike letters": ({"text": "x", "id": "рilots"}, 422),
    "an id of 200 letters": ({"text": "x", "id": "x" * 200}, 201),
    "an id of 100,000 letters": ({"text": "x", "id": "x" * 100_000}, 422),
    "an id like a passage's": ({"text": "x", "id": "a.12345678.0-1"}, 201),
    "a number for an id": ({"text": "x", "id": 10**30}, 201),
    "a fraction for an id": ({"text": "x", "id": 1.5}, 422),
    "a number for a text": ({"text": 1}, 422),
    "an object for a text": ({"text": {"$ne": None}}, 422),
    "an object for tags": ({"text": "x", "tags": {"a": 1}}, 422),
    "a date far away": ({"text": "x", "published": "9999-12-31T23:59:59.999999999+14:00"}, 201),
    "a date that is none": ({"text": "x", "published": "2023-02-29"}, 201),
    "a year of 5,000 digits": ({"text": "x", "published": "1" * 5000}, 201),
    "fields of every kind": (
        {"text": "x", "a": None, "b": [[]], "c": {"": ""}, "": 1, "__proto__": 1, "d": 10**300},
        201,
    ),
    "no text": ({"title": "x"}, 422),
    "an open page": ({"html": "<p>A pilot <b>boards <i>at dawn"}, 201),
    "100,000 open tags": ({"html": "<div>" * 100_000 + "A pilot boards."}, (201, 422)),
    "entities of entities": (
        {
            "html": '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
            "<p>&c;&c; A pilot boards.</p>"
        },
        201,
    ),
    "a page that is a script": ({"html": "<script>" + "x=1;" * 10_000 + "</script>"}, 422),
    "a page of NUL": ({"html": "<p>\x00\x00</p>"}, 422),
    "a file of the server": (
        {"html": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><p>A pilot &b; sat.</p>'},
        201,
    ),
}


@pytest.mark.parametrize(("article", "status"), ARTICLES.values(), ids=ARTICLES)
def test_any_article_is_added_with_exact_places_or_refused(besieged, article, status):
    body = json.dumps(article).encode()
    answer = unbroken(send(besieged, body, JSON))

    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    if answer.status_code == 201:
        found = unbroken(besieged.get(answer.headers["Location"])).json()
        assert "root:" not in found["text"]
        text, spans = found["text"], [(p["start"], p["end"]) for p in found["passages"]]
        assert sorted(spans) == spans
        assert all(0 < end - start <= 1500 for start, end in spans)
        assert "".join(text.split()) == "".join(
            "".join(text[start:end].split()) for start, end in spans
        )
        first = unbroken(besieged.get(f"/v1/passages/{found['passages'][0]['id']}")).json()
        assert first["text"] == text[first["start"] : first["end"]]
        unbroken(besieged.get(f"/articles/{found['id']}"))
        unbroken(besieged.get(f"/v1/passages/{first['id']}/related"))
        assert besieged.delete(answer.headers["Location"]).status_code == 204


def send(besieged: Any, body: bytes, kind: str) -> Any:
    return besieged.client.post("/v1/articles", content=body, headers={"Content-Type": kind})


MANY = {
    "a line of 100,000 brackets": (DEEP, {"refused": 1}),
    "10,000 empty objects": (b"{}\n" * 10_000, {"refused": 10_000}),
    "a line of NUL": (b"\x00\x00\n", {"refused": 1}),
    "a line of noise": (bytes(range(128, 256)), {"refused": 1}),
    "a number without end": (b'{"text": "x", "n": ' + BIG + b"}", {"refused": 1}),
    "JSON that is no object": (b'1\n"a"\nnull\n[]\ntrue\nNaN', {"refused": 6}),
    "a list over several lines": (
        b'[\n{"text": "One."},\n{"text": "Two."}\n]',
        {"added": 1, "refused": 3},
    ),
    "a page that is broken": (b'{"html": "<p>' + b"<b>" * 10_000 + b'"}', None),
}


@pytest.mark.parametrize(("body", "counts"), MANY.values(), ids=MANY)
def test_any_lines_are_a_job_that_comes_to_its_end(besieged, body, counts):
    answer = unbroken(send(besieged, body, LINES))

    assert answer.status_code == 202
    job = besieged.ended(answer.headers["Location"])
    assert job["state"] == "done"
    assert counts in (None, job["counts"])
    assert job["done"] == job["total"]


FILES = {
    "names that climb": [("files", ("../../../etc/cron.d/x.txt", b"The tide turns."))],
    "a name of 1,000 letters": [("files", ("x" * 1000 + ".txt", b"The tide turns again."))],
    "a name of NUL": [("files", ("a\x00.txt", b"The tide turns twice."))],
    "the same file twice": [("files", ("t.txt", b"Tide one."))] * 2,
    "a PDF that is none": [("files", ("a.pdf", b"%PDF-1.7\n" + b"\x00" * 1000))],
    "a PDF that is cut off": [("files", ("a.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog"))],
    "noise": [("files", ("a.txt", bytes(range(256)) * 100))],
    "noise without a suffix": [("files", ("a", bytes(range(256)) * 100))],
    "an archive": [("files", ("a.zip", b"PK\x03\x04" + b"\x00" * 1000))],
    "JSON of 100,000 brackets": [("files", ("a.json", DEEP))],
    "front matter that is a bomb": [
        ("files", ("a.md", b"---\na: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nText."))
    ],
    "front matter that runs code": [
        ("files", ("b.md", b"---\na: !!python/object/apply:os.system ['true']\n---\nText."))
    ],
    "nothing in it": [("files", ("a.txt", b""))],
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_any_files_are_a_job_that_comes_to_its_end(besieged, files):
    answer = unbroken(besieged.client.post("/v1/articles", files=files))

    assert answer.status_code == 202
    assert besieged.ended(answer.headers["Location"])["state"] == "done"


def test_more_files_than_a_form_may_have_are_refused(besieged):
    files = [("files", (f"{n}.txt", b"x")) for n in range(1001)]

    assert unbroken(besieged.client.post("/v1/articles", files=files)).status_code == 400


PATHS = {
    "/v1/articles/%2e%2e%2f%2e%2e%2fetc%2fpasswd": 404,
    "/v1/articles/..%5c..%5cwindows": 404,
    "/v1/articles/%00": 404,
    "/v1/articles/pilots%00": 404,
    "/v1/articles/%ff%fe": 404,
    "/v1/articles/%ed%a0%80": 404,
    "/v1/articles/" + "x" * 20_000: 404,
    "/v1/articles/'%20OR%201=1": 404,
    "/v1/articles/PILOTS": 404,
    "/v1/articles//raw": 404,
    "/v1/jobs/%2e%2e": 404,
    "/v1/jobs/" + "0" * 32: 404,
    "/v1/passages/pilots": 404,
    "/v1/passages/pilots.00000000.0-1": 410,
    "/v1/passages/pilots.0.0-1": 404,
    "/v1/passages/pilots.00000000.-1-1": 404,
    "/v1/passages/pilots.00000000.0-" + "9" * 5000: 404,
    "/v1/passages/pilots.00000000.0-999999999999": 410,
    "/v1/passages/pilots.00000000.999999999999-0": 404,
    "/v1/passages/....": 404,
    "/v1/passages/%00.%00.%00-%00/related": 404,
    "/v1/passages/pilots.00000000.0-1/related?top_k=-1": 422,
    "/v1/passages/pilots.00000000.0-1/related?top_k=" + "9" * 5000: 422,
    "/v1/passages/pilots.00000000.0-1/related?other_sources_only=perhaps": 422,
    "/v1/ask": 422,
    "/v1/ask?q=": 422,
    "/v1/ask?q=%00": 422,
    "/v1/ask?q=%ff%fe": 200,
    "/v1/ask?q=a&q=b&top_k=1&top_k=2": 200,
    "/v1/ask?q=pilot&top_k=1e1": 422,
    "/v1/ask?q=pilot&top_k=0x10": 422,
    "/v1/ask?q=pilot&top_k=NaN": 422,
    "/v1/ask?q=pilot&top_k=": 422,
    "/v1/ask?q=pilot&top_k=-99999999999999999999": 422,
    "/v1/ask?q=pilot&mode=%22": 422,
    "/v1/ask?q=pilot&unknown=1": 422,
    "/v1/ask?q=pilot;top_k=0": 200,
    "/v1/ask?" + "&".join(f"q{n}=1" for n in range(5000)): 422,
    "/v1/articles?limit=-1": 422,
    "/v1/articles?limit=1e3": 422,
    "/v1/articles?limit=" + "9" * 400: 422,
    "/v1/articles?cursor=%00": 200,
    "/v1/articles?cursor=%ff": 200,
    "/v1/articles?cursor=%F4%8F%BF%BF": 200,
    "/v1/articles?cursor='%20OR%201=1": 200,
    "/v1/status?check=perhaps": 422,
    "/metrics?name[]=x": 200,
    "/articles/pilots?start=-1&end=99999999999999999999999": 200,
    "/articles/pilots?start=NaN&end=%00": 200,
    "/articles?cursor=%00&page=2": 200,
    "/?q=pilot&top_k=-5&mode=%00": 200,
    "/related?passage_id=%00": 404,
    "/check?quote=one&article_id=%2e%2e": 404,
    "/static/..%2f..%2fapp.py": 404,
    "/static/%2e%2e/%2e%2e/__init__.py": 404,
    "/static/%2fetc%2fpasswd": 404,
    "/static/%00": 404,
    "/static/" + "x" * 5000: 404,
    "/static/": 404,
    "/%0d%0aSet-Cookie:%20a=b": 404,
    "/v1": 404,
    "/v1/": 404,
    "/v2/ask": 404,
    "/admin": 404,
    "/.env": 404,
    "/favicon.ico": 404,
}


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=[path[:60] for path in PATHS])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_any_path_is_answered_or_refused(besieged, path, status, accept):
    answer = besieged.get(path, headers={"Accept": accept})

    assert unbroken(answer).status_code == status


@pytest.mark.parametrize(
    "method", ["HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE", "TRACE", "BREW"]
)
def test_any_method_on_any_path_is_answered_or_refused(besieged, method):
    paths = [path.replace("{id}", "none") for path in besieged.client.app.openapi()["paths"]]
    for id_ in ("bulk", "files"):  # articles may have these names too
        besieged.delete(f"/v1/articles/{id_}")
    for path in (*paths, "/", "/articles", "/related", "/check", "/check/text", "/docs", "/none"):
        answer = besieged.client.request(method, path)
        allowed = {
            "DELETE": {404, 405},
            "HEAD": {200, 404, 405, 422},
            "OPTIONS": {204, 404},
            "PATCH": {404, 405, 422},
            "POST": {404, 405, 415, 422},
        }.get(method, {404, 405})
        assert unbroken(answer).status_code in allowed, path
        if answer.status_code in (204, 405):
            assert answer.headers["Allow"]


HEADERS = {
    "a range": {"Range": "bytes=0-10"},
    "a range that is none": {"Range": "bytes=zz"},
    "ranges without end": {"Range": "bytes=" + ",".join(["0-"] * 1000)},
    "a range past the end": {"Range": "bytes=99999999-"},
    "another path": {"X-Original-URL": "/admin", "X-Rewrite-URL": "/admin"},
    "another sender": {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "\x00"},
    "a type to accept that is none": {"Accept": "text/html;q=x, */" + "*" * 1000},
    "a language that is none": {"Accept-Language": "%s" * 100},
    "a tag that matches anything": {"If-None-Match": "*", "If-Modified-Since": "yesterday"},
    "a key where none is needed": {"Authorization": "Basic \xff"},
    "a length that is none": {"Content-Length": "²"},
    "a length below nothing": {"Content-Length": "-1"},
    "a cookie of 50,000 letters": {"Cookie": "a=" + "b" * 50_000},
    "a request id with a line feed": {"X-Request-ID": "a%0d%0ab"},
    "a trace that is none": {"traceparent": "00-zz-zz-zz", "tracestate": "=" * 100},
    "another method": {"X-HTTP-Method-Override": "DELETE"},
    "compressed": {"Content-Encoding": "gzip", "Accept-Encoding": "br;q=x"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_any_header_is_put_up_with(besieged, headers):
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    for path in ("/v1/ask?q=pilot", "/v1/articles/pilots/raw", "/docs", "/articles/pilots"):
        answer = unbroken(besieged.get(path, headers=sent))
        known = "If-None-Match" in headers and path.startswith("/v1/")
        assert answer.status_code == (304 if known else 200)
        assert "<script" not in answer.text.replace('<script src="/static/copy.js" defer>', "")
    assert unbroken(besieged.get("/v1/articles/none", headers=sent)).status_code == 404
    styles = unbroken(besieged.get("/static/style.css", headers=sent))
    assert styles.status_code in (200, 206, 304, 400, 416)
    assert besieged.get("/v1/articles/pilots").status_code == 200


FORMS = {
    "the same field twice": (b"text=one&text=two", "application/x-www-form-urlencoded", 200),
    "a thousand fields": (b"&".join([b"a=b"] * 1000), "application/x-www-form-urlencoded", 422),
    "bytes that are no UTF-8": (b"text=%ff%fe\xff", "application/x-www-form-urlencoded", 200),
    "percent signs alone": (b"%%%=%&%zz", "application/x-www-form-urlencoded", 422),
    "no field": (b"", "application/x-www-form-urlencoded", 422),
    "JSON": (b'{"text": "x"}', JSON, 422),
    "too much": (b"text=" + b"x" * 300_000, "application/x-www-form-urlencoded", 422),
}


@pytest.mark.parametrize(("body", "kind", "status"), FORMS.values(), ids=FORMS)
def test_any_form_is_read_or_refused(besieged, body, kind, status):
    answer = besieged.client.post("/check/text", content=body, headers={"Content-Type": kind})

    assert unbroken(answer).status_code == status


# --- on the wire ----------------------------------------------------------------------

HOST = b"Host: 127.0.0.1\r\n"
WIRE = {
    "nothing": b"",
    "noise": bytes(range(256)) * 10,
    "a handshake for encryption": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "a line that never ends": b"GET /" + b"a" * 200_000,
    "a header that never ends": b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"b" * 200_000,
    "10,000 headers": b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 10_000 + b"\r\n",
    "no host": b"GET /health/live HTTP/1.1\r\n\r\n",
    "an older protocol": b"GET /health/live\r\n\r\n",
    "a protocol to come": b"GET /health/live HTTP/9.9\r\n" + HOST + b"\r\n",
    "an address of elsewhere": b"GET http://evil.example/v1/status HTTP/1.1\r\n" + HOST + b"\r\n",
    "a path that is no ASCII": b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the path": b"GET /v1/ask?q=a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a switch of protocol": b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + HOST
    + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "two lengths": b"POST /v1/ask HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
    + HOST
    + b"\r\nab",
    "a length and pieces": b"POST /v1/ask HTTP/1.1\r\nContent-Length: 3\r\n"
    + b"Transfer-Encoding: chunked\r\n"
    + HOST
    + b"\r\n0\r\n\r\nGET /v1/status HTTP/1.1\r\n\r\n",
    "a piece below nothing": b"POST /v1/ask HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    + HOST
    + b"\r\n-1\r\n",
    "a length below nothing": b"POST /v1/ask HTTP/1.1\r\nContent-Length: -1\r\n" + HOST + b"\r\n",
    "a body that breaks off": b"POST /v1/articles HTTP/1.1\r\nContent-Type: application/json\r\n"
    + b"Content-Length: 1000\r\n"
    + HOST
    + b'\r\n{"text": ',
    "lines that break off": b"POST /v1/articles HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n"
    + b"Content-Length: 1000\r\n"
    + HOST
    + b'\r\n{"text": "x"}\n',
    "a form that breaks off": b"POST /v1/articles HTTP/1.1\r\n"
    + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n"
    + HOST
    + b'\r\n--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc',
    "a thousand at once": (b"GET /health/live HTTP/1.1\r\n" + HOST + b"\r\n") * 1000,
}


def test_nothing_on_the_wire_breaks_the_server(server_with):
    server = server_with()
    server.start()
    for sent in WIRE.values():
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
            answer = _said(wire, sent)
            assert b"Traceback" not in answer
            assert b" 500 " not in answer
        assert server.ready()

    assert server.process.poll() is None
    assert server.call("GET", "/v1/status?check=true")[1]["integrity"] == "ok"
    assert server.call("GET", "/v1/articles")[1]["articles"] == []
    assert "Traceback" not in server.log()


def _said(wire: socket.socket, sent: bytes) -> bytes:
    """What comes back, until the other side hangs up or says nothing for a while."""
    answer = b""
    try:
        wire.sendall(sent)
        wire.settimeout(0.3)
        while part := wire.recv(65536):
            answer += part
    except OSError:  # hung up on us in the middle
        pass
    return answer
