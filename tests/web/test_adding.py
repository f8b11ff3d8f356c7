"""Articles are added, corrected and removed by the pages; what is stale or closed is said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa import Corpus
from qa.api import create_app
from qa.settings import Settings
from qa.types import Article
from tests.web.conftest import MASTER, browsing

Client = Callable[[Iterable[Article]], TestClient]
ARTICLES = (
    MASTER,
    Article("notes", "Some notes of the week.", title="Notes", author="Bo", tags=("harbour",)),
)


@pytest.fixture
def empty(client_of: Client) -> TestClient:
    return client_of([])


@pytest.fixture
def two(client_of: Client) -> TestClient:
    return client_of(ARTICLES)


def parsed(answer: Any, status: int = 200) -> html.HtmlElement:
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(page: html.HtmlElement, query: str) -> str:
    return " ".join(" ".join(node.text_content() for node in page.xpath(query)).split())


def ended(client: TestClient, path: str) -> html.HtmlElement:
    until = time.monotonic() + 60
    while (page := parsed(client.get(path))).xpath("//progress"):
        assert time.monotonic() < until
        time.sleep(0.02)
    return page


def hidden(page: html.HtmlElement) -> dict[str, list[str]]:
    """What the form that is not the search's sends without being typed."""
    form = page.xpath("//form[@method='post']")[-1]
    found: dict[str, list[str]] = {}
    for field in form.xpath(".//input[@type='hidden']"):
        found.setdefault(field.get("name"), []).append(field.get("value"))
    return found


def typed(page: html.HtmlElement) -> dict[str, str]:
    form = page.xpath("//form[@method='post']")[-1]
    return {field.get("name"): field.get("value") for field in form.xpath(".//input[@id]")}


def test_an_empty_collection_offers_to_add(empty: TestClient) -> None:
    for path in ("/", "/articles"):
        page = parsed(empty.get(path))
        assert page.xpath("//form[@enctype]/@action") == ["/add"]
        assert "qa add" not in page.text_content()
        assert "at most 10 MB and 1,000 files at a time" in page.text_content()


def test_files_are_added_with_what_holds_for_all(empty: TestClient) -> None:
    files = [
        ("files", ("a.txt", b"The ferry leaves at noon.")),
        ("folder", ("talks/b.md", b"---\nauthor: Own\n---\nThe tram is late.")),
        ("folder", ("talks/c.bin", b"\0\1\2")),
        ("folder", ("", b"")),  # as a browser sends a field in which nothing was chosen
    ]
    stated = {"author": "Ana Berg", "published": "2021-03", "tags": "", "publisher": " "}
    answer = empty.post("/add", files=files, data=stated, follow_redirects=False)
    assert answer.status_code == 303
    page = ended(empty, answer.headers["Location"])
    assert words(page, "//p[@role='status']") == (
        "Done. 3 of 3 files or lines: 2 added, 1 not read."
    )
    assert words(page, "//ul[@class='refused']/li/span[1]") == "talks/c.bin"
    assert words(page, "//form[@method='post']/button") == "Try 1 file or line again"
    listed = parsed(empty.get("/articles"))
    assert words(listed, "//ul[@class='articles']/li[1]/p").startswith("Ana Berg, March 2021")
    assert words(listed, "//ul[@class='articles']/li[2]/p").startswith("Own, March 2021")
    listed = parsed(empty.get("/jobs"))
    assert words(listed, "//ul/li/p") == "Done: 3 of 3 files or lines; 2 added, 1 not read"


def test_the_encoding_of_files_that_do_not_say_it_is_said_in_the_form(empty: TestClient) -> None:
    files = [("files", ("luka.txt", "Лука је отворена.".encode("cp1251")))]
    sent = empty.post("/add", files=files, data={"encoding": "cp1251"}, follow_redirects=False)
    ended(empty, sent.headers["Location"])

    assert empty.get("/v1/articles/luka").json()["text"] == "Лука је отворена."


def test_what_was_refused_is_tried_again_once(empty: TestClient) -> None:
    answer = empty.post("/add", files=[("files", ("c.bin", b"\0\1\2"))], follow_redirects=False)
    job = answer.headers["Location"]
    ended(empty, job)
    again = empty.post(f"{job}/retry", follow_redirects=False)
    assert again.status_code == 303
    assert again.headers["Location"] not in ("", job)
    page = parsed(empty.post(f"{job}/retry"), 409)
    assert "nothing of it can be tried again" in words(page, "//p[@role='alert']").lower()
    page = parsed(empty.post(f"{job}/cancel"), 409)
    assert words(page, "//p[@role='alert']") == "It had ended before it could be cancelled."


@pytest.mark.parametrize(
    ("files", "data", "message"),
    [
        ([("files", ("", b""))], {}, "No file was chosen."),
        ([("files", ("a.txt", b"A."))], {"published": "some day"}, '"published": expected a date'),
        ([("files", ("a.txt", b"A."))], {"titel": "A"}, "'titel' is no field of this form"),
        ([("files", ("a.txt", b"A."))], {"encoding": "cp0"}, "There is no encoding 'cp0'."),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(
    empty: TestClient, files: Any, data: dict[str, str], message: str
) -> None:
    page = parsed(empty.post("/add", files=files, data=data), 422)
    assert message in words(page, "//p[@role='alert']")


def test_a_text_is_pasted_once_however_often_it_is_sent(empty: TestClient) -> None:
    pasted = {
        "text": "The ferry leaves at noon.\r\n\r\nIt is new.",
        "title": "The ferry",
        "author": "Ana Berg",
        "published": "3 March 2021",
        "tags": "ships, noon",
        "url": "https://example.org/ferry",
        "language": "",
    }
    first, second = (empty.post("/add/text", data=pasted, follow_redirects=False) for _ in "12")
    assert first.headers["Location"] == second.headers["Location"]
    page = parsed(empty.get(first.headers["Location"]))
    assert page.xpath("//h1/text()") == ["The ferry"]
    assert words(page, "//p[@class='byline']") == "Ana Berg · 3 March 2021"
    assert [p.text for p in page.xpath("//div[@class='text']/p")] == [
        "The ferry leaves at noon.",
        "It is new.",
    ]
    assert len(parsed(empty.get("/articles")).xpath("//ul[@class='articles']/li")) == 1


def test_what_was_pasted_is_not_lost_when_something_is_wrong_with_it(empty: TestClient) -> None:
    pasted = {"text": "A text.", "published": "some day", "title": "A <b> title"}
    page = parsed(empty.post("/add/text", data=pasted), 422)
    assert '"published": expected a date' in words(page, "//p[@role='alert']")
    assert page.xpath("//textarea")[0].text.strip() == "A text."
    assert page.xpath("//input[@id='text-title']/@value") == ["A <b> title"]
    assert "There is no text in it." in words(
        parsed(empty.post("/add/text", data={"text": " "}), 422), "//p[@role='alert']"
    )


def test_an_author_is_corrected(two: TestClient) -> None:
    page = parsed(two.get("/correct?id=notes"))
    fields = {**typed(page), **hidden(page)}
    assert fields["author"] == "Bo"
    answer = two.post("/correct", data={**fields, "author": "Bo Holm"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/notes")
    assert words(parsed(two.get("/articles/notes")), "//p[@class='byline']") == "Bo Holm"
    # The same once more: a double click.
    answer = two.post("/correct", data={**fields, "author": "Bo Holm"}, follow_redirects=False)
    assert answer.status_code == 303
    # Another from the page as it was: somebody has corrected it meanwhile.
    page = parsed(two.post("/correct", data={**fields, "author": "Bob"}), 412)
    assert "It has changed since you opened this page" in words(page, "//p[@role='alert']")
    assert words(page, "//ul[@class='details']/li[1]") == "The author is now: Bo Holm"
    assert typed(page)["author"] == "Bob"
    answer = two.post("/correct", data={**typed(page), **hidden(page)}, follow_redirects=False)
    assert answer.status_code == 303
    assert words(parsed(two.get("/articles/notes")), "//p[@class='byline']") == "Bob"


def test_what_was_not_touched_stays_as_it_was(client_of: Client) -> None:
    client = client_of([Article("odd", "A text.", title="Odd", tags=("one, two", "three"))])
    page = parsed(client.get("/correct?id=odd"))
    data = {**typed(page), **hidden(page), "author": "Bo"}
    assert client.post("/correct", data=data, follow_redirects=False).status_code == 303
    found = client.get("/v1/articles/odd").json()
    assert (found["author"], found["tags"]) == ("Bo", ["one, two", "three"])


def test_several_are_corrected_where_something_is_filled_in(two: TestClient) -> None:
    page = parsed(two.get("/correct?id=notes&id=master"))
    fields = {**typed(page), **hidden(page)}
    assert fields["author"] == ""
    wrong = parsed(two.post("/correct", data=fields), 422)
    assert "Nothing was filled in" in words(wrong, "//p[@role='alert']")
    wrong = parsed(two.post("/correct", data={**fields, "published": "some day"}), 422)
    assert "expected a date" in words(wrong, "//p[@role='alert']")
    page = parsed(two.post("/correct", data={**fields, "publisher": "Kustbladet", "tags": "new"}))
    assert page.xpath("//h1/text()") == ["2 articles corrected"]
    assert words(page, "//ul/li/p") == "Bo, Kustbladet, harbour, new Kustbladet, new"


def test_removing_is_asked_first_and_safe_to_repeat(two: TestClient) -> None:
    page = parsed(two.get("/remove?id=notes&id=master&id=nowhere"))
    assert "Not there any more: nowhere" in page.text_content()
    fields = hidden(page)
    assert sorted(fields["id"]) == ["master", "notes"]
    two.patch("/v1/articles/notes", json={"author": "Other"})
    page = parsed(two.post("/remove", data=fields), 412)
    assert "nothing was removed" in words(page, "//p[@role='alert']")
    fields = hidden(page)
    assert parsed(two.post("/remove", data=fields)).xpath("//h1/text()") == ["2 articles removed"]
    page = parsed(two.post("/remove", data=fields))
    assert page.xpath("//h1/text()") == ["0 articles removed"]
    assert "2 articles were no longer there" in page.text_content()
    assert two.get("/remove?id=notes").status_code == 404


@pytest.mark.parametrize("path", ["/correct", "/remove"])
def test_nothing_ticked_is_nothing_done(two: TestClient, path: str) -> None:
    assert "no article was ticked" in two.get(path).text.lower()
    assert two.get(path).status_code == 422
    for data in ({}, {"id": "notes"}, {"id": ["notes", "master"], "seen": "x"}):
        assert two.post(path, data=data).status_code == 422
    assert two.get("/articles/notes").status_code == 200


def test_the_list_is_narrowed_down_and_each_step_taken_back(client: TestClient) -> None:
    page = parsed(client.get("/articles?q=pilots&sort=-published"))
    assert words(page, "//p[@class='lead']") == "2 of 6 articles"
    assert page.xpath("//ul[@class='articles']/li/a/@href") == [
        "/articles/pilots",
        "/articles/wire",
    ]
    link = "/articles?q=pilots&publisher=Evening+Wire&sort=-published"
    assert link in page.xpath("//aside//a/@href")
    assert words(page, "//aside/ul[1]/li") == "Evening Wire 1 The Harbour Gazette 1"
    page = parsed(client.get(link))
    assert page.xpath("//ul[@class='chips']//a/@href") == ["/articles?q=pilots&sort=-published"]
    assert words(page, "//ul[@class='chips']//span[1]") == "Publisher: Evening Wire"
    assert page.xpath("//input[@type='hidden']/@value") == ["Evening Wire"]
    page = parsed(client.get("/articles?published_from=2024&published_to=2024"))
    assert page.xpath("//ul[@class='articles']/li/a/@href") == ["/articles/pilots"]
    assert words(page, "//ul[@class='chips']//span[1]") == "Date: 2024"


def test_a_search_that_finds_nothing_and_a_date_that_is_none(client: TestClient) -> None:
    assert "No article has all of this." in client.get("/articles?q=nowhere").text
    page = parsed(client.get("/articles?published_from=May"), 422)
    assert "give YYYY" in words(page, "//p[@role='alert']")
    assert page.xpath("//input[@id='from']/@value") == ["May"]


def test_who_may_only_read_is_shown_no_form_and_refused(tmp_path: Path) -> None:
    with Corpus.open(tmp_path, model="hash"):
        pass
    keys = ["w:rw:0123456789abcdef", "r:ro:fedcba9876543210"]
    with Corpus.open(tmp_path, model="hash", read_only=True) as corpus:
        settings = Settings(data=tmp_path, api_keys=[], read_only=True, _env_file=None)
        with browsing(create_app(settings, corpus)) as client:
            closed(client, {})
    with Corpus.open(tmp_path, model="hash") as corpus:
        settings = Settings(data=tmp_path, api_keys=",".join(keys), _env_file=None)
        with browsing(create_app(settings, corpus)) as client:
            closed(client, {"Authorization": "Bearer fedcba9876543210"})
            writer = {"Authorization": "Bearer 0123456789abcdef"}
            assert client.get("/add", headers=writer).status_code == 200


def closed(client: TestClient, headers: dict[str, str]) -> None:
    for path in ("/", "/articles", "/jobs"):
        page = parsed(client.get(path, headers=headers))
        assert page.xpath("//form[@method='post'] | //script[@src='/static/add.js']") == []
        assert page.xpath("//a[contains(@href, '/add')]") == []
    for path in ("/add", "/correct?id=a", "/remove?id=a"):
        assert client.get(path, headers=headers).status_code == 403
    files = [("files", ("a.txt", b"Text."))]
    assert client.post("/add", files=files, headers=headers).status_code == 403
    for path in ("/add/text", "/correct", "/remove", "/jobs/x/cancel", "/jobs/x/retry"):
        answer = client.post(path, data={"text": "A.", "id": "a", "seen": "b"}, headers=headers)
        assert answer.status_code == 403, path


@pytest.mark.parametrize("path", ["/add", "/add/text", "/correct", "/remove", "/jobs/x/cancel"])
def test_a_page_of_others_may_not_post_here(two: TestClient, path: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    data = {"text": "Planted.", "id": "notes", "seen": "x"}
    assert two.post(path, data=data, headers=headers).status_code == 403


def test_pages_have_scripts_of_ours_alone(empty: TestClient) -> None:
    policy = empty.get("/add").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; ")
    assert parsed(empty.get("/add")).xpath("//script/@src") == [
        "/static/copy.js",
        "/static/add.js",
    ]
    assert parsed(empty.get("/add")).xpath("//script[not(@src)]") == []
