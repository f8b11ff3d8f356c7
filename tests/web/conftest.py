"""A small corpus with everything that a page must get right, and the application over it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa import Corpus
from qa.api import create_app
from qa.api.protocol import Protocol
from qa.settings import Settings
from qa.types import Article, Document, Removed
from tests.conftest import ready

PILOTS = (
    "A harbour pilot guides ships through the narrow channel. The pilot boards at dawn.\n\n"
    "In 2019 the port handled 1,204 ships. “No ship,” she said, “enters without a pilot.”"
)
EVIL = (
    "The lighthouse keeper said </mark><img src=x onerror=alert(1)> twice. "
    f"He wrote {'x' * 400} in the log."
)
ARABIC = "يرشد المرشد السفن في الميناء عند الفجر.\n\nيعود المرشد في المساء."
ARTICLES = (
    Article(
        id="pilots",
        title="Harbour pilots",
        text=PILOTS,
        url="https://example.org/pilots?a=1&b=2",
        publisher="The Harbour Gazette",
        author="Ana Marin",
        published="2024-05-02",
        language="en",
        tags=("harbour", "ships"),
        pages=(0, 84),
    ),
    Article(id="wire", title="Pilots, syndicated", text=PILOTS, publisher="Evening Wire"),
    Article(
        id="evil",
        title="<script>alert(1)</script>",
        text=EVIL,
        url="javascript:alert(1)",
        author='"><b>x',
        extra={
            "note": "<i>A brief</i>",
            "based_on": {"title": "Lamps & lenses", "publisher": "Coast <News>"},
        },
    ),
    Article(id="arabic", title="ميناء المدينة", text=ARABIC, language="ar", published="2023-05"),
    Article(id="tides", text="\n\n".join(f"High tide {n} came at noon." for n in range(50))),
    Article(id="crates", text="A crane lifts crates at the dock. The crane is painted blue."),
)
MASTER = Article(
    id="master",
    title="The harbour master",
    text=(
        "“Ships wait outside until the tide turns,” said Ana Marin, the harbour master. The cranes "
        "stood still all week.\n\nThe port opened in 1987. “Nobody enters the basin at night,” "
        "Marin added. It has three docks and a tall lamp."
    ),
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # names that lead to this machine
    "--disable-features=LocalNetworkAccessChecks",  # which not every browser makes
)
ORIGINAL = """<!DOCTYPE html><html lang="en"><head><title>Dam</title></head><body>
<h1>The dam held</h1>{filler}
<p>It rained for days. The dam held.</p>{filler}
<p id="second">It snowed, too - well-known &amp; long. The dam held.</p>{filler}
<p id="tram">The tram of Lund is late again.</p>{filler}
<p id="long">The first of many words stand here, and go on.</p>
<p>More of them.</p><p id="end">And these are the last words of all.</p>{filler}
</body></html>""".format(filler="<p>Nothing of note.</p>" * 40)
REMOVED = (
    Removed("caption", "<i>Photo</i>: a boat"),
    Removed("pagination", "Page 2 of 3"),
    Removed("caption", "A lamp"),
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus.open(tmp_path_factory.mktemp("web"), model="hash") as corpus:
        list(corpus.add(document_of(article) for article in ARTICLES))
        yield corpus


@pytest.fixture(scope="module")
def app(corpus: Corpus) -> FastAPI:
    """Starts once: each module has its own."""
    return create_app(Settings(data=corpus.folder, api_keys=[]), corpus)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with browsing(app) as client:
        yield client


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Callable[[Iterable[Article]], TestClient]]:
    """Makes a client for a corpus of its own."""
    with ExitStack() as stack:

        def open_client(articles: Iterable[Article]) -> TestClient:
            corpus = stack.enter_context(Corpus.open(tmp_path, model="hash"))
            list(corpus.add(document_of(article) for article in articles))
            app = create_app(Settings(data=tmp_path, api_keys=[]), corpus)
            return stack.enter_context(browsing(app))

        yield open_client


@pytest.fixture
def master(client_of: Callable[[Iterable[Article]], TestClient]) -> TestClient:
    """Over one article that says who says what."""
    return client_of([MASTER])


@contextmanager
def browsing(app: FastAPI) -> Iterator[TestClient]:
    """A client that takes pages, once the application is ready."""
    with TestClient(app, "http://127.0.0.1", headers={"Accept": "text/html"}) as client:
        assert ready(app.state.service)
        yield client


def document_of(article: Article) -> Document:
    removed = REMOVED if article.id == "evil" else ()
    notes = ("Decoded as windows-1252.",) if article.id == "evil" else ()
    raw = article.text.encode()
    return Document(article, raw=raw, media_type="text/plain", removed=removed, notes=notes)


@pytest.fixture(scope="module")
def server(app: FastAPI) -> Iterator[str]:
    """The address of the application on a free port."""
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    """The free port that the application is served on."""
    config = uvicorn.Config(app, port=0, log_level="warning", ws="none", http=Protocol)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert ready(app.state.service, 30)
    while not running.started:
        thread.join(0.01)
    yield running.servers[0].sockets[0].getsockname()[1]
    running.should_exit = True
    thread.join(10)


@pytest.fixture
def port_of() -> Iterator[Callable[..., int]]:
    """`port_of(app)`: serves it until the test has ended."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(served(app))


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens a page in a context of its own; fails when the console has something to say of it."""
    contexts, said = [], []

    def open_page(path: str, **options: Any) -> Any:
        context = browser.new_context(base_url=server, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []


def follow(page: Any, selector: str) -> None:
    """Clicks on what leads to another page, and waits until that page is whole.

    A click alone returns once the page begins to arrive: what is read of it then may not be there.
    """
    with page.expect_navigation():
        page.click(selector)
