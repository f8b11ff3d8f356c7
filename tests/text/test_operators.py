"""Phrases and exclusions: how they are written, and where they stand."""

import pytest

from qa.text.operators import wording

LONG_ONE = "Does the report of the board on the new timetable of the harbour say who of all opened"


@pytest.mark.parametrize(
    ("question", "text", "required", "excluded"),
    [
        ('Who opened the "ferry line"?', "Who opened the ferry line?", ["ferry line"], []),
        ("Who opened the „ferry line“?", "Who opened the ferry line?", ["ferry line"], []),
        ("«ferry line»", "ferry line", ["ferry line"], []),
        ('tram ("ferry line") -Lund', "tram (ferry line)", ["ferry line"], ["Lund"]),
        ("tram -Lund, -“ferry line” of Ystad", "tram, of Ystad", [], ["Lund", "ferry line"]),
        ("tram -Botsan-Kharchenko.", "tram.", [], ["Botsan-Kharchenko"]),
        ("-Lund", "", [], ["Lund"]),
        # No operators: inches, numbers, dashes, empty or single marks, marks that nothing closes.
        *((same, same, [], []) for same in ('a 5" pipe and a 6" pipe', "was it -5 degrees?")),
        *((same, same, [], []) for same in ("a plan - psp - of -it-", 'what is "" or "!!!"?')),
        *((same, same, [], []) for same in ('the "ferry line', "the ‘ferry line’", "pre—Lund")),
        # With more words besides marks quote, unless a plus is in front.
        (f'{LONG_ONE} the "ferry line" -Lund', f"{LONG_ONE} the ferry line", [], ["Lund"]),
        ('Who has opened a "ferry line"?', "Who has opened a ferry line?", [], []),
        ('Who has opened a +"ferry line"?', "Who has opened a ferry line?", ["ferry line"], []),
        *((same, same, [], []) for same in ("a +5 plan", "who +Lund", 'x+"y z" of it')),
    ],
)
def test_operators_are_told_from_signs(question, text, required, excluded):
    found = wording(question)

    assert found.text == text
    assert [phrase.text for phrase in found.required] == required
    assert [phrase.text for phrase in found.excluded] == excluded
    for phrase in found.phrases:
        assert phrase.text in question[phrase.start : phrase.end]


def test_a_question_prefers_what_it_quotes_a_few_phrases_of_it():
    found = wording('What do “a”, “b”, "c", "d" and -"e" mean for the people of +"f g"?')

    assert [phrase.text for phrase in found.preferred] == ["a", "b", "c"]
    assert [phrase.text for phrase in found.phrases] == ["a", "b", "c", "e", "f g"]
    assert found.text == "What do a, b, c, d and mean for the people of f g?"
    assert [found.admits(text) for text in ("f g", "e f g", "a b c")] == [True, False, False]
    [only] = found.requiring(found.preferred[1]).required[1:]
    assert (only.text, only.preferred) == ("b", False)


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("ferry line", "The FERRY LINE opened.", True),
        ("ferry line", "A ferry-line of the\nferry\nline.", True),
        ("ferry line", "“The ferry line’s end”", True),
        ("ferry line", "the ferry[4] line", True),
        ("ferry line", "by ferry. Line two", False),
        ("ferry line", "the line of the ferry", False),
        ("ferry line", "ferry lines", False),
        ("Lund", "Lundgren", False),
        ("Müller", "Herr Mueller", True),
        ("Strasse", "die Straße", True),
        ("naš stav", "Наш став је јасан", True),
        ("don't go", "Don’t go!", True),
        ("3.5 %", "rose 3.5%", True),
        ("3.5", "rose 35", False),
        ("中文", "学习中文。", True),
    ],
)
def test_a_phrase_compares_as_a_quote_does(phrase, text, stands):
    assert wording(f'"{phrase}"').admits(text) is stands
    assert wording(f'x -"{phrase}"').admits(text) is not stands
    assert wording(f'x -"{phrase}"').excludes(text) is stands


@pytest.mark.parametrize(
    ("phrase", "languages", "groups"),
    [
        ("the ferry lines", ["en"], [("ferri",), ("line",)]),
        ("Jürg", ["en"], [("juerg", "jurg")]),
        ("мёд", ["en"], [("med",)]),
        ("мёд", ["ru", "en"], [("med", "мед")]),
        ("Naš stav", ["sr", "ru"], [("stav", "став")]),
        ("der Zug", ["de", "en"], [("zug",)]),
        ("who is who", ["en"], []),
        ("don't", ["en"], []),
        ("中文", ["zh"], []),
    ],
)
def test_an_index_is_asked_for_all_ways_of_writing_a_word(phrase, languages, groups):
    (found,) = wording(f'"{phrase}"').phrases

    assert found.index_terms(languages) == groups
