"""Footnotes to take away: on every page that shows words, and followed in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.types import Article
from tests.web.conftest import ARABIC

FORMATS = ["Plain text", "Markdown", "HTML", "BibTeX", "RIS", "CSL-JSON", "Web annotation"]
PLACES = (
    "/?q=Who+guides+ships+through+the+narrow+channel%3F",
    "/related?text=The+pilot+boards+at+dawn",
    "/check?quote=The+pilot+boards+at+dawn",
    "/articles/pilots?start=0&end=56",
)
Open = Callable[..., Any]


@pytest.mark.parametrize("path", PLACES)
def test_words_are_cited_in_every_format_where_they_are_shown(
    client: TestClient, path: str
) -> None:
    page = html.fromstring(client.get(path).text)

    places = page.xpath("//aside") or page.xpath("//details[@class='cite']")
    for found in places:
        labels = found.xpath(".//textarea/@aria-label")
        assert [label.partition(",")[0] for label in labels[1:]] == FORMATS[1:]
    first = places[0]
    plain, *_, annotation = (text.strip() for text in first.xpath(".//textarea/text()"))
    assert plain == (
        "Ana Marin, “Harbour pilots”, The Harbour Gazette, 2024-05-02, p. 1, "
        "https://example.org/pilots?a=1&b=2"
    )
    assert '"type": "TextQuoteSelector"' in annotation
    original, here = first.xpath(".//p/a/@href")
    assert original.startswith("https://example.org/pilots?a=1&b=2")
    assert here.startswith("http://127.0.0.1/articles/pilots?start=")


def test_every_answer_and_passage_has_a_footnote_of_its_own(client: TestClient) -> None:
    page = html.fromstring(client.get(PLACES[0]).text)
    passages = page.xpath("//ol[@class='passages']/li")

    assert [len(one.xpath(".//details[@class='cite']")) for one in passages] == [1] * len(passages)
    assert len(page.xpath("//section[@class='answer']/details[@class='cite']")) == 1
    names = [" ".join(s.split()) for s in page.xpath("//details[@class='cite']/summary//text()")]
    assert len(set(names) - {"Cite"}) == len(passages) + 1


def test_the_words_of_a_right_to_left_source_are_isolated_to_be_copied(
    client: TestClient,
) -> None:
    end = ARABIC.index(".") + 1
    page = html.fromstring(client.get(f"/articles/arabic?start=0&end={end}").text)

    assert page.xpath("//aside//textarea/text()")[0].strip() == (
        "\u2068“ميناء المدينة”\u2069, \u20682023-05\u2069, \u2068para. 1\u2069"
    )


def test_readers_are_told_paragraphs_and_not_characters(client: TestClient) -> None:
    page = html.fromstring(client.get("/?q=High+tide+7+came+at+noon").text)

    told = page.xpath("//ol[@class='passages']/li/p[@class='details']")[0].text_content()
    assert "paragraph" in told
    shown = page.xpath("//main//text()[not(ancestor::details)]")
    assert not any(word in "".join(shown) for word in ("characters", "encoder", "generation"))


# --- in a browser ---


@pytest.mark.browser
def test_a_footnote_is_copied_with_one_click(visit: Open) -> None:
    page = visit(PLACES[0], permissions=["clipboard-read", "clipboard-write"])

    page.click("#passage-1 .cite > summary")
    page.click("#passage-1 .cite summary >> text=BibTeX")
    page.click("#passage-1 .cite details[open] .copy")
    page.wait_for_selector("#passage-1 .copy >> text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{pilots,\n  author = {{Ana Marin}},\n")


@pytest.mark.browser
def test_without_script_the_footnote_is_there_to_be_marked(visit: Open) -> None:
    page = visit(PLACES[0], java_script_enabled=False)

    page.click(".answer .cite > summary")
    page.click(".answer .cite summary >> text=RIS")
    assert page.input_value(".answer .cite details[open] textarea").startswith("TY  - ELEC\n")
    assert page.locator(".copy").count() == 0


ORIGINAL = """<!DOCTYPE html><html lang="en"><head><title>Dam</title></head><body>
<h1>The dam held</h1>{filler}
<p>It rained for days. The dam held.</p>{filler}
<p id="second">It snowed, too - well-known &amp; long. The dam held.</p>{filler}
<p id="long">The first of many words stand here, and go on.</p>
<p>More of them.</p><p id="end">And these are the last words of all.</p>{filler}
</body></html>""".format(filler="<p>Nothing of note.</p>" * 40)
TEXT = (
    "It rained for days. The dam held.\n\nIt snowed, too - well-known & long. The dam held.\n\n"
    "The first of many words stand here, and go on.\n\nMore of them.\n\n"
    "And these are the last words of all."
)
SEEN = """
(id) => {
  const box = document.getElementById(id).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}
"""


@pytest.fixture
def original() -> Iterator[str]:
    """The address of the page that the article is from."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(ORIGINAL.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/dam"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "nth", "seen"),
    [
        ("The dam held.", 1, "second"),
        ("well-known & long", 0, "second"),
        (TEXT[TEXT.index("The first") :], 0, "long"),
        ("the last words of all", 0, "end"),
    ],
)
def test_the_link_to_the_original_scrolls_to_the_words(
    browser: Any,
    original: str,
    client_of: Callable[[Iterable[Article]], TestClient],
    words: str,
    nth: int,
    seen: str,
) -> None:
    client = client_of([Article(id="dam", title="The dam held", text=TEXT, url=original)])
    start = [at for at in range(len(TEXT)) if TEXT.startswith(words, at)][nth]
    query = urlencode({"start": start, "end": start + len(words)})
    link = client.get(f"/v1/articles/dam/citation?{query}", headers={"Accept": "*/*"}).json()

    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(link["original"])
    page.wait_for_function(SEEN, arg=seen)
    assert page.evaluate("scrollY") > 300
    context.close()
