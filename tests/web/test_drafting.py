"""A draft that is worked through: ticked off, noted, handed over, edited and checked again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa.handover.carried import Carried

DRAFT = "She wrote “In 2019 the port handled 1,402 ships”. He: “A crane lifts crates at the dock”."


def posted(
    client: TestClient, fields: dict[str, Any], path: str = "/check/text", **files: Any
) -> Any:
    """The answer to the form, sent as a browser does: with a part for each field."""
    parts = [(name, (None, value)) for name, many in fields.items() for value in _many(many)]
    parts += [(name, file) for name, many in files.items() for file in _many(many)]
    return client.post(path, files=parts)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send of the page's form, as it stands."""
    fields: dict[str, Any] = {}
    own = page.xpath("//*[@form='drafting' or ancestor::form[@id='drafting']][@name]")
    for element in own:
        kind = element.get("type", "")
        if element.tag == "button" or kind == "file":
            continue
        if kind in ("checkbox", "radio") and element.get("checked") is None:
            continue
        value = element.get("value") if element.tag == "input" else element.text_content().strip()
        if element.tag == "select":
            value = next(iter(element.xpath("option[@selected]/@value")), "")
        fields.setdefault(element.get("name"), []).append(value or "")
    return fields


def names(page: Any) -> list[str]:
    return [
        one.text_content() for one in page.xpath("//li//p[starts-with(@class, 'verdict')]/strong")
    ]


def said(page: Any, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.xpath(path)]


@pytest.fixture(scope="module")
def worked(client: TestClient) -> dict[str, Any]:
    """The form of a checked draft with its first card ticked, noted and rated."""
    fields = form_of(html.fromstring(posted(client, {"text": DRAFT}).text))
    key = fields["item"][0]
    return {
        **fields,
        f"tick.{key}": "1",
        f"note.{key}": "It is 1,204; I called.",
        f"rating.{key}": "false",
        "reviewer": "Ana Lind",
    }


def test_marks_stay_on_what_has_not_changed_and_only_the_rest_is_checked(
    client: TestClient, worked: dict[str, Any]
) -> None:
    edited = {**worked, "text": "A new line.\n\n" + DRAFT.replace("at the dock", "on the dock")}
    page = html.fromstring(posted(client, edited).text)

    assert names(page) == ["Altered.", "Altered."]
    assert said(page, "//p[@class='looked']")[-1] == (
        "1 of 2 have not changed since the last check; 1 were checked now."
    )
    key = worked["item"][0]
    assert page.xpath(f"//input[@name='tick.{key}']/@checked") == ["checked"]
    assert page.xpath(f"//textarea[@name='note.{key}']")[0].text.strip() == "It is 1,204; I called."
    assert page.xpath(f"//select[@name='rating.{key}']/option[@selected]/@value") == ["false"]
    assert len(page.xpath("//input[@class='tick'][@checked]")) == 1


def test_a_note_on_what_is_gone_is_shown(client: TestClient, worked: dict[str, Any]) -> None:
    page = html.fromstring(
        posted(client, {**worked, "text": "“A crane lifts crates at the dock”"}).text
    )
    assert said(page, "//section[@class='handing']/ul/li") == [
        "In 2019 the port handled 1,402 ships: It is 1,204; I called."
    ]


@pytest.mark.parametrize("name", ["html", "md", "csv", "jsonld"])
def test_a_draft_is_handed_over_as_it_stands_on_the_page(
    client: TestClient, worked: dict[str, Any], name: str
) -> None:
    answer = posted(client, {**worked, "format": name}, "/check/report")
    assert answer.status_code == 200
    assert (
        answer.headers["content-disposition"] == f'attachment; filename="your-draft-checked.{name}"'
    )
    assert "It is 1,204; I called." in answer.text
    if name == "jsonld":
        [review] = json.loads(answer.text)["@graph"]
        assert (review["author"]["name"], review["reviewRating"]["ratingValue"]) == ("Ana Lind", 1)


def test_a_report_is_handed_in_again_with_the_edited_draft(
    client: TestClient, worked: dict[str, Any]
) -> None:
    report = posted(client, worked, "/check/report").content
    files: dict[str, Any] = {
        "report": ("r.html", report),
        "file": ("piece.md", f"# Title\n\n{DRAFT}".encode()),
    }
    page = html.fromstring(posted(client, {}, "/check/text", **files).text)

    assert said(page, "//p[@class='looked']") == [
        "Read piece.md as Markdown: 19 words, 2 quotations, 0 citing sentences, 0 references.",
        "2 of 2 have not changed since the last check; 0 were checked now.",
    ]
    assert len(page.xpath("//input[@class='tick'][@checked]")) == 1


def test_a_review_without_a_reviewer_is_refused_and_nothing_is_lost(
    client: TestClient, worked: dict[str, Any]
) -> None:
    answer = posted(client, {**worked, "reviewer": "", "format": "jsonld"}, "/check/report")
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert said(page, "//p[@role='alert']")[0].startswith("Say who reviews")
    carried = Carried.unpacked(page.xpath("//input[@name='carried']/@value")[0])
    assert carried.marks[worked["item"][0]].note == "It is 1,204; I called."


def test_a_source_of_ones_own_goes_along_until_it_is_taken_out(client: TestClient) -> None:
    source = ("minutes.txt", "“The bridge is no longer safe,” said Mira Kos.".encode())
    text = {"text": "“The bridge is no longer safe”"}
    first = html.fromstring(posted(client, text, sources=[source]).text)
    again = html.fromstring(posted(client, form_of(first)).text)
    without = {name: value for name, value in form_of(first).items() if name != "keep"}
    gone = html.fromstring(posted(client, without).text)

    assert [names(page)[0] for page in (first, again, gone)] == [
        "Verbatim.",
        "Verbatim.",
        "Not found.",
    ]
    assert said(first, "//p[@class='looked']")[1] == (
        "Held against all articles, and 1 source that came with the draft."
    )
    assert {to for to in first.xpath("//li[@id='q1']//@href") if "~" in to} == {"#~minutes"}
    assert first.xpath("//*[@id='~minutes']") != []
    assert client.get("/articles/~minutes").status_code == 404


def test_articles_are_found_by_title_and_chosen(client: TestClient) -> None:
    text = "“A crane lifts crates at the dock” and “A harbour pilot guides ships”"
    found = html.fromstring(
        posted(client, {"text": text, "find": "PILOTS harbour", "step": "find"}).text
    )
    assert said(found, "//ul[@class='chosen']/li") == ["Harbour pilots"]
    assert found.xpath("//textarea[@id='text']")[0].text.strip() == text

    chosen = {**form_of(found), "article": "pilots"}
    page = html.fromstring(posted(client, chosen).text)
    assert names(page) == ["Not found.", "Verbatim."]
    assert (
        "Nothing like it stands in what it was held against." in said(page, "//li[@id='q1']/p")[0]
    )
    assert page.xpath("//input[@name='article'][@checked]/@value") == ["pilots"]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"only_sources": "1"}, 422, "There is no source of your own"),
        ({"article": "nope"}, 404, "There is no article 'nope'"),
        ({"carried": "junk"}, 422, "This is no report of an earlier check"),
        ({"format": "exe", "text": DRAFT}, 422, "Format is 'exe'"),
    ],
)
def test_what_cannot_be_done_is_said(
    client: TestClient, fields: dict[str, str], status: int, words: str
) -> None:
    path = "/check/report" if "format" in fields else "/check/text"
    answer = posted(client, {"text": DRAFT, **fields}, path)
    shown = html.fromstring(answer.text).text_content()
    assert (answer.status_code, words in shown) == (status, True)


def test_a_source_that_is_no_text_is_refused_by_name(client: TestClient) -> None:
    answer = posted(client, {"text": DRAFT}, sources=[("scan.bin", bytes(range(256)))])
    assert answer.status_code == 422
    assert "Scan.bin: " in answer.text


@pytest.mark.parametrize("path", ["/check/text", "/check/report"])
def test_the_addresses_that_drafts_are_sent_to_lead_to_the_form(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/check")
