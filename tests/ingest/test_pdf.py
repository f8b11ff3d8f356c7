import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from qa.errors import InvalidInput, TooLarge
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.pdf import read
from qa.types import Removed

HELVETICA = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
        NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    }
)


def writer(*pages: str, **info: str) -> PdfWriter:
    """A PDF with these lines of text on its pages."""
    made = PdfWriter()
    for text in pages:
        page = made.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): HELVETICA})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = " ".join(f"({line}) Tj T*" for line in text.split("\n") if text)
        stream = StreamObject()
        stream.set_data(f"BT /F1 12 Tf 14 TL 72 770 Td {shown} ET".encode("cp1252"))
        page[NameObject("/Contents")] = made._add_object(stream)
    made.add_metadata({f"/{name}": value for name, value in info.items()})
    return made


def data(made: PdfWriter) -> bytes:
    stream = io.BytesIO()
    made.write(stream)
    return stream.getvalue()


def pdf(*pages: str, **info: str) -> bytes:
    return data(writer(*pages, **info))


def document(raw: bytes, limits: Limits | None = None):
    return read(Blob(raw, limits or Limits(), "stem", "stem.pdf"))


def test_each_page_begins_where_it_is_said_to():
    found = document(pdf("Caf\xe9 one.\nLine two.", "", "Page three."))
    article = found.article

    assert article.text == "Caf\xe9 one.\nLine two.\n\nPage three."
    assert article.pages == (0, 21, 21)
    assert article.text[article.pages[2] :] == "Page three."
    assert (found.media_type, found.encoding, article.id) == ("application/pdf", None, "stem")


def test_page_offsets_hold_after_boilerplate_and_empty_pages_are_gone():
    pages = ["", "One.\npage 1 of 3", "page 2 of 3", "Two.\n0 comments", "", "Three.", ""]
    found = document(pdf(*pages))
    text, begins = found.article.text, found.article.pages

    assert text == "One.\n\nTwo.\n\nThree."
    assert list(begins) == [0, 0, 6, 6, 12, 12, 18]
    assert [line.kind for line in found.removed] == ["pagination", "pagination", "comment count"]
    assert Removed("pagination", "page 1 of 3") == found.removed[0]


def test_the_document_information_is_read():
    info = {"Title": "The\n pilot", "Author": "Ann", "CreationDate": "D:20210303120000+02'00'"}
    found = document(pdf("Text.", **info))

    assert (found.article.title, found.article.author) == ("The pilot", "Ann")
    assert found.article.extra == {"pdf_created": "2021-03-03"}
    assert found.article.published is None  # nothing says when the text came out


@pytest.mark.parametrize(
    ("title", "author", "date"),
    [
        ("untitled", "Admin", "D:19700101000000"),
        ("Microsoft Word - draft", "user", "yesterday"),
        ("report-final.docx", "", ""),
        ("---", "123", "D:2021"),
    ],
)
def test_what_programs_fill_in_by_themselves_is_not(title, author, date):
    article = document(pdf("Text.", Title=title, Author=author, CreationDate=date)).article

    assert (article.title, article.author) == (None, None)
    assert article.extra in ({}, {"pdf_created": "2021-01-01"})


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf_is_refused_unless_the_password_is_empty(algorithm):
    locked, printable = writer("Text."), writer("Text.")
    locked.encrypt("secret", "owner", algorithm=algorithm)
    printable.encrypt("", "owner", algorithm=algorithm)

    with pytest.raises(InvalidInput, match="encrypted with a password") as info:
        document(data(locked))
    assert info.value.code == "encrypted"
    assert document(data(printable)).article.text == "Text."


@pytest.mark.parametrize(
    "raw", [b"", b"%PDF-1.7 and no more", pdf("Text.")[:400], pdf("Text.")[:-200]]
)
def test_a_damaged_pdf_is_refused(raw):
    with pytest.raises(InvalidInput, match="the PDF is damaged: ") as info:
        document(raw)

    assert info.value.code == "bad_pdf"


@pytest.mark.parametrize("pages", [["", ""], ["page 1 of 1"]])
def test_a_pdf_without_a_text_is_refused_with_a_hint(pages):
    with pytest.raises(InvalidInput, match=r"no text in its . pages: scanned\?.*OCR") as info:
        document(pdf(*pages))

    assert info.value.code == "no_text"


def test_a_text_over_the_limit_is_refused_at_the_page_that_goes_over_it():
    with pytest.raises(
        TooLarge, match=r"^the text up to page 2 has 10 bytes; the limit is 9 bytes$"
    ):
        document(pdf("Text.", "Text.", "Text."), Limits(article_bytes=9))


def test_nothing_is_printed(capsys):
    document(pdf("Text."))
    with pytest.raises(InvalidInput):
        document(b"%PDF-1.7 and no more")

    assert tuple(capsys.readouterr()) == ("", "")


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("file:///C:/x", "ARRAY(0x8a1)"),
        ("Book1", "IEUser"),
        ("result.txt", "SAPBATCH"),
        ("Ash02.ps", "PC3"),
        ("No Title", "User: Windows NT/95/98 User"),
        ("test.html", "Registered to: Acme"),
        ("Slide 1", "ann@example.org"),
    ],
)
def test_accounts_are_no_authors_and_files_no_titles(title, author):
    article = document(pdf("Text.", Title=title, Author=author)).article

    assert (article.title, article.author) == (None, None)
