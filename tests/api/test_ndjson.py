"""Lines of a body, cut as they come."""

import asyncio
import random

import pytest

from qa.api import ndjson
from qa.api.ndjson import items_of
from qa.errors import TooLarge
from qa.storage.records import JobInput


def cut(*parts):
    left = list(parts)

    async def body():
        while left:
            yield left.pop(0)

    try:
        return asyncio.run(items_of(body()))
    finally:
        assert left == []  # all of it is read, whatever it holds


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", []),
        (b"\n \r\n\t\n", []),
        (
            b"a\n\n b \r\n\nc",
            [JobInput("line 1", b"a"), JobInput("line 3", b" b \r"), JobInput("line 5", b"c")],
        ),
        (b"\na\n", [JobInput("line 2", b"a")]),
    ],
)
def test_lines_that_are_not_blank_are_inputs_with_their_numbers(body, expected):
    assert cut(body) == expected


def test_it_does_not_matter_in_which_parts_they_come():
    body = "\n".join(f"{n} é" * (n % 7) for n in range(300)).encode()
    whole, dice = cut(body), random.Random(7)
    for _ in range(20):
        places = sorted(dice.sample(range(len(body)), 30))
        parts = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
        assert cut(*parts) == whole
    assert cut(*(body[n : n + 1] for n in range(len(body)))) == whole


def test_a_long_line_in_small_parts_is_put_together_once():
    parts = [b"x" * 1000] * 10_000

    [item] = cut(*parts)
    assert len(item.payload) == 10**7


def test_more_lines_than_may_be_are_refused_and_blank_ones_do_not_count(monkeypatch):
    monkeypatch.setattr(ndjson, "MOST_LINES", 3)
    assert len(cut(b"\n" * 10**6, b"{}\n" * 3, b"\n\n")) == 3
    with pytest.raises(TooLarge) as error:
        cut(b"{}\n" * 3, b"{", b"}", b"\n" * 9)

    assert error.value.code == "too_many_lines"
    assert error.value.message == "the body has more than 3 lines: send it in several requests"


def test_a_million_of_nothing_makes_no_rows(serving):
    footnote = serving()
    headers = {"Content-Type": "application/x-ndjson"}
    for body, expected in (
        (b"{}\n" * 10**6, (413, "too_many_lines")),
        (b"\n" * 10**6, (422, "empty")),
    ):
        answer = footnote.client.post("/v1/articles", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == expected
    assert footnote.get("/v1/jobs").json() == {"jobs": [], "total": 0, "next": None}
    assert footnote.corpus.jobs.pending() == 0
