import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

# No test may ask a model hub for anything; read when the library is imported.
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from hypothesis import settings

from embeddings import Encoder, HashEncoder, load
from qa import Corpus
from qa.api.running_service import Service
from qa.storage import DATABASE
from qa.types import Article, Document

# How long an example takes says more of the machine than of the code.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Tests run in a random order: a failure says how to have that order again."""
    seed = getattr(terminalreporter.config.option, "randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"The same order again: pytest --randomly-seed={seed}")


# Folders and files of tests that kill, limit or starve processes, or spoil files beneath them.
_UNIX = (
    *("api/test_reindexed.py", "api/test_service.py", "api/test_storage.py"),
    *("api/test_unix_socket.py", "faults", "growth", "ingest/processes", "reliability"),
    *("storage/test_crash.py", "storage/test_migrations.py", "storage/test_power.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / name) for name in _UNIX):
            item.add_marker(pytest.mark.unix)
        if sys.platform == "win32" and item.get_closest_marker("unix"):
            item.add_marker(pytest.mark.skip(reason="needs what only Unix has"))


MakeDocument = Callable[..., Document]


@contextmanager
def sql(corpus: Corpus) -> Iterator[sqlite3.Connection]:
    """A transaction of somebody else's on the database of a corpus: nothing is forbidden there."""
    path = corpus.folder / DATABASE
    with closing(sqlite3.connect(path, timeout=30)) as db:
        db.row_factory = sqlite3.Row
        with db:
            yield db


def ready(service: Service, seconds: float = 60) -> bool:
    """Whether a service is ready within some seconds."""
    until = time.monotonic() + seconds
    while not service.ready and time.monotonic() < until:
        time.sleep(0.01)
    return service.ready


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Makes a document: `document("a", "The pilot boards.", title="Pilots")`."""

    def make(id_: str, text: str, **fields: Any) -> Document:
        raw = text.encode()
        return Document(Article(id_, text, **fields), raw, "text/plain", origin=id_, size=len(raw))

    return make


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An empty corpus with the hash encoder, in `tmp_path / "corpus"`."""
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as opened:
        yield opened


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The packaged model; loading it takes seconds, so once is enough."""
    return load()
