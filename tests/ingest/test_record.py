import pytest

from qa.errors import InvalidInput, TooLarge
from qa.ingest import Limits, id_from_url, read_record
from qa.ingest.slugs import digest

PAGE = """<html lang="en"><head><title>Its title</title><meta name="author" content="Its author">
<link rel="canonical" href="https://x.org/a"></head><body><p>The pilot boards at dawn.</p></html>"""


def test_an_article_is_taken_at_its_word():
    text = "Foto: X\r\nThe pilot boards. Read more:\n\n0 comments"
    found = read_record({"id": "p", "title": "T", "text": text, "section": "World"}, origin="o")

    assert text.replace("\r", "") == found.article.text
    assert (
        found.article.id,
        found.article.title,
        found.article.extra,
    ) == ("p", "T", {"section": "World"})
    assert (text.encode(), "text/plain", "utf-8") == (found.raw, found.media_type, found.encoding)
    assert (found.removed, found.notes, found.origin) == ((), (), "o")


def test_no_metadata_is_read_out_of_a_text():
    article = read_record({"text": "A headline\nSource: Tanjug\nBody."}).article

    assert (article.title, article.publisher) == (None, None)


def test_html_is_read_and_what_is_given_wins():
    found = read_record({"html": PAGE, "title": "Given"})
    article = found.article

    assert (article.title, article.author, article.language) == ("Given", "Its author", "en")
    assert ("The pilot boards at dawn.", id_from_url("https://x.org/a")) == (
        article.text,
        article.id,
    )
    assert (PAGE.encode(), "text/html") == (found.raw, found.media_type)


def test_of_text_and_html_the_text_is_used_and_that_is_said():
    found = read_record({"text": "A text", "html": PAGE})

    assert found.article.text == "A text"
    assert found.notes == ('"html" was not used, since there is a "text"',)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"id": 7, "url": "https://x.org"}, "7"),
        ({"_id": "b"}, "b"),
        ({"url": "https://x.org"}, id_from_url("https://x.org")),
        ({}, "stem"),
    ],
)
def test_an_id_is_given_or_made_from_the_url_or_the_default(record, expected):
    assert expected == read_record({"text": "x", **record}, default_id="stem").article.id


def test_an_id_is_at_last_made_from_the_canonical_text():
    assert f"a-{digest('x', 12)}" == read_record({"text": " x\r\n"}).article.id


@pytest.mark.parametrize(
    ("record", "code", "message"),
    [
        ({}, "missing_text", '"text" or "html" is missing'),
        ({"text": "", "html": None}, "missing_text", '"text" or "html" is missing'),
        ({"text": 5}, "invalid_field", '"text": expected a string, got int'),
        ({"html": ["x"]}, "invalid_field", '"html": expected a string, got list'),
        ({"text": " \n"}, "empty", "no text in it"),
        ({"html": "<p></p>"}, "empty", "no text in it"),
        ({"text": "x", "id": "a b"}, "invalid_id", "id 'a b' is not URL-safe"),
        ({"text": "x", "title": []}, "invalid_field", None),
        ({"text": "x", "title": {}}, "invalid_field", '"title": expected a string, got {}'),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_with_a_code(record, code, message):
    if message is None:  # an empty list is an empty value
        assert read_record(record).article.title is None
        return
    with pytest.raises(InvalidInput) as info:
        read_record(record)

    assert code == info.value.code
    assert info.value.message.startswith(message)


@pytest.mark.parametrize("record", [[], "text", None, 5])
def test_only_an_object_is_a_record(record):
    with pytest.raises(InvalidInput, match="expected an object with a text"):
        read_record(record)


def test_a_text_over_the_limit_is_refused_naming_both():
    with pytest.raises(
        TooLarge, match=r"^the article has 12 bytes; the limit is 11 bytes$"
    ) as info:
        read_record({"text": "đđđđđđ"}, limits=Limits(article_bytes=11))

    assert info.value.code == "too_large"


def test_lone_surrogates_do_no_harm():
    found = read_record({"text": "a\ud800b", "title": "c\udfff", "k\ud800": ["\ud800"]})

    assert (found.article.text, found.article.title) == ("a\ufffdb", "c\ufffd")
    assert found.article.extra == {"k\ufffd": ["\ufffd"]}
    assert found.raw == b"a?b"
