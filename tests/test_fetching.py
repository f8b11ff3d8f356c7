"""A page is fetched from the public internet alone, within limits, and kept as it came.

The server of these tests is on this machine: it is let in by handing the check another function.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.cli import fetch_command, main
from qa.errors import InvalidInput, TooLarge
from qa.ingest.web.fetching import Fetched, fetched, is_public, shown_url
from qa.settings import Settings

PAGE = (
    "<html><head><title>Vesti</title></head><body><article><h1>Vesti</h1>"
    + "<p>Школа је отворена у понедељак, а деца су дошла на време.</p>" * 3
    + "</article></body></html>"
).encode("cp1251")


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        getattr(self, "at_" + self.path.strip("/").partition("?")[0].partition("/")[0])()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def at_page(self) -> None:
        self.say(200, PAGE, Content_Type="text/html; charset=windows-1251")

    def at_host(self) -> None:
        self.say(200, str(self.headers["Host"]).encode(), Content_Type="text/plain")

    def at_gone(self) -> None:
        self.say(404)

    def at_on(self) -> None:
        self.say(302, Location="/page#part")

    def at_away(self) -> None:
        self.say(301, Location="http://other.example/secret")

    def at_file(self) -> None:
        self.say(302, Location="file:///etc/passwd")

    def at_round(self) -> None:
        self.say(302, Location="/round")

    def at_drip(self) -> None:
        self.say(200, b"x")
        for _ in range(50):
            time.sleep(0.1)
            try:
                self.wfile.write(b"x")
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """A server on this machine: what its addresses begin with."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://site.example:{server.server_port}"
    server.shutdown()
    server.server_close()


def here(host, port):
    return ["127.0.0.1"]


def anywhere(address):
    return True


get = partial(fetched, most_bytes=10_000, public=anywhere, resolve=here)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:1::1"),
    ],
)
def test_addresses_of_this_machine_and_of_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111"])
def test_other_addresses_are_public(address):
    assert is_public(address)


def test_a_page_is_fetched_as_it_came(site):
    assert get(f"{site}/page") == Fetched(f"{site}/page", PAGE, "text/html", "windows-1251")
    assert get(f"{site}/on").url == f"{site}/page"
    assert get(f"{site}/host").data == site.removeprefix("http://").encode()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http:// and https:// are fetched"),
        ("ftp://example.org/a", "only http:// and https:// are fetched"),
        ("page.html", "only http:// and https:// are fetched"),
        ("http://:80/", "it is no address"),
        ("http://127.0.0.1:1/", "it is an address of this machine or its network"),
        ("http://0x7f.1/", "it is an address of this machine or its network"),
        ("http://2130706433/", "it is an address of this machine or its network"),
        ("http://[::ffff:10.0.0.1]/", "it is an address of this machine or its network"),
        ("http://nowhere.invalid/", "there is no nowhere.invalid"),
    ],
)
def test_what_is_not_of_the_public_internet_is_refused(url, reason):
    with pytest.raises(InvalidInput) as caught:
        fetched(url, 1000)
    assert caught.value.message == f"{url} is not fetched: {reason}"


def test_credentials_are_neither_sent_nor_said():
    with pytest.raises(InvalidInput) as caught:
        get("https://me:sec@ret@example.org/a")
    assert caught.value.message == (
        "https://…@example.org/a is not fetched: it has a name or a password in it"
    )
    assert shown_url("https://example.org/a@b") == "https://example.org/a@b"


def test_a_name_is_looked_up_once_and_its_address_is_what_is_connected_to(site):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    assert get(f"{site}/page", public="127.0.0.1".__eq__, resolve=rebinding).data == PAGE
    assert asked == ["site.example"]


@pytest.mark.parametrize("found", [["93.184.215.14", "127.0.0.1"], []])
def test_a_name_with_one_address_that_is_not_public_is_refused(site, found):
    with pytest.raises(InvalidInput, match="of this machine or its network"):
        fetched(f"{site}/page", 1000, resolve=lambda host, port: found)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("away", "http://other.example/secret is not fetched: it is an address of this machine"),
        ("file", "file:///etc/passwd is not fetched: only http:// and https://"),
        ("round", "round is not fetched: it leads on more than 5 times"),
        ("gone", "gone is not fetched: the server says 404 Not Found"),
    ],
)
def test_each_redirection_is_checked(site, path, reason):
    def resolve(host, port):
        return ["127.0.0.1"] if host == "site.example" else ["10.0.0.1"]

    with pytest.raises(InvalidInput) as caught:
        get(f"{site}/{path}", public="127.0.0.1".__eq__, resolve=resolve)
    assert reason in caught.value.message


def test_a_page_is_limited_in_size_and_in_time(site):
    with pytest.raises(TooLarge, match="more than 100 bytes"):
        get(f"{site}/page", most_bytes=100)
    started = time.monotonic()
    with pytest.raises(InvalidInput, match="drip is not fetched: it takes too long"):
        get(f"{site}/drip", seconds=0.5)
    assert time.monotonic() - started < 3


def test_a_server_that_is_not_there_is_said(site):
    with pytest.raises(InvalidInput, match="it cannot be reached: NewConnectionError"):
        get("http://site.example:1/")


@pytest.fixture
def qa(tmp_path, monkeypatch, capsys):
    """Runs the command in a folder of its own; the server of these tests counts as public."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"QA_{name.upper()}", raising=False)
    monkeypatch.setenv("QA_MODEL", "hash")
    let_in = partial(fetched, public=anywhere, resolve=here)
    monkeypatch.setattr(fetch_command, "fetched", let_in)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return caught.value.code or 0, captured.out, captured.err

    return run


def test_what_is_fetched_is_an_article_with_its_address(qa, site, tmp_path):
    assert qa("fetch", f"{site}/on", "--publisher", "Vesti", "--date", "2024-05")[:2] == (
        0,
        "1 added\n",
    )
    assert qa("fetch", f"{site}/page", "--publisher", "Vesti", "--date", "2024-05")[1] == (
        "1 unchanged\n"
    )
    [row] = json.loads(qa("list", "--json")[1])["articles"]
    names = ("title", "url", "publisher", "published")
    assert [row[name] for name in names] == ["Vesti", f"{site}/page", "Vesti", "2024-05"]
    shown = json.loads(qa("show", row["id"], "--json")[1])
    assert "Школа је отворена у понедељак" in shown["article"]["text"]
    assert (shown["origin"], shown["encoding"]) == (f"{site}/page", "cp1251")
    (tmp_path / "a.txt").write_text("A ferry.")
    # It is no file of the folder that has gone.
    assert "pruned" not in qa("add", ".", "--prune")[1]
    assert len(json.loads(qa("list", "--json")[1])["articles"]) == 2


def test_what_is_not_fetched_makes_no_corpus(qa, site, tmp_path):
    code, said, error = qa("fetch", f"{site}/gone")

    assert (code, said) == (1, "")
    assert error == f"error: {site}/gone is not fetched: the server says 404 Not Found\n"
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_added_is_told_from_a_file(qa):
    assert qa("add", "https://me:secret@example.org/a", "s3://bucket/x") == (
        1,
        "2 refused\n",
        "refused: https://…@example.org/a: an address: save the page in the browser (Ctrl+S) and "
        "add the file, or let `qa fetch` fetch it\n"
        "refused: s3://bucket/x: an address: give the path of a file\n",
    )


def test_a_date_that_is_none_is_not_left_out(qa, tmp_path):
    (tmp_path / "a.txt").write_text("A ferry.")
    code, _, error = qa("add", "a.txt", "--date", "soon")

    assert code == 1
    assert error.startswith('error: "published": expected a date such as 2021')
