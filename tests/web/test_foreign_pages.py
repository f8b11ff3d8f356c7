"""Pages of others in a real browser: none reads or writes here. Names in .test are this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from qa.api import create_app
from qa.settings import Settings
from qa.types import Article, Document

pytestmark = pytest.mark.browser

KEY = "0123456789abcdef"
FORM = """
<form action="{target}/v1/articles" method="post" enctype="multipart/form-data">
<textarea name="files">planted</textarea>
</form>
"""
# A file in the form, as a script can put one there without the reader's doing.
SUBMIT = """
() => {
  const files = new DataTransfer();
  files.items.add(new File(["Planted."], "planted.txt", {type: "text/plain"}));
  const field = Object.assign(document.createElement("input"), {type: "file", name: "files"});
  field.files = files.files;
  document.forms[0].replaceChildren(field);
  document.forms[0].submit();
}
"""
FETCH = """
async ([url, method]) => {
  const body = new FormData();
  body.append("files", new File(["Planted."], "planted.txt"));
  const given = method === "POST" ? {method, body, mode: "no-cors"} : {method};
  try { return (await fetch(url, given)).status } catch { return "blocked" }
}
"""


class Footnote:
    """The service with one article, and a browser that keeps note of what it was answered."""

    def __init__(self, app: Any, port: int, context: Any) -> None:
        self.app, self.port = app, port
        self.page = context.new_page()
        self.answers: list[tuple[str, int]] = []
        self.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        if f":{self.port}/v1/" in response.url:
            self.answers.append((response.request.method, response.status))

    def unharmed(self) -> bool:
        """Nothing was added or removed, nor is any job at work on it."""
        service = self.app.state.service
        ids = [stored.article.id for stored, _, _ in service.corpus.articles()]
        return ids == ["pilots"] and service.jobs.table.pending() == 0


@pytest.fixture
def footnote(
    browser: Any, port_of: Callable[..., int], tmp_path: Path
) -> Iterator[Callable[..., Footnote]]:
    with ExitStack() as stack:

        def make(credentials: dict[str, str] | None = None, **settings: Any) -> Footnote:
            app = create_app(Settings(data=tmp_path, model="hash", _env_file=None, **settings))
            port = port_of(app)
            text = "A pilot guides ships."
            article = Document(Article("pilots", text), text.encode(), "text/plain")
            app.state.service.corpus.add_batch([article])
            context = browser.new_context(http_credentials=credentials)
            stack.callback(context.close)
            return Footnote(app, port, context)

        yield make


@pytest.fixture
def page_of_others() -> Iterator[Callable[[str], int]]:
    """Serves this HTML on a port of its own, under any name."""
    with ExitStack() as stack:

        def serve(html: str) -> int:
            class Page(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html")
                    self.end_headers()
                    self.wfile.write(html.encode())

                def log_message(self, *_: object) -> None:
                    pass

            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Page))
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            stack.callback(server.shutdown)
            return int(server.server_address[1])

        yield serve


def test_a_name_that_was_bound_to_us_anew_reads_and_writes_nothing(
    footnote: Callable[..., Footnote],
) -> None:
    here = footnote()
    evil = f"http://evil.test:{here.port}"
    assert here.page.goto(f"{evil}/").status == 421
    # As a page that had been loaded before the name led to us.
    here.page.route("**/attack", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    here.page.goto(f"{evil}/attack")
    for method, path in [
        ("GET", "/v1/articles"),
        ("GET", "/v1/articles/pilots/raw"),
        ("GET", "/v1/status"),
        ("POST", "/v1/articles"),
        ("DELETE", "/v1/articles/pilots"),
    ]:
        assert here.page.evaluate(FETCH, [evil + path, method]) == 421, (method, path)
    assert here.unharmed()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "evil.test"])
def test_a_page_on_another_port_or_of_another_name_plants_nothing(
    footnote: Callable[..., Footnote], page_of_others: Callable[[str], int], name: str
) -> None:
    here = footnote()
    target = f"http://127.0.0.1:{here.port}"
    other = f"http://{name}:{page_of_others(FORM.format(target=target))}/"
    here.page.goto(other)
    here.page.evaluate(FETCH, [f"{target}/v1/articles", "POST"])
    with here.page.expect_navigation():
        here.page.evaluate(SUBMIT)

    assert here.page.inner_text("body").count("cross_site") == 1
    assert set(here.answers) == {("POST", 403)}  # they came as far as us
    assert here.unharmed()


def test_credentials_that_a_browser_sends_along_are_no_leave_to_write(
    footnote: Callable[..., Footnote], page_of_others: Callable[[str], int]
) -> None:
    here = footnote(
        {"username": "reader", "password": KEY}, api_keys=KEY, allowed_hosts="footnote.test"
    )
    target = f"http://footnote.test:{here.port}"
    assert here.page.goto(f"{target}/").status == 200
    # Plain http and a name: the browser does not say that the page is of another site.
    here.page.goto(f"http://evil.test:{page_of_others(FORM.format(target=target))}/")
    with here.page.expect_navigation():
        here.page.evaluate(SUBMIT)

    assert "cross_site" in here.page.inner_text("body")
    assert here.answers[-1] == ("POST", 403)
    assert here.unharmed()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "footnote.test"])
def test_our_own_pages_send_their_forms(footnote: Callable[..., Footnote], name: str) -> None:
    here = footnote(allowed_hosts="footnote.test")
    here.page.goto(f"http://{name}:{here.port}/check")
    here.page.fill("#text", "“A pilot guides ships”, she wrote.")
    here.page.click("text=Check the draft")

    assert "Verbatim." in here.page.inner_text(".verdict")


def test_signing_out_makes_the_browser_forget_the_key(footnote: Callable[..., Footnote]) -> None:
    here = footnote(api_keys=KEY)
    target = f"127.0.0.1:{here.port}"
    assert here.page.goto(f"http://reader:{KEY}@{target}/").status == 200
    assert here.page.goto(f"http://{target}/articles").status == 200  # it remembers
    here.page.click("text=Sign out")
    # Asked for a key again, and without a reader who could give one, it shows no page at all.
    here.page.wait_for_url("chrome-error://**")
    with pytest.raises(Exception, match="ERR_INVALID_AUTH_CREDENTIALS"):
        here.page.goto(f"http://{target}/articles")
