"""A line for each request, by a real server: how it ended, and not what was asked."""

import contextlib
import json
import re
import socket
import time

import pytest

from qa.api.request_ids import traceparent_of

pytestmark = pytest.mark.slow

ASKED = "/v1/ask?q=a+secret+tip"
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
FIELDS = {
    *("timestamp", "level", "logger", "event", "request_id"),
    *("method", "path", "status", "duration_ms", "bytes", "client", "user_agent"),
}


@pytest.fixture
def started(server_with):
    def start(**settings):
        server = server_with(**settings)
        server.start()
        return server

    return start


def raw(server, *lines):
    """What comes back for a request that is sent byte for byte."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", server.port), 20)) as sent:
        sent.sendall("\r\n".join([*lines, "Host: 127.0.0.1", "Connection: close", "", ""]).encode())
        return b"".join(iter(lambda: sent.recv(65536), b"")).decode()


def header(answer, name):
    found = re.search(rf"(?im)^{name}: (.*)\r$", answer)
    return found and found[1]


def entries(server, path):
    """The lines of the access log about a path, once there is one."""
    for _ in range(100):
        written = [json.loads(line) for line in server.log().splitlines()]
        found = [one for one in written if one["logger"] == "qa.access" and one["path"] == path]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(server.log())


def test_a_line_of_json_says_how_a_request_ended(started):
    server = started(QA_LOG_FORMAT="json")
    answer = raw(server, f"GET {ASKED} HTTP/1.1", "User-Agent: Newsroom/1 " + "x" * 900)
    body = answer.partition("\r\n\r\n")[2]

    [line] = entries(server, "/v1/ask")
    assert set(line) == FIELDS
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line["timestamp"])
    assert (line["method"], line["status"], line["client"]) == ("GET", 200, "127.0.0.1")
    assert line["bytes"] == len(body) == int(header(answer, "content-length"))
    assert 0 < line["duration_ms"] < 20_000
    assert line["user_agent"] == ("Newsroom/1 " + "x" * 900)[:200]
    assert line["request_id"] == header(answer, "x-request-id")
    assert re.fullmatch(r'127\.0\.0\.1:\d+ - "GET /v1/ask HTTP/1\.1" 200', line["event"])


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_was_asked_is_not_logged_unless_it_is_wanted(started, form):
    server = started(QA_LOG_FORMAT=form)
    page = f"http://127.0.0.1:{server.port}/?q=a+secret+tip"
    for request in (f"GET {ASKED} HTTP/1.1", "GET /?q=a+secret+tip HTTP/1.1"):
        raw(server, request, f"Referer: {page}")
    server.call("POST", "/v1/ask", '{"question": "a secret tip"}', Content_Type="application/json")
    time.sleep(0.2)
    assert server.log().count("/v1/ask HTTP/1.1") == 2
    assert "secret" not in server.log()
    server.kill()

    telling = started(QA_LOG_FORMAT=form, QA_LOG_QUERIES="true")
    raw(telling, f"GET {ASKED} HTTP/1.1")
    time.sleep(0.2)
    assert f"GET {ASKED} HTTP/1.1" in telling.log().replace('\\"', '"')
    if form == "json":
        assert entries(telling, "/v1/ask")[-1]["query"] == "q=a+secret+tip"


def test_every_line_of_a_server_that_logs_json_is_json(started):
    server = started(QA_LOG_FORMAT="json")
    raw(server, "GET /%0aINFO%1b[2J/%e2%80%ae HTTP/1.1", 'User-Agent: "}\t{"status": 200}é')
    raw(server, f"GET /v1/{'x' * 5000} HTTP/1.1")
    raw(server, "GET / HTTP/1.1", f"Big: {'x' * 70_000}")

    lines = (server.folder / "log").read_bytes().splitlines()
    written = [json.loads(line) for line in lines]
    assert b"\x1b" not in b"".join(lines)
    assert (server.folder / "out").read_text() == ""
    assert [one["event"] for one in written if one["event"].startswith("Footnote serves")] == [
        f"Footnote serves {server.env['QA_DATA']} on http://127.0.0.1:{server.port}/"
    ]
    [hostile] = entries(server, "/\nINFO\x1b[2J/\u202e")
    assert (hostile["status"], hostile["user_agent"]) == (404, '"}\t{"status": 200}Ã©')
    assert len(entries(server, ("/v1/" + "x" * 5000)[:1000])[0]["event"]) < 1100
    [refused] = [one for one in written if "refused" in one["event"]]
    assert (refused["status"], refused["client"]) == (431, "127.0.0.1")


def test_a_refusal_before_there_is_a_request_is_logged_under_its_id(started):
    server = started(QA_LOG_FORMAT="json")
    answer = raw(server, "GET / HTTP/1.1", f"Big: {'x' * 70_000}")

    told = json.loads(answer.partition("\r\n\r\n")[2])["request_id"]
    assert f'"request_id": "{told}"' in server.log()


def test_names_from_outside_stand_in_answer_and_log_when_they_are_names(started):
    server = started(QA_LOG_FORMAT="json")
    own = "Root=1-67891233-abcdef012345678912345678"
    answer = raw(server, "GET /v1/jobs HTTP/1.1", f"X-Request-Id: {own}", f"traceparent: {PARENT}")
    assert (header(answer, "x-request-id"), header(answer, "traceparent")) == (own, PARENT)
    [line] = entries(server, "/v1/jobs")
    assert (line["request_id"], line["trace_id"]) == (own, TRACE)

    forged = 'desk" status=200 {"level": "info"}'
    answer = raw(
        server, "GET /v1/status HTTP/1.1", f"X-Request-Id: {forged}", "traceparent: 00-x-y-01"
    )
    [line] = entries(server, "/v1/status")
    assert re.fullmatch("[0-9a-f]{32}", header(answer, "x-request-id"))
    assert (header(answer, "traceparent"), "trace_id" in line) == (None, False)
    assert "desk" not in server.log()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ([PARENT], PARENT),
        ([f"01-{TRACE}-{SPAN}-01-more"], f"01-{TRACE}-{SPAN}-01-more"),
        ([f"{PARENT}-more"], ""),
        ([f"ff-{TRACE}-{SPAN}-01"], ""),
        ([f"00-{'0' * 32}-{SPAN}-01"], ""),
        ([f"00-{TRACE}-{'0' * 16}-01"], ""),
        ([PARENT.upper()], ""),
        ([PARENT + "\n"], ""),
        ([f"01-{TRACE}-{SPAN}-01-{'x' * 201}"], ""),
        ([PARENT, PARENT], ""),
        ([], ""),
    ],
)
def test_a_trace_is_taken_over_as_the_standard_has_it(given, taken):
    assert traceparent_of([(b"traceparent", one.encode()) for one in given]) == taken
