import pytest

from qa.text.shingles import Shingles

REPORT = (
    "Ambassador Alexander Botsan-Kharchenko said that Resolution 1244 is a compromise and the "
    "basis of any lasting solution, and that no other agreement has been reached in the past 20 "
    "years. Moscow, he added, will support whatever Belgrade accepts, and sees no reason to hurry."
)
EDITED = (
    "BELGRADE – Ambassador Alexander Botsan Kharchenko said Resolution 1244 is a compromise and "
    "the basis of any lasting solution, and that no other agreement has been reached in the last "
    "20 years. Moscow, he added, will support whatever Belgrade accepts, and sees no reason to "
    "hurry. (Agency)"
)
ANOTHER = (
    "Speaking on Monday, the Russian ambassador repeated that “Resolution 1244 is a compromise and "
    "the basis of any lasting solution”. Opposition deputies walked out during his speech, and the "
    "government in Pristina called it an insult to the victims of the war."
)


def near_duplicates(one, other):
    return Shingles.of(one).near(Shingles.of(other))


def test_shingles_are_every_three_words_in_a_row():
    shingles = Shingles.of("Ships sail at 5.30.")

    assert shingles.words == ("ships", "sail", "at", "5", "30")
    assert shingles.grams == {("ships", "sail", "at"), ("sail", "at", "5"), ("at", "5", "30")}
    assert shingles.numbers == {"5.30"}


def test_the_shared_part_is_that_of_the_text_itself():
    short, long = Shingles.of("a b c d"), Shingles.of("a b c e f g")

    assert (short.shared(long), long.shared(short)) == (0.5, 0.25)
    assert Shingles.of("a b").shared(long) == 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (REPORT, REPORT),
        (REPORT, EDITED),
        (REPORT, REPORT.upper().replace(",", " –")),
        (REPORT, f"Read more: {REPORT} Subscribe to our newsletter. All rights reserved."),
        (REPORT, REPORT[: len(REPORT) // 2]),  # shortened
        ("Ships sail.", "ships SAIL"),
        ("船は港に入る前に水先案内人を待つ。", "船は港に入る前に水先案内人を待つ"),
    ],
)
def test_near_duplicates(one, other):
    assert near_duplicates(one, other)
    assert near_duplicates(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (REPORT, ANOTHER),  # two reports of one event that quote the same sentence
        (REPORT, REPORT[:70]),  # a quotation: less than a third as long
        ("Ships sail.", "Ships sail at dawn."),  # too short for more than the very words
        ("", ""),
        ("Berth 7 takes 40 ships a day now.", "Berth 9 takes 60 ships a day now."),
        (
            "The weather service expects 21 degrees in the city tomorrow, light winds from the "
            "west, some clouds in the afternoon and no rain until the evening.",
            "The weather service expects 28 degrees in the city tomorrow, light winds from the "
            "west, some clouds in the afternoon and no rain until the evening.",
        ),
        ("The pilot guides ships into the harbour at dawn.", "A lock lifts barges over a hill."),
    ],
)
def test_not_near_duplicates(one, other):
    assert not near_duplicates(one, other)
    assert not near_duplicates(other, one)


def test_an_update_of_one_figure_among_several_is_a_copy():
    text = "{} ships, 12 boats and 7 barges passed the lock on the canal on Monday, it was said, "
    text += "and none of them waited for longer than an hour at the gate before they went on."

    assert near_duplicates(text.format(40), text.format(41))


def test_a_statement_stands_in_a_longer_text_but_a_topic_does_not():
    whole = Shingles.of(f"{ANOTHER} {REPORT} {ANOTHER}")

    assert Shingles.of(REPORT).stands_in(whole)
    assert Shingles.of(EDITED).stands_in(whole)
    assert not Shingles.of("Resolution 1244 is a compromise").stands_in(whole)
    assert not whole.stands_in(Shingles.of(REPORT))
