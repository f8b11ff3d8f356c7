import pytest

from qa.related.shared import shared, written
from qa.text.names import names


def test_each_name_comes_once_in_the_order_of_the_text():
    text = "There is Botsan-Kharchenko, and Ana, and Botsan Kharchenko, and Ana."

    assert written(names(text)) == ["Botsan-Kharchenko", "Ana"]


def test_what_either_text_shows_to_be_a_name_is_one_in_both():
    here, there = names("Moscow agrees."), names("They met in Moscow.")

    assert shared(written(here, there), written(there, here)) == ["Moscow"]


def test_the_names_of_two_articles_are_shared_in_full():
    here, there = (
        names(f"{day} Theresa May and the U.S. met the Bank of England.")
        for day in ("Yesterday", "In May")
    )

    assert shared(written(here), written(there)) == ["Theresa May", "U.S.", "Bank of England"]


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (["Ana Marin"], ["Ana Marin"], ["Ana Marin"]),
        (["Botsan-Kharchenko"], ["Botsan Kharchenko"], ["Botsan-Kharchenko"]),
        (["Ana Marin"], ["Marin"], ["Marin"]),
        (["Marin"], ["Ana Marin"], ["Marin"]),
        (["Ambassador Botsan-Kharchenko"], ["Alexander Botsan Kharchenko"], ["Botsan-Kharchenko"]),
        (["President Putin"], ["President Vučić"], []),
        (["New York"], ["New Zealand"], []),
        (["Kosovo Police", "Kosovo"], ["Kosovo"], ["Kosovo"]),
        ([], ["Ana"], []),
    ],
)
def test_names_are_shared_in_whole_or_in_part(here, there, expected):
    assert shared(here, there) == expected
