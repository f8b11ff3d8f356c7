from __future__ import annotations

import io
import zipfile

import pytest

from qa.errors import InvalidInput, TooLarge
from qa.ingest import Limits, read_draft_text
from qa.ingest.documents import Blob
from qa.ingest.formats import docx
from tests.ingest.test_pdf import pdf
from tests.word_files import paragraph, with_links, word_file

LETTERS = "Łódź, “Ćevapi” — Ilić"


@pytest.mark.parametrize(
    ("name", "data", "text", "kind", "notes"),
    [
        ("a.txt", LETTERS.encode(), LETTERS, "text", ()),
        ("a.md", b"\xef\xbb\xbf" + LETTERS.encode(), LETTERS, "Markdown", ()),
        ("a.txt", LETTERS.encode("utf-16"), LETTERS, "text", ()),
        ("a.txt", LETTERS.encode("utf-16-le"), LETTERS, "text", ()),
        ("a.txt", LETTERS.encode("utf-16-be"), LETTERS, "text", ()),
        ("a", "“Café”".encode("cp1252"), "“Café”", "text", ("not UTF-8; read as cp1252",)),
        ("a.tex", b"``Yes''", "``Yes''", "text", ()),
        ("a.txt", b"\n\n  Photo: an eagle\n\ntext ", "\n\n  Photo: an eagle\n\ntext ", "text", ()),
        ("a", b"<!doctype html><p>Yes</p>", "<!doctype html><p>Yes</p>", "HTML", ()),
        (
            "a.html",
            b'<meta charset="iso-8859-2"><p>\xc6evap</p>',
            '<meta charset="iso-8859-2"><p>Ćevap</p>',
            "HTML",
            (),
        ),
        ("a", b'{"text": "Yes"}', '{"text": "Yes"}', "JSON", ()),
        ("a.pdf", pdf("Page one.", "Photo: an eagle"), "Page one.\n\nPhoto: an eagle", "PDF", ()),
        ("letter", pdf("Page one."), "Page one.", "PDF", ()),
        ("a.docx", word_file(paragraph("Yes.")), "Yes.", "Word", ()),
        ("letter", word_file(paragraph("Yes.")), "Yes.", "Word", ()),
    ],
)
def test_a_draft_is_read_whole(name, data, text, kind, notes) -> None:
    read = read_draft_text(data, name)

    assert (read.text, read.name, read.kind, read.notes) == (text, name, kind, notes)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return made.getvalue()


DOCTYPE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("a.txt", bytes(range(256)), "binary", "a.txt is no text; give .txt .md .html .pdf .docx"),
        ("a.docx", b"no zip", "binary", "a.docx is no text; give .txt .md .html .pdf .docx"),
        (
            *("a.docx", zipped(a=b"x")),
            *("binary", "a.docx is no text; give .txt .md .html .pdf .docx"),
        ),
        (
            "a.odt",
            zipped(a=b"x"),
            "unknown_type",
            "a.odt is no text; give .txt .md .html .pdf .docx",
        ),
        (
            *("a.doc", b"{\\rtf1 x}"),
            *("unknown_type", "a.doc is no text; give .txt .md .html .pdf .docx"),
        ),
        ("a.txt", b" \n", "empty", "a.txt: it is empty"),
        ("a.docx", word_file(paragraph(" ")), "empty", "a.docx: no text in it"),
        (
            *("a.docx", word_file(paragraph("&a;"), before=DOCTYPE)),
            *("binary", "a.docx is no text; give .txt .md .html .pdf .docx"),
        ),
        ("a.pdf", b"%PDF-1.4 broken", "bad_pdf", None),
        ("a.pdf", pdf(""), "no_text", None),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name, data, code, message) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_draft_text(data, name)

    assert refused.value.code == code
    assert refused.value.message == message or (message is None and name in refused.value.message)


def test_a_file_that_unpacks_to_more_than_it_may_is_too_large() -> None:
    bomb = zipped(word__document_xml=b" " * 3_000_000)

    with pytest.raises(TooLarge):
        read_draft_text(bomb, "a.docx", Limits(article_bytes=100_000))


STYLES = (
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
)
NOTES = (
    f'<w:footnote w:id="-1" w:type="separator">{paragraph("no")}</w:footnote>'
    f'<w:footnote w:id="2">{paragraph("Port report, ", "p. 4")}</w:footnote>'
)


def item(list_id: int, text: str) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def cell(text: str) -> str:
    return f"<w:tc>{paragraph(text)}</w:tc>"


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText>HYPERLINK "https://x.org/b"</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>there</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph("One", " two") + paragraph("three"), "One two\n\nthree"),
        (paragraph("Talks", style="berschrift1"), "# Talks"),
        (paragraph("We go", style="Zitat"), "> We go"),
        (paragraph("He", '<w:hyperlink r:id="r1"><w:r><w:t> said</w:t></w:r></w:hyperlink>'),
         "He[ said](<https://x.org/a>)"),
        (paragraph("It is ", FIELD, "."), "It is [there](<https://x.org/b>)."),
        (paragraph("Yes", '<w:r><w:footnoteReference w:id="2"/></w:r>'), "Yes[^2]"),
        (
            paragraph("Yes", '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                      "<w:t>1</w:t></w:r>"),
            "Yes<sup>1</sup>",
        ),
        (item(1, "a") + item(2, "b") + item(2, "c"), "- a\n\n1. b\n\n2. c"),
        (
            f"<w:tbl><w:tr>{cell('#')}{cell('Source')}</w:tr><w:tr>{cell('1')}{cell('A')}</w:tr>"
            "</w:tbl>",
            "| # | Source |\n|---|---|\n| 1 | A |",
        ),
        (paragraph("a<w:tab/>b".replace("<w:tab/>", "</w:t><w:tab/><w:t>")), "a b"),
        (paragraph("kept", "<w:del><w:r><w:delText> gone</w:delText></w:r></w:del>",
                   "<w:ins><w:r><w:t> new</w:t></w:r></w:ins>"), "kept new"),
        (f"<w:sdt><w:sdtContent>{paragraph('in a field')}</w:sdtContent></w:sdt>", "in a field"),
        (
            paragraph("a", f"<w:r><w:pict><w:txbxContent>{paragraph('box')}</w:txbxContent>"
                      "</w:pict></w:r>"),
            "a\n\nbox",
        ),
    ],
)  # fmt: skip
def test_a_word_file_is_read_as_markdown(body: str, text: str) -> None:
    made = word_file(body, {"styles": STYLES, "numbering": NUMBERING, "footnotes": NOTES})
    text_of = docx.read_text(Blob(with_links(made, r1="https://x.org/a"), Limits()))

    assert text_of == f"{text}\n\n[^2]: Port report, p. 4"
