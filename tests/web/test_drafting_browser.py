"""A draft that is worked through in a real browser, with JavaScript and without."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import follow

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
DRAFT = (
    "She wrote “In 2019 the port handled 1,402 ships”. He: “A crane lifts crates at the dock”.\n\n"
    "“Nobody of anywhere said this to them”."
)


def check(page: Any, text: str = DRAFT) -> None:
    page.fill("#text", text)
    follow(page, "button:has-text('Check the draft')")
    page.wait_for_selector("#q1")


def shown(page: Any) -> list[str]:
    return [one.get_attribute("id") for one in page.locator(".card").all() if one.is_visible()]


def saved(page: Any, button: str) -> tuple[str, str]:
    """The name and the text of the file that a button gives."""
    with page.expect_download() as found:
        page.click(f"button:has-text('{button}')")
    return found.value.suggested_filename, Path(found.value.path()).read_text("utf-8")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_draft_is_worked_through_to_the_end(visit: Open, tmp_path: Path, scripts: bool) -> None:
    page = visit("/check", java_script_enabled=scripts)
    check(page)
    assert shown(page) == ["q1", "q2", "q3"]

    page.check("#q1 .tick")
    page.click("#q1 summary:has-text('Note')")
    page.fill("#note-1", "It is 1,204; I called.")
    page.select_option("#rating-1", "false")
    page.check("#show-to-do")
    assert shown(page) == ["q2", "q3"]
    page.check("#show-not-found")
    assert shown(page) == ["q3"]
    page.check("#show-all")

    page.fill("#reviewer", "Ana Lind")
    name, report = saved(page, "Report (HTML)")
    assert name == "your-draft-checked.html"
    assert "It is 1,204; I called." in report
    assert "- [x] ticked off" in saved(page, "Markdown")[1]
    [first, *_] = csv.DictReader(io.StringIO(saved(page, "Table (CSV)")[1].removeprefix("\ufeff")))
    assert (first["verdict"], first["ticked_off"]) == ("Altered", "yes")
    [review] = json.loads(saved(page, "ClaimReview")[1])["@graph"]
    assert review["reviewBody"] == "It is 1,204; I called."

    check(page, DRAFT.replace("Nobody of anywhere", "Somebody of somewhere"))
    assert "2 of 3 have not changed since the last check; 1 were checked now." in page.inner_text(
        "main"
    )
    assert page.is_checked("#q1 .tick")
    assert page.input_value("#note-1") == "It is 1,204; I called."

    (tmp_path / "report.html").write_text(report, "utf-8")
    page.goto("/check")
    page.click("summary:has-text('Go on from an earlier report')")
    page.set_input_files("#report", tmp_path / "report.html")
    check(page)
    assert page.is_checked("#q1 .tick")


def test_the_enter_key_saves_no_report(visit: Open) -> None:
    page = visit("/check")
    check(page)
    page.fill("#reviewer", "Ana Lind")
    with page.expect_navigation():
        page.press("#reviewer", "Enter")
    assert page.input_value("#reviewer") == "Ana Lind"
    page.click("summary:has-text('What it is held against')")
    page.fill("#find", "harbour")
    with page.expect_navigation():
        page.press("#find", "Enter")
    assert page.inner_text(".chosen") == "Harbour pilots"


def test_a_report_can_be_opened_and_printed_from_a_folder(visit: Open, tmp_path: Path) -> None:
    page = visit("/check")
    check(page)
    (tmp_path / "report.html").write_text(saved(page, "Report (HTML)")[1], "utf-8")
    page.goto((tmp_path / "report.html").as_uri())
    assert page.inner_text("h1") == "Checked: your draft"
    page.click("a[href='#q2']")
    assert page.url.endswith("#q2")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_articles_and_sources_of_ones_own_are_chosen_by_keyboard(
    visit: Open, tmp_path: Path
) -> None:
    (tmp_path / "minutes.txt").write_text("The bridge is no longer safe to cross.", "utf-8")
    page = visit("/check", viewport={"width": 320, "height": 700})
    page.fill("#text", "“A crane lifts crates at the dock”, “the bridge is no longer safe”")
    page.focus("summary:has-text('What it is held against')")
    page.keyboard.press("Enter")
    page.set_input_files("#sources", tmp_path / "minutes.txt")
    page.fill("#find", "pilots harbour")
    page.focus("button:has-text('Find')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chosen input[name=article]")
    page.focus(".chosen input[name=article]")
    page.keyboard.press("Space")
    follow(page, "button:has-text('Check the draft')")
    page.wait_for_selector("#q2")
    assert "Not found." in page.inner_text("#q1 .verdict")
    assert "Same words." in page.inner_text("#q2 .verdict")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
