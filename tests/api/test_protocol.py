"""What is refused before anybody is asked for a key: by raw sockets, on a real server."""

import http.client
import json
import os
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress

import pytest
import uvicorn

from qa.api.protocol import ConnectionLimits, Protocol

GET = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
KEY = "0123456789abcdef"


@pytest.fixture(scope="module")
def server(server_module):
    started = server_module(QA_HEADER_SECONDS="1", QA_BODY_SECONDS="1", QA_API_KEYS=KEY)
    started.start()
    return started


def connected(server):
    made = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    return closing(made)


def answered(connection):
    """Status, headers and JSON of the one answer, read until the server closes."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.headers, json.loads(answer.read())


def refused(connection, status, code):
    got, headers, body = answered(connection)
    assert (got, body["code"], body["status"]) == (status, code, status)
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Connection"] == "close"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert body["request_id"] == headers["X-Request-ID"]
    assert connection.recv(1) == b""


def resident(server):
    """MB."""
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def flooded(connection, piece, times):
    """Sends until it is cut off."""
    with suppress(OSError):
        for _ in range(times):
            connection.sendall(piece)


@pytest.mark.parametrize("piece", [b"x" * 1_000_000, b"a: b\r\n" * 50_000], ids=["one", "many"])
def test_headers_without_end_are_refused_and_not_kept(server, piece):
    before = resident(server)
    with connected(server) as connection:
        connection.sendall(GET + b"X-Bomb: ")
        flooded(connection, piece, 200)
        refused(connection, 431, "headers_too_large")
    assert resident(server) - before < 20


def test_the_largest_head_that_is_taken(server):
    def status(value, headers=0):
        with connected(server) as connection:
            connection.sendall(GET + b"A: b\r\n" * headers + b"X: " + value + b"\r\n\r\n")
            return answered(connection)[0]

    assert status(b"x" * 65_000) == 200
    assert status(b"x" * 66_000) == 431
    assert (status(b"x", 98), status(b"x", 99)) == (200, 431)


def test_a_path_without_end_is_refused(server):
    with connected(server) as connection:
        connection.sendall(b"GET /" + b"x" * 70_000)
        refused(connection, 431, "headers_too_large")


def test_empty_lines_without_end_are_refused(server):
    with connected(server) as connection:
        flooded(connection, b"\r\n" * 100_000, 20)
        refused(connection, 431, "headers_too_large")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_as_everything_else(server, sent):
    with connected(server) as connection:
        connection.sendall(sent)
        refused(connection, 400, "bad_request")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /health/live HTTP/1.1\r\n\r\n", 400, "invalid_host"),
        (b"GET /health/live HTTP/1.0\r\nHost: evil.test\r\n\r\n", 421, "host_not_allowed"),
        (GET + b"Host: 127.0.0.1\r\n\r\n", 400, "invalid_host"),
        (b"GET /health/live HTTP/1.1\r\nHost:\r\n\r\n", 400, "invalid_host"),
        (b"GET /health/live HTTP/1.1\r\nHost: evil.test\r\n\r\n", 421, "host_not_allowed"),
    ],
)
def test_the_host_header_is_asked_for_once(server, sent, status, code):
    with connected(server) as connection:
        connection.sendall(sent)
        got, _, body = answered(connection)
    assert (got, body["code"]) == (status, code)


def test_a_probe_of_http_1_0_needs_no_host(server):
    with connected(server) as connection:
        connection.sendall(b"GET /health/live HTTP/1.0\r\n\r\n")
        assert answered(connection)[0] == 200


def test_headers_that_do_not_come_in_time_are_given_up(server):
    with connected(server) as connection:
        for byte in GET[:20]:  # as long as one byte comes now and then
            with suppress(OSError):
                connection.send(bytes([byte]))
            time.sleep(0.08)
        refused(connection, 408, "too_slow")


def test_a_connection_that_says_nothing_is_closed_without_a_word(server):
    with connected(server) as connection:
        assert connection.recv(100) == b""


POST = (
    b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Authorization: Bearer " + KEY.encode() + b"\r\n"
)


@pytest.mark.parametrize(
    "body",
    [
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{    \r\n",
        b'Content-Length: 30\r\n\r\n{"question": ',
        b"Expect: 100-continue\r\nContent-Length: 30\r\n\r\n",
    ],
    ids=["chunked", "length", "expect"],
)
def test_a_body_that_falls_silent_is_given_up(server, body):
    with connected(server) as connection:
        connection.sendall(POST + body)
        refused(connection, 408, "too_slow")


def test_a_body_that_drips_is_given_up(server):
    with connected(server) as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        began = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - began < 5:
                connection.sendall(b"1\r\n \r\n")
                time.sleep(0.1)
        assert time.monotonic() - began < 3
        refused(connection, 408, "too_slow")


def test_a_body_that_comes_fast_enough_may_take_longer_than_a_pause(server):
    text = json.dumps({"question": "x" * 4000}).encode()
    with connected(server) as connection:
        connection.sendall(POST + f"Content-Length: {len(text)}\r\n\r\n".encode())
        for start in range(0, len(text), 900):
            connection.sendall(text[start : start + 900])
            time.sleep(0.4)
        status, _, body = answered(connection)
    assert (status, body["code"]) == (422, "invalid_request")


def test_what_trails_a_body_is_no_header_and_has_the_same_limit(server):
    with connected(server) as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: ")
        flooded(connection, b"x" * 100_000, 50)
        refused(connection, 431, "headers_too_large")


def test_requests_one_after_the_other_on_one_connection(server):
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(GET + b"\r\n")
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert (answer.status, json.loads(answer.read())) == (200, {"status": "live"})
            time.sleep(0.6)  # longer, all in all, than headers may take
        connection.sendall(GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")  # both at once
        said = b""
        while part := connection.recv(10_000):
            said += part
        assert said.count(b'{"status":"live"}') == 2


def test_what_is_no_http_ends_an_answer_that_has_begun_without_a_word(plain):
    with closing(socket.create_connection(("127.0.0.1", plain), timeout=10)) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\n\r\n")
        said = connection.recv(100)
        connection.sendall(b"nonsense\r\n\r\n")
        with suppress(ConnectionResetError):
            while part := connection.recv(1_000_000):
                said += part
    assert said.count(b"HTTP/1.1 ") == 1
    assert set(said.partition(b"\r\n\r\n")[2]) == {0}


def test_an_upgrade_that_is_not_offered_is_not_taken_up(server):
    with connected(server) as connection:
        connection.sendall(GET + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n")
        assert answered(connection)[0] == 200


@pytest.mark.slow
def test_slow_clients_make_room_for_others(server_with):
    server = server_with(QA_HEADER_SECONDS="60")
    server.start("prlimit", "--nofile=256:256")
    with ExitStack() as stack:
        slow = []
        for _ in range(300):
            slow.append(stack.enter_context(connected(server)))
            slow[-1].sendall(GET)
            if len(slow) % 50 == 0:
                began = time.monotonic()
                assert server.call("GET", "/health/live") == (200, {"status": "live"})
                assert time.monotonic() - began < 1
        assert "128 connections at a time and not 512" in server.log()
        refused(slow[0], 503, "too_many_connections")  # it has waited the longest
        slow[-1].sendall(b"Connection: close\r\n\r\n")
        assert answered(slow[-1])[0] == 200
    assert server.call("GET", "/health/ready")[0] == 200


@pytest.mark.slow
def test_beyond_the_connections_at_work_new_ones_are_told_to_come_back(server_with):
    server = server_with(QA_MAX_CONNECTIONS="5")
    server.start()
    body = b"Content-Length: 30\r\n\r\n{"  # without keys a body is waited for
    with ExitStack() as stack:
        working = [stack.enter_context(connected(server)) for _ in range(5)]
        for connection in working:
            connection.sendall(POST + body)
        time.sleep(0.3)
        with connected(server) as connection:
            status, headers, problem = answered(connection)
        assert (status, problem["code"]) == (503, "too_many_connections")
        assert headers["Retry-After"] == "1"
        for connection in working:
            connection.sendall(b'"question": "pilot"}'.ljust(29))
            assert answered(connection)[0] == 200
    assert server.call("GET", "/health/live")[0] == 200


@pytest.mark.slow
def test_progress_is_not_cut_off_by_the_limits_of_what_is_sent(server_with):
    server = server_with(QA_HEADER_SECONDS="0.3", QA_BODY_SECONDS="0.3")
    server.start()
    text = " ".join(f"The pilot of ship {n} boards at dawn." for n in range(300))
    lines = "\n".join(json.dumps({"id": str(n), "text": f"{n} {text}"}) for n in range(240))
    _, job = server.call(
        "POST", "/v1/articles", lines.encode(), **{"Content-Type": "application/x-ndjson"}
    )
    with connected(server) as connection:
        path = f"/v1/jobs/{job['id']}".encode()
        connection.sendall(
            b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
        )
        began = time.monotonic()
        said = b""
        while b"event: done" not in said:
            part = connection.recv(10_000)
            assert part, said
            said += part
    assert time.monotonic() - began > 0.6


ANSWER = 20_000_000  # bytes: more than the sockets of both sides take


@pytest.fixture
def plain(monkeypatch):
    """The port of a server that waits for half a second, with a long answer and a slow one."""

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        if scope["path"] == "/slow":
            time.sleep(2)  # at work, and reading nothing
        body = bytes(ANSWER if scope["path"] == "/long" else 1)
        length = [(b"content-length", str(len(body)).encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})

    class Impatient(Protocol):
        limits = ConnectionLimits(head_seconds=0.5, body_seconds=0.5)

    monkeypatch.setattr("qa.api.protocol.STALLED_SECONDS", 0.5)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, http=Impatient, ws="none", lifespan="off", log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@pytest.mark.parametrize(("pause", "whole"), [(0.02, True), (2, False)])
def test_a_client_may_take_an_answer_slowly_but_not_leave_it(plain, pause, whole):
    taken = 0
    with closing(socket.create_connection(("127.0.0.1", plain), timeout=10)) as connection:
        connection.sendall(b"GET /long HTTP/1.1\r\n\r\n")
        with suppress(ConnectionResetError):
            while part := connection.recv(200_000):
                taken += len(part)
                time.sleep(pause)
                pause = pause if whole else 0
    assert (taken > ANSWER) is whole


@pytest.mark.parametrize(
    "sent",
    [(b"GET / HTTP", b"/1.1\r\n\r\n"), (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n1", b"2")],
)
def test_what_came_while_we_were_at_other_work_is_not_late(plain, sent):
    with (
        closing(socket.create_connection(("127.0.0.1", plain), timeout=10)) as waiting,
        closing(socket.create_connection(("127.0.0.1", plain), timeout=10)) as working,
    ):
        waiting.sendall(sent[0])
        time.sleep(0.1)
        working.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
        time.sleep(0.3)
        waiting.sendall(sent[1])
        assert waiting.recv(100).startswith(b"HTTP/1.1 200 OK")
        assert working.recv(100).startswith(b"HTTP/1.1 200 OK")
