"""Served to others as docs/deployment.md says: the configurations that stand there are run."""

import base64
import datetime
import html
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytestmark = pytest.mark.slow

NAME, KEY, CLIENT = "footnote.example.org", "0123456789abcdef", "127.0.0.2"
PAGE = (Path(__file__).parents[2] / "docs" / "deployment.md").read_text("utf-8")
SIGNED_IN = "Basic " + base64.b64encode(f"reader:{KEY}".encode()).decode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Files of a certificate for NAME that it has signed itself, and of its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem", folder / "key.pem"


class Client:
    """Speaks TLS with what is at a port, from an address of its own, and checks the certificate."""

    def __init__(self, port, certificate):
        self._port, self._context = port, ssl.create_default_context(cafile=certificate)

    @contextmanager
    def asking(self, method, path, body=None, **headers):
        plain = socket.create_connection(
            ("127.0.0.1", self._port), timeout=20, source_address=(CLIENT, 0)
        )
        with (
            self._context.wrap_socket(plain, server_hostname=NAME) as secured,
            closing(http.client.HTTPConnection(NAME)) as connection,
        ):
            connection.sock = secured
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, {"Authorization": SIGNED_IN, **named})
            yield connection.getresponse()

    def ask(self, *request, **headers):
        """Status, headers and text."""
        with self.asking(*request, **headers) as answer:
            return answer.status, answer.headers, answer.read().decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configuration(proxy, replaced):
    """The one that the page shows, with this machine's ports and files."""
    [text] = re.findall(rf"```{proxy}\n(.*?)```", PAGE, re.DOTALL)
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, str(new))
    return text


def nginx(folder, port, upstream, certificate):
    server = configuration(
        "nginx",
        {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "/etc/ssl/footnote/fullchain.pem": certificate[0],
            "/etc/ssl/footnote/privkey.pem": certificate[1],
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        },
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{kept}{server}}}\n"
    )
    return ["nginx", "-e", folder / "errors", "-c", folder / "nginx.conf"]


def caddy(folder, port, upstream, certificate):
    site = configuration(
        "caddy",
        {
            f"{NAME} {{": f"{NAME}:{port} {{\n\ttls {certificate[0]} {certificate[1]}",
            "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        },
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]


@pytest.fixture(params=[nginx, caddy])
def proxied(request, server_with, tmp_path, certificate):
    """A server behind a proxy, and a client of that."""
    if shutil.which(request.param.__name__) is None:
        pytest.skip(f"{request.param.__name__} is not installed")
    server = server_with(
        QA_TRUSTED_PROXIES="127.0.0.1",
        QA_ALLOWED_HOSTS=NAME,
        QA_ROOT_PATH="/footnote",
        QA_API_KEYS=f"newsroom:rw:{KEY}",
        QA_AUDIT_LOG=str(tmp_path / "audit.jsonl"),
        QA_MCP="true",
    )
    server.start()
    port = free_port()
    command = request.param(tmp_path, port, server.port, certificate)
    homes = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **homes})
        try:
            listening(port, process, tmp_path / "said")
            yield server, Client(port, certificate[0])
        finally:
            process.terminate()
            process.wait(20)


def listening(port, process, said):
    until = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.05)


def test_behind_a_proxy_everything_works_below_the_path_that_it_has(proxied, tmp_path):
    server, client = proxied
    boundary = {"Content_Type": "multipart/form-data; boundary=x"}
    upload = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="pilots.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nA harbour pilot guides ships.\r\n--x--\r\n"
    )
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Host": "evil.test"}
    status, headers, _ = client.ask("POST", "/footnote/v1/articles", upload, **boundary, **forged)
    assert (status, headers["Location"][:18]) == (202, "/footnote/v1/jobs/")

    with client.asking("GET", headers["Location"], Accept="text/event-stream") as events:
        assert events.headers["Content-Type"].startswith("text/event-stream")
        last = [line for line in events.read().decode().splitlines() if line.startswith("event")][
            -1
        ]
    assert last == "event: done"

    status, headers, page = client.ask("GET", "/footnote/", Accept="text/html")
    links = {html.unescape(link) for link in re.findall(r'(?:href|action)="(/[^"]*)"', page)}
    assert {"/footnote/articles", "/footnote/static/style.css", "/footnote/docs"} <= links
    reached = {link: client.ask("GET", link, Accept="text/html")[0] for link in links}
    assert {link: code for link, code in reached.items() if code != 200} == {
        "/footnote/sign-out": 401
    }
    assert f"https://{NAME}/footnote/v1/ask" in client.ask("GET", "/footnote/docs")[2]

    form = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    own, foreign = f"https://{NAME}", "https://evil.test"
    draft = ("POST", "/footnote/check/text", b"text=%22A+harbour+pilot+guides+ships.%22")
    assert "Verbatim." in client.ask(*draft, **form, Origin=own)[2]
    assert client.ask(*draft, **form, Origin=foreign)[0] == 403

    path = "/footnote/v1/articles"
    assert '"id":"pilots"' in client.ask("GET", path)[2]
    status, _, text = client.ask("GET", path, Host="evil.test")
    # nginx passes the name on, and Caddy has no such site and says nothing.
    assert (status, text[:1]) in [(421, "{"), (200, "")]
    assert "pilots" not in text

    [written] = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert (written["key"], written["client"], written["status"]) == ("newsroom", CLIENT, 202)
    assert written["location"].startswith("/footnote/v1/jobs/")
    assert f'{CLIENT}:0 - "GET /docs HTTP' in server.log()
    everything_leads_below(client)


def everything_leads_below(client):
    """Links in headers and in JSON, redirects, the document's servers, assistants; no cookie."""
    heads = []

    def ask(method, path, body=None, **headers):
        status, given, text = client.ask(method, f"/footnote{path}", body, **headers)
        heads.append(given)
        return status, given, text

    as_json, lines = {"Content_Type": "application/json"}, b'{"id": "tides", "text": "It turns."}'
    status, given, text = ask("POST", "/v1/articles", lines, **as_json)
    assert (status, given["Location"]) == (201, "/footnote/v1/articles/tides")
    assert json.loads(text)["link"] == "/footnote/v1/articles/tides"
    _, given, _ = ask("GET", "/v1/articles?limit=1")
    link = re.fullmatch(r'<(/footnote/v1/articles\?[^>]*)>; rel="next"', given["Link"])
    assert link
    assert '"id":"tides"' in client.ask("GET", link[1])[2]
    _, given, _ = ask("POST", "/v1/articles", lines, Content_Type="application/x-ndjson")
    assert given["Link"].startswith('</footnote/docs>; rel="deprecation"')

    found = json.loads(ask("GET", "/v1/ask?q=It+turns&threshold=0")[2])["passages"][0]
    shown = client.ask("GET", found["source"]["link"].partition("#")[0], Accept="text/html")
    assert (shown[0], "It turns." in shown[2]) == (200, True)
    document = json.loads(ask("GET", "/openapi.json")[2])
    assert document["servers"] == [{"url": "/footnote"}]

    pasted = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    status, given, _ = ask("POST", "/add/text", b"title=Pasted&text=Pasted+it.", **pasted)
    assert (status, given["Location"][:21]) == (303, "/footnote/articles/a-")
    assert "Pasted it." in client.ask("GET", given["Location"], Accept="text/html")[2]

    called = {"name": "ask", "arguments": {"question": "It turns"}}
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    both = {**as_json, "Accept": "application/json, text/event-stream"}
    status, _, text = ask("POST", "/mcp", json.dumps(request).encode(), **both)
    assert (status, "tides" in text) == (200, True), text
    assert [given["Set-Cookie"] for given in heads if given["Set-Cookie"]] == []


@pytest.fixture
def secured(server_with, certificate):
    cert, key = map(str, certificate)
    return server_with(
        QA_TLS_CERT=cert,
        QA_TLS_KEY=key,
        QA_ALLOWED_HOSTS=NAME,
        QA_API_KEYS=KEY,
        QA_HEADER_SECONDS="1",
    )


def test_tls_of_its_own(secured, certificate):
    client = Client(secured.port, certificate[0])
    secured.ready = lambda: answers(client)
    secured.start()
    status, _, text = client.ask("GET", "/v1/articles")

    assert (status, json.loads(text)["articles"]) == (200, [])
    assert f"https://{NAME}/v1/ask" in client.ask("GET", "/docs")[2]
    assert f"https://127.0.0.1:{secured.port}/" in (secured.folder / "out").read_text()
    with closing(socket.create_connection(("127.0.0.1", secured.port), timeout=20)) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert plain.recv(100)[:5] != b"HTTP/"
    with closing(socket.create_connection(("127.0.0.1", secured.port), timeout=20)) as silent:
        began = time.monotonic()
        assert silent.recv(100) == b""
        assert time.monotonic() - began < 10
    with client.asking("GET", "/v1/articles", Big="x" * 70_000) as answer:
        assert (answer.status, json.loads(answer.read())["code"]) == (431, "headers_too_large")


def answers(client):
    try:
        return client.ask("GET", "/health/ready")[0] == 200
    except OSError:
        return False


def test_a_certificate_that_cannot_be_used_is_refused_at_the_start(secured, tmp_path):
    secured.env["QA_TLS_CERT"] = str(tmp_path / "none.pem")
    done = secured.qa("serve")

    assert done.returncode == 1
    assert "QA_TLS_CERT and QA_TLS_KEY cannot be used: No such file or directory" in done.stderr
    secured.env["QA_TLS_CERT"] = secured.env["QA_TLS_KEY"]
    assert "QA_TLS_CERT and QA_TLS_KEY cannot be used" in secured.qa("serve").stderr
