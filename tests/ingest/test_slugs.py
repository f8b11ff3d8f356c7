import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ids import check_id
from qa.ingest.slugs import digest, id_from_text, id_from_url, slug


@pytest.mark.parametrize(
    "name", ["000_504bc656f27022da", "a", "_x", "A.b_c~d-e", "a--b-", "9" * 200]
)
def test_a_name_that_is_url_safe_stays_exactly_as_it_is(name):
    assert name == slug(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My file (1)", "My-file-1"),
        ("Čačak, Đorđe & Łódź", "Cacak-Dorde-Lodz"),
        ("Cafe\u0301 stra\xdfe", "Cafe-strasse"),
        ("a/index.html", "a-index.html"),
        (".hidden", "hidden"),
        ("-x-", "x"),
    ],
)
def test_accents_are_folded_and_other_characters_become_a_dash(name, expected):
    assert expected == slug(name)


def test_letters_of_other_scripts_are_spelled_and_told_apart_by_a_digest():
    assert f"Privet-{digest('Привет')}" == slug("Привет")
    assert f"2021-god-{digest('2021 год')}" == slug("2021 год")
    assert f"WaiJiaoBuShengMing-{digest('外交部声明')}" == slug("外交部声明")
    assert f"a-{digest('Привет')}" == slug("Привет", spelled=False)
    assert slug("Мир") != slug("Дом")


def test_composed_and_decomposed_names_get_the_same_id():
    assert slug("й.й") == slug("и\u0306.и\u0306")


def test_a_name_without_any_letter_still_gets_an_id():
    assert f"a-{digest('!!!')}" == slug("!!!")
    assert f"a-{digest('')}" == slug("")


def test_a_name_that_is_too_long_is_cut_and_keeps_a_digest():
    name = "x" * 201

    assert f"{'x' * 191}-{digest(name)}" == slug(name)


@given(st.text(st.characters(exclude_categories=())))
def test_a_slug_is_always_a_valid_id_and_stays_itself(name):
    result = slug(name)

    assert result == check_id(result) == slug(result)


def test_an_id_from_a_url_is_readable_and_unique():
    url = "https://www.Example.com/news/a-b?page=2#top"

    assert f"example.com-news-a-b-page-2-{digest('example.com/news/a-b?page=2')}" == id_from_url(
        url
    )
    assert id_from_url("http://x.com/a/b") != id_from_url("http://x.com/a-b")
    assert id_from_url("http://x.com/a/") == id_from_url("https://www.x.com/a#b")


@given(st.text())
def test_an_id_from_any_url_is_valid(url):
    assert check_id(id_from_url(url))


def test_the_same_text_gets_the_same_id():
    assert re.fullmatch(r"a-[0-9a-f]{12}", id_from_text("x"))
    assert id_from_text("abc") == "a-ba7816bf8f01"
