"""What a person would quote from a PDF is in one piece, and nothing of the page is in it."""

import io
import time

import pytest
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle

from qa.errors import InvalidInput
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.pdf import legible, read
from qa.ingest.pdf.hyphens import Hyphens
from qa.types import Removed
from tests.ingest.printed import Put, printed, set_in
from tests.timing import BESIDE

PAGES = (
    [
        "The commission heard nine witnesses in March.",
        "The chief engineer testified that the pumps were tested",
        "every week and that no failure of the main valve had ever",
    ],
    [
        "been reported to the ministry before the night of the flood.",
        "He added that the contrac-",
    ],
    ["tor had refused to replace the valve in 2019.", "The minister rejected this account."],
)


def document(raw: bytes):
    return read(Blob(raw, Limits(), "stem", "stem.pdf"))


def text(*pages):
    return document(printed(*pages)).article.text


def with_head(number, lines):
    head, foot = Put(15, 10, "Harbour Commission - Report 2024", 8), Put(70, 200, str(number), 8)
    return [head, *set_in(lines), foot]


def test_sentences_and_words_go_on_over_pages_without_heads_and_numbers():
    found = document(printed(*(with_head(12 + n, lines) for n, lines in enumerate(PAGES))))
    article = found.article

    assert article.text == (
        "The commission heard nine witnesses in March.\n"
        "The chief engineer testified that the pumps were tested every week and that no failure of "
        "the main valve had ever been reported to the ministry before the night of the flood. "
        "He added that the contractor had refused to replace the valve in 2019. "
        "The minister rejected this account."
    )
    begins = [article.text[at:].split()[0] for at in article.pages]
    assert begins == ["The", "been", "had"]  # a word over two pages is of the first
    assert found.removed.count(Removed("running head", "Harbour Commission - Report 2024")) == 3
    assert [line.text for line in found.removed if line.kind == "page number"] == ["12", "13", "14"]


def test_a_refrain_at_the_head_of_each_page_stays():
    pages = [
        set_in(["Row, row, row your boat", f"down the stream {word} times.", "Merrily on."])
        for word in ("two", "three", "four")
    ]

    assert text(*pages).count("Row, row, row your boat") == 3


def test_pages_that_all_say_one_line_and_nothing_else_keep_it():
    found = document(printed(*[[Put(15, 25, "The tide turns.")] for _ in range(3)]))

    assert found.article.text == "The tide turns.\n\nThe tide turns.\n\nThe tide turns."
    assert found.removed == ()


@pytest.mark.parametrize("article", [(), ("The tide turns.",)])
def test_a_scan_with_a_stamp_on_each_page_is_no_text(article):
    made = FPDF(format=(148, 210))
    made.set_font("Helvetica", size=8)
    for line in (*article, "", "", ""):
        made.add_page()
        if line:
            made.text(15, 60, line)
        else:
            made.image(Image.new("RGB", (8, 8), "grey"), 10, 20, 120, 160)
        made.text(15, 10, "Harbour Archive")
    raw = bytes(made.output())

    if article:
        found = document(raw)
        assert found.article.text == "The tide turns."
        assert [note.split(":")[0] for note in found.notes] == ["no text on 3 of 4 pages (2, 3, 4)"]
    else:
        with pytest.raises(InvalidInput, match="no text in its 3 pages: scanned") as info:
            document(raw)
        assert info.value.code == "no_text"


def test_lines_of_a_narrow_column_are_whole_sentences():
    lines = ["The harbour authority of", "Northport confirmed on", "Tuesday that the ferry ter-"]
    lines += ["minal will close for eleven", "weeks in spring. The quay", "stays open."]

    assert text(set_in(lines)) == (
        "The harbour authority of Northport confirmed on Tuesday that the ferry terminal will "
        "close for eleven weeks in spring. The quay stays open."
    )


def test_columns_drawn_row_by_row_are_read_one_after_the_other():
    left = ["The harbour authority of", "Northport confirmed that", "the ferry terminal will"]
    right = ["The union of sailors was", "not asked and said so in", "a letter to the council"]
    left += ["close for eleven weeks", "in spring."]
    right += ["which was read aloud", "on Friday."]
    rows = [put for pair in zip(set_in(left), set_in(right, x=80), strict=True) for put in pair]

    assert text(rows) == f"{' '.join(left)}\n\n{' '.join(right)}"


def test_hyphens_of_words_stay_and_those_of_lines_go():
    lines = ["A well-known engineer of the region said that the well-", "known pump was the prob-"]
    lines += ["lem, and Botsan-", "Kharchenko agreed in 2019-", "2020 for the first of all times."]

    assert text(set_in(lines)) == (
        "A well-known engineer of the region said that the well-known pump was the problem, and "
        "Botsan-Kharchenko agreed in 2019-2020 for the first of all times."
    )


def test_a_footnote_stands_within_no_sentence_and_on_its_page():
    first = set_in(["The trains had been late for a week, and on the last day of"])
    note = [Put(15, 190, "1 See the annual report of the railways, page 12.", 8)]
    second = set_in(["the strike she asked the ministry for help."])
    article = document(printed([*first, *note], second)).article

    assert article.text == (
        "1 See the annual report of the railways, page 12.\n\n"
        "The trains had been late for a week, and on the last day of the strike she asked the "
        "ministry for help."
    )
    assert article.text[article.pages[1] :] == "the strike she asked the ministry for help."


def test_numbers_of_lines_are_out_and_counted():
    lines = [
        "Q. Did you see the car at the",
        "corner of the street that night?",
        "A. I did see it,",
    ]
    lines += ["and it stood there for a whole", "hour, as far as I can", "remember it today."]
    page = [
        put
        for n, line in enumerate(set_in(lines, x=25), 1)
        for put in (Put(15, line.y, str(n)), line)
    ]
    found = document(printed(page))

    assert found.article.text == (
        "Q. Did you see the car at the corner of the street that night?\n"
        "A. I did see it, and it stood there for a whole hour, as far as I can remember it today."
    )
    assert [line.text for line in found.removed] == list("123456")


def test_a_table_keeps_its_numbers():
    rows = [
        put
        for n in range(6)
        for put in (Put(15, 25 + 6 * n, str(n + 1)), Put(30, 25 + 6 * n, f"Town {n}"))
    ]

    assert text(rows).split("\n")[0] == "1 Town 0"


def test_a_drop_cap_belongs_to_its_word():
    cap = Put(15, 33, "T", 34)
    lines = set_in(["he harbour of Northport was shut for", "eleven weeks."], x=26)

    assert text([cap, *lines]) == "The harbour of Northport was shut for eleven weeks."


def test_raised_digits_are_told_from_numbers():
    line = [Put(15, 25, "After the war"), Put(37.1, 23.6, "12", 6), Put(41, 25, "came ten")]

    assert text(line) == "After the war¹² came ten"


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("in_content", [False, True])
def test_turned_pages_are_read_as_upright_ones(degrees, in_content):
    lines = ["The first line of the page is long enough to", "go on below. It ends."]
    page = PdfWriter().add_page(PdfReader(io.BytesIO(printed(set_in([*lines, "Third."])))).pages[0])
    page.rotate(degrees)
    if in_content:
        page.transfer_rotation_to_content()
    made, stream = PdfWriter(), io.BytesIO()
    made.add_page(page)
    made.write(stream)

    assert document(stream.getvalue()).article.text == " ".join(lines) + "\nThird."


@pytest.mark.parametrize(
    "line", ["/g18/g152/g135/g12", "Thinkofyourfavoritescienceclassinschool", "T h e  f e r r y  w"]
)
def test_a_text_without_words_is_refused(line):
    with pytest.raises(InvalidInput, match=r"its letters cannot be read: .*--force-ocr") as info:
        document(printed(set_in([line] * 12)))

    assert info.value.code == "unreadable_text"


def test_what_is_not_read_is_said():
    made = PdfWriter()
    made.append(io.BytesIO(printed(set_in(["A text."]))))
    made.add_attachment("data.csv", b"a,b")
    stream = io.BytesIO()
    made.write(stream)

    assert document(stream.getvalue()).notes == ("1 attached files are not in the text",)


def test_labels_of_pages_are_kept_where_they_are_no_plain_count():
    made = PdfWriter()
    made.append(io.BytesIO(printed(set_in(["A preface."]), set_in(["A text."]))))
    made.set_page_label(0, 0, PageLabelStyle.LOWERCASE_ROMAN)
    made.set_page_label(1, 1, PageLabelStyle.DECIMAL)
    stream = io.BytesIO()
    made.write(stream)

    assert document(stream.getvalue()).article.extra["page_labels"] == ["i", "1"]


@pytest.mark.parametrize(
    "unit", ["/g18", "a", "'", "a b ", "Word. ", "12 ", "-", "a- ", "\u2019", "- 1 "]
)
def test_work_does_not_grow_faster_than_a_text(unit):
    pieces = [legible.illegible, lambda text: Hyphens([text]).joined(text, text)]
    for work in pieces:
        started = time.thread_time()
        work(unit * 200_000)
        assert time.thread_time() - started < 5 * BESIDE


def test_heads_of_pages_with_one_line_are_out():
    lines = ["The minister had told the drivers of the night express", "that all would stay."]
    pages = [with_head(4 + n, [line]) for n, line in enumerate(lines)]

    assert text(*pages) == " ".join(lines)
