"""Which language a text is in."""

import pytest

from qa.text.language import _WORD, _letters, _words, language_of, read_as


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who is the mayor of Senta?", "en"),
        ("Wer ist der Bürgermeister von Senta?", "de"),
        ("Qui est le maire de Senta ?", "fr"),
        ("¿Quién es el alcalde de Senta?", "es"),
        ("Chi è il sindaco di Senta?", "it"),
        ("Quem é o prefeito de Senta?", "pt"),
        ("Kto jest burmistrzem Senty?", "pl"),
        ("Ko je predsednik opštine Senta?", "sr"),
        ("Ко је председник општине Сента?", "sr"),
        ("Ђоко Шћеповић је у Тромсу", "sr"),
        ("Кто стал мэром города?", "ru"),
        ("Хто є мером міста?", "uk"),
        ("Кой е кметът на града?", "bg"),
        ("Wie is de burgemeester van Senta?", "nl"),
        ("Vem är borgmästare i Senta och varför?", "sv"),
        ("Senta'nın belediye başkanı kimdir ve ne zaman seçildi?", "tr"),
        ("Ποιος είναι ο δήμαρχος της Σέντα;", "el"),
        ("من هو رئيس البلدية؟", "ar"),
        ("شهردار کیست و چه گفت؟", "fa"),
        ("市長は誰ですか", "ja"),
        ("市长是谁", "zh"),
        ("시장은 누구입니까", "ko"),
        ("Bridge", None),
        ("", None),
        ("1244 / 2024", None),
    ],
)
def test_a_text_is_told_by_its_script_and_its_small_words(text, language):
    assert language_of(text) == language


def test_names_of_others_in_a_text_do_not_change_its_language():
    text = "The talks between Đoković, Çelik and Müller were held in Niš, and they said nothing."

    assert language_of(text) == "en"


def test_what_two_languages_have_alike_is_told_of_neither():
    assert language_of("Plan de Paris") is None
    assert read_as("Plan de Paris") == "en"


def test_letters_that_a_language_has_not_tell_that_it_is_another():
    assert language_of("Што је то?") == "sr"
    assert language_of("Что это было?") == "ru"


def test_a_text_is_told_by_its_beginning():
    german = "Der Zug kam nicht, und die Leute warteten auf dem Bahnsteig. " * 20

    assert language_of(german + "The train was late and they waited. " * 200) == "de"


def test_words_of_ascii_are_those_that_the_pattern_finds():
    text = "".join(map(chr, range(128))).casefold() + " it's x1y snake_case a"

    assert text.isascii()
    assert _words(text) == _WORD.findall(text)
    assert [letter for letter in _letters() if letter.isascii()] == []
