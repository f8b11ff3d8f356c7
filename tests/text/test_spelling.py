"""One word in several spellings and scripts."""

import pytest

from qa.text.spelling import first_look, latin, other_ways, spelled, written_otherwise
from qa.text.tokens import fold

ONE = [
    ("Всё", "Все"),
    ("Müller", "Mueller"),
    ("Đoko", "Djoko"),
    ("Straße", "Strasse"),
    ("ISTANBUL", "ıstanbul"),
    ("İzmir", "izmir"),
    ("نقبـــل", "نقبل"),
    ("نَقْبَلَ", "نقبل"),
    ("שָׁלוֹם", "שלום"),
    ("٢٥", "25"),
    ("۲۵", "25"),
    ("२५", "25"),
    ("٣٫٥", "3.5"),
    ("U.S.", "U.S"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_spellings_of_one_word_are_equal(one: str, other: str) -> None:
    assert spelled(fold(one)) == spelled(fold(other))


@pytest.mark.parametrize(
    ("one", "other"), [("café", "cafe"), ("мир", "мор"), ("25", "٢٦"), ("...", ".."), ("й", "и")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert spelled(fold(one)) != spelled(fold(other))


def test_serbian_cyrillic_is_read_in_latin_letters_and_back() -> None:
    assert latin("Љубав Његоша и Џорџа, ђак") == "Ljubav Njegoša i Džordža, đak"
    assert other_ways("Njegoš i džep") == ["његош и џеп"]
    assert first_look("Наш СТАВ") == "naš stav"


@pytest.mark.parametrize(
    ("quote", "source", "note"),
    [
        ("Naš stav", "Наш став", "The source writes it in Cyrillic letters."),
        ("Наш став", "Naš stav", "The source writes it in Latin letters."),
        ("все еще", "всё ещё", "The source writes it with other letters: ё or е."),
        (
            "١٢ نَعم",
            "12 نعم",
            "The source writes it with other letters: "
            "vowel signs and stretched letters; the digits of another script.",
        ),
        ("the same", "The Same", None),
    ],
)
def test_what_differs_in_letters_alone_is_named(quote: str, source: str, note: str | None) -> None:
    assert written_otherwise(quote, source) == note
