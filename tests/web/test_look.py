"""How the pages look in a real browser: narrow, light, dark, and whether all can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
PHONE = {"width": 360, "height": 740}
PAGES = [
    "/",
    "/?q=Who+guides+ships+through+the+narrow+channel%3F",
    "/articles",
    "/articles/evil?start=10&end=60#cited",
    "/related?text=lighthouse",
    "/check?quote=In+2019+the+port+handled+1%2C402+ships",
    "/docs",
]


def test_a_phone_never_scrolls_sideways(visit: Open) -> None:
    page = visit("/", viewport=PHONE)
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


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


# The text of every element against the nearest painted ground below it, as WCAG 2 counts.
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
  return [...document.querySelectorAll("body *")].filter(has_text).flatMap((node) => {
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [`${node.outerHTML.slice(0, 80)}: ${ratio.toFixed(2)}`] : [];
  });
}
"""
