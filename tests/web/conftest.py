"""A small corpus with everything that a page must get right, and the application over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from qa import Corpus
from qa.api import create_app
from qa.settings import Settings
from qa.types import Article, Document, Removed

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
    Article(id="crates", text="A crane lifts crates at the dock. The crane is painted blue."),
)
REMOVED = (
    Removed("caption", "<i>Photo</i>: a boat"),
    Removed("pagination", "Page 2 of 3"),
    Removed("caption", "A lamp"),
)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    with Corpus.open(tmp_path_factory.mktemp("web"), model="hash") as corpus:
        list(corpus.add(_document(article) for article in ARTICLES))
        yield corpus


@pytest.fixture(scope="session")
def app(corpus: Corpus) -> FastAPI:
    return create_app(Settings(data=corpus.folder, api_keys=[]), corpus)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, headers={"Accept": "text/html"}) as client:
        assert app.state.service.wait_until_ready()
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """The application over a corpus without articles."""
    with Corpus.open(tmp_path, model="hash") as corpus:
        app = create_app(Settings(data=tmp_path, api_keys=[]), corpus)
        with TestClient(app, headers={"Accept": "text/html"}) as client:
            assert app.state.service.wait_until_ready()
            yield client


def _document(article: Article) -> Document:
    removed = REMOVED if article.id == "evil" else ()
    notes = ("Decoded as windows-1252.",) if article.id == "evil" else ()
    raw = article.text.encode()
    return Document(article, raw=raw, media_type="text/plain", removed=removed, notes=notes)
