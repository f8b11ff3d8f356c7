"""What a service meets on an open network. It may refuse all of it, and it may break at none."""

import json
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

pytestmark = pytest.mark.slow

JSON, LINES = "application/json", "application/x-ndjson"


@pytest.fixture(scope="module")
def besieged(serving_module: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One service for all of it; at the end it is well, and so is its corpus."""
    footnote = serving_module(max_article_bytes=1_000_000, max_body_bytes=2_000_000)
    footnote.add(id="pilots", title="Harbour pilots", text="A pilot guides ships. She boards.")
    footnote.add(id="tides", text="The tide turns at noon.", published="2024-05-02", tags=["sea"])
    yield footnote
    while "footnote_jobs_pending 0.0" not in footnote.get("/metrics").text:
        pass
    assert footnote.get("/health/ready").status_code == 200
    assert footnote.corpus.problems() == []
    answer = footnote.ask("Who guides ships?")
    assert answer["passages"][0]["article_id"] == "pilots"


def unbroken(answer: Any) -> Any:
    """Not our fault, in words that give nothing away; a refusal of the API is problem+json."""
    assert answer.status_code < 500, answer.text[:500]
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text
    if answer.status_code >= 400 and answer.request.url.path.startswith("/v1/") and answer.text:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer


# --- from the schema -----------------------------------------------------------------------------


def test_hundreds_of_requests_made_from_the_schema_break_nothing(besieged):
    """Valid ones and ones that are meant not to be, the same in every run."""
    asked: Counter[str] = Counter()
    schema = schemathesis.openapi.from_dict(besieged.client.app.openapi())
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
                made = case.as_transport_kwargs(base_url="http://testserver")
                made = requests.Request(**made).prepare()
                headers = {name: value for name, value in made.headers.items()}
                asked[case.operation.label] += 1
                unbroken(
                    besieged.client.request(
                        made.method, made.url, content=made.body, headers=headers
                    )
                )

            try:
                send()
            except Unsatisfiable:  # any text is a valid id: there is no wrong one
                assert mode is GenerationMode.NEGATIVE

    assert {operation.label for operation in operations} == asked.keys()
    assert asked.total() >= 500


# --- by hand ---------------------------------------------------------------------------------------

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
@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_any_question_is_answered_or_refused(besieged, question, mode):
    asked = unbroken(besieged.post("/v1/ask", {"question": question, "mode": mode}))
    by_link = unbroken(besieged.get("/v1/ask", params={"q": question, "mode": mode}))

    empty = not question.replace("\x00", " ").strip()
    assert asked.status_code == by_link.status_code == (422 if empty else 200)
    if not empty:
        assert {passage["article_id"] for passage in asked.json()["passages"]} == (
            set() if mode == "lexical" and not asked.json()["passages"] else IDS(besieged, asked)
        )


def IDS(besieged: Any, answer: Any) -> set[str]:
    return {passage["article_id"] for passage in answer.json()["passages"]}
