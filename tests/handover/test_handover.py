"""A checked draft that is handed over: what each format holds, and what it never does."""

import base64
import csv
import io
import json
import zlib
from datetime import date

import pytest
from lxml import html

from embeddings import HashEncoder
from qa import Corpus
from qa.check.earlier import Earlier
from qa.errors import InvalidInput
from qa.handover.carried import BesideText, Carried
from qa.handover.claim_review import as_claim_review
from qa.handover.handover import Handover
from qa.handover.report_csv import as_csv, cell
from qa.handover.report_formats import file_name, format_of, written
from qa.handover.report_html import as_html
from qa.handover.report_markdown import as_markdown
from qa.handover.reviewer_marks import Mark

PORT = "A harbour pilot guides 40 ships into the port. “Bread is baked at night,” said Mira Kos."
DRAFT = (
    "“A harbour pilot guides 50 ships into the port”, he wrote. “Bread is baked at night,” said "
    "Mira Kos [1].\n\n=HYPERLINK is no “<b>quotation of anybody</b> here”.\n\n"
    "[1] Life at the port\n"
)
HOSTILE = "=cmd|' /C calc'!A0 </script><script>alert(1)</script> [x](javascript:alert(1))"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("handover"), encoder=HashEncoder()) as opened:
        stated = {"title": "Life at the port", "url": "https://press.org/port", "author": "Jo Reed"}
        list(opened.add([document("port", PORT, **stated)]))
        yield opened


def handover(corpus, marks=None, text=DRAFT, **more):
    report = corpus.check_text(text)
    return Handover(report, marks or {}, "draft.md", day=date(2026, 5, 4), **more)


def marked(corpus, **mark):
    """The first item, an altered quotation, with a mark."""
    return {handover(corpus).items[0].key: Mark(**mark)}


def test_the_items_stand_in_the_order_of_the_draft_with_their_marks(corpus):
    found = handover(corpus, marked(corpus, ticked=True, note="50 is wrong", rating="false"))

    assert [(i.number, i.line, i.kind, i.label.name) for i in found.items] == [
        (1, 1, "quotation", "Altered"),
        (2, 1, "quotation", "Verbatim"),
        (3, 3, "quotation", "Not found"),
    ]
    first = found.items[0]
    assert (first.mark.ticked, first.mark.note, first.mark.rating) == (True, "50 is wrong", "false")
    assert first.differs == ["a number: the source has “40”, the quote “50”"]
    assert (first.places[0].text, first.places[0].start) == (PORT[:45], 0)


def test_a_tick_holds_for_what_was_ticked_alone(corpus, document, tmp_path):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as own:
        list(own.add([document("port", PORT)]))
        [before] = handover(own, text="“Bread is baked at night”").items
        marks = {before.key: Mark(ticked=True, note="by telephone", finding=before.mark.finding)}
        [same] = handover(own, marks, "“Bread is baked at night”").items
        list(own.add([document("port", PORT.replace("at night", "at noon"))]))
        changed = handover(own, marks, "“Bread is baked at night”")
        gone = handover(own, marks, "“Something else is said here”")

    assert (same.mark.ticked, same.mark.is_outdated) == (True, False)
    [item] = changed.items
    assert (item.mark.ticked, item.mark.is_outdated, item.mark.note) == (
        False,
        True,
        "by telephone",
    )
    assert "It was ticked off when the check had found something else" in as_html(changed)
    assert [(mark.note, mark.ticked) for mark in gone.left_over] == [("by telephone", True)]
    assert gone.carried.marks[before.key].note == "by telephone"  # it may come back


def test_the_html_is_one_file_that_loads_and_runs_nothing(corpus):
    page = as_html(handover(corpus, marked(corpus, ticked=True, note=HOSTILE)))
    read = html.fromstring(page)

    assert read.xpath("//script | //link | //img | //iframe | //form") == []
    assert [a for a in read.xpath("//@href") if not a.startswith(("#", "https://press.org"))] == []
    assert (
        read.xpath("//div[@class='words']")[0]
        .text_content()
        .replace("≠1", "")
        .startswith("“A harbour pilot guides 50 ships into the port”, he wrote.")
    )
    assert read.xpath("//p[@class='own']")[0].text_content() == HOSTILE
    assert "default-src 'none'" in page
    assert "Held against all articles." in page
    assert "By <span" not in page  # nobody is named who was not


def test_an_html_report_can_be_handed_in_again(corpus):
    marks = marked(corpus, ticked=True, note="50 is wrong", rating="false")
    sources = (BesideText("minutes.pdf", "The council met.", title="Minutes", pages=(0,)),)
    page = as_html(handover(corpus, marks, sources=sources)).encode()

    carried = Carried.of_report(page)
    again = corpus.check_text(DRAFT, earlier=carried.earlier)

    assert all(one.taken_over for one in (*again.quotations, *again.claims))
    [key] = marks
    assert (carried.marks[key].ticked, carried.marks[key].note) == (True, "50 is wrong")
    assert carried.sources == sources
    document = carried.sources[0].document()
    assert (document.article.id, document.article.title) == ("minutes", "Minutes")


def test_what_somebody_changed_is_not_taken_over(corpus):
    report = corpus.check_text(DRAFT)
    carried = Carried({"a": Mark(note="x")}, (), Earlier.of(report))
    honest = Carried.unpacked(carried.packed())
    assert honest.earlier == Earlier.of(report)

    raw = json.loads(zlib.decompress(base64.b64decode(carried.packed())))
    raw["earlier"] = raw["earlier"].replace("altered", "verbatim")
    forged = base64.b64encode(zlib.compress(json.dumps(raw).encode()))

    assert Carried.unpacked(forged).earlier is None
    assert Carried.unpacked(forged).marks == {"a": Mark(note="x")}


@pytest.mark.parametrize("packed", ["x", "AAAA", "eJwDAAAAAAE="])
def test_what_was_never_packed_is_refused(packed):
    with pytest.raises(InvalidInput, match="this is no report of an earlier check"):
        Carried.unpacked(packed)


def test_what_unpacks_to_too_much_is_refused():
    bomb = base64.b64encode(zlib.compress(b" " * 17 * 1024 * 1024))
    with pytest.raises(InvalidInput, match="this is no report of an earlier check"):
        Carried.unpacked(bomb)
    with pytest.raises(InvalidInput, match="this is no report of an earlier check"):
        Carried.of_report(b"<p>Hello</p>")


def test_the_table_holds_a_line_for_each_item_and_no_formulas(corpus):
    text = as_csv(handover(corpus, marked(corpus, ticked=True, note=HOSTILE, rating="false")))
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert text.startswith("\ufeffnumber,line,kind,verdict,words")
    first = lines[0]
    assert (first["verdict"], first["ticked_off"], first["rating"]) == ("Altered", "yes", "false")
    assert first["note"] == "'" + HOSTILE
    assert (first["title"], first["start"], first["end"]) == ("Life at the port", "0", "45")
    assert first["differences"] == "a number: the source has “40”, the quote “50”"
    assert lines[-1]["verdict"] == "Not found"


@pytest.mark.parametrize(
    "value", ["=1", "+1", "-1", "@a", "\t=1", "\r1", "\n1", " =1", "＝1", "＋1", "－1", "＠a", "|a"]
)
def test_no_cell_is_a_formula(value):
    assert cell(value) == f"'{value}"


def test_the_markdown_holds_words_and_no_markup_of_others(corpus):
    text = as_markdown(handover(corpus, marked(corpus, ticked=True, note=HOSTILE, rating="false")))

    assert text.startswith(
        "# Checked: draft.md\n\nChecked on 2026-05-04 against all articles.\n\n3 checked: "
    )
    assert "## 1. Altered (line 1)" in text
    assert "- a number: the source has “40”, the quote “50”" in text
    assert "- [x] ticked off" in text
    assert "\\[x\\]\\(javascript:alert\\(1\\)\\)" in text
    assert "<script" not in text.replace("\\<", "")


def test_a_claim_review_is_by_a_person_of_what_a_person_rated(corpus):
    marks = marked(corpus, ticked=True, note="50 is wrong", rating="mostly_false")
    found = json.loads(as_claim_review(handover(corpus, marks, reviewer="Ana Lind")))

    assert found == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "ClaimReview",
                "author": {"@type": "Person", "name": "Ana Lind"},
                "claimReviewed": "A harbour pilot guides 50 ships into the port",
                "itemReviewed": {
                    "@type": "Claim",
                    "text": "A harbour pilot guides 50 ships into the port",
                },
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": 2,
                    "worstRating": 1,
                    "bestRating": 5,
                    "alternateName": "Mostly false",
                },
                "reviewBody": "50 is wrong",
                "isBasedOn": [
                    {
                        "@type": "Article",
                        "headline": "Life at the port",
                        "url": "https://press.org/port",
                        "author": {"@type": "Person", "name": "Jo Reed"},
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "mark", [{"ticked": True}, {"rating": "true"}, {"note": "x"}, {"ticked": True, "note": "x"}]
)
def test_what_was_not_both_ticked_and_rated_is_no_review(corpus, mark):
    found = json.loads(as_claim_review(handover(corpus, marked(corpus, **mark))))
    assert found["@graph"] == []


def test_a_review_by_nobody_is_refused(corpus):
    with pytest.raises(InvalidInput, match="say who reviews"):
        as_claim_review(handover(corpus, marked(corpus, ticked=True, rating="true")))


def test_no_review_ends_the_script_it_stands_in(corpus):
    marks = marked(corpus, ticked=True, rating="true", note=HOSTILE)
    text = as_claim_review(handover(corpus, marks, reviewer="</script>"))
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["reviewBody"] == HOSTILE


def test_formats_are_named_by_their_suffix(corpus):
    assert [format_of(name) for name in (".html", "MD", "csv", ".jsonld")] == [
        "html",
        "md",
        "csv",
        "jsonld",
    ]
    with pytest.raises(InvalidInput, match="give html, md, csv or jsonld"):
        format_of(".pdf")
    found = handover(corpus)
    assert file_name(found, "csv") == "draft-checked.csv"
    assert written(found, "md").decode() == as_markdown(found)


def test_a_note_is_bounded():
    with pytest.raises(InvalidInput, match="at most 2,000 are taken"):
        Mark(note="x" * 2001)


def test_a_draft_that_quotes_nothing_is_handed_over_as_that(corpus):
    page = as_html(handover(corpus, text="Nothing is said here at all."))
    assert "Nothing was checked." in page
