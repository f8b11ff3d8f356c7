"""Every page by axe-core: light and dark, wide and narrow, with all that folds unfolded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from qa import Corpus
from qa.api import create_app
from qa.settings import Settings
from tests.web.conftest import ARTICLES, document_of, follow
from tests.web.test_look import DRAFT

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 740}
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
QUESTION = "/?q=Who+guides+ships+through+the+narrow+channel%3F"
EMPTY = ("/", "/articles", "/add", "/jobs", "/check", "/related", f"{QUESTION}&top_k=1")
FULL = (
    *("/", QUESTION, f"{QUESTION}&publisher=Evening+Wire&sort=published&top_k=1&offset=1"),
    "/?q=What+is+said+of+a+%22pilot+ship%22+and+%22the+port%22+since+2020+-crane&top_k=2",
    *("/?q=Who+bakes+bread%3F", "/?q=-crane", "/?q=tide&published_from=May"),
    *("/articles", "/articles?q=pilot&publisher=Evening+Wire", "/articles?published_from=May"),
    *("/articles/pilots", "/articles/evil?start=10&end=60#cited", "/articles/arabic?start=0&end=9"),
    *("/related?text=lighthouse", f"/related?text={'ship+' * 300}", "/add", "/jobs", "/docs"),
    *("/check?quote=In+2019+the+port+handled+1%2C402+ships", "/check?quote=so+what&article=pilots"),
    "/check?quote=A+harbour+pilot+guides+ships&passage_id=pilots.00000000.0-9",
    *("/correct?id=pilots", "/correct?id=pilots&id=wire", "/remove?id=pilots&id=nope"),
    *("/nowhere", "/articles/nope", "/jobs/nope"),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with Corpus.open(tmp_path / "data", model="hash") as corpus:
        yield corpus


@pytest.fixture
def app(corpus: Corpus) -> FastAPI:
    return create_app(Settings(data=corpus.folder, api_keys=[], _env_file=None), corpus)


@pytest.fixture
def page(browser: Any, app: FastAPI, port_of: Callable[..., int]) -> Iterator[Any]:
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{port_of(app)}", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def axe() -> str:
    found = pytest.importorskip("axe_playwright_python", reason="axe-core: `make dev` installs it")
    return Path(found.__file__).with_name("axe.min.js").read_text("utf-8")


def test_whoever_sees_or_hears_the_pages_differently_can_use_them_empty(
    page: Any, axe: str
) -> None:
    assert list(found_on(page, axe, EMPTY)) == []


@pytest.mark.parametrize("part", [0, 1, 2])
def test_whoever_sees_or_hears_the_pages_differently_can_use_them(
    page: Any, corpus: Corpus, axe: str, part: int
) -> None:
    list(corpus.add(document_of(article) for article in ARTICLES))
    assert list(found_on(page, axe, FULL[part::3])) == []


def test_and_what_they_lead_to(page: Any, corpus: Corpus, axe: str, tmp_path: Path) -> None:
    list(corpus.add(document_of(article) for article in ARTICLES))
    broken = [*added(page, axe), *checked(page, axe, tmp_path)]
    assert [*broken, *corrected_and_removed(page, axe)] == []


def test_whoever_has_no_key_can_use_what_says_so(
    browser: Any, corpus: Corpus, port_of: Callable[..., int], axe: str
) -> None:
    keys: Any = ["a-key-that-is-long-enough"]
    locked = create_app(Settings(data=corpus.folder, api_keys=keys, _env_file=None), corpus)
    page = browser.new_page(base_url=f"http://127.0.0.1:{port_of(locked)}")

    def unasked(route: Any) -> None:
        """As it is shown to who gives none: without asking the browser for one."""
        answer = route.fetch()
        route.fulfill(response=answer, headers={"content-type": answer.headers["content-type"]})

    page.route("**/*", unasked)
    assert list(found_on(page, axe, ["/"])) == []
    assert page.inner_text("h1") == "A key is needed"
    page.close()


def test_what_breaks_a_rule_is_seen(page: Any, axe: str) -> None:
    page.goto("about:blank")
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src=''></main>")
    assert [one.split(": ")[1] for one in violations(page, axe)] == ["image-alt"] * 2


def added(page: Any, axe: str) -> Iterator[str]:
    """The job that refuses a file, and the page on which it is added."""
    page.goto("/add")
    page.set_input_files("#files", [_file("a.bin", b"\0\1"), _file("b.txt", b"A note of ours.")])
    follow(page, "text=Add the files")
    page.wait_for_selector("text=Done.")
    yield from violations(page, axe)
    yield from found_on(page, axe, ["/jobs"])


def checked(page: Any, axe: str, folder: Path) -> Iterator[str]:
    """A draft with its cards, and the report of it that is handed over."""
    page.goto("/check")
    page.fill("#text", DRAFT)
    follow(page, "text=Check the draft")
    page.wait_for_selector("#q6")
    yield from violations(page, axe)
    with page.expect_download() as report:
        page.click("button:has-text('Report (HTML)')")
    report.value.save_as(folder / "report.html")
    yield from found_on(page, axe, [(folder / "report.html").as_uri()])


def corrected_and_removed(page: Any, axe: str) -> Iterator[str]:
    page.goto("/correct?id=wire")
    page.fill("#new-published", "no day")
    follow(page, "button:has-text('Correct it')")
    yield from violations(page, axe)
    page.goto("/correct?id=pilots&id=wire")
    page.fill("#new-publisher", "Kustbladet")
    follow(page, "button:has-text('Correct')")
    yield from violations(page, axe)
    page.goto("/remove?id=wire")
    follow(page, "button.grave")
    yield from violations(page, axe)


def found_on(page: Any, axe: str, paths: Any) -> Iterator[str]:
    for path in paths:
        page.goto(path)
        yield from violations(page, axe)


def violations(page: Any, axe: str) -> Iterator[str]:
    """What breaks a rule, in each look; in the dark only colours can be others."""
    where = page.url.partition("/")[2].lstrip("/")
    page.evaluate(axe)
    page.evaluate(UNFOLD)
    for scheme in ("light", "dark"):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            look = f"{where}, {scheme}, {size['width']}"
            if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                yield f"{look}: it scrolls sideways"
            rules = RULES if scheme == "light" else {"type": "rule", "values": ["color-contrast"]}
            found = page.evaluate("(rules) => axe.run({runOnly: rules})", rules)
            for one in found["violations"]:
                yield f"{look}: {one['id']}: {one['nodes'][0]['html'][:200]}"


def _file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}
