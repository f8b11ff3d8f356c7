"""Who is let in: by which names, from which pages, with which keys; and what is noted of it."""

import html
import json
import logging
import re

import pytest
from starlette.testclient import TestClient

from qa.api import create_app
from qa.api.hosts import Hosts
from qa.api.wrong_keys import ADDRESSES, ALLOWED, WrongKeys
from qa.errors import InvalidInput
from qa.settings import Settings

READ, WRITE = "read-only-0123456789", "read-write-0123456789"
KEYS = f"desk:ro:{READ}, newsroom:rw:{WRITE}"
PILOT = {"id": "pilot", "text": "A pilot guides ships."}


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def keyed(serving_module):
    footnote = serving_module(api_keys=KEYS)
    assert footnote.post("/v1/articles", PILOT, headers=bearer(WRITE)).status_code == 201
    return footnote


# --- names ----------------------------------------------------------------------------

LOOPBACK = ["127.0.0.1", "127.8.9.10:80", "localhost", "LOCALHOST:8000", "localhost.", "[::1]:9"]
ADDRESSES_ELSEWHERE = ["192.168.1.7", "10.0.0.1:8000", "[fe80::1]:80", "0.0.0.0"]
FOREIGN = [
    *("evil.test", "127.0.0.1.evil.test", "localhost.evil.test", "footnote", "example.org"),
    *("x.localhost", "127.1", "2130706433", "0x7f000001", "localhost@evil.test", "localhost/x"),
    *("localhost:x", "localhost:80:80", "::1", "[::1", "", " ", "a b", "*", ".", "localhost\u0131"),
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_names_are_taken_everywhere(host):
    assert Hosts("127.0.0.1", True).allow(host)
    assert Hosts("0.0.0.0", False).allow(host)


@pytest.mark.parametrize("host", ADDRESSES_ELSEWHERE)
def test_addresses_are_taken_where_others_may_call(host):
    # Nobody can make a browser take another page for the one of an address.
    assert not Hosts("127.0.0.1", True).allow(host)
    assert Hosts("0.0.0.0", False).allow(host)


@pytest.mark.parametrize("host", FOREIGN)
def test_no_other_name_is_taken_unless_it_is_listed(host):
    assert not Hosts("127.0.0.1", True).allow(host)
    assert not Hosts("0.0.0.0", False).allow(host)
    assert not Hosts("127.0.0.1", True, ["footnote.example.org", "*.internal"]).allow(host)


def test_listed_names_are_taken_with_any_port():
    hosts = Hosts("127.0.0.1", True, ["Footnote.Example.org", "*.internal", "10.0.0.5", "fe80::1"])
    taken = ["footnote.example.org", "FOOTNOTE.example.org.:443", "a.internal", "a.b.internal:1"]
    assert [name for name in (*taken, "10.0.0.5", "[FE80::1]:80") if not hosts.allow(name)] == []
    refused = ["example.org", "x.footnote.example.org", "internal", "ainternal", "10.0.0.6"]
    assert [name for name in refused if hosts.allow(name)] == []


def test_the_name_that_is_served_on_is_ours_and_a_star_is_any():
    assert Hosts("footnote.lan", False).allow("footnote.lan:8000")
    assert Hosts("127.0.0.1", True, ["*"]).allow("evil.test")
    assert not Hosts("127.0.0.1", True, ["*"]).allow("evil.test/x")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/articles"),
        ("GET", "/health/live"),
        ("GET", "/static/style.css"),
        ("POST", "/v1/articles"),
        ("DELETE", "/v1/articles/pilots"),
        ("OPTIONS", "/v1/ask"),
    ],
)
def test_a_name_of_others_is_refused_for_reading_too(bare, method, path):
    answer = bare.client.request(method, path, headers={"Host": "evil.test:8000"})

    assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")
    assert answer.json()["detail"] == (
        "'evil.test:8000' is no name of this service: call it by its address, or set "
        "QA_ALLOWED_HOSTS to the names that it has (comma-separated, without ports)"
    )


def test_a_name_with_markup_is_shown_as_it_is(bare):
    headers = {"Host": 'a"><script>alert(1)</script>', "Accept": "text/html"}
    answer = bare.get("/", headers=headers)

    assert answer.status_code == 421
    assert re.findall("<script[^>]*>", answer.text) == ['<script src="/static/copy.js" defer>']


def test_names_that_are_set_are_taken(serving):
    footnote = serving(allowed_hosts="footnote.example.org, *.internal")

    for host, status in [("footnote.example.org", 200), ("a.internal:1", 200), ("evil.test", 421)]:
        assert footnote.get("/v1/articles", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("name", ["example.org:80", "http://example.org", "a b", "*.*.org", "a/b"])
def test_a_name_that_no_request_could_have_is_refused_at_the_start(name):
    with pytest.raises(InvalidInput, match="QA_ALLOWED_HOSTS") as caught:
        create_app(Settings(allowed_hosts=name, _env_file=None))
    assert caught.value.code == "invalid_hosts"


# --- pages of others ------------------------------------------------------------------

FOREIGN_PAGES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another port of this machine, or another name of its domain
    {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": "http://evil.test"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1.evil.test"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://[::1"},
]
OUR_PAGES = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://footnote.example.org"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "https://127.0.0.1"},  # of a proxy that speaks TLS
]


@pytest.mark.parametrize("headers", FOREIGN_PAGES)
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/related", "/check/text"])
def test_a_page_of_others_may_not_write(bare, headers, path):
    answer = bare.post(path, {"text": "pilot"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert bare.get("/v1/articles").json()["articles"] == []


@pytest.mark.parametrize("headers", OUR_PAGES)
def test_our_pages_and_programs_may(bare, headers):
    assert bare.post("/v1/related", {"text": "pilot"}, headers=headers).status_code == 200


# --- keys -----------------------------------------------------------------------------

WRITES = [("POST", "/v1/articles"), ("DELETE", "/v1/articles/pilot"), ("DELETE", "/v1/jobs/x")]
READS = [
    ("GET", "/v1/articles", None),
    ("GET", "/v1/articles/pilot/raw", None),
    ("HEAD", "/v1/articles/pilot", None),
    ("GET", "/", None),
    ("POST", "/v1/ask", {"question": "Who guides ships?"}),
    ("POST", "/v1/check", {"quote": "A pilot guides ships."}),
    ("POST", "/v1/check/text", {"text": "“A pilot guides ships.”"}),
    ("POST", "/v1/related", {"text": "A pilot guides ships."}),
]


@pytest.mark.parametrize(("method", "path"), [*WRITES, ("PUT", "/v1/ask"), ("POST", "/v1/new")])
def test_a_key_to_read_writes_nothing(keyed, method, path):
    answer = keyed.client.request(method, path, json=PILOT, headers=bearer(READ))

    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_key")
    assert answer.json()["detail"] == "the key 'desk' may only read: use one that may write"


@pytest.mark.parametrize(("method", "path", "body"), READS)
def test_a_key_to_read_reads_everything(keyed, method, path, body):
    assert keyed.client.request(method, path, json=body, headers=bearer(READ)).status_code == 200


def test_a_key_to_read_may_send_the_form_of_a_draft(keyed):
    answer = keyed.client.post("/check/text", data={"text": "“No.”"}, headers=bearer(READ))
    assert answer.status_code == 200


def test_each_write_is_noted_with_who_made_it_and_how_it_ended(serving, caplog):
    caplog.set_level(logging.INFO, "qa.audit")
    footnote = serving(api_keys=KEYS)
    write, read = bearer(WRITE), bearer(READ)
    footnote.post("/v1/articles", PILOT, headers=write)
    footnote.post("/v1/articles", PILOT, headers=read)
    footnote.delete("/v1/articles/pilot", headers=write)
    footnote.delete("/v1/articles/pilot", headers=write)
    footnote.post("/v1/ask", {"question": "pilot"}, headers=write)
    footnote.post("/v1/articles", {"text": ""}, headers=write)
    lines = b'{"id": "a", "text": "A crane."}'
    kind = {"Content-Type": "application/x-ndjson"}
    job = footnote.client.post("/v1/articles", content=lines, headers={**write, **kind})

    noted = [
        (r.key, r.client, r.method, r.path, r.status, r.location)
        for r in caplog.records
        if r.name == "qa.audit"
    ]
    here, all_ = "testclient", "/v1/articles"
    assert noted == [
        ("newsroom", here, "POST", all_, 201, "/v1/articles/pilot"),
        ("desk", here, "POST", all_, 403, ""),
        ("newsroom", here, "DELETE", "/v1/articles/pilot", 204, ""),
        ("newsroom", here, "DELETE", "/v1/articles/pilot", 404, ""),
        ("newsroom", here, "POST", all_, 422, ""),
        ("newsroom", here, "POST", all_, 202, job.headers["Location"]),
    ]


def test_without_keys_it_is_noted_that_none_was_asked_for(serving, caplog):
    caplog.set_level(logging.INFO, "qa.audit")
    serving().add(**PILOT)

    assert [r.key for r in caplog.records if r.name == "qa.audit"] == ["local"]


@pytest.mark.parametrize("ours", [201, 500])
def test_a_write_that_breaks_is_noted_as_one(serving, caplog, monkeypatch, ours):
    caplog.set_level(logging.INFO, "qa.audit")
    footnote = serving()
    if ours == 500:
        monkeypatch.setattr(footnote.corpus, "add_batch", lambda _: 1 / 0)
    assert footnote.post("/v1/articles", PILOT).status_code == ours

    assert [r.status for r in caplog.records if r.name == "qa.audit"] == [ours]


def test_wrong_keys_are_counted_and_slowed_down_and_the_right_one_is_taken(serving):
    footnote = serving(api_keys=KEYS)
    statuses = [footnote.get("/", headers=bearer(f"wrong{n}")).status_code for n in range(12)]

    assert statuses == [401] * ALLOWED + [429] * 2
    slowed = footnote.get("/v1/status", headers=bearer("wrong"))
    assert slowed.json()["code"] == "too_many_wrong_keys"
    assert 50 < int(slowed.headers["Retry-After"]) <= 60
    assert slowed.headers["Connection"] == "close"
    assert footnote.get("/v1/status").status_code == 401  # no key is no wrong one
    assert footnote.get("/v1/status", headers=bearer(READ)).status_code == 200
    metrics = footnote.get("/metrics", headers=bearer(READ)).text
    assert "footnote_wrong_keys_total 13.0" in metrics


def test_wrong_keys_of_a_minute_ago_are_forgotten():
    now = 0.0
    wrong = WrongKeys(clock=lambda: now)
    assert [wrong.note("10.0.0.1") for _ in range(ALLOWED + 1)] == [0] * ALLOWED + [60]
    now = 45.5
    assert (wrong.note("10.0.0.1"), wrong.note("10.0.0.2")) == (15, 0)
    now = 60.0
    assert wrong.note("10.0.0.1") == 0
    assert wrong.total == ALLOWED + 4


def test_a_network_of_ipv6_counts_as_one_client():
    wrong = WrongKeys(clock=lambda: 0.0)
    told = [wrong.note(f"2001:db8::{n:x}") for n in range(ALLOWED + 1)]
    assert told == [0] * ALLOWED + [60]
    assert wrong.note("2001:db8:0:1::1") == 0


def test_the_table_of_wrong_keys_does_not_grow_without_end():
    wrong = WrongKeys(clock=lambda: 0.0)
    for n in range(ADDRESSES + 500):
        wrong.note(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert len(wrong._since) == ADDRESSES
    assert wrong.total == ADDRESSES + 500


def test_signing_out_makes_a_browser_forget_the_key(keyed):
    page = keyed.get("/sign-out", headers={**bearer(READ), "Accept": "text/html"})

    assert (page.status_code, page.headers["WWW-Authenticate"]) == (401, 'Basic realm="Footnote"')
    assert page.headers["Clear-Site-Data"] == '"cookies"'
    assert "You have signed out." in page.text
    assert 'href="/sign-out"' not in page.text


def test_pages_offer_to_sign_out_where_a_key_was_given(keyed, bare):
    assert 'href="/sign-out"' in keyed.get("/", headers=bearer(READ)).text
    assert 'href="/sign-out"' not in bare.get("/").text
    assert bare.get("/sign-out").status_code == 404


# --- proxies --------------------------------------------------------------------------

FORWARDED = {
    "X-Forwarded-For": "203.0.113.7, 10.0.0.2",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "footnote.example.org",
}


def behind(tmp_path, client, **others):
    settings = Settings(
        model="hash",
        data=tmp_path,
        _env_file=None,
        allowed_hosts="footnote.example.org",
        **others,
    )
    return TestClient(create_app(settings), "http://127.0.0.1", client=(client, 50000))


@pytest.mark.parametrize(
    ("trusted", "shown", "whose"),
    [
        ("10.0.0.1,10.0.0.2", "https://footnote.example.org/v1/ask", "203.0.113.7"),
        ("10.0.0.0/8", "https://footnote.example.org/v1/ask", "203.0.113.7"),
        ("10.0.0.1", "https://footnote.example.org/v1/ask", "10.0.0.2"),
        ("10.9.0.0/16", "http://127.0.0.1/v1/ask", "10.0.0.1"),
        ("", "http://127.0.0.1/v1/ask", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_is_believed_and_no_other(tmp_path, caplog, trusted, shown, whose):
    caplog.set_level(logging.INFO, "qa.audit")
    client = behind(tmp_path, "10.0.0.1", trusted_proxies=trusted)

    assert f"curl -X POST &#39;{shown}&#39;" in client.get("/docs", headers=FORWARDED).text
    client.delete("/v1/articles/x", headers=FORWARDED)
    assert [r.client for r in caplog.records if r.name == "qa.audit"] == [whose]


def test_a_trusted_proxy_opens_no_other_name(tmp_path):
    client = behind(tmp_path, "10.0.0.1", trusted_proxies="10.0.0.1")
    answer = client.get("/docs", headers={"X-Forwarded-Host": "evil.test"})

    assert answer.status_code == 421


def test_below_a_root_path_every_link_leads_below_it(serving):
    footnote = serving(root_path="/notes")
    added = footnote.add(**PILOT)
    assert added["link"] == "/notes/v1/articles/pilot"
    lines = b'{"id": "crane", "text": "A crane lifts crates."}'
    job = footnote.add_lines(lines)  # follows the Location
    assert job["state"] == "done"
    hit = footnote.ask("Who guides ships?")["passages"][0]
    assert hit["source"]["link"].startswith("/notes/articles/pilot?start=0")
    assert footnote.get("/openapi.json").json()["servers"] == [{"url": "/notes"}]
    assert footnote.get("/v1/articles/none").json()["instance"] == "/notes/v1/articles/none"
    assert "127.0.0.1/notes/v1/ask" in footnote.get("/docs").text
    for page in ("/", "/?q=pilot", "/articles", "/articles/pilot", "/check", "/related", "/docs"):
        here = footnote.get(f"/notes{page}", headers={"Accept": "text/html"})
        links = set(re.findall(r'(?:href|action)="(/[^"]*)"', here.text))
        assert links
        assert [link for link in links if not link.startswith("/notes/")] == []
        assert {link for link in links if footnote.get(html.unescape(link)).status_code > 399} in (
            set(),
            {"/notes/check/text"},
            {"/notes/correct", "/notes/remove"},  # with nothing ticked
        )


def test_a_root_path_is_taken_off_once_and_is_no_beginning_of_a_name(serving):
    footnote = serving(root_path="/articles")
    footnote.add(**PILOT)

    assert "A pilot guides ships." in footnote.get("/articles/articles/pilot").text
    assert footnote.get("/articles").status_code == 200
    assert "Ask" in footnote.get("/articles").text
    assert footnote.get("/articlesx").status_code == 404


@pytest.mark.parametrize("path", ["notes", "/notes/", "/", "/a b", "/a//b", "//evil.test", "/a?b"])
def test_a_root_path_that_is_none_is_refused(path):
    with pytest.raises(ValueError, match="root_path"):
        Settings(root_path=path, _env_file=None)


# --- methods and headers --------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/articles", "/docs", "/openapi.json", "/metrics", "/health/live", "/v1/articles"],
)
def test_head_is_answered_as_get_without_a_body(bare, path):
    got, head = bare.get(path), bare.client.head(path)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    if path != "/metrics":
        assert head.headers["Content-Length"] == str(len(got.content))


def test_head_of_what_is_none_or_not_read_is_refused_likewise(bare):
    assert bare.client.head("/v1/articles/none").status_code == 404
    refused = bare.client.head("/v1/check/text")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/v1/ask", "GET, POST, HEAD, OPTIONS"),
        ("/v1/articles", "GET, POST, HEAD, OPTIONS"),
        ("/v1/articles/x", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("/v1/check", "POST, OPTIONS"),
        ("/check/text", "GET, POST, HEAD, OPTIONS"),
        ("/health/live", "GET, HEAD, OPTIONS"),
    ],
)
def test_all_methods_of_a_path_are_named(bare, path, allow):
    refused, asked = bare.client.put(path), bare.client.options(path)

    assert (refused.status_code, refused.headers["Allow"]) == (405, allow)
    assert (asked.status_code, asked.headers["Allow"], asked.content) == (204, allow, b"")


def test_a_path_has_one_name(bare):
    assert bare.get("/v1/articles/", follow_redirects=False).status_code == 404


@pytest.mark.parametrize("path", ["/v1/articles", "/v1/none", "/metrics", "/v1/crash", "/health/x"])
def test_no_answer_is_guessed_at_or_shown_in_a_frame(bare, path):
    bare.client.app.add_api_route("/v1/crash", lambda: 1 / 0)
    headers = bare.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_pages_keep_their_own_policy(bare):
    policy = bare.get("/", headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


# --- JSON -----------------------------------------------------------------------------


def test_a_key_that_stands_twice_is_refused(bare):
    body = b'{"id": "a", "text": "One.", "id": "b"}'
    answer = bare.client.post(
        "/v1/articles", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_json")
    assert answer.json()["detail"] == "not valid JSON: the key 'id' stands twice in one object"


def test_a_line_in_which_a_key_stands_twice_is_refused_and_the_others_are_added(serving):
    footnote = serving()
    lines = [{"id": "a", "text": "One."}, {"id": "b", "text": "Two."}]
    twice = b'{"id": "c", "extra": {"x": 1, "x": 2}, "text": "Three."}'
    job = footnote.add_lines(b"\n".join([*(json.dumps(line).encode() for line in lines), twice]))

    assert job["counts"] == {"added": 2, "refused": 1}
    assert job["problems"] == [
        {
            "origin": "line 3",
            "code": "invalid_json",
            "reason": "not valid JSON: the key 'x' stands twice in one object",
        }
    ]
