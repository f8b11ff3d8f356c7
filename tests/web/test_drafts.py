"""A whole draft: what it quotes and cites, marked in place, and a card for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from qa import Corpus
from qa.check.types import CheckedClaim, Contradiction, DraftReport, Missing
from qa.handover.verdict_labels import LACKING, WEAK, of_claim
from qa.types import Depth, Span
from qa.web import rendering
from qa.web.drafts import draft

FORM = {"content-type": "application/x-www-form-urlencoded"}
DRAFT = """# Ships & <b>boats</b>

She wrote “In 2019 the port handled 1,402 ships” [1].
The crane lifts 17 crates at the dock each day. [2] Nobody said “so what”.
The crane is painted blue. [2]
Lamps were “lit” along the quay last winter, they say. [3]

> A crane lifts crates at the dock. A harbour pilot guides ships

Sources

[1] /articles/pilots
[2] /articles/crates
[3] https://example.com/lamps?a=1&b=2"""


def said(found: Iterable[Any]) -> list[str]:
    """The text of elements, in one line each."""
    return [" ".join(element.text_content().split()) for element in found]


def names(page: Any) -> list[str]:
    found = said(page.xpath("//p[starts-with(@class, 'verdict')]"))
    return [verdict.split(".")[0] for verdict in found]


@pytest.fixture(scope="module")
def page(client: TestClient) -> Any:
    response = client.post("/check/text", data={"text": DRAFT.replace("\n", "\r\n")})
    assert response.status_code == 200
    return html.fromstring(response.text)


def test_the_draft_is_shown_exactly(page: Any) -> None:
    (words,) = page.xpath("//div[@class='words']")
    assert words.text_content() == DRAFT
    assert words.xpath(".//b") == []
    assert page.xpath("//textarea[@id='text']")[0].text.strip() == DRAFT


def test_everything_that_it_quotes_and_cites_is_marked_by_verdict(page: Any) -> None:
    marks = [
        (a.get("id"), a.get("href"), a.get("class"), a.get("data-label"), a.text)
        for a in page.xpath("//div[@class='words']//a")
    ]
    assert marks == [
        ("d1", "#q1", "quoted warn", "≠ 1", "In 2019 the port handled 1,402 ships"),
        ("d2", "#q2", "quoted warn", "! 2", "The crane lifts 17 crates at the dock each day. [2]"),
        ("d3", "#q3", "quoted plain", "○ 3", "so what"),
        ("d4", "#q4", "quoted good", "✓ 4", "The crane is painted blue. [2]"),
        ("d5", "#q5", "quoted plain", None, "Lamps were “"),
        ("d6", "#q6", "quoted plain", "○ 6", "lit"),
        (None, "#q5", "quoted plain", "– 5", "” along the quay last winter, they say. [3]"),
        (
            *("d7", "#q7", "quoted warn", "⋯ 7"),
            "A crane lifts crates at the dock. A harbour pilot guides ships",
        ),
    ]


def test_every_mark_has_a_card_that_leads_back(page: Any) -> None:
    assert page.xpath("//ol/li/@id") == [f"q{n}" for n in range(1, 8)]
    assert page.xpath("//li//a[@class='back']/@href") == [f"#d{n}" for n in range(1, 8)]
    assert names(page) == [
        "≠ Altered",
        "! Lacking facts",
        "○ Too short",
        "✓ Supported",
        "– Not checked",
        "○ Too short",
        "⋯ Spliced",
    ]
    for described in page.xpath("//a/@aria-describedby"):
        assert len(page.xpath(f"//*[@id='{described}']")) == 1


def test_a_line_on_top_sums_it_up(page: Any) -> None:
    assert said(page.xpath("//p[@class='summary']/span")) == [
        "4 quotations: ≠ 1 altered, ⋯ 1 spliced, ○ 2 too short.",
        "3 citing sentences: ! 1 lacking facts, – 1 not checked, ✓ 1 supported.",
    ]


def test_the_card_of_a_quotation_shows_the_sources_words(page: Any) -> None:
    (card,) = page.xpath("//li[@id='q1']")
    assert said(card.xpath(".//blockquote")) == ["In 2019 the port handled 1,204 ships."]
    assert card.xpath(".//blockquote/mark/text()") == ["In 2019 the port handled 1,204 ships"]
    assert said(card.xpath(".//p[@class='diff']")) == ["In 2019 the port handled 1,204 1,402 ships"]
    (source,) = card.xpath(".//p[@class='details']")
    assert said([source]) == ["Harbour pilots, Ana Marin, The Harbour Gazette, 2 May 2024, p. 2"]
    assert source.xpath("a/@href") == ["/articles/pilots?start=84&end=120#cited"]
    assert said(card.xpath("p[@class='against']")) == ["Held against [1]."]
    assert card.xpath("ul/li[2]/a/@href") == [
        "/check?quote=In+2019+the+port+handled+1%2C402+ships&article_id=pilots"
    ]


def test_the_card_of_a_claim_shows_what_supports_it_and_what_is_missing(page: Any) -> None:
    (card,) = page.xpath("//li[@id='q2']")
    assert said(card.xpath(".//blockquote")) == [
        "The crane lifts 17 crates at the dock each day.",
        "A crane lifts crates at the dock.",
    ]
    assert said(card.xpath(".//ul[@class='missing']/li")) == ["a number 17"]
    (support,) = said(card.xpath(".//p[@class='confidence']"))
    assert support.startswith("Support: low (0.3")
    assert card.xpath(".//p[@class='details']/a/@href") == ["/articles/crates?start=0&end=33#cited"]
    assert said(card.xpath("p[@class='against']")) == ["Held against [2]."]


def test_a_claim_about_nothing_that_is_here_says_what_it_refers_to(page: Any) -> None:
    (card,) = page.xpath("//li[@id='q5']")
    (against,) = card.xpath("p[@class='against']")
    assert said([against]) == ["[3] is not in this collection: https://example.com/lamps?a=1&b=2."]
    assert against.xpath("a/@href") == ["https://example.com/lamps?a=1&b=2"]
    assert page.xpath("//li[@id='q3']/p[@class='against']")[0].text.strip() == (
        "It refers to no source: looked for in the whole collection."
    )


def test_a_spliced_quotation_is_shown_with_each_of_its_parts(page: Any) -> None:
    (card,) = page.xpath("//li[@id='q7']")
    assert said(card.xpath(".//p[@class='part']")) == [
        "Part 1 of the quote: A crane lifts crates at the dock",
        "Part 2 of the quote: A harbour pilot guides ships",
    ]
    assert card.xpath(".//p[@class='details']/a/@href") == [
        "/articles/crates?start=0&end=32#cited",
        "/articles/pilots?start=0&end=28#cited",
    ]


def test_who_says_it_by_the_draft_is_held_against_the_source(master: TestClient) -> None:
    text = (
        "“Ships wait outside until the tide turns,” said Petar Lind. [1]\n\n[1]: /articles/master"
    )
    response = master.post("/check/text", data={"text": text})
    page = html.fromstring(response.text)
    assert names(page) == ["→ Misattributed"]
    assert said(page.xpath("//p[starts-with(@class, 'speaker')]")) == [
        "≠ Said by Ana Marin, not by Petar Lind: said Ana Marin"
    ]
    assert page.xpath("//ul[@class='actions']/li[2]/a/@href") == [
        "/check?quote=Ships+wait+outside+until+the+tide+turns%2C&article_id=master"
        "&speaker=Petar+Lind"
    ]


def test_of_several_references_the_one_it_stands_in_is_looked_at_closer(
    client: TestClient,
) -> None:
    text = (
        "“A crane lifts crates at the dock” [1, 2].\n\n[1]: /articles/pilots\n[2]: /articles/crates"
    )
    page = html.fromstring(client.post("/check/text", data={"text": text}).text)
    assert names(page) == ["✓ Verbatim"]
    assert said(page.xpath("//p[@class='against']")) == [
        "Held against [1]: Harbour pilots. Held against [2]."
    ]
    assert page.xpath("//ul[@class='actions']/li[2]/a/@href") == [
        "/check?quote=A+crane+lifts+crates+at+the+dock&article_id=crates"
    ]


def test_a_reference_given_twice_is_named_once(client: TestClient) -> None:
    text = "“A crane lifts crates at the dock” [1] and again [1].\n\n[1]: /articles/crates"
    page = html.fromstring(client.post("/check/text", data={"text": text}).text)
    assert said(page.xpath("//p[@class='against']")) == ["Held against [1]."]


def test_a_passage_of_an_earlier_version_is_told_on_the_card(client: TestClient) -> None:
    text = "“A harbour pilot guides ships” [1]\n\n[1]: /v1/passages/pilots.00000000.0-56"
    page = html.fromstring(client.post("/check/text", data={"text": text}).text)
    assert page.xpath("//p[@class='note changed']/a/@href") == [
        "/articles/pilots",
        "/articles/pilots?start=0&end=28#cited",
    ]
    assert page.xpath("//ul[@class='actions']/li[2]/a/@href") == [
        "/check?quote=A+harbour+pilot+guides+ships&article_id=pilots"
        "&passage_id=pilots.00000000.0-56"
    ]


def test_a_quotation_too_long_to_be_checked_alone_has_no_page_of_its_own(
    client: TestClient,
) -> None:
    text = f"“{'word ' * 500}end”"
    page = html.fromstring(client.post("/check/text", data={"text": text}).text)
    assert said(page.xpath("//ul[@class='actions']/li")) == ["In the draft, number 1"]


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([(0, 4), (2, 6)], [("ab", 1), ("cdef", 2), ("gh", None)]),
        ([(0, 8), (0, 2)], [("ab", 2), ("cdefgh", 1)]),
        ([(2, 4), (2, 4)], [("ab", None), ("cd", 2), ("efgh", None)]),
        (
            [(2, 6), (3, 4), (4, 5)],
            [("ab", None), ("c", 1), ("d", 2), ("e", 3), ("f", 1), ("gh", None)],
        ),
        ([(4, 4), (0, 1)], [("a", 1), ("bcdefgh", None)]),
        ([], [("abcdefgh", None)]),
    ],
)
def test_marks_never_overlap(
    spans: list[tuple[int, int]], shown: list[tuple[str, int | None]]
) -> None:
    claims = tuple(CheckedClaim(Span(*span), "", (), None) for span in spans)
    found = draft(DraftReport("abcdefgh", (), claims, (), 0.0))
    assert [(s.text, s.item and s.item.number) for s in found["stretches"]] == shown
    marked = {number for _, number in shown if number}
    assert {item.number for item in found["items"] if item.marked} == marked


def test_hostile_words_of_a_draft_stay_text(client: TestClient) -> None:
    hostile = "</div><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    text = (
        f"“one two three four {hostile}” [1]. The crane lifts {hostile} at the dock. [2] "
        f"They saw [{hostile}](javascript:alert(1)) at the dock.\n\n"
        f"[1]: {hostile} and so on\n[2]: /articles/evil"
    )
    response = client.post("/check/text", data={"text": text})
    page = html.fromstring(response.text)
    assert page.xpath("//script[not(@src)] | //img") == []
    assert page.xpath("//div[@class='words']")[0].text_content() == text
    assert not [link for link in page.xpath("//@href") if "javascript:" in link]


def test_a_draft_without_quotations_says_so(client: TestClient) -> None:
    response = client.post("/check/text", data={"text": "Nobody is quoted here."})
    assert (
        "There is no quotation in this draft, nor a sentence that cites a source." in response.text
    )
    assert html.fromstring(response.text).xpath("//div[@class='words']") == []


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"text=", 422, "Text is empty"),
        (b"", 422, "Text is empty"),
        (b"text=" + b"a" * 200_001, 422, "at most 200,000 are taken"),
        (b"text=" + b"a" * 2_500_000, 413, "at most 200,000 characters are taken"),
        (b"a&" * 20, 422, "more fields than the page gives it"),
        (b"text=%ff%00%ed%a0%80", 200, "There is no quotation"),
    ],
)
def test_what_cannot_be_a_draft_is_refused_in_words(
    client: TestClient, body: bytes, status: int, said: str
) -> None:
    response = client.post("/check/text", content=body, headers=FORM)
    assert response.status_code == status
    assert said in response.text


def test_a_draft_is_taken_from_the_form_alone(client: TestClient) -> None:
    response = client.post("/check/text", json={"text": "“one two three four”"})
    assert response.status_code == 422
    assert "Send the draft with the form" in response.text


def test_a_draft_may_be_a_file(client: TestClient) -> None:
    written = "<p>She said <q>In 2019 the port handled</q> &amp; left it open.</p>".encode("utf-16")
    response = client.post("/check/text", files={"file": ("draft.html", written)})
    page = html.fromstring(response.text)

    assert response.status_code == 200
    assert said(page.xpath("//p[@class='looked']")) == [
        "Read draft.html as HTML: 10 words, 1 quotation, 0 citing sentences, 0 references."
    ]
    (words,) = page.xpath("//div[@class='words']")
    assert words.text_content() == "She said “In 2019 the port handled” & left it open."


def test_a_file_that_is_no_text_is_refused_by_name(client: TestClient) -> None:
    response = client.post("/check/text", files={"file": ("draft.bin", bytes(range(256)))})

    assert response.status_code == 422
    assert "Draft.bin is no text; give .txt .md .html .pdf .docx" in response.text


def test_what_of_a_draft_was_not_checked_is_said(client: TestClient) -> None:
    text = (
        "They saw it at the dock last year.\n\nShe said “the crane is [Source 7]. So it ended.\n\n"
        "He said “In 2019 the port handled”."
    )
    page = html.fromstring(client.post("/check/text", data={"text": text}).text)

    assert said(page.xpath("//p[@class='looked']")) == [
        "Read your draft as text: 23 words, 1 quotation, 1 citing sentence, 1 reference."
    ]
    assert said(page.xpath("//ul[@class='unread']/li")) == [
        "1 reference leads to nothing here: [7].",
        "A quotation mark that nothing closes: “the crane is [Source 7]. So it ended.",
        "1 sentence has no reference: not checked.",
    ]


def test_what_says_the_contrary_is_shown_with_its_place(corpus: Corpus) -> None:
    found = corpus.check_text("The crane is painted red today. [1]\n\n[1] Harbour pilots\n")
    [claim] = found.claims
    supporting = claim.supporting
    assert supporting
    contrary = Contradiction(supporting.passage_id, 10, 14, "blue", "statement")
    changed = replace(claim, supporting=replace(supporting, contradicts=contrary))
    shown = draft(replace(found, claims=(changed,)))
    response = rendering.page("draft.html", text="", error=None, reference=str, **shown)

    (card,) = html.fromstring(bytes(response.body)).xpath("//li[@id='q1']")
    assert names(card) == ["↯ Perhaps contradicted"]
    assert said(card.xpath(".//h4")) == [
        "The source says",
        "The contrary, it seems: something else is said",
    ]
    assert said(card.xpath(".//blockquote"))[-1] == "blue"
    assert card.xpath(".//p[@class='details']/a/@href")[-1] == (
        f"/articles/{supporting.source.article_id}?start=10&end=14#cited"
    )


def test_each_source_of_a_sentence_is_shown_and_whose_reference_covers_it(corpus: Corpus) -> None:
    text = (
        "The crane lifts crates. A pilot guides ships at the dock. [1][2] The sea is calm today."
        "\n\n[1] /articles/pilots\n[2] /articles/crates\n"
    )
    shown = draft(corpus.check_text(text))
    response = rendering.page("draft.html", text="", error=None, reference=str, **shown)

    page = html.fromstring(bytes(response.body))
    (covered, own) = page.xpath("//li[starts-with(@id, 'q')]")
    assert said(covered.xpath(".//h4")) == ["One source says", "Another says"]
    assert said(covered.xpath(".//blockquote"))[1:] == [
        "A harbour pilot guides ships through the narrow channel.",
        "A crane lifts crates at the dock.",
    ]
    assert said(covered.xpath("p[@class='against']"))[0] == (
        "It has no reference of its own: held against the next one of its paragraph."
    )
    assert len(own.xpath("p[@class='against']")) == 1
    assert "1 sentence has no reference: not checked." in said(
        page.xpath("//ul[@class='unread']/li")
    )


@pytest.mark.parametrize(
    ("read", "name", "told", "line"),
    [
        (True, "✓ Supported", "", ["1 citing sentence read beside the source."]),
        (
            *(False, "○ Not read", ", only compared: the source was not read"),
            ["0 citing sentences read beside the source, 1 not: it may say the contrary."],
        ),
        (None, "✓ Supported", "", []),
    ],
)
def test_what_was_not_read_does_not_look_supported(
    corpus: Corpus, read: bool | None, name: str, told: str, line: list[str]
) -> None:
    found = corpus.check_text("The crane is painted blue. [1]\n\n[1] Harbour pilots\n")
    [claim] = found.claims
    assert claim.supporting
    changed = replace(claim, supporting=replace(claim.supporting, read=read, missing=(), score=0.9))
    depth: Depth = "off" if read is None else "deep"
    shown = draft(replace(found, claims=(changed,), depth=depth))
    response = rendering.page("draft.html", text="", error=None, reference=str, **shown)

    page = html.fromstring(bytes(response.body))
    assert names(page) == [name]
    assert said(page.xpath("//p[@class='confidence']")) == [f"Support: very high (0.90){told}"]
    assert said(page.xpath("//p[@class='summary']/span"))[1:] == line
    # Of a sentence that is hardly supported, or lacks something, that is said first.
    supporting = changed.supporting
    assert supporting
    weak = replace(supporting, score=0.1)
    assert of_claim(replace(changed, supporting=weak)) == WEAK
    lacking = replace(supporting, missing=(Missing("number", "5"),))
    assert of_claim(replace(changed, supporting=lacking)) == LACKING
