"""A light HTTP/1.1 client: some connections, each kept, each its next request after its answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

HOST = "127.0.0.1"
ANSWER_SECONDS = 120
# A client that was refused waits so long before it asks again.
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """`body`: what is sent, as JSON unless `kind` says otherwise."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"

    def encoded(self) -> bytes:
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: {HOST}\r\n"
        body = f"Content-Type: {self.kind}\r\nContent-Length: {len(self.body)}\r\n"
        return (head + (body if self.body else "") + "\r\n").encode() + self.body


Send = Callable[[Request], Awaitable[Any]]


@dataclass(slots=True)
class Answers:
    """Milliseconds of each answer, how many were of another kind, seconds in all."""

    ms: list[float] = field(default_factory=list)
    refused: int = 0  # 503
    failed: int = 0  # any other status, or none
    seconds: float = 0.0


class Connection:
    """One kept connection, opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: Request) -> tuple[int, bytes]:
        """Status and body; 0 when there was no answer."""
        try:
            return await asyncio.wait_for(self._exchange(request.encoded()), ANSWER_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return 0, b""

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        body = await _body(reader, fields)
        if fields.get("connection") == "close":
            self.close()
        return int(head[0].split()[1]), body


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> bytes:
    if fields.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(fields.get("content-length", 0)))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body


def once(port: int, request: Request) -> int:
    """The status of one request on a connection of its own; 0 when nobody answered."""

    async def ask() -> int:
        connection = Connection(port)
        status, _ = await connection.send(request)
        connection.close()
        return status

    return asyncio.run(ask())


def load(port: int, requests: list[Request], clients: int, seconds: float) -> Answers:
    """So many clients ask for so long; those under way then are waited for and counted."""

    async def all_clients() -> Answers:
        answers, started = Answers(), time.perf_counter()

        def in_time() -> bool:
            return time.perf_counter() < started + seconds

        parts = [requests[i % len(requests) :] + requests for i in range(clients)]
        await asyncio.gather(*(_client(port, part, answers, in_time) for part in parts))
        answers.seconds = time.perf_counter() - started
        return answers

    return asyncio.run(all_clients())


def load_while(
    port: int, requests: list[Request], work: Callable[[Send], Awaitable[int]]
) -> tuple[Answers, int]:
    """One client asks until the other's work is done; also what the work gave."""

    async def both() -> tuple[Answers, int]:
        answers, started = Answers(), time.perf_counter()
        connection = Connection(port)
        working = asyncio.ensure_future(work(lambda request: _json(connection, request)))
        await _client(port, requests, answers, lambda: not working.done())
        answers.seconds = time.perf_counter() - started
        connection.close()
        return answers, await working

    return asyncio.run(both())


async def _client(
    port: int, requests: list[Request], answers: Answers, go_on: Callable[[], bool]
) -> None:
    connection = Connection(port)
    for i in count():
        if not go_on():
            break
        started = time.perf_counter()
        status, _ = await connection.send(requests[i % len(requests)])
        if status == 200:
            answers.ms.append(1000 * (time.perf_counter() - started))
            continue
        answers.refused += status == 503
        answers.failed += status != 503
        await asyncio.sleep(PAUSE)
    connection.close()


async def _json(connection: Connection, request: Request) -> Any:
    status, body = await connection.send(request)
    if not 200 <= status < 300:
        raise RuntimeError(f"{request.method} {request.path}: {status} {body[:300]!r}")
    return json.loads(body) if body else None
