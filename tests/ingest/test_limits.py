"""Every field of an article is bounded, by refusal where its sender can mend it."""

import json

import pytest

from qa.errors import InvalidInput
from qa.ingest import read_record, read_stream
from qa.ingest.limits import EXTRA_BYTES, bounded
from qa.ingest.stated.fields import Metadata

FULL = "x" * (EXTRA_BYTES - len('{"k": ""}'))
ALLOWED = {
    "title": "t" * 1000,
    "author": ["a" * 499, "b" * 499],  # with a comma and a space between
    "publisher": "p" * 500,
    "url": "https://" + "u" * 1992,
    "tags": [f"{n:0100}" for n in range(100)],
}
REFUSED = {
    "title": ({"title": "é" * 1001}, '"title" has 1,001 characters; the limit is 1,000'),
    "author": ({"author": "a" * 10**6}, '"author" has 1,000,000 characters; the limit is 1,000'),
    "authors": ({"author": ["a" * 500] * 2}, '"author" has 1,002 characters; the limit is 1,000'),
    "publisher": ({"publisher": "p" * 501}, '"publisher" has 501 characters; the limit is 500'),
    "url": ({"url": "u" * 2001}, '"url" has 2,001 characters; the limit is 2,000'),
    "tag": ({"tags": ["a", "b" * 101]}, "a tag has 101 characters; the limit is 100"),
    "tags": ({"tags": [str(n) for n in range(101)]}, "there are 101 tags; the limit is 100"),
    "key": ({"k" * 201: 1}, 'a key of "extra" has 201 characters; the limit is 200'),
    "keys": ({str(n): n for n in range(101)}, '"extra" has 101 keys; the limit is 100'),
    "more keys": (
        {"extra": {str(n): n for n in range(60)}, **{f"b{n}": n for n in range(60)}},
        '"extra" has 120 keys; the limit is 100',
    ),
    "bytes": ({"k": f"{FULL}x"}, '"extra" has 65,537 bytes; the limit is 65,536'),
    "nested": (
        {"extra": {"k": {str(n): None for n in range(10**5)}}},
        '"extra" has 1,488,897 bytes; the limit is 65,536',
    ),
}


@pytest.mark.parametrize("fields", [*({k: v} for k, v in ALLOWED.items()), ALLOWED, {"k": FULL}])
def test_what_is_at_the_limit_is_kept_as_it_is(fields):
    found = read_record({"text": "The tide.", **fields})

    assert found.notes == ()
    assert len(found.article.tags) == len(fields.get("tags", ()))
    assert found.article.extra == {k: v for k, v in fields.items() if k == "k"}


@pytest.mark.parametrize(("fields", "message"), REFUSED.values(), ids=REFUSED)
def test_a_record_beyond_a_limit_is_refused_with_field_limit_and_size(fields, message):
    with pytest.raises(InvalidInput) as error:
        read_record({"text": "The tide.", **fields})
    assert (error.value.code, error.value.message) == ("invalid_field", message)


def test_what_a_page_states_beyond_the_limits_is_left_out_with_notes():
    page = (
        f"<title>{'t' * 1500}</title><meta name=author content={'a' * 1001}>"
        f'<meta property=og:site_name content="{"p" * 501}">'
        f'<meta name=keywords content="{",".join(map(str, range(150)))},{"x" * 101}">'
        f'<link rel=canonical href="https://{"u" * 2000}"><p>The tide turns at noon.'
    )
    [found] = read_stream(page.encode(), "page.html")
    article = found.article

    assert (article.text, article.title) == ("The tide turns at noon.", "t" * 1000)
    assert (article.author, article.publisher, article.url) == (None, None, None)
    assert article.tags == tuple(map(str, range(100)))
    assert found.notes == (
        '"title" has 1,500 characters; the limit is 1,000; it was cut',
        '"author" has 1,001 characters; the limit is 1,000; it was left out',
        '"publisher" has 501 characters; the limit is 500; it was left out',
        '"url" has 2,008 characters; the limit is 2,000; it was left out',
        "a tag has 101 characters; the limit is 100; what is beyond was left out",
        "there are 151 tags; the limit is 100; what is beyond was left out",
    )
    record = read_record({"html": page, "author": "Ana"})
    assert (record.article.author, record.article.tags) == ("Ana", article.tags)


def test_front_matter_beyond_the_limits_is_left_out_with_notes():
    front = {
        "title": "Tides",
        **{f"k{n}": n for n in range(100)},
        "z" * 201: 1,
        "y": 1,
    }
    [found] = read_stream(f"---\n{json.dumps(front)}\n---\nThe tide.".encode(), "a.md")

    assert found.article.title == "Tides"
    assert found.article.extra == {f"k{n}": n for n in range(100)}
    assert found.notes == (
        'a key of "extra" has 201 characters; the limit is 200; what is beyond was left out',
        '"extra" has 102 keys; the limit is 100; what is beyond was left out',
    )


def test_extra_is_filled_up_to_its_last_byte():
    meta = Metadata(extra={"k": FULL[:-8], "l": 1, "m": 1})  # ', "l": 1' are eight

    assert bounded(meta).extra == {"k": FULL[:-8], "l": 1}
    assert len(json.dumps(dict(bounded(meta).extra))) == EXTRA_BYTES
    assert bounded(bounded(meta)) == bounded(meta)
