from __future__ import annotations

import pytest

from qa.check.speakers.same_person import (
    describes,
    has_given_name,
    is_full_name,
    name_words,
    same_name,
)

FULL = "Alexander Botsan-Kharchenko"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FULL, FULL, True),
        ("Botsan Kharchenko", FULL, True),
        ("botsan-kharchenko", FULL, True),
        ("BOTSAN KHARCHENKO", FULL, True),
        ("Kharchenko", FULL, True),
        ("Kharchenko", "Botsan-Kharchenko", True),
        ("Alexander Kharchenko", FULL, True),
        ("A. Botsan-Kharchenko", FULL, True),
        ("Ambassador Botsan-Kharchenko", FULL, True),
        ("Mr. Botsan-Kharchenko", FULL, True),
        ("the Russian ambassador to Serbia Alexander Botsan Kharchenko", FULL, True),
        (f"{FULL}, Russian ambassador to Serbia", FULL, True),
        (f"{FULL} (Russia)", FULL, True),
        ("Александр Боцан-Харченко", FULL, True),
        ("Alexander Vučić", "Aleksandar Vucic", True),
        ("Александар Вучић", "President Aleksandar Vucic", True),
        ("Sergey Lavrov", "Sergei Lavrov", True),
        ("Volodymyr Zelenskyy", "Vladimir Zelensky", True),
        ("Bill Clinton", "William Clinton", True),
        ("George W. Bush", "George Bush", True),
        ("Maria Zakharova", "Botsan-Kharchenko", False),
        ("Maria Zakharova", FULL, False),
        ("Alexander Vucic", FULL, False),
        ("Peter Smith", "Anna Smith", False),
        ("Lavrov", "Putin", False),
        ("Alexander", FULL, None),
        ("Alexander Botsan", FULL, None),
        ("Boris Johnson", "Boris Johnston", None),
        ("", FULL, None),
        ("the ambassador", FULL, None),
        ("The Guardian", "Guardian", True),
    ],
)
def test_same_name_holds_two_spellings_against_each_other(
    one: str, other: str, same: bool | None
) -> None:
    assert same is same_name(one, other)
    assert same is same_name(other, one)


def test_name_words_sound_alike_in_every_spelling() -> None:
    assert name_words("Aleksander Bocan Harcenko") == name_words(f"Ambassador {FULL}")
    assert name_words("Vučić") == name_words("Вучић") == name_words("VUCIC")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (FULL, True),
        ("Dr Anna Smith", True),
        ("J. K. Rowling", True),
        ("Ludwig van Beethoven", True),
        ("Moscow", False),
        ("Lavrov", False),
        ("European Union", False),
        ("New York", False),
        ("BBC News", False),
        ("The Guardian", False),
        ("Le Monde", False),
    ],
)
def test_a_full_name_is_told_from_a_place_or_a_body(words: str, expected: bool) -> None:
    assert expected is is_full_name(words)


def test_a_description_has_a_role_in_it() -> None:
    assert describes("the Russian Ambassador in Washington")
    assert not describes(FULL)


def test_a_given_name_is_known_in_every_spelling() -> None:
    assert has_given_name("Александр Иванов")
    assert has_given_name("Dr Ann Xyz")
    assert not has_given_name("Goldman Sachs")
    assert not has_given_name("")
