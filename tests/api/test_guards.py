import base64
import logging
import time
import uuid

import pytest
from starlette.testclient import TestClient

from qa.api import create_app, wrong_keys
from qa.errors import InvalidInput
from qa.settings import Settings

KEY, OTHER = "first-key-7Qx-0123456789", "ključ-9Zz-0123456789"
OURS = "http://127.0.0.1"
HINT = "send one of the keys of QA_API_KEYS as `Authorization: Bearer <key>`"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def raw(value: str) -> bytes:
    """A header as a client sends it: bytes."""
    return value.encode()


@pytest.fixture(autouse=True)
def _many_wrong_keys(monkeypatch):
    """One server for all: whichever test comes first, the next may send wrong keys too."""
    monkeypatch.setattr(wrong_keys, "ALLOWED", 1_000)


@pytest.fixture(scope="module")
def guarded(serving_module):
    return serving_module(api_keys=f"{KEY}, {OTHER}")


# --- keys -----------------------------------------------------------------------------

RIGHT = [
    {"Authorization": raw(f"Bearer {KEY}")},
    {"Authorization": raw(f"bearer  {KEY} ")},
    {"Authorization": raw(f"Bearer {OTHER}")},
    {"Authorization": raw(basic("anyone", KEY))},
    {"Authorization": raw(basic("", OTHER))},
    {"X-API-Key": raw(KEY)},
    {"X-API-Key": raw(OTHER)},
]
WRONG = [
    {},
    {"Authorization": b"Bearer"},
    {"Authorization": raw(f"Bearer {KEY}x")},
    {"Authorization": raw(f"Bearer {KEY[:-1]}")},
    {"Authorization": raw(f"Bearer {KEY.lower()}")},
    {"Authorization": raw(f"Bearer {KEY},{OTHER}")},
    {"Authorization": b"Bearer \xff\xfe"},
    {"Authorization": raw(KEY)},
    {"Authorization": raw(f"Digest {KEY}")},
    {"Authorization": raw(basic(KEY, "wrong"))},
    {"Authorization": b"Basic %%%"},
    {"Authorization": b"Basic " + base64.b64encode(raw(KEY))},
    {"X-API-Key": b""},
    {"X-API-Key": b"wrong"},
    {"Cookie": raw(f"key={KEY}")},
]


@pytest.mark.parametrize("headers", RIGHT)
def test_any_of_the_keys_opens_in_any_of_the_three_ways(guarded, headers):
    assert guarded.get("/v1/articles", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", WRONG)
def test_a_wrong_or_missing_key_is_refused_with_a_challenge(guarded, headers):
    answer = guarded.get("/v1/articles", headers=headers)

    assert (
        answer.status_code,
        answer.headers["Content-Type"],
        answer.headers["WWW-Authenticate"],
    ) == (401, "application/problem+json", 'Basic realm="Footnote"')
    body = answer.json()
    assert body.pop("request_id") == answer.headers["X-Request-ID"]
    assert body == {
        "type": "about:blank",
        "title": "A key is needed",
        "status": 401,
        "detail": HINT,
        "code": "unauthorized",
        "instance": "/v1/articles",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/articles"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/metrics"),
        ("GET", "/v1/status"),
        ("POST", "/v1/ask"),
        ("POST", "/v1/articles"),
        ("DELETE", "/v1/articles/pilots"),
        ("GET", "/nowhere"),
        ("GET", "/health"),
        ("GET", "/healthy/live"),
        ("OPTIONS", "/v1/ask"),
    ],
)
def test_without_a_key_nothing_but_probes_and_styles_is_open(guarded, method, path):
    assert guarded.client.request(method, path).status_code == 401


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/static/style.css"])
def test_probes_and_styles_are_open_without_a_key(guarded, path):
    assert guarded.get(path).status_code == 200


def test_a_key_in_the_query_opens_nothing(guarded):
    # It would stand in every log on the way.
    assert guarded.get("/v1/articles", params={"key": KEY, "api_key": KEY}).status_code == 401


def test_a_browser_is_asked_for_the_key_by_a_page(guarded):
    answer = guarded.get("/", headers={"Accept": "text/html"})

    assert (
        answer.status_code,
        answer.headers["WWW-Authenticate"],
        answer.headers["Content-Type"],
    ) == (401, 'Basic realm="Footnote"', "text/html; charset=utf-8")
    assert "A key is needed" in answer.text


def test_no_key_is_ever_logged_or_sent_back(guarded, caplog, capsys, monkeypatch):
    monkeypatch.setattr(wrong_keys, "ALLOWED", 10)  # so that some of these are told to wait
    guarded.client.app.add_api_route("/v1/broken", lambda: 1 / 0)
    caplog.set_level(logging.DEBUG)
    answers = [
        guarded.get(path, headers=headers)
        for headers in (*RIGHT, *WRONG)
        for path in ("/v1/articles/none", "/v1/status", "/openapi.json", "/docs", "/v1/broken")
    ]

    printed = capsys.readouterr()
    for key in (KEY, OTHER):
        for text in (
            caplog.text,
            printed.out,
            printed.err,
            repr(guarded.client.app.state.__dict__),
        ):
            assert key not in text
        for answer in answers:
            assert key not in answer.text + str(answer.headers)
    assert {200, 401, 404, 429, 500} == {answer.status_code for answer in answers}


def test_settings_do_not_show_their_keys(monkeypatch):
    monkeypatch.setenv("QA_API_KEYS", f" {KEY},,{OTHER} ,")
    settings = Settings(_env_file=None)

    assert [key.get_secret_value() for key in settings.api_keys] == [KEY, OTHER]
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()


def test_without_keys_every_door_is_open(bare):
    assert bare.get("/v1/articles").status_code == 200
    headers = {"Authorization": "Bearer whatever"}
    assert bare.get("/v1/articles", headers=headers).status_code == 200


# --- an open door ---------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_an_address_that_others_can_reach_needs_a_key(host):
    with pytest.raises(InvalidInput, match="can be reached from other machines: set QA_API_KEYS"):
        Settings(host=host, _env_file=None).refuse_open_door()

    Settings(host=host, api_keys=KEY, _env_file=None).refuse_open_door()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_loopback_needs_no_key(host):
    Settings(host=host, _env_file=None).refuse_open_door()


# --- other sites ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/articles"),
        ("POST", "/v1/ask"),
        ("POST", "/check/text"),
        ("DELETE", "/v1/articles/pilots"),
        ("PUT", "/v1/articles/pilots"),
    ],
)
def test_another_sites_page_may_not_write(bare, method, path):
    answer = bare.client.request(method, path, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_may_write(bare, site):
    answer = bare.post("/v1/related", {"text": "pilot"}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 200


def test_another_sites_page_may_link_to_us(bare):
    headers = {"Sec-Fetch-Site": "cross-site"}

    assert bare.get("/v1/articles", headers=headers).status_code == 200
    assert bare.get("/", headers=headers).status_code == 200


def test_no_answer_lets_another_sites_script_read_it(bare):
    answer = bare.get("/v1/articles", headers={"Origin": "https://evil.example"})

    assert not [name for name in answer.headers if name.startswith("access-control-")]


# --- request ids ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/articles", 200),
        ("GET", "/health/live", 200),
        ("GET", "/static/style.css", 200),
        ("GET", "/", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/articles/none", 404),
        ("PUT", "/v1/articles", 405),
        ("POST", "/v1/articles", 415),
        ("POST", "/v1/ask", 422),
        ("GET", "/v1/crash", 500),
    ],
)
def test_every_answer_carries_a_request_id_and_a_problem_repeats_it(bare, method, path, status):
    bare.client.app.add_api_route("/v1/crash", lambda: 1 / 0)
    answer = bare.client.request(method, path)

    assert status == answer.status_code
    assert uuid.UUID(answer.headers["X-Request-ID"]).version == 4
    if status >= 400:
        assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


def test_a_request_id_that_is_sent_is_kept_when_it_is_one(bare):
    sent = str(uuid.uuid4())

    assert bare.get("/v1/articles", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent
    for forged in ("1", "x" * 5000, '"><script>'):
        kept = bare.get("/v1/articles", headers={"X-Request-ID": forged}).headers["X-Request-ID"]
        assert uuid.UUID(kept).version == 4


def test_what_goes_wrong_on_our_side_is_logged_and_not_told(bare, caplog):
    def crash() -> None:
        raise RuntimeError("the password is swordfish")

    bare.client.app.add_api_route("/v1/secret", crash)
    answer = bare.get("/v1/secret")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "swordfish" not in answer.text
    assert "swordfish" in caplog.text


# --- starting and stopping ------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/health/ready"),
        ("GET", "/v1/articles"),
        ("GET", "/v1/status"),
        ("GET", "/v1/jobs/none"),
        ("GET", "/v1/ask?q=x"),
        ("DELETE", "/v1/articles/pilots"),
    ],
)
def test_before_the_corpus_is_open_clients_are_told_to_come_back(tmp_path, method, path):
    client = TestClient(create_app(Settings(model="hash", data=tmp_path, _env_file=None)), OURS)
    answer = client.request(method, path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    body = answer.json()
    assert (
        body["code"],
        body["detail"],
    ) == ("starting", "the service is starting: try again in a few seconds")
    assert client.get("/health/live").json() == {"status": "live"}
    assert "footnote_ready 0.0" in client.get("/metrics").text


def test_a_page_before_the_corpus_is_open_is_a_page(tmp_path):
    client = TestClient(create_app(Settings(model="hash", data=tmp_path, _env_file=None)), OURS)
    answer = client.get("/?q=pilot&page=2", headers={"Accept": "text/html"})

    assert (
        answer.status_code,
        answer.headers["Content-Type"],
    ) == (503, "text/html; charset=utf-8")


def test_a_corpus_of_another_encoder_is_never_served(serving, tmp_path):
    serving(data=tmp_path / "corpus").add(id="a", text="A pilot boards.")
    app = create_app(Settings(model="all-MiniLM-L6-v2", data=tmp_path / "corpus", _env_file=None))
    with TestClient(app, OURS) as client:
        while app.state.service.failure is None:
            time.sleep(0.01)
        answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()["code"]) == (503, "encoder_mismatch")
    assert "set QA_MODEL=hash" in answer.json()["detail"]


def test_after_the_stop_was_announced_nothing_new_is_begun(serving):
    footnote = serving()
    footnote.client.app.state.service.announce_stop()
    answer = footnote.post("/v1/articles", {"id": "a", "text": "A pilot boards."})

    assert (answer.status_code, answer.json()["code"]) == (503, "shutting_down")
    assert footnote.get("/health/ready").status_code == 503
    assert footnote.get("/health/live").status_code == 200
