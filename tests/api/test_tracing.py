"""Traces as a collector gets them: a real server, OTLP over HTTP, and a receiver that parses it."""

from __future__ import annotations

import gzip
import http.client
import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.api.conftest import PILOTS

pytest.importorskip("opentelemetry.sdk", reason="needs the extra otel")
proto = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

pytestmark = pytest.mark.slow

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
JSON = {"Content-Type": "application/json"}


class Collector:
    """Takes spans as an OpenTelemetry collector does."""

    def __init__(self):
        self.paths, self.bodies, self.resources, self.spans = set(), [], [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                outer.take(self.path, body)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, body):
        self.paths.add(path)
        self.bodies.append(body)
        for group in proto.ExportTraceServiceRequest.FromString(body).resource_spans:
            self.resources.append(told(group.resource))
            self.spans += [span for scope in group.scope_spans for span in scope.spans]

    def named(self, name):
        """The spans of this name, once there is one."""
        for _ in range(200):
            if found := [span for span in self.spans if span.name == name]:
                return found
            time.sleep(0.05)
        raise AssertionError([span.name for span in self.spans])

    def below(self, span):
        """Names of the spans below, as they began."""
        found = [one for one in self.spans if one.parent_span_id == span.span_id]
        return [one.name for one in sorted(found, key=lambda one: one.start_time_unix_nano)]


def told(holder):
    kinds = ("string_value", "int_value")
    return {
        pair.key: next(
            (getattr(pair.value, kind) for kind in kinds if pair.value.HasField(kind)), None
        )
        for pair in holder.attributes
    }


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def traced(server_with, collector):
    server = server_with(
        QA_LOG_FORMAT="json",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_BSP_SCHEDULE_DELAY="100",
        FASTAPI_OTEL_AUTO_CONFIGURE="true",  # which would send queries
        OTEL_METRIC_EXPORT_INTERVAL="200",
        QA_ROOT_PATH="/footnote",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment=trial",
    )
    server.start()
    return server


def within(inner, outer):
    return (
        outer.start_time_unix_nano <= inner.start_time_unix_nano
        and inner.end_time_unix_nano <= outer.end_time_unix_nano
    )


def test_a_question_is_one_trace_from_the_caller_to_the_stages(traced, collector):
    traced.call("POST", "/v1/articles", json.dumps(PILOTS), **JSON)
    body = json.dumps({"question": "Who guides ships past a secret sandbank?"})
    traced.call(
        "POST", "/v1/ask?", body, **JSON, traceparent=f"00-{TRACE}-{SPAN}-01", **{"User-Agent": "t"}
    )
    [request] = collector.named("POST /v1/ask")
    [asked] = collector.named("ask")

    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, SPAN)
    assert request.kind == 2  # a server's
    attributes = told(request)
    assert attributes.pop("footnote.request_id")
    assert attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "url.path": "/v1/ask",
        "url.scheme": "http",
        "client.address": "127.0.0.1",
        "user_agent.original": "t",
    }
    assert collector.below(request) == ["ask"]
    stages = collector.below(asked)
    assert stages[:2] == ["encode", "words"]
    assert {"dense", "lexical", "rank", "mark", "write"} <= set(stages)
    assert asked.trace_id.hex() == TRACE
    assert within(asked, request)
    assert collector.resources[-1]["service.name"] == "footnote"
    assert collector.resources[-1]["deployment.environment"] == "trial"
    line = next(one for one in logged(traced) if one.get("path") == "/v1/ask")
    assert line["trace_id"] == TRACE


def logged(server):
    return [json.loads(line) for line in server.log().splitlines()]


def test_adding_and_checking_are_traced_and_nothing_that_was_said_is(traced, collector):
    traced.call("POST", "/v1/articles", json.dumps(PILOTS), **JSON)
    quote = json.dumps({"quote": "A harbour pilot guides swordfish."})
    traced.call("POST", "/v1/check", quote, **JSON)
    draft = json.dumps({"text": "“A harbour pilot guides swordfish.” [pilots]"})
    traced.call("POST", "/v1/check/text", draft, **JSON)
    traced.call("GET", "/v1/ask?q=swordfish+pilots")
    traced.call("GET", "/v1/articles/swordless")
    traced.call("GET", "/footnote/health/live")
    traced.call("PROPFIND", "/v1/ask")

    [added] = collector.named("POST /v1/articles")
    assert collector.below(added) == ["prepare", "commit"]
    [prepared], [committed] = collector.named("prepare"), collector.named("commit")
    assert collector.below(prepared) == ["chunk", "encode", "pack"]
    assert collector.below(committed) == ["store", "publish"]
    [checked] = collector.named("POST /v1/check")
    assert collector.below(checked) == ["check"]
    [text] = collector.named("check_text")
    assert collector.below(text) == ["draft", "quotations", "claims"]
    [missing] = collector.named("GET /v1/articles/{id}")
    assert told(missing)["http.response.status_code"] == 404
    assert missing.status.code == 0  # the caller's error
    assert told(collector.named("HTTP /v1/ask")[0])["http.request.method"] == "_OTHER"
    assert not [span for span in collector.spans if "health" in span.name]
    traced.stop(15)
    assert b"swordfish" not in b"".join(collector.bodies)
    assert collector.paths == {"/v1/traces"}


def test_a_trace_that_begins_here_is_named_in_the_answer(traced, collector):
    connection = http.client.HTTPConnection("127.0.0.1", traced.port, timeout=20)
    connection.request("GET", "/v1/jobs", headers={"traceparent": "00-forged-01"})
    answer = connection.getresponse()
    answer.read()
    [span] = collector.named("GET /v1/jobs")
    assert answer.headers["traceparent"][:53] == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-"
    connection.close()


def test_what_is_not_sent_yet_is_sent_as_the_service_stops(server_with, collector):
    server = server_with(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)  # each five seconds
    server.start()
    server.call("GET", "/v1/status")
    server.stop(15)
    assert collector.named("GET /v1/status")


def test_a_collector_that_is_away_costs_no_answer(server_with):
    server = server_with(
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_BSP_SCHEDULE_DELAY="100"
    )
    server.start()
    for _ in range(20):
        assert server.call("GET", "/v1/status")[0] == 200
    assert server.stop(15)[1] < 20


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_SDK_DISABLED": "TRUE", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
    ],
)
def test_nothing_is_loaded_where_nothing_is_wanted(settings, tmp_path):
    assert loaded(settings, tmp_path) == "False\n"


def loaded(settings, folder, before="pass"):
    code = (
        f"{before}; import sys; from qa.api import create_app; from qa.settings import Settings;"
        "create_app(Settings(model='hash')); print('opentelemetry.sdk' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), **settings},
        cwd=folder,
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "before", "said"),
    [
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
            "import sys; sys.modules['opentelemetry.sdk.resources'] = None",
            "no trace is sent: pip install 'footnote-qa[otel]'",
        ),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "carrier-pigeon"},
            "pass",
            "no trace is sent by carrier-pigeon: no such exporter is installed",
        ),
        (
            {"OTEL_TRACES_EXPORTER": "zipkin"},
            "pass",
            "no trace is sent by zipkin: no such exporter",
        ),
    ],
)
def test_what_cannot_be_had_is_said_and_the_service_runs(settings, before, said, tmp_path):
    assert said in loaded(settings, tmp_path, before)
