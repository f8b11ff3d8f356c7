"""PDFs over HTTP: what a reader would quote of one is found, and cited by its pages."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle

from tests.ingest.printed import Put, printed, set_in

OVER_THE_PAGE = (
    "The chief engineer testified that no failure of the main valve had ever been reported to the "
    "ministry before the night of the flood."
)
PARTED = (
    "The contractor of the authority had refused the replacement of a damaged ventilator and its "
    "maintenance."
)
PAGES = (
    [
        "The commission heard nine witnesses in March. The chief engineer testified that no",
        "failure of the main valve had ever",
    ],
    ["been reported to the ministry before the night of the flood."],
    ["The con-", "tractor of the authority had refused the replace-"],
    ["ment of a damaged venti-", "lator and its mainte-", "nance. The minister was not asked."],
)


@pytest.fixture(scope="module")
def report(serving_module):
    """The service with a report of four pages, called iii, iv, 1 and 2."""
    pages = [
        [
            Put(15, 10, "Harbour Commission - Report 2024", 8),
            *set_in(lines),
            Put(70, 200, number, 8),
        ]
        for number, lines in zip(("iii", "iv", "1", "2"), PAGES, strict=True)
    ]
    made = PdfWriter(PdfReader(io.BytesIO(printed(*pages))))
    made.set_page_label(0, 1, PageLabelStyle.LOWERCASE_ROMAN, start=3)
    made.set_page_label(2, 3, PageLabelStyle.DECIMAL, start=1)
    stream = io.BytesIO()
    made.write(stream)
    footnote = serving_module()
    files = {"files": ("report.pdf", stream.getvalue())}
    job = footnote.ended(footnote.client.post("/v1/articles", files=files).headers["Location"])
    assert job["counts"] == {"added": 1}
    return footnote


@pytest.mark.parametrize(
    ("sentence", "question", "page", "label", "said"),
    [
        (
            OVER_THE_PAGE,
            "What did the chief engineer testify of the main valve?",
            1,
            "iii",
            ("normalized", "It runs over a page break: pages 1–2."),
        ),
        (
            PARTED,
            "Who refused the replacement of a damaged ventilator?",
            3,
            "1",
            ("normalized", "It runs over a page break: pages 3–4."),
        ),
    ],
)
def test_a_sentence_in_pieces_is_found_whole(report, sentence, question, page, label, said):
    checked = report.post("/v1/check", {"quote": sentence}).json()
    [match] = checked["matches"]
    [passage] = report.ask(question)["passages"]

    assert (checked["verdict"], checked["note"]) == said
    assert match["text"] == sentence
    assert (match["source"]["page"], match["source"]["page_label"]) == (page, label)
    assert sentence in passage["text"]
    assert report.text("report")[match["start"] : match["end"]] == sentence


def test_a_citation_and_the_article_name_the_pages_as_they_are_printed(report):
    [match] = report.post("/v1/check", {"quote": OVER_THE_PAGE}).json()["matches"]
    shown = report.get(f"/articles/report?start={match['start']}&end={match['end']}").text

    assert f"report, p. iii (1), characters {match['start']}–{match['end']}" in match["citation"]
    assert "report, p. iii (1)</textarea>" in shown
    assert 'data-page="iii"' in shown
    assert 'data-page="2"' in shown
