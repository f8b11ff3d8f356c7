"""Questions and articles in several languages and scripts, by words."""

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.storage.records import Selection

TEXTS = {
    "latin": "Volodimir Zelenski i Đoko Šćepović sastali su se u Tromsu, i o tome je bilo reči.",
    "cyrillic": "Председник Милан Јовановић је рекао да су мостови затворени и да ће тако остати.",
    "german": "Die Brücken sind seit Montag geschlossen, und Herr Müller hat es so gesagt.",
    "russian": "Посол рассказал о санкциях и о том, что самолёты не летают.",
    "japanese": "東京都知事は新しい橋を開いた。市民はそれを見た。",
    "arabic": "قَالَ الوزير إن الجسر مغلق منذ ١٢ يومًا ولم يفتح بعد.",
    "english": "The mayor of Senta said that the bridge was closed and that they were told of it.",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("many") / "c", encoder=HashEncoder()) as made:
        list(made.add(document(id_, text) for id_, text in TEXTS.items()))
        yield made


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Ђоко Шћеповић", "latin"),
        ("Djoko Scepovic", "latin"),
        ("Ko je sreo Šćepovića?", "latin"),
        ("Šta kaže Milan Jovanović o mostu?", "cyrillic"),
        ("Шта каже Јовановић о мосту?", "cyrillic"),
        ("Welche Brücke ist geschlossen?", "german"),
        ("Was sagt Mueller?", "german"),
        ("Что сказали про самолеты?", "russian"),
        ("知事は誰ですか", "japanese"),
        ("متى قال 12", "arabic"),
        ("Who closed the bridges in Senta?", "english"),
    ],
)
def test_words_are_found_in_every_language_form_and_script(corpus, question, found):
    hits = corpus.ask(question, mode="lexical").hits

    assert hits[0].passage.article_id == found


def test_a_word_that_is_there_in_another_script_or_form_is_not_said_to_be_missing(corpus):
    there = corpus.ask("Ђоко Шћеповића дрема", threshold=1.0)
    german = corpus.ask("Welche geschlossene Brücke dampft?", threshold=1.0)

    assert there.reason == "No passage has “дрема” in this form; these are the nearest passages."
    assert german.reason == "No passage has “dampft” in this form; these are the nearest passages."


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("Who closed the harbour?", ["english"], "Nothing here mentions “harbour”"),
        ("Senta harbour", ["english"], "Nothing here mentions “harbour”"),
        ("Ко је затворио луку?", ["english"], "No passage has “затворио” or “луку” in this form"),
        ("Lavrov čeka u luci", ["cyrillic"], "No passage has “Lavrov”, “čeka” or “luci” in this"),
        ("Who closed the harbour?", ["english", "german"], "No passage has “harbour” in this form"),
    ],
)
def test_that_nothing_mentions_a_word_is_only_said_in_english(
    tmp_path, document, question, texts, expected
):
    """“луку” is the harbour of an English article, and “luci” the “luka” of a Serbian one."""
    with Corpus.open(tmp_path, encoder=HashEncoder()) as made:
        list(made.add(document(id_, TEXTS[id_]) for id_ in texts))
        answer = made.ask(question, threshold=1.0)

    assert answer.reason.startswith(expected)


def test_answers_and_passages_say_their_language(corpus):
    answer = corpus.ask("Шта је рекао председник Милан Јовановић?", threshold=0.0)

    assert answer.statement.article_id == "cyrillic"
    assert answer.statement.language == "sr"


def test_a_name_in_another_script_is_as_near_as_can_be(corpus):
    first, *_ = corpus.ask("Ђоко Шћеповић").hits

    assert first.passage.article_id == "latin"


def test_a_quote_is_found_by_words_in_every_language(corpus):
    quotes = [
        "Die Brücken sind seit Montag geschlossen",
        "da su mostovi zatvoreni i da će tako ostati",
        TEXTS["japanese"],
    ]
    checked = [corpus.check(quote) for quote in quotes]

    assert [(one.verdict, one.matches[0].source.article_id) for one in checked] == [
        ("verbatim", "german"),
        ("normalized", "cyrillic"),
        ("verbatim", "japanese"),
    ]


def test_a_list_of_articles_finds_words_in_the_form_of_each_language(corpus):
    found = [corpus.view.listing(Selection(words=words)) for words in ("Scepovica", "Brücke")]

    assert [len(one) for one in found] == [1, 1]
