import time

import pytest

from qa.errors import InvalidInput, TooLarge
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.web.html import declared_charset, read, read_page
from qa.types import Document, Removed

STORY = """<!doctype html><html lang="en-GB"><head><meta charset="{charset}">
<title>Harbour | Port News</title>
<script>var x = "<p>not a text</p>";</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<article><h1>The pilot of Čačak</h1>
<p>The pilot boards at dawn and guides the ship into the harbour. It takes an hour &amp; more.</p>
<p>Foto: Port News</p>
<p>Nobody else knows <b>the sand</b>banks so well, says the harbour master of the town.</p>
<table><tr><td>Ships</td><td>12</td></tr><tr><td>Pilots</td><td>3</td></tr></table>
<ul><li>The tide turns twice a day in this harbour.</li></ul></article>
<div class="comments" id="comments"><p>What a story, I have never read a better one!</p></div>
<footer><p>Copyright Port News</p></footer></body></html>"""


def page(data: str | bytes) -> Document:
    return read(Blob(data.encode() if isinstance(data, str) else data, Limits(), "stem"))


def test_the_main_text_is_taken_out_of_the_page():
    document = page(STORY.format(charset="utf-8"))

    assert "\n".join(line.rstrip() for line in document.article.text.split("\n")) == (
        "The pilot of Čačak\n"
        "The pilot boards at dawn and guides the ship into the harbour. It takes an hour & more.\n"
        "Nobody else knows the sandbanks so well, says the harbour master of the town.\n"
        "Ships\t12\n"
        "Pilots\t3\n"
        "The tide turns twice a day in this harbour."
    )
    assert (Removed("caption", "Foto: Port News"),) == document.removed
    assert (document.article.title, document.article.language) == ("Harbour | Port News", "en")
    assert (document.media_type, document.encoding) == ("text/html", "utf-8")


def test_the_encoding_that_the_page_declares_is_used():
    document = page(STORY.format(charset="windows-1250").encode("cp1250"))

    assert document.encoding == "cp1250"
    assert "The pilot of Čačak\n" in document.article.text


def test_a_page_that_declares_nothing_is_decoded_by_its_letters():
    document = page("<p>Vučić i Dačić su u šumi, kaže žena.</p>".encode("cp1250"))

    assert (document.encoding, document.notes) == ("cp1250", ("not UTF-8; read as cp1250",))
    assert document.article.text == "Vučić i Dačić su u šumi, kaže žena."


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello", "Hello"),
        ("just a text", "just a text"),
        ("<p>One <b>bo</b>ld</p><div>Two</div>", "One bold\nTwo"),
        (
            "<?xml version='1.0' encoding='utf-16'?><html><body><p>A ship.</p></body></html>",
            "A ship.",
        ),
        ("<p>a\0b</p>", "a b"),
    ],
)
def test_small_and_careless_pages_have_a_text(markup, text):
    assert text == read_page(markup).text


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<!-- nothing -->",
        "<html><body></body></html>",
        "<script>alert(1)</script>",
        "<img src=x>",
    ],
)
def test_a_page_without_a_text_is_empty(markup):
    with pytest.raises(InvalidInput, match="no text") as info:
        page(markup)

    assert info.value.code == "empty"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep" + "</div>" * 100_000,
        "<b>" * 20_000 + "deep",
        "<table><tr><td>" * 3_000 + "deep",
        "<ul><li>" * 3_000 + "deep",
        "<p><div><span" * 50_000,
        "<p " + "a='b' " * 100_000 + ">x",
        "<" * 100_000,
        "&#x110000;&#0;&#xD800;&bogus;" * 10_000,
        "<!--" * 50_000,
        "<script>" + "x" * 100_000,
        "<meta charset=" + "x" * 100_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x</p>",
        "<p>" + "&amp;" * 100_000,
    ],
)
def test_hostile_pages_neither_raise_nor_hang(markup):
    began = time.perf_counter()

    read_page(markup)

    assert time.perf_counter() - began < 5


def test_a_text_of_one_long_paragraph_is_read_whole():
    assert read_page(f"<p>{'word ' * 300_000}</p>").text == "word " * 299_999 + "word"


def test_a_page_whose_text_is_over_the_limit_is_refused():
    with pytest.raises(TooLarge, match=r"^the text has 3,999 bytes; the limit is 1,000 bytes$"):
        read(Blob(f"<p>{'abc ' * 1000}</p>".encode(), Limits(article_bytes=1000)))


def test_a_short_article_is_taken_out_of_its_page_without_breaking_its_lines():
    markup = "<nav><a href='/'>Home</a></nav><p>One <b>bo</b>ld pilot boards.</p><p>Two leave.</p>"

    assert read_page(markup).text == "One bold pilot boards.\nTwo leave."


def test_an_article_that_only_its_json_ld_holds_is_read():
    body = "The pilot boards at dawn. " * 20
    block = f'{{"@type": "NewsArticle", "articleBody": "{body}"}}'
    markup = f'<script type="application/ld+json">{block}</script><div>Loading</div>'

    assert read_page(f"<html><body>{markup}</body></html>").text == body.strip()


def test_of_a_very_large_page_all_the_text_is_taken_and_that_is_said():
    page = read_page("<nav>Home</nav>" + "<div><p>A line.</p></div>" * 30_000)

    assert page.text == "Home" + "\nA line." * 30_000
    note = "all text of the page was taken, menus included: it has 60,003 elements"
    assert page.meta.notes == (note,)


@pytest.mark.parametrize("depth", [200, 300, 2_000])
def test_what_follows_deep_nesting_is_not_lost(depth):
    page = read_page(f"<p>Before.</p>{'<div>' * depth}Deep.{'</div>' * depth}<p>After.</p>")

    assert page.text == "Before.\nDeep.\nAfter."
    note = "all text of the page was taken, menus included: it is nested more than 256 deep"
    assert page.meta.notes == ((note,) if depth > 256 else ())


def test_what_is_lost_beyond_the_deepest_nesting_is_said():
    page = read_page("<p>Before.</p>" + "<div>" * 3_000 + "Deep.")

    assert page.text == "Before."
    note = "the page is nested more than 2,048 deep; from there on its text is missing"
    assert page.meta.notes[1:] == (note,)


ISO = "<p>Šef države je rekao da će žene čekati, a ćuti.</p>" * 9


@pytest.mark.parametrize(
    "head",
    [
        '<script charset="utf-8" src="a.js"></script><meta charset="iso-8859-2">',
        '<link charset="utf-8"><META HTTP-EQUIV=content-type content="CHARSET=iso-8859-2">',
        '<!-- <meta charset="utf-8"> --><meta charset="iso-8859-2">',
        '<script>"<meta charset=utf-8>"</script><meta charset="iso-8859-2">',
        f'<style>{"a{b:c}" * 9000}</style><meta charset="iso-8859-2">',
    ],
)
def test_only_a_meta_says_what_the_page_is_in_wherever_it_stands(head):
    data = f"<html><head>{head}</head><body>{ISO}</body></html>".encode("iso8859_2")

    assert declared_charset(data) == "iso-8859-2"


def test_a_nul_in_a_page_is_dropped_as_browsers_do():
    data = f"<html><body>{ISO}</body></html>".encode().replace(b"rekao", b"re\0kao")

    assert "je rekao da" in read(Blob(data, Limits())).article.text
