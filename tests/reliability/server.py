"""`qa serve` as a process of its own, on one folder and one free port."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

QA = Path(sys.executable).parent / "qa"
NDJSON = "application/x-ndjson"
_READY_SECONDS = 120


class Server:
    """Starts, is killed, starts again; whatever QA_* the machine has set plays no part."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        plain = {name: value for name, value in os.environ.items() if name[:3] != "QA_"}
        self.env = {
            **plain,
            "QA_MODEL": "hash",
            "QA_DATA": str(folder / "data"),
            "QA_PORT": str(self.port),
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Returns once questions are answered: after how many seconds."""
        started = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [QA, "serve"], env=self.env, cwd=self.folder, stdout=log, stderr=log
            )
        while not self.ready():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < started + _READY_SECONDS, self.log()
            time.sleep(0.02)
        return time.monotonic() - started

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """The exit status of an orderly end."""
        assert self.process
        self.process.terminate()
        return self.process.wait(60)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-5000:]

    def run(self, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A `qa` command beside it, on the same corpus."""
        with (self.folder / "log").open("ab") as log:
            env = {**self.env, **settings}
            return subprocess.Popen(
                [QA, *arguments], env=env, cwd=self.folder, stdout=log, stderr=log
            )

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        kind: str = "application/json",
        timeout: float = 60,
    ) -> tuple[int, Any]:
        """Status and JSON, else text, of an answer; a body goes as JSON unless it is text."""
        if body is not None and not isinstance(body, bytes | str):
            body = json.dumps(body)
        data = body.encode() if isinstance(body, str) else body
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, data, {"Content-Type": kind})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if content and "json" in answer.headers.get("Content-Type", ""):
            return answer.status, json.loads(content)
        return answer.status, content.decode(errors="replace")

    def get(self, path: str) -> Any:
        status, body = self.call("GET", path)
        assert status == 200, (status, body, self.log())
        return body

    def articles(self) -> set[str]:
        """The ids of all of them."""
        ids: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(f"/v1/articles?limit=1000&cursor={cursor}")
            ids += [article["id"] for article in page["articles"]]
            cursor = page["next"]
        assert len(ids) == len(set(ids))
        return set(ids)

    def ready(self) -> bool:
        try:
            return self.call("GET", "/health/ready")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    # --- what it takes of the machine (Linux) ---------------------------------------------------

    def resident(self) -> int:
        """Bytes of memory."""
        return _field(self._proc() / "status", "VmRSS") * 1024

    def peak(self) -> int:
        """Bytes of memory at the most."""
        return _field(self._proc() / "status", "VmHWM") * 1024

    def threads(self) -> int:
        return _field(self._proc() / "status", "Threads")

    def descriptors(self) -> int:
        return len(list((self._proc() / "fd").iterdir()))

    def _proc(self) -> Path:
        assert self.process
        return Path("/proc") / str(self.process.pid)


def _field(path: Path, name: str) -> int:
    line = next(line for line in path.read_text().splitlines() if line.startswith(name + ":"))
    return int(line.split()[1])
