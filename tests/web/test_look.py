"""How the pages look in a real browser: narrow, light, dark, and whether all can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import follow

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
PHONE = {"width": 360, "height": 740}
PAGES = [
    "/",
    "/?q=Who+guides+ships+through+the+narrow+channel%3F",
    "/articles",
    "/articles/evil?start=10&end=60#cited",
    "/related?text=lighthouse",
    "/check?quote=In+2019+the+port+handled+1%2C402+ships&speaker=Ana+Marin",
    "/check?quote=A+harbour+pilot+guides+ships&passage_id=pilots.00000000.0-9",
    "/docs",
]
DRAFT = f"""“In 2019 the port handled 1,402 ships” [1]. “A crane lifts crates at the dock”,
“so what”, “nobody said this about {"x" * 200} anything”. The crane lifts 17 crates at the dock. [2]
They saw it at the dock last winter. [3]

[1]: /articles/pilots
[2]: /articles/crates
[3]: https://example.com/{"y" * 200}
"""


def check_draft(page: Any) -> None:
    page.goto("/check")
    page.fill("#text", DRAFT)
    follow(page, "#drafting > button")
    page.wait_for_selector("#q6")


def test_a_phone_never_scrolls_sideways(visit: Open) -> None:
    page = visit("/", viewport=PHONE)
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    check_draft(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    draft, cards = (page.locator(name).bounding_box() for name in (".words", ".cards"))
    assert draft["y"] + draft["height"] < cards["y"]


def test_on_a_wide_screen_a_draft_stands_beside_its_sources(visit: Open) -> None:
    page = visit("/", viewport={"width": 1280, "height": 800})
    check_draft(page)
    draft, cards = (page.locator(name).bounding_box() for name in (".words", ".cards"))
    assert draft["x"] + draft["width"] < cards["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_on_paper_a_draft_is_shown_in_full(visit: Open) -> None:
    page = visit("/", viewport={"width": 1280, "height": 300})
    check_draft(page)
    page.emulate_media(media="print")
    assert (
        page.evaluate(
            "(({scrollHeight, clientHeight}) => scrollHeight - clientHeight)"
            "(document.querySelector('.manuscript'))"
        )
        <= 0
    )
    assert not page.is_visible("form")


def test_a_paragraph_that_is_asked_leaves_the_answer_in_sight(visit: Open) -> None:
    page = visit(f"/?q={'Who+guides+ships+' * 100}", viewport=PHONE)
    assert page.locator("h1.asked").bounding_box()["height"] < 200
    assert page.locator(".page-note").bounding_box()["y"] < 740


def test_the_filters_of_a_draft_stand_on_one_line(visit: Open) -> None:
    page = visit("/", viewport={"width": 1280, "height": 800})
    check_draft(page)
    boxes = [one.bounding_box() for one in page.locator(".filter > *:visible").all()]
    middles = [box["y"] + box["height"] / 2 for box in boxes]
    assert max(middles) - min(middles) < 6


def test_dark_is_dark_and_light_is_light(visit: Open) -> None:
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    assert visit("/", color_scheme="light").evaluate(colour) == "rgb(252, 250, 245)"
    assert visit("/", color_scheme="dark").evaluate(colour) == "rgb(23, 21, 19)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(visit: Open, scheme: str) -> None:
    page = visit("/", color_scheme=scheme)
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(LOW_CONTRAST) == [], path
    check_draft(page)
    assert page.evaluate(LOW_CONTRAST) == []


def test_every_kind_of_mark_has_a_sign(visit: Open) -> None:
    page = visit("/")
    check_draft(page)
    shown = page.evaluate(
        "[...document.querySelectorAll('.quoted')].map((a) => [a.className.slice(7), "
        "getComputedStyle(a, '::after').content.slice(-4, -1).trim()[0]])"
    )
    assert {tuple(pair) for pair in shown} == {
        *(("warn", "≠"), ("good", "✓"), ("plain", "○")),
        *(("bad", "✕"), ("warn", "!"), ("plain", "–")),
    }


# The text of every element, and the sign behind it, against the nearest painted ground below it,
# as WCAG 2 counts.
LOW_CONTRAST = """
() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const has_text = (node) => [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const low = (node, part) => {
    const style = getComputedStyle(node, part);
    if (part && style.content === "none") return [];
    const [a, b] = [light(style.color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [`${node.outerHTML.slice(0, 80)}: ${ratio.toFixed(2)}`] : [];
  };
  const nodes = [...document.querySelectorAll("body *")].filter(has_text);
  return nodes.flatMap((node) => [...low(node, null), ...low(node, "::after")]);
}
"""
