import pytest

from qa.text.names import Capitals, names, shared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday Ana Marin met the World Bank.", ["Ana Marin", "World Bank"]),
        ("It is Ursula von der Leyen of the Union.", ["Ursula von der Leyen", "Union"]),
        ("That is for the Bank of England.", ["Bank of England"]),
        ("It was George W. Bush, said Dr. Marin.", ["George W. Bush", "Dr. Marin"]),
        ("It is so in Alexander Botsan-Kharchenko’s view.", ["Alexander Botsan-Kharchenko"]),
        ("That is Serbia’s President Aleksandar Vučić.", ["Serbia", "President Aleksandar Vučić"]),
        ("On Monday, in May, I was at NATO.", ["NATO"]),
        ("Он встретил Александра Вучича.", ["Александра Вучича"]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_names_are_runs_of_capitalised_words(text, expected):
    assert names(text) == expected


def test_the_first_word_of_a_sentence_is_a_name_only_where_it_is_one_elsewhere():
    assert names("Moscow agrees. It is so. Talks begin.") == []
    assert names("Moscow agrees. It is so in Moscow. Talks begin.") == ["Moscow"]
    assert names("He said: “Talks begin.” (Talks!) – Talks") == []

    one, beside = Capitals.of("Moscow agrees."), Capitals.of("They met in Moscow.")
    assert one.names(beside) == ["Moscow"]


def test_a_headline_names_nothing():
    assert names("Lavrov Says Kosovo Is Test Case\nThey met in Kosovo.") == ["Kosovo"]


def test_each_name_comes_once_in_the_order_of_the_text():
    text = "There is Botsan-Kharchenko, and Ana, and Botsan Kharchenko, and Ana."

    assert names(text) == ["Botsan-Kharchenko", "Ana"]


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
