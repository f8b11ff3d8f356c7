import io
from pathlib import PurePath

import pytest

from qa.ingest import Limits
from qa.ingest.records.json_files import holds_questions, read_json, read_lines
from qa.types import Document, Refused


def lines(data: bytes, limits: Limits | None = None) -> list[Document | Refused]:
    return list(read_lines(io.BytesIO(data), "c.jsonl", limits or Limits()))


def test_each_line_is_an_article_with_its_place_and_size():
    data = '\ufeff{"_id": "a", "text": "čaj"}\r\n\n  {"id": "b", "text": "y"}'.encode()
    first, second = lines(data)

    assert (first.article.id, first.article.text, first.origin) == ("a", "čaj", "c.jsonl:1")
    assert (second.article.id, second.article.text, second.origin) == ("b", "y", "c.jsonl:3")
    assert (len(data), 33) == (first.size + 1 + second.size, first.size)


def test_a_broken_line_does_not_stop_the_rest():
    data = b'{"text": "x", "id": "a"}\n{"text": \n7\n\xff\n' + b"[" * 100_000 + b'\n{"text": "y"}'
    found = lines(data)

    assert [Document, Refused, Refused, Refused, Refused, Document] == [
        type(item) for item in found
    ]
    assert [item.code for item in found[1:5]] == [
        "invalid_json",
        "invalid_field",
        "invalid_json",
        "invalid_json",
    ]
    assert [item.origin for item in found[1:4]] == ["c.jsonl:2", "c.jsonl:3", "c.jsonl:4"]
    assert "not valid JSON: Expecting value" in found[1].reason
    assert "not UTF-8, as JSON has to be" in found[3].reason
    assert len(data) == sum(item.size for item in found)


def test_a_line_over_the_limit_is_refused_and_not_kept():
    long_line = b'{"text": "' + b"x" * 200 + b'"}\n'
    first, second, third = lines(
        long_line + b'{"text": "y"}\n' + long_line, Limits(article_bytes=5)
    )

    reason = "the line has 213 bytes; the limit is 50 bytes"
    assert Refused("c.jsonl:1", "too_large", reason, 213) == first
    assert second.article.text == "y"
    assert Refused("c.jsonl:3", "too_large", reason, 213) == third


def test_nan_is_a_missing_value():
    (found,) = lines(b'{"text": "x", "author": NaN, "score": Infinity}')

    assert (found.article.author, found.article.extra) == (None, {"score": "Infinity"})


def test_one_object_is_one_article_with_the_suggested_id():
    data = b'{"text": "x"}'
    (found,) = read_json(data, "c.json", Limits(), "c")

    assert ("c", "c.json", len(data)) == (found.article.id, found.origin, found.size)


@pytest.mark.parametrize("form", [b"[%s]", b'{"articles": [%s]}'])
def test_a_list_of_articles_has_numbered_origins_and_shares_of_the_size(form):
    data = form % b'{"text": "x"}, {"title": "y"}, {"text": "z"}'
    first, second, third = read_json(data, "c.json", Limits(), "c")

    assert (first.article.text, first.origin) == ("x", "c.json#1")
    assert (second.origin, second.code) == ("c.json#2", "missing_text")
    assert (third.article.text, third.origin) == ("z", "c.json#3")
    assert first.article.id != third.article.id
    assert len(data) == first.size + second.size + third.size


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "invalid_json"),
        (b"\xff", "invalid_json"),
        (b"[]", "empty"),
        (b'{"articles": []}', "empty"),
    ],
)
def test_a_json_file_without_articles_is_refused(data, code):
    (found,) = read_json(data, "c.json", Limits())

    assert ("c.json", code, len(data)) == (found.origin, found.code, found.size)


@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        ("a.jsonl", {"question": "?", "answer": "!"}, True),
        ("a.jsonl", {"question": "?", "text": "x"}, False),
        ("a.jsonl", {"_id": "1", "text": "x"}, False),
        ("queries.jsonl", {"_id": "1", "text": "x"}, True),
        ("a.jsonl", ["question"], False),
        ("a.jsonl", None, False),
    ],
)
def test_a_file_of_questions_is_known_by_its_name_or_its_first_record(name, record, expected):
    assert expected == holds_questions(PurePath(name), record)
