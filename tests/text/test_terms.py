"""Index terms by language."""

import pytest

from qa.text.terms import sequence, terms


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("sr", "Ђоко Шћеповић је у Београду", "Đoko Šćepović u Beogradu"),
        ("sr", "Djoko", "Đoko"),
        ("sr", "gradova", "градовима"),
        ("sr", "Вучићем", "Vučić"),
        ("ru", "самолёты Путина", "самолет Путин"),
        ("de", "Herr Müller", "herr Mueller"),
        ("de", "die Straßen", "Strasse"),
        ("es", "naciones", "nación"),
        ("ar", "نَقْبَلُ ١٢٣", "نقبل 123"),
        ("ar", "نقبـــل", "نقبل"),
        ("tr", "İstanbul", "istanbul"),
        ("hi", "२५", "25"),
        ("en", "Вучич", "Vučić"),
        ("en", "Đoko", "Djoko"),
        ("en", "Cafe\u0301", "cafe"),
    ],
)
def test_ways_of_writing_one_word_are_one_term(language, one, other):
    assert terms(one, language) == terms(other, language) != []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The pilots guided the ships.", ["pilot", "guid", "ship"]),
        ("de", "Die neue Quelle der Bauern", ["neu", "quell", "bau"]),
        ("fr", "Les pilotes de l'avion", ["pilot", "avion"]),
        ("ru", "Что сказал посол о санкциях?", ["сказа", "посол", "санкц"]),
        ("ja", "東京都の知事", ["東京", "京都", "都の", "の知", "知事"]),
        ("zh", "2024年东京", ["2024", "年东", "东京"]),
        ("ko", "서울에서", ["서울", "울에", "에서"]),
        ("hi", "हिन्दी", ["हिन्दी"]),
        ("vi", "Đà Nẵng", ["da", "nang"]),
        ("he", "שָׁלוֹם", ["שלום"]),
    ],
)
def test_the_terms_of_a_language(language, text, expected):
    assert sequence(text, language) == expected


def test_a_name_keeps_three_letters_at_least():
    assert sequence("Ana Ivo Ema", "sr") == ["ana", "ivo", "ema"]
