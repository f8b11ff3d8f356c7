import pytest

from qa.ingest.headline import first_sentence, headline

PARAGRAPH = "A second line."


@pytest.mark.parametrize(
    "line",
    [
        "Russia and Serbia deepen coordination",
        "U.S. and St. Petersburg agree, Mr. Smith says",
        "Ambassador: There will be more pressures",
        "J. R. R. Tolkien vs. the censors",
        "x" * 200,
    ],
)
def test_a_first_line_without_a_full_stop_is_the_title(line):
    assert (line, False) == headline([line, PARAGRAPH])


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            "Serbia stands at a turning point. Remarks follow. More.",
            "Serbia stands at a turning point",
        ),
        ("Is this the end? Nobody knows.", "Is this the end?"),
        ("It ends here...", "It ends here..."),
        ('He said "no." Then he left.', 'He said "no."'),
        ("Mr. Smith met Gen. Jones in the U.S. on Friday. They spoke.", None),
        ("A short line with a stop.", "A short line with a stop"),
    ],
)
def test_a_running_paragraph_lends_its_first_sentence(line, title):
    title = title or "Mr. Smith met Gen. Jones in the U.S. on Friday"

    assert (title, True) == headline([line, PARAGRAPH])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["The only line"],
        ["x" * 201, PARAGRAPH],
        ["x" * 150 + ". And so on.", PARAGRAPH],
        ["Dear all:", PARAGRAPH],
        ["Two roads diverged in a yellow wood,", PARAGRAPH],
        ["A paragraph that is wrapped at", "eighty characters as in a mail"],
    ],
)
def test_otherwise_there_is_no_title(lines):
    assert headline(lines) == (None, False)


def test_white_space_in_a_title_is_collapsed():
    assert headline(["One \xa0two", PARAGRAPH]) == ("One two", False)


def test_a_sentence_ends_at_a_stop_and_not_inside_of_a_number():
    assert first_sentence("It cost 3.50 in all! Really.") == "It cost 3.50 in all!"
    assert first_sentence("No end") is None
