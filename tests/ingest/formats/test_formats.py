"""What each kind of file says, where, and what it states of itself."""

import gzip
from typing import Any

import pytest

from qa.ingest import Input, Limits, find_inputs, read_input, read_stream
from qa.ingest.documents import Blob
from qa.ingest.processes import pool, worker
from qa.ingest.suffixes import KINDS, suffix_of
from qa.types import Document, Refused, Stated
from tests.ingest.formats.made import (
    MAIL,
    PAGE,
    PASSED_OVER,
    READ,
    REFUSED,
    RSS,
    RTF,
    SAID,
    as_json,
    packed,
)

STATED: dict[str, dict[str, Any]] = {
    "a.docx": {"title": "Ferry", "author": "Ana Petric"},
    "a.odt": {"author": "Ana Petric"},
    "a.epub": {
        "title": "Ferry",
        "author": "Ana Petric",
        "published": "2021-03-04",
        "language": "en",
    },
    "a.rtf": {"title": "Ferry", "author": "Ana Petric"},
    "a.eml": {
        "title": "Ferry čas",
        "author": "Ana Petric",
        "published": "2024-05-06T10:00:00+02:00",
    },
    "a.rss": {
        "title": "Ferry",
        "url": "https://ex.org/d",
        "publisher": "Harbour News",
        "author": "Ana Petric",
        "published": "2024-05-06T10:00:00+02:00",
    },
    "a.csv": {"title": "Ferry", "published": "2024-05-06"},
    "a.xlsx": {"title": "Ferry", "published": "2024-05-06"},
    "a.mhtml": {"title": "Ferry", "url": "https://ex.org/a"},
    "a.webarchive": {"title": "Ferry", "url": "https://ex.org/b"},
}


def only(data: bytes, name: str | None = None) -> Document:
    (found,) = read_stream(data, name)
    assert isinstance(found, Document), found
    return found


@pytest.mark.parametrize("name", READ)
def test_a_file_of_each_kind_says_what_stands_in_it(name):
    found = only(READ[name](), name)

    assert SAID in found.article.text.replace("Šol", "Sol")
    assert not any(sign in found.article.text for sign in ("<", "{\\", "-->", "Subject:", "gone"))
    if name in STATED:
        assert found.article.stated() == Stated(**STATED[name]).stated()


@pytest.mark.parametrize("name", [name for name in READ if name not in ("a.md", "a.tsv", "a.csv")])
def test_without_a_name_it_is_told_by_its_bytes(name):
    data = READ[name]()

    assert only(data).article.text == only(data, name).article.text


def test_a_folder_of_every_kind_is_read_or_named_with_its_reason(tmp_path):
    for name, made in READ.items():
        (tmp_path / name).write_bytes(made())
    for suffix in (*REFUSED, *PASSED_OVER):
        (tmp_path / f"b.{suffix}").write_bytes(b"x")
    (tmp_path / "noext").write_bytes(b"x")
    inputs = find_inputs([tmp_path])
    found = [
        item
        for file in inputs
        for item in (read_input(file) if isinstance(file, Input) else [file])
    ]
    refused = [item for item in found if isinstance(item, Refused)]

    assert sum(isinstance(item, Document) for item in found) == len(READ)
    assert {item.origin.rpartition("/")[2] for item in refused if not item.skipped} == {
        "noext",
        *(f"b.{suffix}" for suffix in REFUSED),
    }
    assert sum(item.skipped for item in refused) == len(PASSED_OVER)
    assert all(item.reason for item in refused)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("index.php", PAGE.encode()),
        ("story.aspx", b"<!-- " + b"x" * 3000 + b" -->\n" + PAGE.encode()),
        ("story.jsp", b"<div><h1>Ferry</h1><p>" + SAID.encode() + b"</p></div>"),
        ("index.php?id=7.5", PAGE.encode()),
        ("story.cms", PAGE.encode()),
        ("saved", PAGE.encode()),
        ("1714989600.M1P2.host:2,S", MAIL),
        ("report.doc", RTF),
        ("minutes.doc", READ["a.docx"]()),
        ("a.html.gz", gzip.compress(PAGE.encode(), mtime=0)),
        ("a.jsonl.gz", gzip.compress(as_json({"text": SAID}), mtime=0)),
        ("a.txt.gz", gzip.compress(SAID.encode(), mtime=0)),
    ],
)
def test_what_a_name_does_not_say_the_bytes_do(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    (file,) = find_inputs([tmp_path])
    assert isinstance(file, Input)
    (found,) = read_input(file)

    assert SAID in found.article.text
    assert "<" not in found.article.text
    assert only(data, name).article.text == found.article.text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"TY  - JOUR\r\nTI  - Ferry\r\nER  - \r\n", ".ris: a list of references"),
        (b"% mine\n@article{a1,\n title = {Ferry}}\n", ".bib: a list of references"),
        (b"\\documentclass{article}\n\\begin{document}", ".tex: convert it"),
        (b"<?php echo 'The ferry'; ?>", ".php: a program: save the page that it makes"),
        (b"<%@ Page %><html><body>x</body></html>", ".asp: a program"),
        (b"<TEI xmlns='x'><text>The ferry</text></TEI>", "<TEI> is neither a feed nor a page"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", ".ics: no article in it"),
        (b"[Script Info]\nTitle: x", ".ass: save the subtitles"),
        (b"%!PS-Adobe\n(The ferry) show", ".ps: convert it"),
        (b"GIF89a...", ".gif: a picture"),
        (gzip.compress(b"The ferry", mtime=0), ".gz: unpack it"),
    ],
)
def test_without_a_name_no_markup_is_taken_for_a_text(data, reason):
    (found,) = read_stream(data)

    assert isinstance(found, Refused)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("said", ["<Applause> The ferry sails.", "@home: the ferry", "TY: x"])
def test_a_text_that_begins_with_a_sign_is_a_text(said):
    assert only(said.encode()).article.text == said


def test_a_packed_bomb_and_a_damaged_pack_are_refused():
    bomb = gzip.compress(b" " * 4_000_000, mtime=0)
    cut = gzip.compress(PAGE.encode(), mtime=0)[:-20]

    (large,), (damaged,) = (
        list(read_stream(data, name, Limits(article_bytes=100_000)))
        for data, name in ((bomb, "a.html.gz"), (cut, "a.html.gz"))
    )
    assert (large.code, damaged.code) == ("too_large", "unreadable")


def test_times_of_cues_stand_with_their_places():
    found = only(READ["a.srt"](), "a.srt").article

    assert found.text == SAID
    assert found.extra["cues"] == [[0, "00:00:01"], [26, "00:12:31"]]
    assert found.text[26:33] == "at nine"


def test_slides_are_pages_in_their_order():
    found = only(READ["a.pptx"](), "a.pptx").article

    assert (found.text, found.pages) == (f"{SAID}\n\nThe end.", (0, len(SAID) + 2))


def test_old_letters_of_rich_text_are_read():
    assert only(RTF, "a.rtf").article.text == f"{SAID}\nZavrši."


def test_what_hangs_on_a_message_is_named():
    attached = (
        MAIL.replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="b"').partition(
            b"\r\n\r\n"
        )[0]
        + b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
        + SAID.encode()
        + b"\r\n--b\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename=report.pdf\r\n\r\nx\r\n--b--\r\n"
    )
    found = only(attached, "a.eml")

    assert found.article.text == SAID
    assert found.notes == ("what was attached was not read: report.pdf",)


def test_a_summary_of_a_feed_is_said_to_be_one():
    feed = RSS.replace(b"content:encoded", b"other")
    found = only(feed, "a.rss")

    assert found.article.text == "short"
    assert found.notes == ("the feed has a summary of it; the article itself may say more",)


def test_a_message_among_prose_is_prose():
    memo = b"From the harbour, a memo.\n\nTo: all\nThe ferry sails."

    assert only(memo).media_type == "text/plain"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"PK\x03\x04 broken", "a.docx", "binary"),
        (packed({"x": "y"}), "a.odt", "binary"),
        (packed({"x": "y"}), "a.epub", "binary"),
        (packed({"content.xml": "<a>" * 5}), "a.odt", "binary"),
        (packed({"content.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "a.odt", "binary"),
        (b"no mailbox", "a.mbox", "binary"),
        (b"no subtitles", "a.srt", "empty"),
        (b"<svg/>", "a.xml", "unknown_type"),
        (b"qid\tdoc\n1\t2\n", "a.tsv", "no_text_column"),
        (b"x", "a.webarchive", "binary"),
        (b"PK\x03\x04 unknown", None, "unknown_type"),
        (b"\xd0\xcf\x11\xe0 old", None, "unknown_type"),
    ],
)
def test_what_is_no_such_file_is_refused(data, name, code):
    (found,) = read_stream(data, name)

    assert isinstance(found, Refused)
    assert (found.code, bool(found.reason)) == (code, True)


def test_a_bomb_is_refused():
    bomb = packed({"content.xml": " " * 200_000})
    (found,) = read_stream(bomb, "a.odt", Limits(article_bytes=10_000))

    assert isinstance(found, Refused)
    assert found.code == "too_large"


RECORDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "newsapi": (
        {
            "status": "ok",
            "articles": [
                {
                    "source": {"id": None, "name": "Harbour Times"},
                    "author": "Ana Petric",
                    "title": "Ferry",
                    "url": "https://ex.org/g",
                    "publishedAt": "2024-05-06T10:00:00Z",
                    "content": SAID,
                }
            ],
        },
        {
            "title": "Ferry",
            "url": "https://ex.org/g",
            "publisher": "Harbour Times",
            "author": "Ana Petric",
            "published": "2024-05-06T10:00:00Z",
        },
    ),
    "wordpress": (
        [
            {
                "id": 7,
                "date": "2024-05-06T10:00:00",
                "guid": {"rendered": "x"},
                "link": "https://ex.org/h",
                "title": {"rendered": "Ferry &amp; quay"},
                "content": {"rendered": f"<p>{SAID}</p>"},
                "author": 3,
                "categories": [1],
            }
        ],
        {"title": "Ferry & quay", "url": "https://ex.org/h", "published": "2024-05-06T10:00:00"},
    ),
    "telegram": (
        {
            "name": "Port",
            "id": 99,
            "messages": [
                {"id": 1, "type": "service", "text": ""},
                {
                    "id": 2,
                    "type": "message",
                    "date": "2024-05-06T10:00:00",
                    "from": "Port",
                    "text": ["The ", {"type": "bold", "text": "ferry"}, SAID[9:]],
                },
            ],
        },
        {"author": "Port", "published": "2024-05-06T10:00:00"},
    ),
    "tweets": (
        [
            {
                "tweet": {
                    "id": "123",
                    "full_text": SAID,
                    "created_at": "Mon May 06 10:00:00 +0000 2024",
                }
            }
        ],
        {"published": "2024-05-06T10:00:00+00:00"},
    ),
    "csl": (
        [
            {
                "id": "10.1000/xyz",
                "title": "Ferry",
                "author": [
                    {"family": "Petric", "given": "Ana"},
                    {"family": "Blum", "given": "Max"},
                ],
                "issued": {"date-parts": [[2024, 3, 5]]},
                "abstract": SAID,
                "container-title": "Journal",
            }
        ],
        {
            "title": "Ferry",
            "publisher": "Journal",
            "author": "Ana Petric, Max Blum",
            "authors": ("Ana Petric", "Max Blum"),
            "published": "2024-03-05",
        },
    ),
    "zotero": (
        [
            {
                "key": "ABC",
                "data": {
                    "title": "Ferry",
                    "creators": [{"firstName": "Ana", "lastName": "Petric"}],
                    "abstractNote": SAID,
                    "date": "2024-05-06",
                    "tags": [{"tag": "sea"}],
                },
            }
        ],
        {"title": "Ferry", "author": "Ana Petric", "published": "2024-05-06"},
    ),
}


@pytest.mark.parametrize("program", RECORDS)
def test_json_of_other_programs_is_understood(program):
    record, stated = RECORDS[program]
    found = only(as_json(record), f"{program}.json").article

    assert found.text == SAID
    assert found.stated() == Stated(**stated).stated()


def test_an_archive_of_twitter_is_read():
    data = b"window.YTD.tweets.part0 = " + as_json([{"tweet": {"id": "1", "full_text": SAID}}])

    assert only(data, "tweets.json").article.text == SAID


def test_fields_are_called_as_is_said():
    row = f"headline_x,words\nFerry,{SAID.replace(',', ';')}\n".encode()
    (found,) = read_stream(row, "a.csv", names={"headline_x": "title", "words": "text"})

    assert isinstance(found, Document)
    assert (found.article.title, found.article.text) == ("Ferry", SAID.replace(",", ";"))


def _word(inner: str, levels: int, around: str) -> bytes:
    for _ in range(levels):
        inner = around.format(inner)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body>{inner}</w:body></w:document>"
    return packed({"word/document.xml": body})


@pytest.mark.parametrize(
    "around",
    [
        "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
        "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
    ],
)
def test_what_is_nested_in_word_is_read_once(around):
    paragraph = f"<w:p><w:r><w:t>{SAID}</w:t></w:r></w:p>"

    assert only(_word(paragraph, 40, around), "a.docx").article.text == SAID


def test_rows_behind_a_quotation_mark_that_nothing_closes_are_not_lost_in_silence():
    (found,) = read_stream(b'title,text\nA,"the ferry\nB,sails\n', "a.csv")

    assert (found.code, found.reason) == (
        "unreadable",
        "a quotation mark opens a cell that nothing closes: the rows behind it are lost",
    )
    assert only(b'title,text\nA,a pipe of 6" sails\n', "a.csv").article.text == 'a pipe of 6" sails'


def test_a_table_is_read_in_the_encoding_and_by_the_sign_that_are_told():
    data = "sep=|\r\ntitle|text\r\nA|Završi, Čedo;\r\n".encode("iso-8859-2")
    (found,) = read_stream(data, "a.csv", Limits(encoding="iso-8859-2"))

    assert (found.article.title, found.article.text) == ("A", "Završi, Čedo;")


def test_slides_are_read_in_the_order_in_which_they_are_shown():
    slide = "<s xmlns:a='a'><a:p><a:r><a:t>{}</a:t></a:r></a:p></s>"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ids = "".join(f'<p:sldId r:id="{one}"/>' for one in ("r2", "r1", "r2", "r9"))
    parts = {
        "ppt/slides/slide1.xml": slide.format("Second."),
        "ppt/slides/slide2.xml": slide.format("First."),
        "ppt/slides/slide3.xml": slide.format("Taken out."),
        "ppt/presentation.xml": f"<p xmlns:p='p' xmlns:r='{r}'><p:sldIdLst>{ids}</p:sldIdLst></p>",
        "ppt/_rels/presentation.xml.rels": "<r><x Id='r1' Target='slides/slide1.xml'/>"
        "<x Id='r2' Target='/ppt/slides/slide2.xml'/><x Id='r9' Target='../../etc/passwd'/></r>",
    }
    found = only(packed(parts), "a.pptx").article

    assert (found.text, found.pages) == ("First.\n\nSecond.", (0, 8))


def test_parts_of_a_book_that_are_missing_are_said():
    package = (
        '<p><metadata/><manifest><item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></p>'
    )
    container = '<c><rootfiles><rootfile full-path="c.opf"/></rootfiles></c>'
    parts = {"META-INF/container.xml": container, "c.opf": package, "a.xhtml": PAGE}

    assert only(packed(parts), "a.epub").notes == ("1 of its 2 parts are not in the file",)


def test_a_message_that_hangs_on_another_is_named():
    inner = b"Subject: Inner\r\n\r\nOther words.\r\n"
    head = b'From: a@x.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n'
    text = b"\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + SAID.encode()
    hung = b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    message = head + text + hung
    box = b"From a@x Mon May  6 10:00:00 2024\n" + message.replace(b"\r", b"")

    for data, name in ((message, "a.eml"), (box, "a.mbox")):
        found = only(data, name)
        assert found.article.text == SAID
        assert found.notes == ("what was attached was not read: a message",)


def test_a_date_that_no_clock_shows_spoils_no_mail():
    late = MAIL.replace(b"+0200", b"+99999999999999")

    assert only(late, "a.eml").article.published is None


def test_what_rich_text_states_in_old_letters_is_read():
    data = RTF.replace(b"\\title Ferry", rb"\title Zavr\'9aeno \u269?")

    assert only(data, "a.rtf").article.title == "Završeno č"


def test_a_page_that_was_put_into_a_web_archive_as_a_file_is_read():
    page = PAGE.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: {}\r\nWARC-Target-URI: https://ex.org/{}\r\n"
        "WARC-Date: 2024-05-06T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    written = [
        head.format(kind, kind).encode() + page + b"\r\n\r\n"
        for kind in ("resource", "metadata", "conversion")
    ]

    assert only(b"".join(written), "a.warc").article.url == "https://ex.org/resource"


def test_the_name_beside_an_address_in_a_feed_is_the_author():
    feed = RSS.replace(
        b"<dc:creator>Ana Petric</dc:creator>", b"<author>a@x.org (Ana Petric)</author>"
    )

    assert only(b"\n" + feed, "a.rss").article.author == "Ana Petric"


@pytest.mark.parametrize("name", READ)
def test_a_file_says_the_same_without_the_process_that_reads_it(name):
    """Many articles come as records, which the same code turns into articles."""
    kind: Any = KINDS[suffix_of(name)]
    blob = Blob(READ[name](), Limits(), id="a", origin=name)
    if kind in worker._RECORDS:
        assert worker._RECORDS[kind](blob) == pool.read_records(kind, blob.data, Limits())
    elif kind in worker._FILES:
        assert worker._FILES[kind](blob) == pool.read(kind, blob)
    else:
        assert kind in ("text", "json", "lines")
