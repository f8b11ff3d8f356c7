"""From an empty collection to one's own, in a real browser: with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from qa.api import create_app
from qa.settings import Settings
from tests.web.conftest import follow
from tests.web.test_drafting_browser import check, saved

pytestmark = pytest.mark.browser

FILES = {
    "ferry.txt": "The ferry to Hven leaves at noon. Nobody waits for it in winter.",
    "tram.md": "---\ntitle: A tram for Lund\nauthor: Bo Ek\nurl: {original}\n---\n"
    "The tram of Lund is late again.",
    "scan.bin": "\0\1\2",
}
FOLDER = {
    "talks/pilots.txt": "A pilot guides the ferry into the harbour at dawn.",
    "talks/more/budget.txt": "The budget of the harbour is 14 million.",
    "talks/README.md": "What is in here.",
}
# What a browser gives for a file and a folder that are dropped, but for the files on a disk.
DROP = """
async () => {
  const entry = (name, text) => ({
    isFile: true, name, file: (done) => done(new File([text], name)),
  });
  const folder = (name, inside) => ({
    isFile: false, name, createReader: () => {
      const parts = [inside, []];
      return { readEntries: (done) => done(parts.shift()) };
    },
  });
  const items = [entry("one.txt", "One stands alone."),
    folder("box", [entry("two.txt", "Two lies in a box."),
      folder("deep", [entry("three.txt", "Three lies deeper.")])])];
  const event = new Event("drop", { cancelable: true });
  event.dataTransfer = { items: items.map((one) => ({ webkitGetAsEntry: () => one })) };
  document.querySelector(".drop").dispatchEvent(event);
}
"""


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    """Over an empty collection of its own."""
    return create_app(Settings(data=tmp_path / "data", model="hash", api_keys=[], _env_file=None))


@pytest.fixture
def open_page(app: FastAPI, browser: Any, port_of: Callable[..., int]) -> Callable[..., Any]:
    port = port_of(app)

    def open_page(path: str, **options: Any) -> Any:
        address = f"http://127.0.0.1:{port}"
        context = browser.new_context(base_url=address, reduced_motion="reduce", **options)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(path)
        return page

    return open_page


def written(folder: Path, files: dict[str, str], original: str = "") -> list[Path]:
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{original}", original))
        paths.append(path)
    return paths


def titles(page: Any) -> list[str]:
    return page.locator("ul.articles li > a").all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_newcomer_goes_the_whole_way(
    open_page: Callable[..., Any], original: str, tmp_path: Path, scripts: bool
) -> None:
    files = written(tmp_path, FILES, original)
    written(tmp_path, FOLDER)
    clipboard = ["clipboard-read", "clipboard-write"]
    page = open_page("/", java_script_enabled=scripts, permissions=clipboard)
    page.set_input_files("#files", files)
    page.set_input_files("#folder", tmp_path / "talks")
    if scripts:
        assert page.inner_text(".chosen").startswith("6 files, 0 MB")
    added(page)
    asked(page)
    cited(page, scripts)
    found_and_corrected(page)
    narrowed_down_and_sorted(page)
    checked_and_handed_over(page)
    removed(page)


def added(page: Any) -> None:
    page.click("summary:has-text('What holds for all of them')")
    page.fill("#all-publisher", "Kustbladet")
    page.fill("#all-published", "March 2021")
    follow(page, "text=Add the files")
    page.wait_for_url("**/jobs/*")
    page.wait_for_selector("text=Done.")  # it goes on by itself
    said = page.inner_text("p[role=status]")
    assert said == "Done. 6 of 6 files or lines: 4 added, 1 not read, 1 passed over."
    assert "scan.bin" in page.inner_text(".refused")
    assert "talks/README.md" in page.inner_text(".refused")


def asked(page: Any) -> None:
    follow(page, "nav >> text=Ask")
    page.fill("#q", 'Which tram is said to be late "of Lund" again?')
    page.click("summary:has-text('Only from')")
    page.fill("#publisher", "kustbladet")
    follow(page, "button:has-text('Ask')")
    chips = page.locator(".chips a > span:first-child").all_inner_texts()
    assert chips == ["published by kustbladet", "“of Lund” first"]
    assert page.inner_text(".answer blockquote") == "The tram of Lund is late again.1"


def cited(page: Any, scripts: bool) -> None:
    """Its footnote is copied, or marked where there is no script, and followed to the original."""
    page.click(".answer .cite > summary")
    page.click(".answer .cite summary >> text=BibTeX")
    if scripts:
        page.click(".answer .cite details[open] .copy")
        page.wait_for_selector(".answer .copy >> text=Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
    else:
        copied = page.input_value(".answer .cite details[open] textarea")
    assert copied.startswith("@misc{tram,\n  author = {{Bo Ek}},\n  title = {{A tram for Lund}},")
    follow(page, ".answer .cite >> text=To the words in the original")
    assert page.title() == "Dam"
    until, height = time.monotonic() + 30, page.viewport_size["height"]
    while not 0 < page.locator("#tram").bounding_box()["y"] < height:
        assert time.monotonic() < until
    page.go_back()


def found_and_corrected(page: Any) -> None:
    follow(page, "nav >> text=Articles")
    assert titles(page) == ["A tram for Lund", "budget", "ferry", "pilots"]
    page.fill("#q", "ferry")
    follow(page, "button:has-text('Search')")
    assert titles(page) == ["ferry", "pilots"]
    page.check("input[value=pilots]")
    follow(page, "button:has-text('Correct')")
    page.fill("#new-author", "Ana Berg")
    page.fill("#new-published", "2 May 2022")
    follow(page, "button:has-text('Correct it')")
    assert page.inner_text(".byline") == "Ana Berg · Kustbladet · 2 May 2022"


def narrowed_down_and_sorted(page: Any) -> None:
    follow(page, "nav >> text=Articles")
    follow(page, "aside >> text=2021")
    assert titles(page) == ["A tram for Lund", "budget", "ferry"]
    follow(page, ".chips a")
    page.select_option("#sort", "-published")
    follow(page, "button:has-text('Search')")
    assert titles(page) == ["pilots", "budget", "ferry", "A tram for Lund"]
    follow(page, "aside >> text=Bo Ek")
    assert titles(page) == ["A tram for Lund"]


def checked_and_handed_over(page: Any) -> None:
    follow(page, "nav >> text=Check a quote")
    check(page, "“The ferry to Hven leaves at midnight”, and “the tram of Lund is late again”.")
    assert page.inner_text("#q1 .verdict").startswith("≠ Altered.")
    assert page.inner_text("#q2 .verdict").startswith("≈ Same words.")
    page.fill("#reviewer", "Ana Lind")
    name, report = saved(page, "Report (HTML)")
    assert name == "your-draft-checked.html"
    assert "midnight" in report
    assert saved(page, "Markdown")[0] == "your-draft-checked.md"


def removed(page: Any) -> None:
    follow(page, "nav >> text=Articles")
    page.check("input[value=ferry]")
    page.check("input[value=budget]")
    follow(page, "button:has-text('Remove')")
    assert page.inner_text("h1") == "Remove 2 articles?"
    follow(page, "button.grave")
    assert page.inner_text("h1") == "2 articles removed"
    follow(page, "text=All articles")
    assert titles(page) == ["A tram for Lund", "pilots"]


def test_a_long_addition_is_followed_to_its_end(
    open_page: Callable[..., Any], app: FastAPI
) -> None:
    page = open_page("/jobs")
    lines = "\n".join(f'{{"id": "n{n}", "text": "Note {n} of many."}}' for n in range(1500))
    headers = {"Content-Type": "application/x-ndjson"}
    job = page.request.post("/v1/articles", data=lines, headers=headers).json()
    page.goto(f"/jobs/{job['id']}")
    assert page.locator("progress").count() == 1
    page.wait_for_function("() => document.querySelector('progress')?.value > 0")
    page.wait_for_selector("text=Done.")
    assert page.inner_text("p[role=status]").startswith("Done. 1,500 of 1,500 files or lines")


def test_what_is_dropped_is_added_with_its_folders(
    open_page: Callable[..., Any], app: FastAPI
) -> None:
    page = open_page("/add")
    page.evaluate(DROP)
    page.wait_for_selector(".chosen:has-text('3 files')")
    follow(page, "text=Add the files")
    page.wait_for_url("**/jobs/*")
    page.wait_for_selector("text=Done.")
    found = app.state.service.corpus.files()
    assert sorted(origin for _, origin in found) == ["box/deep/three.txt", "box/two.txt", "one.txt"]


def test_more_than_may_be_sent_is_said_before_it_is_sent(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    large = tmp_path / "large.txt"
    large.write_text("x" * (11 * 1024 * 1024))
    page = open_page("/add")
    page.set_input_files("#files", large)
    assert page.inner_text(".chosen") == "1 file, 11 MB: too much at a time."


def test_the_rest_of_an_addition_is_cancelled(open_page: Callable[..., Any]) -> None:
    page = open_page("/jobs", java_script_enabled=False)
    lines = "\n".join(f'{{"id": "n{n}", "text": "Note {n} of many."}}' for n in range(6000))
    headers = {"Content-Type": "application/x-ndjson"}
    job = page.request.post("/v1/articles", data=lines, headers=headers).json()
    page.goto(f"/jobs/{job['id']}")
    follow(page, "text=Cancel the rest")
    assert page.inner_text("p[role=status]").startswith("Cancelled.")
