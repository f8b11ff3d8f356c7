"""Footnotes in a real browser: copied, and followed to the words of the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from qa.types import Article

pytestmark = pytest.mark.browser

ANSWER = "/?q=Who+guides+ships+through+the+narrow+channel%3F"
Open = Callable[..., Any]


def test_a_footnote_is_copied_with_one_click(visit: Open) -> None:
    page = visit(ANSWER, permissions=["clipboard-read", "clipboard-write"])

    page.click("#passage-1 .cite > summary")
    page.click("#passage-1 .cite summary >> text=BibTeX")
    page.click("#passage-1 .cite details[open] .copy")
    page.wait_for_selector("#passage-1 .copy >> text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{pilots,\n  author = {{Ana Marin}},\n")


def test_without_script_the_footnote_is_there_to_be_marked(visit: Open) -> None:
    page = visit(ANSWER, java_script_enabled=False)

    page.click(".answer .cite > summary")
    page.click(".answer .cite summary >> text=RIS")
    assert page.input_value(".answer .cite details[open] textarea").startswith("TY  - ELEC\n")
    assert page.locator(".copy").count() == 0


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
