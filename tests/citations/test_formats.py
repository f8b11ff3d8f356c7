"""Each format, letter by letter: of an article that states all, one that states nothing, …"""

import json
import sys
import unicodedata

import pytest

from qa.citations.cited import Citable, Citation
from qa.citations.formats import FORMATS, FormatName, accepted
from qa.citations.line import _from_right
from qa.citations.works import authors_of, key_of
from qa.storage.records import StoredArticle
from qa.types import Article, Source, Span

FERRY = Article(
    id="ferry",
    title="Ferry 23: {delayed} & 50% dearer",
    text=(
        "The ferry runs again.\n\n“No ship,” she said, “sails at night_time & in storms.” It costs "
        "5 € more.\n\nThe harbour is shut."
    ),
    url="https://gazette.example/ferry?day=(2)&x=1#news",
    publisher="The Harbour Gazette",
    author="Ana Kovač, Jo Reed",
    published="2024-05-02T10:00:00Z",
    language="en",
)
BARE = Article(id="a,b", text="One. Two.")
ARABIC = Article(
    id="sea",
    title="ميناء المدينة",
    text="يرشد المرشد السفن.",
    author="أحمد المصري",
    publisher="الجريدة",
    published="2022-06-01",
    language="ar",
)
REPORT = Article(
    id="report",
    title="Port report",
    text="One page.\nAnother page, of ships.",
    url="https://port.example/report.pdf",
    pages=(0, 10),
)


def cited(article: Article, words: str = "", accessed: str | None = None) -> Citation:
    stored = StoredArticle(1, "d" * 64, "", article, (), (), "text/plain", None, None, "2024-06-01")
    citable = Citable(stored, article.url, accessed)
    start = article.text.index(words)
    page, text = f"http://notes.test/articles/{article.id}", f"http://notes.test/v1/{article.id}"
    if not words:
        return citable.whole(page, text)
    return citable.at(Span(start, start + len(words)), page, text)


def written(name: FormatName, *citations: Citation) -> str:
    return FORMATS[name].write(citations)


SAID = "“sails at night_time & in storms.”"
TO_SAID = "#news:~:text=%E2%80%9Csails%20at%20night_time%20%26%20in%20storms.%E2%80%9D"


def test_plain():
    assert written("plain", cited(FERRY, SAID)) == (
        "Ana Kovač, Jo Reed, “Ferry 23: {delayed} & 50% dearer”, The Harbour Gazette, "
        "2024-05-02T10:00:00Z, para. 2, https://gazette.example/ferry?day=(2)&x=1#news\n"
    )
    assert written("plain", cited(BARE)) == "a,b\n"
    assert written("plain", cited(BARE, "Two.", "2026-11-28")) == (
        "a,b, para. 1, accessed 2026-11-28\n"
    )


def test_what_is_written_from_the_right_is_isolated_part_by_part():
    isolated = ("أحمد المصري", "“ميناء المدينة”", "الجريدة", "2022-06-01", "para. 1")
    assert cited(ARABIC, "يرشد").plain == ", ".join(f"\u2068{part}\u2069" for part in isolated)


def test_a_part_that_turns_letters_around_cannot_leave_its_isolate():
    turned = Article(id="x", title="ميناء\u2069 \u202eab", text="x")
    assert cited(turned).plain == "\u2068“ميناء ab”\u2069"


@pytest.mark.parametrize("author", ["=HYPERLINK(1)", "+1", "-x", "@x"])
def test_no_table_program_computes_a_line(author):
    assert cited(Article(id="x", text="x", author=author)).plain.startswith(f"\u2068{author}\u2069")


def test_markdown():
    assert written("markdown", cited(FERRY, SAID)) == (
        "> “sails at night\\_time \\& in storms.”\n"
        ">\n"
        "> — Ana Kovač, Jo Reed, [Ferry 23: \\{delayed\\} \\& 50% dearer]"
        f"(https://gazette.example/ferry?day=%282%29&x=1{TO_SAID}), The Harbour Gazette, "
        "2024-05-02T10:00:00Z, para. 2\n"
    )
    assert written("markdown", cited(BARE)) == "a,b\n"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("- no list", "> \\- no list"),
        ("12. no list", "> 12\\. no list"),
        ("# no head", "> \\# no head"),
        ("<b>no</b> [link](x) `code` *a* ~b~ |c|", None),
        ("one\n\ntwo", "> one\n>\n> two"),
    ],
)
def test_markdown_shows_the_words_as_they_are(words, shown):
    first = written("markdown", cited(Article(id="x", text=words), words)).split("\n>\n> —")[0]
    assert first == (
        shown or "> \\<b\\>no\\</b\\> \\[link\\](x) \\`code\\` \\*a\\* \\~b\\~ \\|c\\|"
    )


def test_html():
    address = f"https://gazette.example/ferry?day=(2)&amp;x=1{TO_SAID}"
    assert written("html", cited(FERRY, SAID)) == (
        f'<blockquote dir="auto" lang="en" cite="{address}">'
        "<p>“sails at night_time &amp; in storms.”</p></blockquote>\n"
        f'<p>— <bdi>Ana Kovač, Jo Reed</bdi>, <bdi><a href="{address}">'
        "<cite>Ferry 23: {delayed} &amp; 50% dearer</cite></a></bdi>, "
        "<bdi>The Harbour Gazette</bdi>, "
        '<bdi><time datetime="2024-05-02T10:00:00Z">2024-05-02T10:00:00Z</time></bdi>, '
        "<bdi>para. 2</bdi></p>\n"
    )
    evil = Article(id="x", title='"><script>alert(1)</script>', text="<img src=x>")
    assert written("html", cited(evil, "<img src=x>")) == (
        '<blockquote dir="auto"><p>&lt;img src=x&gt;</p></blockquote>\n'
        "<p>— <bdi><cite>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</cite></bdi>, "
        "<bdi>para. 1</bdi></p>\n"
    )


def test_bibtex():
    assert written("bibtex", cited(FERRY, SAID, "2026-11-28")) == (
        "@misc{ferry,\n"
        "  author = {{Ana Kovač} and {Jo Reed}},\n"
        "  title = {{Ferry 23: \\textbraceleft{}delayed\\textbraceright{} \\& 50\\% dearer}},\n"
        "  publisher = {The Harbour Gazette},\n"
        "  howpublished = {The Harbour Gazette},\n"
        "  date = {2024-05-02},\n"
        "  year = {2024},\n"
        "  month = may,\n"
        "  url = {https://gazette.example/ferry?day=(2)&x=1#news},\n"
        "  urldate = {2026-11-28},\n"
        "  language = {en},\n"
        "  annote = {para. 2: “sails at night\\_time \\& in storms.”}\n"
        "}\n"
    )
    assert written("bibtex", cited(BARE)) == "@misc{a-b-1eb7c5\n}\n"


def test_bibtex_has_no_brace_that_something_else_closes():
    wild = Article(id="x", title="a}b{c\\d~e^f#g$h", text="x", url="https://x.org/{a}\\")
    entry = written("bibtex", cited(wild))
    assert (
        "title = {{a\\textbraceright{}b\\textbraceleft{}c\\textbackslash{}d\\textasciitilde{}e"
        "\\textasciicircum{}f\\#g\\$h}}"
    ) in entry
    assert "url = {https://x.org/%7Ba%7D%5C}" in entry
    assert entry.count("{") == entry.count("}")


def test_ris():
    assert written("ris", cited(FERRY, SAID, "2026-11-28")) == (
        "TY  - ELEC\r\n"
        "ID  - ferry\r\n"
        "AU  - Ana Kovač\r\n"
        "AU  - Jo Reed\r\n"
        "TI  - Ferry 23: {delayed} & 50% dearer\r\n"
        "PB  - The Harbour Gazette\r\n"
        "PY  - 2024\r\n"
        "DA  - 2024/05/02/\r\n"
        "UR  - https://gazette.example/ferry?day=(2)&x=1#news\r\n"
        "Y2  - 2026/11/28/\r\n"
        "LA  - en\r\n"
        "N1  - para. 2: “sails at night_time & in storms.”\r\n"
        "ER  - \r\n"
    )
    assert written("ris", cited(BARE)) == "TY  - GEN\r\nID  - a-b-1eb7c5\r\nER  - \r\n"


def test_no_field_begins_a_record_of_its_own():
    evil = Article(id="x", title="A\r\nER  - \r\nTY  - GEN\u2028B\x0bC", text="x")
    assert written("ris", cited(evil)) == (
        "TY  - GEN\r\nID  - x\r\nTI  - A ER - TY - GEN B C\r\nER  - \r\n"
    )


def test_csl():
    assert json.loads(written("csl", cited(FERRY, SAID, "2026-11-28"))) == [
        {
            "id": "ferry",
            "type": "webpage",
            "title": "Ferry 23: {delayed} & 50% dearer",
            "author": [{"literal": "Ana Kovač"}, {"literal": "Jo Reed"}],
            "publisher": "The Harbour Gazette",
            "issued": {"date-parts": [[2024, 5, 2]]},
            "URL": "https://gazette.example/ferry?day=(2)&x=1#news",
            "accessed": {"date-parts": [[2026, 11, 28]]},
            "language": "en",
            "annote": "para. 2: “sails at night_time & in storms.”",
        }
    ]
    assert json.loads(written("csl", cited(BARE))) == [{"id": "a-b-1eb7c5", "type": "document"}]


@pytest.mark.parametrize(
    ("published", "bib", "ris", "parts"),
    [
        ("2024", "  date = {2024},\n  year = {2024}\n", "2024///", [2024]),
        (
            "2024-05",
            "  date = {2024-05},\n  year = {2024},\n  month = may\n",
            "2024/05//",
            [2024, 5],
        ),
        (None, "", "", []),
    ],
)
def test_dates_are_as_precise_as_they_are_stated(published, bib, ris, parts):
    found = cited(Article(id="x", text="x", published=published))
    assert written("bibtex", found) == ("@misc{x,\n" + bib + "}\n" if bib else "@misc{x\n}\n")
    assert (f"DA  - {ris}\r\n" in written("ris", found)) == bool(ris)
    (item,) = json.loads(written("csl", found))
    assert item.get("issued", {"date-parts": [[]]})["date-parts"] == [parts]


def test_an_annotation_selects_words_by_place_and_by_their_surroundings():
    assert json.loads(written("annotation", cited(FERRY, SAID))) == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "http://notes.test/v1/ferry/citation?format=annotation&start=44&end=78",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "source": "https://gazette.example/ferry?day=(2)&x=1#news",
            "state": {"type": "TimeState", "cached": "http://notes.test/v1/ferry"},
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": "“sails at night_time & in storms.”",
                    "prefix": "runs again.\n\n“No ship,” she said, "[-32:],
                    "suffix": " It costs 5 € more.\n\nThe harbour",
                },
                {"type": "TextPositionSelector", "start": 44, "end": 78},
            ],
        },
    }
    assert json.loads(written("annotation", cited(BARE)))["target"] == {
        "source": "http://notes.test/v1/a,b"
    }


def test_offsets_of_an_annotation_are_code_points():
    smiling = Article(id="x", text="😀 𝒜 said so.")
    target = json.loads(written("annotation", cited(smiling, "said so.")))["target"]
    assert target["selector"][1] == {"type": "TextPositionSelector", "start": 4, "end": 12}
    assert target["selector"][0]["prefix"] == "😀 𝒜 "


def test_several_annotations_are_a_page():
    page = json.loads(written("annotation", cited(BARE, "One."), cited(BARE, "Two.")))
    assert (page["type"], len(page["items"])) == ("AnnotationPage", 2)
    assert page["items"][1]["target"]["selector"][0]["exact"] == "Two."


def test_of_a_pdf_the_page_is_told():
    found = cited(REPORT, "Another page, of ships.")
    assert (found.place, found.original) == ("p. 2", "https://port.example/report.pdf#page=2")
    assert found.plain == "“Port report”, p. 2, https://port.example/report.pdf"
    assert "  annote = {p. 2: Another page, of ships.}\n" in written("bibtex", found)


def test_a_bibliography_lists_an_article_once_with_each_of_its_places():
    places = [cited(BARE, "Two."), cited(REPORT, "One page."), cited(BARE, "One.")]
    assert written("bibtex", *places) == (
        "@misc{a-b-1eb7c5,\n  annote = {para. 1: Two.; para. 1: One.}\n}\n\n"
        "@misc{report,\n  title = {{Port report}},\n  url = {https://port.example/report.pdf},\n"
        "  annote = {p. 1: One page.}\n}\n"
    )
    assert written("ris", *places).count("TY  - ") == 2
    assert [item["id"] for item in json.loads(written("csl", *places))] == ["a-b-1eb7c5", "report"]


def test_keys_are_the_same_each_time_and_no_two_alike():
    ids = ["a,b", "a=b", "a~b", "a@b", "a+b", "a:b", "a-b", "a.b"]
    assert len({key_of(id_) for id_ in ids}) == len(ids)
    assert [key_of("a-b"), key_of("a:b")] == ["a-b", "a-b-6783a3"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Jo Reed, Max Blum", ("Jo Reed", "Max Blum")),
        ("Reed, Jo", ("Reed, Jo",)),
        ("Reuters", ("Reuters",)),
        ("World Bank", ("World Bank",)),
    ],
)
def test_names_stay_whole(author, names):
    assert authors_of(Source(article_id="x", author=author)) == names


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("text/plain", "plain"),
        ("application/x-bibtex", "bibtex"),
        ("application/x-research-info-systems;q=0.5, text/markdown", "markdown"),
        ('application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', "annotation"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
        ("application/json, text/html;q=0.9", None),
        ("text/html;q=0", None),
        ("text/html;q=nan, text/markdown;q=x", None),
        ("image/png", None),
    ],
)
def test_what_is_accepted(header, name):
    assert accepted(header) == name


def test_every_letter_that_is_written_from_the_right_is_known():
    turned = {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.bidirectional(chr(code)) in ("R", "AL", "AN")
    }
    found = {chr(code) for code in range(sys.maxunicode + 1) if _from_right(chr(code))}

    assert found == turned
