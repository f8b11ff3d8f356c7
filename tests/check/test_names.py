from __future__ import annotations

import time

import pytest

from qa.check.names import People, describes, is_full_name, name_words, same_name

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
    ],
)
def test_a_full_name_is_told_from_a_place_or_a_body(words: str, expected: bool) -> None:
    assert expected is is_full_name(words)


def test_a_description_has_a_role_in_it() -> None:
    assert describes("the Russian Ambassador in Washington")
    assert not describes(FULL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The envoy, Ann Lee, came. Lee left.",
            [("The envoy, Ann Lee", "Ann Lee"), ("Lee", "Ann Lee")],
        ),
        (
            "said the Russian ambassador to Serbia Alexander Botsan Kharchenko. This diplomat ran.",
            [
                (
                    "the Russian ambassador to Serbia Alexander Botsan Kharchenko",
                    "Alexander Botsan Kharchenko",
                ),
                ("This diplomat", "Alexander Botsan Kharchenko"),
            ],
        ),
        (
            "Ann Lee, the Russian envoy to Chile, met the Russian envoy in Peru.",
            [
                ("Ann Lee, the Russian envoy to Chile", "Ann Lee"),
                ("the Russian envoy in Peru", "the Russian envoy in Peru"),
            ],
        ),
        (
            "Former President Bob Ray met the president.",
            [("Former President Bob Ray", "Bob Ray"), ("the president", "the president")],
        ),
        (
            "Prime Minister Ann Lee met the minister.",
            [("Prime Minister Ann Lee", "Ann Lee"), ("the minister", "the minister")],
        ),
        (
            "After meeting the envoy, Ann Lee said no.",
            [("the envoy", "the envoy"), ("Ann Lee", "Ann Lee")],
        ),
        (
            "Peter Smith met Anna Smith. Smith left.",
            [("Peter Smith", "Peter Smith"), ("Anna Smith", "Anna Smith"), ("Smith", None)],
        ),
        ("We got an official invitation.", []),
    ],
)
def test_people_are_known_by_name_and_role(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    mentions = People(text).mentions
    found = [(text[m.start : m.end], m.who.name if m.who else None) for m in mentions]

    assert expected == found


@pytest.mark.parametrize("text", ["A" * 100_000, "Ann Lee " * 12_500, "the minister of " * 6_000])
def test_hostile_texts_take_linear_time(text: str) -> None:
    began = time.perf_counter()
    People(text)

    assert time.perf_counter() - began < 3
