from __future__ import annotations

import pytest

from qa.text.names import certain, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # --- runs of capitalised words ---
        ("Yesterday Ana Marin met the World Bank.", ["Ana Marin", "World Bank"]),
        ("It was George W. Bush, said Dr. Marin.", ["George W. Bush", "Dr. Marin"]),
        ("Mr. Smith met J. K. Rowling.", ["Mr. Smith", "J. K. Rowling"]),
        ("A. Vučić met I. Petrović. It was I. Then he left.", ["A. Vučić", "I. Petrović"]),
        ("Botsan-Kharchenko met Dr. Ivo Andrić.", ["Botsan-Kharchenko", "Dr. Ivo Andrić"]),
        ("It is so in Alexander Botsan-Kharchenko’s view.", ["Alexander Botsan-Kharchenko"]),
        ("It hurt Vučić's party and Botsan-Kharchenko.", ["Vučić", "Botsan-Kharchenko"]),
        ("Then Prime Minister Ann Lee's Rex came.", ["Prime Minister Ann Lee", "Rex"]),
        ("That is Serbia’s President Aleksandar Vučić.", ["Serbia", "President Aleksandar Vučić"]),
        ("He left the U.S. in World War I.", ["U.S.", "World War I"]),
        ("Here O’Brien met Vuc\u030cic\u0301.", ["O’Brien", "Vuc\u030cic\u0301"]),
        # --- particles ---
        ("It is Ursula von der Leyen of the Union.", ["Ursula von der Leyen", "Union"]),
        (
            "He met Ursula von der Leyen of the Bank of America.",
            ["Ursula von der Leyen", "Bank of America"],
        ),
        ("That is for the Bank of England.", ["Bank of England"]),
        (
            "Bank of England governor Andrew Bailey spoke.",
            ["Bank of England", "Andrew Bailey"],
        ),
        ("The Ministry of the Interior agreed.", ["Ministry of the Interior"]),
        ("We met Abu Bakr al-Baghdadi.", ["Abu Bakr al-Baghdadi"]),
        # --- acronyms, and names by their look ---
        ("NATO said that iPhone sales and COVID-19 matter.", ["NATO", "iPhone", "COVID-19"]),
        ("The U.S. left the UN.", ["U.S.", "UN"]),
        ("It is about T-72MS tanks.", ["T-72MS"]),
        (
            "The U.S. and J. K. Rowling agreed on 4 March.",
            ["U.S.", "J. K. Rowling"],
        ),
        ("It is an English-language network.", ["English"]),
        # --- titles: alone they are no names ---
        ("Researchers Ana Petrović and Jan Novak left.", ["Researchers Ana Petrović", "Jan Novak"]),
        ("Yesterday President Vučić spoke.", ["President Vučić"]),
        ("The President and the Prime Minister met.", []),
        ("Police said so. Officials agreed.", []),
        ("Researchers found water.", []),
        # --- words that only open a sentence ---
        ("Interestingly, Serbia agreed.", ["Serbia"]),
        ("Serbian officials met the Russians.", ["Serbian", "Russians"]),
        ("Moscow agrees. It is so. Talks begin.", []),
        ("Moscow agrees. It is so in Moscow. Talks begin.", ["Moscow", "Moscow"]),
        ("Theresa May left. May agreed.", ["Theresa May", "May"]),
        ("“We left,” he said. “Everybody did.”", []),
        ("He said: “Moscow is ready.”", []),
        ("He said: “Talks begin.” (Talks!) – Talks", []),
        ("BELGRADE – Talks began. (Tanjug) – Talks began.", ["BELGRADE"]),
        ("The spokesman (Peskov) – said so.", ["Peskov"]),
        ("It was agreed; Belgrade signed.", ["Belgrade"]),
        ("Yes: Everybody left.", []),
        ("Mark my words.", []),
        ("It is what I said and I'm sure.", []),
        # --- names that are function words or months elsewhere ---
        ("In May Theresa May spoke.", ["Theresa May"]),
        ("April Jones left in April.", ["April Jones"]),
        ("On May 4 Theresa May, 62, left.", ["Theresa May"]),
        ("The May election, in early May 2021, last May and 4 May.", []),
        ("On Monday, in May, I was at NATO.", ["NATO"]),
        ("Will Smith left. I told Will.", ["Will Smith", "Will"]),
        ("Will it rain?", []),
        ("Will Serbia join?", ["Serbia"]),
        ("Will President Vučić sign?", ["President Vučić"]),
        ("Per Lind left.", ["Per Lind"]),
        ("Per cent and per head.", []),
        ("An Nguyen left.", ["An Nguyen"]),
        ("An apple fell. An Egyptian left. An MP left.", ["Egyptian", "MP"]),
        ("Mark Rutte met Bill Gates.", ["Mark Rutte", "Bill Gates"]),
        ("Grace Hopper met Rob. Rob left.", ["Grace Hopper", "Rob", "Rob"]),
        # --- headlines ---
        ("Lavrov Says Kosovo Is Test Case\nThey met in Kosovo.", ["Kosovo"]),
        ("Thousands Protest Against New Law In Old Town", []),
        ("EVERYBODY LEFT THE TOWN.", []),
        ("He and Ana Marin were in Belgrade", ["Ana Marin", "Belgrade"]),
        # --- other languages ---
        ("Он встретил Александра Вучича.", ["Александра Вучича"]),
        ("U Beogradu je Maja Gojković rekla da ga nema.", ["Beogradu", "Maja Gojković"]),
        ("У Београду је рекао Александар Вучић.", ["Београду", "Александар Вучић"]),
        (
            "Am Montag traf Bundeskanzler Olaf Scholz die Presse. Die Regierung sagt, Scholz kam.",
            ["Bundeskanzler Olaf Scholz", "Scholz"],
        ),
        ("Valéry Giscard d’Estaing aime l’Europe.", ["Valéry Giscard d’Estaing", "Europe"]),
        ("nothing here", []),
        ("", []),
    ],
)
def test_names_are_runs_of_capitalised_words(text: str, expected: list[str]) -> None:
    found = certain(names(text))

    assert [name.text for name in found] == expected
    assert [text[name.start : name.end] for name in found] == expected


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("Moscow agrees. It is so. Talks begin.", ["Moscow", "Talks"]),
        ("He said: “Moscow is ready.”", ["Moscow"]),
        ("Serbia agrees. NATO agrees. Ana Marin agrees.", []),
        ("Yesterday Moscow agreed.", []),
        ("Will it rain? An apple fell. Nobody in Rome.", ["Nobody"]),
    ],
)
def test_a_lone_word_that_opens_a_sentence_may_be_a_name(text: str, doubtful: list[str]) -> None:
    found = [name for name in names(text) if not name.sure]

    assert [name.text for name in found] == doubtful
    assert all(name.opens for name in found)


def test_what_is_a_name_beside_a_text_is_one_in_it() -> None:
    one, beside = names("Moscow agrees."), names("They met in Moscow.")

    assert certain(one) == []
    assert [name.text for name in certain(one, beside)] == ["Moscow"]


def test_the_first_word_of_a_place_is_none_by_itself() -> None:
    found = certain(names("He is in New York. New rules came. York is near."))

    assert [name.text for name in found] == ["New York", "York"]


@pytest.mark.parametrize(
    ("text", "title", "core"),
    [
        ("We met Prime Minister Ann Lee.", "minister", ["ann", "lee"]),
        ("We met Dr. Ivo Andrić.", "dr", ["ivo", "andrić"]),
        ("We met Ann Lee.", "", ["ann", "lee"]),
        ("We met Kosovo Police.", "", ["kosovo"]),
        ("We met J.K. Rowling.", "", ["jk", "rowling"]),
    ],
)
def test_a_name_says_its_title_and_what_tells_whose_it_is(
    text: str, title: str, core: list[str]
) -> None:
    (name,) = names(text)

    assert (name.title, [word.key for word in name.core]) == (title, core)
    assert not name.acronym


def test_an_acronym_is_a_name_of_one_word_in_capitals() -> None:
    found = names("The U.S. left NATO and COVID-19 with Ana.")

    assert [name.acronym for name in found] == [True, True, False, False]
