import pytest

from qa.ingest.boilerplate import kind_of, mark


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Foto: Printscreen", "caption"),
        ("Photo: Tanjug / AP", "caption"),
        ("FOTO:Reuters", "caption"),
        ("0 comments", "comment count"),
        ("12 Comments", "comment count"),
        ("1 comment", "comment count"),
        ("page 1 of 18 go to page", "pagination"),
        ("Page 3 of 7", "pagination"),
        ("page 1 of 18 go to page 1 2 3", "pagination"),
        ("Screenshot TV Prva Screenshot TV Prva", "repeated caption"),
        ("Foto Tanjug Foto Tanjug", "repeated caption"),
        (
            "Preuzimanje i objavljivanje tekstova sa portala KoSSev nije dozvoljeno.",
            "reprint notice",
        ),
    ],
)
def test_lines_of_the_page_are_known_by_their_shape(line, kind):
    assert kind == kind_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Photography: a history",
        "The photo: it shows a harbour",
        "Foto: " + "a long paragraph that happens to begin like a caption " * 5,
        "There were 12 comments",
        "12 comments were made",
        "See page 1 of 18",
        "page one of two",
        "New York New York",
        "Nevermore Nevermore",
        "Row your boat, Row your boat",
        "row row row your boat row row row your boat",
        "And miles to go before I sleep.",
        "He said no. He said no.",
        "Screenshot TV Prva",
    ],
)
def test_lines_of_the_article_are_not(line):
    assert kind_of(line) is None


def test_a_title_may_say_a_thing_twice():
    assert kind_of("Home at last Home at last", first=True) is None
    assert mark(["", "Home at last Home at last", "A text."]).kinds == {}


def test_read_more_is_cut_only_after_a_finished_sentence():
    lines = [
        "It ended. Read more:",
        "She told him to read more:",
        "Spread more:",
        "Read more: here",
    ]

    assert mark(lines).ends == {0: 9}


def test_the_headline_after_read_more_goes_when_it_ends_the_piece():
    marks = mark(["It ended.  READ MORE: ", "", "Another story", "Foto: X", "A third one", ""])

    assert marks.ends == {0: 9}
    assert marks.kinds == {2: "teaser", 3: "caption", 4: "teaser"}


@pytest.mark.parametrize(
    "after", [["A heading", "And a sentence."], ["A verse"] * 6, ["A heading:"], ["x" * 201]]
)
def test_what_follows_read_more_stays_when_it_is_not_only_headlines(after):
    marks = mark(["It ended. Read more:", *after])

    assert (marks.kinds, marks.ends) == ({}, {0: 9})
