import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

# No test may ask a model hub for anything; read when the library is imported.
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from hypothesis import settings

from embeddings import Encoder, HashEncoder, load
from qa import Corpus
from qa.addresses import PostgresAddress
from qa.api.running_service import Service
from qa.storage import DATABASE, place
from qa.storage.place import DatabasePlace
from qa.types import Article, Document
from tests.postgres_server import PostgresServer, postgres_server

# How long an example takes says more of the machine than of the code.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")


ON_POSTGRES = os.environ.get("QA_TEST_ENGINE") == "postgres"


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
    "storage/postgres",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / name) for name in _UNIX):
            item.add_marker(pytest.mark.unix)
        if sys.platform == "win32" and item.get_closest_marker("unix"):
            item.add_marker(pytest.mark.skip(reason="needs what only Unix has"))
        if ON_POSTGRES and item.get_closest_marker("folder"):
            item.add_marker(pytest.mark.skip("a corpus in a database has no such files"))


MakeDocument = Callable[..., Document]


@contextmanager
def sql(corpus: Corpus) -> Iterator[Any]:
    """A transaction of somebody else's on the database of a corpus: nothing is forbidden there."""
    if isinstance(corpus.place, DatabasePlace):
        from qa.storage.postgres.connections import PostgresDatabase
        from qa.storage.postgres.wire import Writing

        database = PostgresDatabase(corpus.place.address)
        with closing(database), database.connect() as connection:
            yield Writing(connection)
            return
    path = corpus.folder / DATABASE
    with closing(sqlite3.connect(path, timeout=30)) as db:
        db.row_factory = sqlite3.Row
        with db:
            yield db


@pytest.fixture(scope="session", autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """With QA_TEST_ENGINE=postgres what a test opens in a folder is in a database of its own."""
    if not ON_POSTGRES:
        yield
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        addresses: dict[Path, Any] = {}

        def place_of(given: Any, cache: Path | None = None) -> Any:
            if isinstance(given, PostgresAddress) or PostgresAddress.read(str(given)):
                return place.place_of(given, cache)
            folder = Path(given)
            if folder not in addresses:
                url = stack.enter_context(server.database())
                addresses[folder] = PostgresAddress.read(url)
            return DatabasePlace(addresses[folder], folder)

        patch.setattr("qa.corpus.place_of", place_of)
        yield


def ready(service: Service, seconds: float = 60) -> bool:
    """Whether a service is ready within some seconds."""
    until = time.monotonic() + seconds
    while not service.ready and time.monotonic() < until:
        time.sleep(0.01)
    return service.ready


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for all tests."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def postgres_database(postgres: PostgresServer) -> Iterator[Any]:
    """The address of an empty database of the test's own."""
    from qa.addresses import PostgresAddress

    with postgres.database() as url:
        yield PostgresAddress.read(url)


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
