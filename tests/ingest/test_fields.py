import datetime
import json

import pytest

from qa.errors import InvalidInput
from qa.ingest.stated.fields import Metadata, jsonable, language_tag, read_fields


def test_every_field_is_read_and_the_rest_kept():
    given = {
        "id": 7,
        "title": " A\n title ",
        "url": "https://x.org",
        "publisher": "P",
        "author": "A",
        "published": "3 March 2021",
        "language": "en-US",
        "tags": ["b", "a", "b"],
        "extra": {"k": 1},
        "section": "World",
    }

    expected = Metadata(
        id="7",
        title="A title",
        url="https://x.org",
        publisher="P",
        author="A",
        published="2021-03-03",
        language="en",
        tags=("b", "a"),
        extra={"k": 1, "section": "World"},
    )
    assert expected == read_fields(given, strict=True)


def test_other_names_are_accepted():
    given = {
        "_id": "x",
        "authors": ["A", {"name": "B"}],
        "date": 2021,
        "lang": "sr_RS",
        "tags": "a, b",
    }

    expected = Metadata(
        id="x",
        author="A, B",
        authors=("A", "B"),
        published="2021",
        language="sr",
        tags=("a", "b"),
    )
    assert expected == read_fields(given, strict=True)


def test_empty_values_are_none_and_leave_nothing_behind():
    given = {"id": "", "title": " ", "author": None, "authors": [], "tags": [], "note": ""}

    assert Metadata(extra={"note": ""}) == read_fields(given, strict=True)


def test_a_second_name_for_a_field_goes_to_extra():
    assert Metadata(id="a", extra={"_id": "b"}) == read_fields({"id": "a", "_id": "b"}, strict=True)


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ({"title": 5}, "invalid_field", '"title": expected a string, got 5'),
        (
            {"authors": ["A", 5]},
            "invalid_field",
            '"authors": expected a string or a list of strings',
        ),
        (
            {"language": "English"},
            "invalid_field",
            '"language": expected a language tag such as "en"',
        ),
        ({"tags": [["a"]]}, "invalid_field", '"tags": expected a list of strings'),
        ({"tags": [True]}, "invalid_field", '"tags": expected a list of strings'),
        ({"extra": "x"}, "invalid_field", '"extra": expected an object'),
        ({"extra": {"k": 1}, "k": 2}, "invalid_field", '"k" stands in "extra" and beside it'),
        ({"id": "a b"}, "invalid_id", "id 'a b' is not URL-safe"),
    ],
)
def test_a_record_is_answered_with_the_field_and_what_was_expected(given, code, message):
    with pytest.raises(InvalidInput) as info:
        read_fields(given, strict=True)

    assert code == info.value.code
    assert info.value.message.startswith(message)


def test_a_file_keeps_what_is_not_understood_and_says_so():
    given = {"title": "T", "published": "03/04/2021", "language": "English", "extra": "x"}
    meta = read_fields(given, strict=False)

    assert meta.title == "T"
    assert (meta.published, meta.language) == (None, None)
    assert meta.extra == {"published": "03/04/2021", "language": "English", "extra": "x"}
    assert [note.partition(":")[0] for note in meta.notes] == ['"language"', '"published"']


@pytest.mark.parametrize("date", ["03/04/2021", "yesterday", "2024-02-30", True, 1.5])
def test_a_record_with_a_date_that_is_not_understood_keeps_it_and_says_so(date):
    meta = read_fields({"title": "T", "date": date}, strict=True)

    assert (meta.title, meta.published, meta.extra) == ("T", None, {"date": date})
    assert [note.partition(" such")[0] for note in meta.notes] == ['"date": expected a date']


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ({"published": "14.05.2024"}, "2024-05-14"),
        ({"published": 1714816800}, "2024-05-04T10:00:00Z"),
        ({"published": 1714816800.0}, "2024-05-04T10:00:00Z"),
        ({"published": "04.03.2021", "lang": "sr"}, "2021-03-04"),
        ({"published": "5. listopada 2024.", "lang": "hr"}, "2024-10-05"),
        ({"published": 2021}, "2021"),
    ],
)
def test_a_date_is_read_in_the_language_of_the_record(given, published):
    assert read_fields(given, strict=True).published == published


@pytest.mark.parametrize(
    ("stated", "tag"),
    [
        ("en-US", "en"),
        ("sr_Latn_RS", "sr"),
        ("EN", "en"),
        ("English", None),
        ("", None),
        ("x", None),
    ],
)
def test_a_language_is_the_primary_subtag(stated, tag):
    assert tag == language_tag(stated)


def test_anything_can_be_written_as_json():
    value = {
        1: datetime.date(2021, 3, 3),
        "a\ud800": (1.5, float("inf"), None, True),
        "s": {"x"},
        "n": 10**2000,
        "o": b"x",
    }
    expected = {
        "1": "2021-03-03",
        "a\ufffd": [1.5, "inf", None, True],
        "s": ["x"],
        "n": hex(10**2000),
        "o": "b'x'",
    }

    assert expected == jsonable(value)
    assert json.dumps(jsonable(value), allow_nan=False).encode()


def test_extra_that_has_no_bottom_is_refused():
    deep: dict = {}
    for _ in range(100_000):
        deep = {"a": deep}

    with pytest.raises(InvalidInput, match="nested too deeply"):
        read_fields({"extra": deep}, strict=True)


def test_an_article_as_it_is_given_back_says_its_authors_twice_and_means_them_once():
    given = {"author": "Jo Reed, Max Blum", "authors": ["Jo Reed", "Max Blum"]}

    expected = Metadata(author="Jo Reed, Max Blum", authors=("Jo Reed", "Max Blum"))
    assert expected == read_fields(given, strict=True)
    other = read_fields({**given, "author": "Jo Reed"}, strict=False)
    assert (other.author, other.extra) == ("Jo Reed", {"authors": ["Jo Reed", "Max Blum"]})


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("Ana Berg and Bo Ek", ("Ana Berg", "Bo Ek")),
        ("Ana Berg; Bo Ek", ("Ana Berg", "Bo Ek")),
        ("Ana Berg, Max Blum und Bo Ek", ("Ana Berg", "Max Blum", "Bo Ek")),
        ("Berg, Ana; Ek, Bo", ("Berg, Ana", "Ek, Bo")),
        ("Berg, Ana and Ek, Bo", ("Berg, Ana", "Ek, Bo")),
        ("Ana Berg, Jr. and Bo Ek", ("Ana Berg, Jr.", "Bo Ek")),
        *(
            (name, (name,))
            for name in (
                "Berg, Ana",
                "Ana Berg, Chief Economist",
                "Marks and Spencer",
                "Ministry of Justice and Public Security",
                "Bundesministerium für Bildung und Forschung",
                "Department for Environment, Food and Rural Affairs",
            )
        ),
    ],
)
def test_one_string_may_name_several_authors(stated, authors):
    assert read_fields({"author": stated}, strict=True).authors == authors
