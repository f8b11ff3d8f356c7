"""A running service over the hash encoder: equal words, equal vectors, exact answers."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.api import create_app
from qa.corpus import Corpus
from qa.settings import Settings
from tests.conftest import ready

OURS = "http://127.0.0.1"  # and not Starlette's "testserver": the service has no such name
QA = Path(sys.executable).parent / "qa"
PILOTS = {
    "id": "pilots",
    "title": "Harbour pilots",
    "text": "A harbour pilot guides ships. The pilot boards at dawn.",
    "publisher": "The Harbour Gazette",
    "author": "Ana Kovač",
    "published": "2024-05-02",
    "language": "en",
    "url": "https://gazette.example/pilots",
    "tags": ["harbour"],
}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever QA_* the machine has set is not part of a test."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)


class Footnote:
    """The service in this process, and the few things that most tests do with it."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.get = client.get
        self.delete = client.delete

    @property
    def corpus(self) -> Corpus:
        return self.client.app.state.service.corpus  # type: ignore[attr-defined]

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.client.post(path, json=body, **options)

    def add(self, **article: Any) -> Any:
        answer = self.post("/v1/articles", article)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def add_lines(self, lines: bytes) -> dict[str, Any]:
        """The ended job."""
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self.client.post("/v1/articles", content=lines, headers=headers)
        assert answer.status_code == 202, answer.text
        return self.ended(answer.headers["Location"])

    def ended(self, job: str) -> dict[str, Any]:
        until = time.monotonic() + 60
        while (found := self.get(job).json())["state"] in ("queued", "running"):
            assert time.monotonic() < until, found
            time.sleep(0.02)
        return found

    def rest(self) -> None:
        """Until no job is waiting or under way."""
        until = time.monotonic() + 60
        while "footnote_jobs_pending 0.0" not in self.get("/metrics").text:
            assert time.monotonic() < until
            time.sleep(0.02)

    def ask(self, question: str, **options: Any) -> dict[str, Any]:
        answer = self.post("/v1/ask", {"question": question, **options})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def text(self, article_id: str) -> str:
        return self.get(f"/v1/articles/{article_id}").json()["text"]


class Serving:
    """Starts services; each has a folder of its own unless it is given one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clients: list[TestClient] = []

    def __call__(self, **settings: Any) -> Footnote:
        settings.setdefault("data", self._folder / str(len(self._clients)))
        app = create_app(Settings(model="hash", _env_file=None, **settings))
        client = TestClient(app, OURS, raise_server_exceptions=False)
        client.__enter__()
        self._clients.append(client)
        assert ready(app.state.service)
        return Footnote(client)

    def stop(self) -> None:
        for client in self._clients:
            client.__exit__(None, None, None)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """`serving(max_body_bytes=100)`: a service with these settings."""
    services = Serving(tmp_path)
    yield services
    services.stop()


@pytest.fixture
def footnote(serving: Serving) -> Footnote:
    """A service over an empty corpus."""
    return serving()


@pytest.fixture(scope="module")
def serving_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """As `serving`, for the services that a module's tests only read from."""
    services = Serving(tmp_path_factory.mktemp("corpora"))
    yield services
    services.stop()


@pytest.fixture(scope="module")
def harbour(serving_module: Serving) -> Footnote:
    """A service with the one article `PILOTS`, to read from."""
    footnote = serving_module()
    footnote.add(**PILOTS)
    return footnote


@pytest.fixture(scope="module")
def bare(serving_module: Serving) -> Footnote:
    """A service without articles, that refuses whatever it is sent."""
    return serving_module()


@pytest.fixture
def pilots() -> dict[str, Any]:
    """An article with all that can be stated of one."""
    return dict(PILOTS)


class Server:
    """`qa serve` as a process of its own, on a free port."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        plain = {name: value for name, value in os.environ.items() if name[:3] != "QA_"}
        self.folder = folder
        self.env = {
            **plain,
            "QA_MODEL": "hash",
            "QA_DATA": str(folder / "data"),
            "QA_PORT": str(self.port),
            **settings,
        }

    def qa(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [QA, *arguments],
            env=self.env,
            cwd=self.folder,
            text=True,
            capture_output=True,
            timeout=60,
        )

    def start(self, *before: str) -> None:
        """`before`: a command that starts it, such as prlimit with its options."""
        self.launch(*before)
        until = time.monotonic() + 60
        while not self.ready():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def launch(self, *before: str) -> None:
        """Starts it, and waits for nothing."""
        # Files and not pipes: a pipe that nobody reads fills up, and the server stands still.
        with (self.folder / "out").open("ab") as out, (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*before, QA, "serve"], env=self.env, cwd=self.folder, stdout=out, stderr=log
            )

    def settled(self) -> tuple[int, dict[str, Any]]:
        """What readiness says once the service is no longer starting."""
        until = time.monotonic() + 60
        while True:
            with suppress(OSError):
                status, said = self.call("GET", "/health/ready")
                if said.get("code") != "starting":
                    return status, said
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            return self.call("GET", "/health/ready")[0] == 200
        except OSError:
            return False

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def stop(self, number: int) -> tuple[int, float]:
        """The exit code and how long it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(30), time.monotonic() - started

    def kill(self) -> None:
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@contextmanager
def servers_in(folder: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def make(**settings: str) -> Server:
        servers.append(Server(folder, **settings))
        return servers[-1]

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def server_with(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`server_with(QA_API_KEYS="…")`: a server that is not yet started."""
    with servers_in(tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def server_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """As `server_with`, for a server that a module's tests have in common."""
    with servers_in(tmp_path_factory.mktemp("served")) as make:
        yield make
