from __future__ import annotations

import unicodedata

import pytest

from qa.text.words import (
    asks_for_sentence,
    asks_who_says,
    continues,
    is_negation,
    is_number,
    is_place,
    is_unit,
    variants,
)
from qa.text.words.tables import listed, read, tables, valued

# Signs and symbols, which no language lacks.
ALIKE = "mul"
# What is known to be missing: by key, the languages without it. A key or a language that is added
# fails here until it is said what it lacks.
LACKING = {
    "function": "",
    "stop": "",
    "endings": "en de fr ru es it pt pl",
    "negations": "",
    "negating_prefixes": "de fr sr ru es it pt pl",
    "weakening": "de fr sr ru es it pt pl",
    "cardinals": "de fr sr ru es it pt pl",
    "ordinals": "de fr sr ru es it pt pl",
    "scales": "de fr sr ru es it pt pl",
    "short_scales": "de fr sr ru es it pt pl",
    "parts": "de fr sr ru es it pt pl",
    "other_numbers": "de fr sr ru es it pt pl",
    "units": "ru es it pt pl",
    "months": "",
    "month_abbreviations": "de fr sr ru es it pt pl",
    "before_month": "fr sr ru es it pt pl",
    "weekdays": "",
    "weekday_abbreviations": "de fr sr ru es it pt pl",
    "honorifics": "",
    "roles": "",
    "role_prefixes": "de fr sr ru es it pt pl",
    "role_plurals": "de fr sr ru es it pt pl",
    "particles": "sr ru es it pt pl",
    "two_word_places": "de fr sr ru es it pt pl",
    "words_of_bodies": "de fr sr ru es it pt pl",
    "places": "de fr sr ru es it pt pl",
    "place_endings": "de fr sr ru es it pt pl",
    "function_or_name": "de fr sr ru es it pt pl",
    "openers": "",
    "abbreviations": "de fr sr ru es it pt pl",
    "bylines": "de fr ru es it pt pl",
    "roles_or_adjectives": "de fr sr ru es it pt pl",
    "weak_titles": "de fr sr ru es it pt pl",
    "wider_roles": "de fr sr ru es it pt pl",
    "men": "sr",
    "women": "sr ru",
    "determiners": "ru",
    "role_adjectives": "de fr sr ru es it pt pl",
    "role_of": "de fr sr ru es it pt pl",
    "place_of": "de fr sr ru es it pt pl",
    "past_roles": "de fr sr ru es it pt pl",
    "bodies": "de fr sr ru es it pt pl",
    "words_of_firms": "de fr sr ru es it pt pl",
    "articles": "sr ru pl",
    "nicknames": "de fr sr ru es it pt pl",
    "given_names": "",
    "before_numbers": "es it pt pl",
    "standfirsts": "de fr sr ru es it pt pl",
    "conditions": "",
    "denying": "",
    "doubting": "",
    "attributing": "",
    "narrowing": "",
    "narrowing_behind": "",
    "joining": "",
    "parting": "",
    "editor_notes": "",
    "he": "",
    "she": "",
    "never_subject": "de fr sr ru es it pt pl",
    "say": "",
    "say_bare": "de fr sr ru es it pt pl",
    "saying": "de fr sr ru es it pt pl",
    "say_nouns": "de fr sr ru es it pt pl",
    "say_not": "de fr sr ru es it pt pl",
    "say_adverbs": "",
    "auxiliaries": "sr ru pt pl",
    "said_is": "de fr ru es it pt pl",
    "after_speaker": "",
    "describing": "de fr sr ru es it pt pl",
    "conjunctions": "de fr sr ru es it pt pl",
    "that": "",
    "going_on": "de fr sr ru es it pt pl",
    "before_saying": "de fr sr ru es it pt pl",
    "prepositions": "de fr sr ru es it pt pl",
    "and": "",
    "or": "de fr sr ru es it pt pl",
    "unreal": "de fr sr ru es it pt pl",
    "according": "",
    "in_words_of": "",
    "remarks": "de fr sr ru es it pt pl",
    "remarks_by": "de fr sr ru es it pt pl",
    "own_words_before": "de fr sr ru es it pt pl",
    "own_words": "de fr sr ru es it pt pl",
    "after_source": "de fr sr ru es it pt pl",
    "source_words": "fr es it pt pl",
    "mark_words": "es it pt pl",
    "weak_mark_words": "de fr sr ru es it pt pl",
    "elisions": "de fr sr ru es it pt pl",
    "quoting": "de fr sr ru es it pt pl",
    "source_headings": "",
    "captions": "",
    "pictures": "ru es it pt pl",
    "comments": "de fr sr ru es it pt pl",
    "read_more": "de fr sr ru es it pt pl",
    "reprint_notices": "de fr ru es it pt pl",
    "source_labels": "de fr sr ru es it pt pl",
    "date_labels": "de fr sr ru es it pt pl",
    "not_authors": "de fr sr ru es it pt pl",
    "time_in": "",
    "time_since": "",
    "time_after": "",
    "time_before": "",
    "time_until": "",
    "time_from": "",
    "time_to": "",
    "time_latest": "",
    "last_year": "",
    "this_year": "",
    "last_month": "",
    "this_month": "",
    "last_week": "",
    "this_week": "",
    "yesterday": "",
    "yes_or_no": "de fr sr ru es it pt pl",
    "asks_why": "de fr sr ru es it pt pl",
    "asks_who": "de fr sr ru es it pt pl",
    "asks_said": "de fr sr ru es it pt pl",
    "asks_whose_words": "de fr sr ru es it pt pl",
    "continuing": "de fr sr ru es it pt pl",
    "honorifics_with_stop": "de fr sr ru es it pt pl",
    "role_endings": "fr sr ru es it pt pl",
    "role_nouns": "de fr sr ru es it pt pl",
    "noun_endings": "de fr sr ru es it pt pl",
    "affiliations": "de fr sr ru es it pt pl",
    "no_openers": "de fr sr ru es it pt pl",
    "servants": "de fr sr ru es it pt pl",
    "some": "de fr sr ru es it pt pl",
    "past_verbs": "de fr sr ru es it pt pl",
    "women_names": "",
    "names_of_either": "de fr sr ru es it pt pl",
    "possessive": "de fr sr ru es it pt pl",
    "object_pronouns": "de fr sr ru es it pt pl",
    "say_to": "de fr sr ru es it pt pl",
    "say_alone": "de fr sr ru es it pt pl",
    "predicating": "de fr sr ru es it pt pl",
    "relative": "fr sr ru es it pt pl",
    "claiming": "de fr sr ru es it pt pl",
    "supposing": "de fr sr ru es it pt pl",
    "unsure_sources": "de fr sr ru es it pt pl",
    "forged": "de fr sr ru es it pt pl",
    "allegedly": "de fr sr ru es it pt pl",
    "taken_back": "de fr sr ru es it pt pl",
    "is_words": "de fr sr ru es it pt pl",
    "as_says": "",
    "quoted_as": "de fr sr ru es it pt pl",
    "question_labels": "de fr sr ru es it pt pl",
    "answer_labels": "de fr sr ru es it pt pl",
    "interview_with": "de fr sr ru es it pt pl",
    "conditions_with_comma": "de fr sr ru es pl en",
    "joins_clauses": "es it pt pl",
    "places_in_source": "fr",
    "refer_to": "",
    "letters_apart": "de fr ru es it pt pl",
    "kept_in_latin": "de fr ru es it pt pl",
}


def test_what_each_language_lacks_is_known() -> None:
    languages = tables().keys() - {ALIKE}
    keys = {key for language in languages for key in tables()[language]}
    lacking = {
        key: {language for language in languages if key not in tables()[language]} for key in keys
    }

    assert lacking == {key: set(languages.split()) for key, languages in LACKING.items()}


@pytest.mark.parametrize("language", sorted(tables()))
def test_words_are_written_as_rules_look_them_up(language: str) -> None:
    words = [word for table in tables()[language].values() for word in table]

    assert [word for word in words if word != unicodedata.normalize("NFC", word.lower())] == []


@pytest.mark.parametrize("key", sorted(LACKING))
def test_no_two_languages_contradict(key: str) -> None:
    worths: dict[str, set[str]] = {}
    for table in tables().values():
        for word, worth in table.get(key, {}).items():
            worths.setdefault(word, set()).add(worth)

    assert {word: worth for word, worth in worths.items() if len(worth) > 1} == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cardinals", "negations"),
        ("ordinals", "negations"),
        ("units", "unit_letters"),
        ("units", "cardinals"),
        ("units", "negations"),
        ("units", "function"),
        ("months", "weekdays"),
        ("honorifics", "roles"),
        ("honorifics", "particles"),
        ("roles", "particles"),
        ("roles", "role_plurals"),
        ("particles", "words_of_bodies"),
    ],
)
def test_no_word_is_two_things(one: str, other: str) -> None:
    assert listed(one) & listed(other) == set()


@pytest.mark.parametrize("key", ["months", "weekdays"])
def test_each_language_has_all_days_and_months(key: str) -> None:
    count = {"months": 12, "weekdays": 7}[key]

    for language in tables().keys() - {ALIKE}:
        numbers = [int(number) for number in valued(key, language).values()]
        assert sorted(set(numbers)) == list(range(1, count + 1))


def test_a_table_is_words_phrases_or_words_by_their_worth() -> None:
    table = read('a = "no\\n not"\nb = ["read more"]\nc.1 = "jan january"\nc.2 = "feb"')

    assert table == {
        "a": {"no": "", "not": ""},
        "b": {"read more": ""},
        "c": {"jan": "1", "january": "1", "feb": "2"},
    }


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="nagations"):
        listed("nagations")


def test_a_key_is_listed_of_some_languages_or_of_all() -> None:
    assert "nicht" in listed("negations") - listed("negations", "en", "fr")
    assert listed("weakening", "de") == frozenset()


@pytest.mark.parametrize(
    ("word", "number", "negation", "unit"),
    [
        ("thirteenth", True, False, False),
        ("twentieth", True, False, False),
        ("second", True, False, True),
        ("一", True, False, False),
        ("½", True, False, False),
        ("neither", False, True, False),
        ("couldn't", False, True, False),
        ("ништа", False, True, False),
        ("kg", False, False, True),
        ("°c", False, False, True),
        ("jahren", False, False, True),
        ("g", False, False, False),
        ("ms", False, False, False),
        ("port", False, False, False),
    ],
)
def test_what_a_word_is(word: str, number: bool, negation: bool, unit: bool) -> None:
    assert (is_number(word), is_negation(word), is_unit(word)) == (number, negation, unit)


@pytest.mark.parametrize("word", ["g", "t", "m", "ft", "ha", "min", "ms"])
def test_letters_are_units_behind_a_number(word: str) -> None:
    assert is_unit(word, after_number=True)
    assert not is_unit(word)


def test_a_place_is_a_country_its_adjective_or_its_people() -> None:
    words = ["serbia", "serbian", "serbians", "israelis", "sudanese", "police"]

    assert [is_place(word) for word in words] == [True, True, True, True, True, False]
    assert {"serbia", "serbians"} <= set(variants("serbian"))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did she resign?", True),
        ("Isn’t it blue?", True),
        ("Did she resign or retire?", False),
        ("Why did she resign?", True),
        ("How come she resigned?", True),
        ("Who asked her why?", True),
        ("When did she resign?", False),
        ("whyever", False),
        ("", False),
    ],
)
def test_yes_no_and_why_ask_for_a_sentence(question: str, expected: bool) -> None:
    assert asks_for_sentence(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who said that it rains?", True),
        ("Who said no?", True),
        ("  “Who says it rains?”", True),
        ("Who told reporters to wait?", True),
        ("Who claimed that it rains?", True),
        ("Who has repeatedly warned the port that it rains?", True),
        ("Who announced: “We sail”?", True),
        ("Who called it “a disaster”?", True),
        ("Whose words are “we sail at dawn”?", True),
        ("According to whom does it rain?", True),
        ("It rains, according to whom?", True),
        ("Who claimed the prize?", False),
        ("Who wrote the book?", False),
        ("Who was told that it rains?", False),
        ("Who is said to sail?", False),
        ("Who sails, and says so?", False),
        ("Whose words matter?", False),
        ("What did she say?", False),
        ("Whoever said so?", False),
        ("", False),
    ],
)
def test_who_says_it_is_asked_by_a_say_verb(question: str, expected: bool) -> None:
    assert asks_who_says(question) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("These comments angered them.", True),
        ("“He left,” it says.", True),
        ("Theses were nailed to the door.", False),
        ("The ministry said this.", False),
        ("…", False),
    ],
)
def test_a_sentence_that_goes_on_is_told_by_its_first_word(sentence: str, expected: bool) -> None:
    assert continues(sentence) is expected
