"""Words as the languages of an index have them."""

import pytest

from qa.storage.lexical import LexicalIndex
from qa.text.language import language_of
from qa.text.sought import sought

EN = "The mayor of Belgrade, Aleksandar Vučić, said that the bridge was closed by them."
SR = "Председник Александар Вучић је рекао да су мостови у Београду затворени и да је то тако."
RU = "Президент Вучич сказал, что мосты в Белграде были закрыты и что это надолго."
DE = "Der Bürgermeister Müller hat gesagt, dass die Brücken geschlossen sind und es auch bleiben."


@pytest.fixture
def index(tmp_path):
    def of(*texts):
        made = LexicalIndex(tmp_path)
        made.update((), list(enumerate(texts, 1)))
        return made.searcher()

    return of


def found(searcher, question):
    words = sought(question, searcher)
    return searcher.best(words.flat, 10, boosts=words.boosts).keys.tolist()


def test_the_languages_of_an_index_are_those_of_its_texts_the_most_first(index):
    assert list(index(EN, SR, SR, DE).languages.items()) == [("sr", 2), ("de", 1), ("en", 1)]


def test_an_index_without_texts_has_no_languages(index):
    assert index().languages == {}
    assert sought("Who is the mayor?", index()).absent == {"mayor"}


def test_in_a_corpus_of_one_language_each_word_has_one_form(index):
    words = sought("Which bridges did the mayor close?", index(EN))

    assert words.forms == {"bridg": ("bridg",), "mayor": ("mayor",), "close": ("close",)}
    assert words.boosts == {}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Да ли је Вучић у Београду?", {1, 2}),
        ("Da li je Vučić u Beogradu?", {1, 2}),
        ("Что сказал Вучич?", {1, 2, 3}),
        ("Who is Vučić?", {1, 2}),
        ("Wer schloss die Brücke und was sagte Mueller?", {4}),
    ],
)
def test_names_are_found_in_every_language_and_script(index, question, expected):
    assert set(found(index(EN, SR, RU, DE), question)) >= expected


def test_words_of_the_question_that_say_little_are_not_looked_for(index):
    words = sought("Wer ist der Bürgermeister?", index(EN))

    assert words.words["Wer"] == words.words["der"] == ()
    assert words.absent == {"burgermeist"}


def test_a_form_counts_as_often_as_the_word_is_there_in_all_languages(index):
    searcher = index(EN, SR, RU, DE)
    words = sought("Вучић", searcher)

    assert words.rarity["vucic"] == pytest.approx(
        float(searcher.frequencies(["vucic"]).rarity[0]), rel=1e-6
    )
    assert words.absent == frozenset()


def test_a_name_is_found_with_ue_and_with_the_letter_where_it_is_not_there_as_it_is_asked(index):
    english = "Müller said that the bridge was closed, and they went home."

    assert found(index(english), "What did Mueller say?") == [1]
    assert sought("blue", index(english)).absent == {"blue"}


@pytest.mark.parametrize(
    ("question", "texts", "foreign"),
    [
        ("Wer ist der Bürgermeister?", [EN], True),
        ("Wer ist der Bürgermeister?", [EN, DE], False),
        # In Cyrillic, and nothing tells in which language: in none that the passages are in.
        ("Поставляет ли Сербия оружие Украине?", [EN, DE], True),
        ("Поставляет ли Сербия оружие Украине?", [EN, RU], False),
        ("Поставляет ли Сербия оружие Украине?", [EN, SR], False),
        ("Lavrov Sotschi", [SR], False),
    ],
)
def test_a_question_is_foreign_whose_language_is_not_that_of_a_passage(
    index, question, texts, foreign
):
    assert sought(question, index(*texts)).foreign is foreign


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("Who is the mayor?", [EN], False),
        ("Belgrade", [EN], False),
        ("Who is the mayor?", [EN, SR], True),
        ("Ко је председник?", [SR], True),
        ("Ко је председник?", [EN], True),
    ],
)
def test_what_is_absent_may_be_there_in_another_form_but_not_in_english(
    index, question, texts, expected
):
    assert sought(question, index(*texts)).in_other_forms is expected


def test_a_text_whose_words_are_nearly_all_there_is_not_foreign_whatever_it_seems(index):
    """“to” is a small word of Serbian as well."""
    english = "The gene ADAR1 binds Dicer, and they cleave what miRNA the cell has made."
    seeming = "ADAR1 binds to Dicer to cleave pre-miRNA."

    assert language_of(seeming) == "sr"
    assert not sought(seeming, index(english)).foreign
    assert sought(seeming, index(EN)).foreign
    assert not sought("Wer ist Aleksandar Vučić?", index(EN)).foreign
