from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qa.check.quote import nearest
from qa.check.quote.exact import Alignment
from qa.check.quote.find import find
from qa.check.quote.kinds import Word, difference_kind
from qa.check.quote.rules import RULES
from qa.check.quote.text import Text
from qa.check.types import Difference
from qa.text.tokens import QUOTATION_MARKS, normalize, tokenize

SEEDS = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"

RESOLUTION = "Resolution 1244 exists until another agreement is reached"


def places(quote: str, text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in find(quote, text)]


def changes(quote: str, text: str) -> tuple[str, list[tuple[str, str, str, str]]]:
    """The place of an altered quote, and its differences."""
    (found,) = find(quote, text)
    assert found.kind == "altered"
    listed: list[tuple[str, str, str, str]] = [
        (d.op, d.quote, d.source, d.kind) for d in found.differences
    ]
    return text[found.start : found.end], listed


# --- verbatim ---

VERBATIM = {
    "in a text": ("two three", "one two three four", ["two three"]),
    "the whole text": ("one", "one", ["one"]),
    "with space around it": ("\n two\u00a0", "one two", ["two"]),
    "in curly marks": ("“two”", "one two", ["two"]),
    "in low and high marks": ("„two“", "one two", ["two"]),
    "in guillemets": ("« two »", "one two", ["two"]),
    "in straight marks": ('"two"', "one two", ["two"]),
    "in marks that the text has too": ("“two”", "one “two” three", ["two"]),
    "several times": ("a b", "a b, a b; a b", ["a b"] * 3),
    "overlapping": ("a a", "a a a", ["a a"] * 2),
    "beside punctuation": ("two", "(two), “two”—two…", ["two"] * 3),
    "part of a hyphenated name": ("Kharchenko", "Botsan-Kharchenko", ["Kharchenko"]),
    "in a script without spaces": ("文字", "中文字", ["文字"]),
    "cut at the space in a number": ("rose 20", "It rose 20 %", ["rose 20"]),
    "with marks of its own": (
        "“Yes,” he said, “no.”",
        "“Yes,” he said, “no.”",
        ["Yes,” he said, “no."],
    ),
}

NOT_VERBATIM = {
    "within a word": ("art", "a party, an artist, the cart"),
    "within a number": ("3", "3.5 and 1,3 and 3rd"),
    "without the sign": ("5", "-5, $5, 5% and +5"),
    "without a unit": ("20", "20km"),
    "within a range": ("12", "10-12"),
    "up to a decimal point": ("to 3.", "to 3.5"),
    "within a word with an apostrophe": ("don", "don’t"),
    "before a combining mark": ("cafe", "cafe\u0301"),
    "before a soft hyphen": ("co", "co\u00adop"),
}


@pytest.mark.parametrize(("quote", "text", "expected"), VERBATIM.values(), ids=VERBATIM.keys())
def test_a_quote_stands_word_for_word(quote: str, text: str, expected: list[str]) -> None:
    assert [("verbatim", place) for place in expected] == places(quote, text)


@pytest.mark.parametrize(("quote", "text"), NOT_VERBATIM.values(), ids=NOT_VERBATIM.keys())
def test_a_place_never_cuts_a_word_or_a_number(quote: str, text: str) -> None:
    assert places(quote, text) == []


def test_offsets_are_code_points_of_the_text() -> None:
    expected = [Alignment("verbatim", 3, 6, 1.0), Alignment("verbatim", 8, 11, 1.0)]
    assert expected == find("two", "😀é two, two")


def test_at_most_as_many_places_as_asked_for_are_given() -> None:
    assert [(a.start, a.end) for a in find("a", "a a a a", limit=2)] == [(0, 1), (2, 3)]
    assert [(a.start, a.end) for a in find("A", "a a a a", limit=2)] == [(0, 1), (2, 3)]
    assert len(find("a", "a " * 50)) == 20
    assert find("a", "a a", limit=0) == []


@pytest.mark.parametrize("quote", ["", " ", '""', "“ ”", "\u00ad", "?!", "\x00"])
def test_a_quote_without_words_is_found_nowhere(quote: str) -> None:
    assert find(quote, "one two") == []
    assert find(quote, "") == []


# --- normalised ---

NORMALIZED = {
    "letter case": ("TWO three", "one Two Three", "Two Three"),
    "space": ("two  three", "one two\n\u00a0three", "two\n\u00a0three"),
    "quotation marks": ('the "two" three', "the „two“ three", "the „two“ three"),
    "apostrophes": ("Russia's own", "in Russia’s own", "Russia’s own"),
    "dashes": ("two - three", "one two—three", "two—three"),
    "hyphen and space": ("Botsan Kharchenko", "Mr Botsan-Kharchenko", "Botsan-Kharchenko"),
    "soft hyphens": ("cooperation", "the co\u00adoper\u00adation.", "co\u00adoper\u00adation"),
    "ligatures": ("the final", "the ﬁnal", "the ﬁnal"),
    "Unicode form": ("café au lait", "a cafe\u0301 au lait", "cafe\u0301 au lait"),
    "longer when folded": ("STRASSE 5", "die Straße 5", "Straße 5"),
    "a full stop too many": ("one two.", "one Two, three", None),
    "another full stop": ("“one TWO.”", "one two!", "one two"),
    "a mark at one end only": ("“one two", "(one two)", "one two"),
    "marks and stops outside": ("«one TWO,» ...", "one two", "one two"),
    "per cent": ("rose 20%", "it rose 20 % then", "rose 20 %"),
    "several lines of a blockquote": (
        "one two\n> three\n> > four",
        "one two three four",
        "one two three four",
    ),
}


@pytest.mark.parametrize(("quote", "text", "place"), NORMALIZED.values(), ids=NORMALIZED.keys())
def test_typography_makes_no_difference(quote: str, text: str, place: str | None) -> None:
    assert [("normalized", place or "one Two")] == places(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("it was 35 then", "it was 3.5 then"),
        ("it was 5 then", "it was -5 then"),
        ("it was 1000 then", "it was 1,000 then"),
        ("it was 20 then", "it was 20% then"),
        ("it was 5 then", "it was $5 then"),
        ("it was 102 then", "it was 10² then"),
        ("it was 12 then", "it was 1⁄2 then"),
        ("it was 1/2 then", "it was ½ then"),
        ("there is number one", "there is no one"),
    ],
)
def test_what_changes_the_meaning_is_never_taken_for_typography(quote: str, text: str) -> None:
    assert find(quote, text) == []


def test_every_normalised_place_is_given() -> None:
    expected = [("normalized", "a B"), ("normalized", "A-B"), ("normalized", "A b")]
    assert expected == places("A B", "a B, A-B; xA b A b")


def test_a_verbatim_place_hides_those_that_differ_in_typography() -> None:
    assert places("A b", "a b, A b") == [("verbatim", "A b")]


# --- altered ---

ALTERED = {
    "a number": (
        "Resolution 1245 exists until another agreement is reached",
        RESOLUTION,
        [("replace", "1245", "1244", "number")],
    ),
    "a number word": (
        "two resolutions exist in another form today",
        "three resolutions exist in another form today",
        [("replace", "two", "three", "number")],
    ),
    "a unit": (
        "the tanks weigh 45km in total without fuel",
        "the tanks weigh 45t in total without fuel",
        [("replace", "45km", "45t", "unit")],
    ),
    "a separator": (
        "it costs 1000 dollars in total",
        "it costs 1,000 dollars in total",
        [("replace", "1000", "1,000", "number")],
    ),
    "a sign": (
        "it was 5 degrees outside that morning",
        "it was −5 degrees outside that morning",
        [("replace", "5", "−5", "number")],
    ),
    "per cent": (
        "sales rose by 20 in the last year",
        "sales rose by 20 % in the last year",
        [("replace", "20", "20 %", "unit")],
    ),
    "a negation left out": (
        "Russia did receive any such official invitation",
        "Russia did not receive any such official invitation",
        [("delete", "", "not", "negation")],
    ),
    "a negation added": (
        "Resolution 1244 no longer exists until another agreement is reached",
        RESOLUTION,
        [("insert", "no longer", "", "negation")],
    ),
    "a contraction": (
        "we can accept such a solution today",
        "we can’t accept such a solution today",
        [("replace", "can", "can’t", "negation")],
    ),
    "a prefix": (
        "the court called the whole order legal and void",
        "the court called the whole order illegal and void",
        [("replace", "legal", "illegal", "negation")],
    ),
    "a name": (
        "talks between Belgrade and Moscow began in Brussels",
        "talks between Belgrade and Pristina began in Brussels",
        [("replace", "Moscow", "Pristina", "name")],
    ),
    "an initial": (
        "the speaker A. Vucic said nothing of sanctions",
        "the speaker Z. Vucic said nothing of sanctions",
        [("replace", "A", "Z", "name")],
    ),
    "part of a hyphenated name": (
        "the ambassador Botsan-Karchenko said nothing of sanctions",
        "the ambassador Botsan-Kharchenko said nothing of sanctions",
        [("replace", "Karchenko", "Kharchenko", "name")],
    ),
    "an opposite": (
        "exports decreased by 20 % in the last year",
        "exports increased by 20 % in the last year",
        [("replace", "decreased", "increased", "word")],
    ),
    "several words": (
        "the supply of heavy weapons undermines our efforts",
        "the supply of weapons seriously undermines all efforts",
        [
            ("insert", "heavy", "", "word"),
            ("delete", "", "seriously", "word"),
            ("replace", "our", "all", "word"),
        ],
    ),
    "words side by side": (
        "a firm lasting and fair solution on Kosovo is possible today",
        "a firm sustainable solution on Kosovo is possible today",
        [("replace", "lasting and fair", "sustainable", "word")],
    ),
    "punctuation alone": (
        "Resolution 1244 exists, until another agreement is reached",
        RESOLUTION,
        [("insert", ",", "", "word")],
    ),
}


@pytest.mark.parametrize(("quote", "source", "expected"), ALTERED.values(), ids=ALTERED.keys())
def test_a_changed_quote_is_found_with_its_differences(
    quote: str, source: str, expected: list[tuple[str, str, str, str]]
) -> None:
    text = f"Nothing of it is here. He said: “{source}”, and nothing of it is here."
    assert (source, expected) == changes(quote, text)


EDGES = {
    "a replaced first word": ("1245 exists until another agreement is reached", "1245", "1244"),
    "a replaced last word": ("Resolution 1244 exists until another treaty", "treaty", "agreement"),
    "an added first word": ("Today Resolution 1244 exists until another agreement", "Today", ""),
    "added last words": (f"{RESOLUTION} or not", "or not", ""),
    "many added words": (f"{RESOLUTION} by all five members", "by all five members", ""),
}


@pytest.mark.parametrize(("quote", "words", "source"), EDGES.values(), ids=EDGES.keys())
def test_words_at_an_end_are_held_against_the_text_up_to_its_punctuation(
    quote: str, words: str, source: str
) -> None:
    text = f"It is a compromise. {RESOLUTION}, until there is a vote."
    place, differences = changes(quote, text)
    assert [(words, source)] == [(quote, source) for _, quote, source, _ in differences]
    assert place in RESOLUTION


def test_many_changed_words_at_an_end_are_taken_for_added_ones() -> None:
    text = "they all agree that in their view the tanks are a direct threat to peace in Europe"
    _, differences = changes("nobody knows if ever the tanks are a direct threat to peace", text)
    assert differences == [("insert", "nobody knows if ever", "", "negation")]


def test_a_blank_line_ends_what_words_are_held_against() -> None:
    text = "Tanks and peace\n\nThe tanks are a direct threat to peace"
    _, differences = changes("Surely the tanks are a direct threat to peace", text)
    assert differences == [("insert", "Surely", "", "word")]


def test_a_place_with_many_more_words_is_found_far_in_a_text() -> None:
    place = "alpha one beta two gamma three delta four epsilon zeta"
    text = f"{'filler ' * 300}{place}{' filler' * 300}"
    (found,) = find("alpha beta gamma delta epsilon zeta", text)
    assert text[found.start : found.end] == place
    assert found.similarity == pytest.approx(12 / 20)
    assert [d.source for d in found.differences] == ["one", "two", "three", "four"]


def test_the_example_of_the_design_is_found_exactly() -> None:
    text = f"It is a compromise. {RESOLUTION}, until a compromise is reached."
    (found,) = find("Resolution 1245 exists until another agreement is reached", text)
    assert text[found.start : found.end] == RESOLUTION
    assert found.differences == (Difference("replace", "1245", "1244", "number"),)
    # 1245 for 1244 is half of 2, of 2 + 2 + 2 + 1 + 2 + 2 + 1 + 2: until, is are function words
    assert found.similarity == pytest.approx(1 - 1 / 14)


NOT_ALTERED = {
    "another subject": ("never again perform without a harpsichord", RESOLUTION),
    "too few words in common": ("Resolution 1244 and agreement on everything else", RESOLUTION),
    "another order": ("reached is agreement another until exists 1244 Resolution", RESOLUTION),
    "two content words of three": ("the new resolution exists", "the new agreement exists"),
    "function words alone": ("it is not of a", "it is not of the"),
    "a single content word": ("of a resolution to", "of the resolution to"),
    "hardly a content word": ("of a resolution to", "the resolution to"),
    "an empty text": ("one two three", ""),
}


@pytest.mark.parametrize(("quote", "text"), NOT_ALTERED.values(), ids=NOT_ALTERED.keys())
def test_what_a_text_does_not_say_is_not_found(quote: str, text: str) -> None:
    assert find(quote, text) == []


def test_only_the_nearest_of_the_altered_places_is_given_and_the_first_of_equals() -> None:
    far, near = "one two three four 5 6 seven", "one two three four five six 7"
    text = f"{far}. {near}. {near}."
    (found,) = find("one two three four five six seven", text)
    assert (len(far) + 2, "altered") == (found.start, found.kind)


def test_a_quote_longer_than_the_limit_is_only_found_unchanged() -> None:
    words = [f"word{i}" for i in range(RULES.max_quote_words + 1)]
    text = " ".join(words)
    assert [found.kind for found in find(text.upper(), text)] == ["normalized"]
    assert find(text.replace("word7 ", "other "), text) == []


# --- kinds of words ---


@pytest.mark.parametrize(
    ("expected", "quote", "source"),
    [
        ("number", "1245", "1244"),
        ("number", "half", ""),
        ("number", "thirteenth", "fourteenth"),
        ("unit", "percent", "votes"),
        ("unit", "500g", "500t"),
        ("number", "first", "second"),
        ("number", "never 5", "always 6"),
        ("number", "²", ""),
        ("negation", "never", "always"),
        ("negation", "", "nor"),
        ("negation", "couldn't", "could"),
        ("negation", "cannot", "can"),
        ("negation", "unable", "able"),
        ("negation", "possible", "impossible"),
        ("negation", "denied", "said"),
        ("negation", "nije", "je"),
        ("negation", "never Moscow", "Belgrade"),
        ("name", "Moscow", "Belgrade"),
        ("name", "he", "Vucic"),
        ("word", "stop", "start"),
        ("word", "new Moscow", "old Moscow"),
    ],
)
def test_a_difference_is_of_the_gravest_kind_that_applies(
    expected: str, quote: str, source: str
) -> None:
    sides = [[Word(w.lower(), w[0].isupper()) for w in side.split()] for side in (quote, source)]
    assert expected == difference_kind(*sides)


@pytest.mark.parametrize(
    ("quote", "text", "difference"),
    [
        ("They sold 500 g of it here", "They sold 500 t of it here.", ("g", "t", "unit")),
        ("The wall is 30 m high and old", "The wall is 30 ft high and old.", ("m", "ft", "unit")),
        ("He wore an old t shirt here", "He wore an old m shirt here.", ("t", "m", "word")),
    ],
)
def test_a_letter_is_a_unit_right_behind_a_number(
    quote: str, text: str, difference: tuple[str, str, str]
) -> None:
    _, differences = changes(quote, text)
    assert differences == [("replace", *difference)]


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    text = "It ended. However the talks went on without result."
    _, differences = changes("Meanwhile the talks went on without result", text)
    assert differences == [("replace", "Meanwhile", "However", "word")]


def test_the_pronoun_i_is_no_name() -> None:
    text = "Today we will repeat the whole answer"
    _, differences = changes("Today I will repeat the whole answer", text)
    assert differences == [("replace", "I", "we", "word")]


def test_a_name_at_the_start_of_a_sentence_is_known_from_elsewhere_in_the_text() -> None:
    text = "It ended in Belgrade. Belgrade welcomed the talks with caution."
    _, differences = changes("Pristina welcomed the talks with caution", text)
    assert differences == [("replace", "Pristina", "Belgrade", "name")]


# --- the five documents ---


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    found = {path.name[:3]: path.read_text(encoding="utf-8") for path in SEEDS.glob("00*.txt")}
    if not found:
        pytest.skip("the documents in shared/seeds are absent")
    return found


TRUE_QUOTES = [
    ("000", "Moscow intends to maintain close coordination with Belgrade"),
    ("000", "“the initiative should belong to Belgrade”"),
    ("000", "„the country’s status as a permanent member of the United Nations Security Council“"),
    ("000", '"serving as a reliable backstop in this process"'),
    ("001", "Resolution 1244 exists until another agreement is reached"),
    ("001", "„Resolution 1244 is a compromise“"),
    ("001", '"it is difficult to negotiate"'),
    ("001", "«We use our influence as a permanent member of the SC»"),
    ("001", "Kharchenko replied that the EU is not a military organization"),
    ("001", "bypassing’ the Security Council"),
    ("002", "“Serbia has a track record of weathering external coercion”"),
    ("003", "„the delivery to Serbia of BRDM-2MS and T-72MS tanks“"),
    ("003", "Botsan Kharchenko: There will be more pressures"),
    ("004", '"Putin marks the boundaries of conflict"'),
    ("004", "the Balkans—and especially the issue of Kosovo and Metohija—become"),
]

TYPESET_QUOTES = [
    ("000", "“country's status as a permanent”", "country’s status as a permanent"),
    ("000", "socio economic stability", "socio-economic stability"),
    ("000", "Alexander Botsan Kharchenko, stated", "Alexander Botsan-Kharchenko, stated"),
    ("001", "resolution 1244  EXISTS until", "Resolution 1244 exists until"),
    ("001", "„Alexander Botsan Kharchenko said“", "Alexander Botsan-Kharchenko said"),
    ("001", "'It undermines the EU's authority.'", "It undermines the EU’s authority"),
    ("001", 'dialogue with "closed eyes" and', "dialogue with „closed eyes“ and"),
    ("001", "a «compromise»—in the form", "a „compromise“ – in the form"),
    ("001", "“Resolution 1244 is a compromise!”", "Resolution 1244 is a compromise"),
    ("001", "good co\u00adoperation\u00a0with the", "good cooperation with the"),
    ("002", "SERBIA STANDS AT A PIVOTAL POINT", "Serbia stands at a pivotal point"),
    ("003", "Serbia Alexander Botsan‑Kharchenko", "Serbia Alexander Botsan Kharchenko"),
    ("003", 'the "either-or" logic promoted', 'the" either-or "logic promoted'),
    ("003", "BRDM–2MS and T–72MS", "BRDM-2MS and T-72MS"),
    ("004", "the Balkans - and especially", "the Balkans—and especially"),
]

CHANGED_QUOTES = [
    ("000", "the initiative should belong to Moscow", "name", "Moscow", "Belgrade"),
    ("000", "“country’s status as a temporary member”", "word", "temporary", "permanent"),
    ("001", "„Resolution 1245 exists until another agreement“", "number", "1245", "1244"),
    ("001", "Russia did receive any such official invitation", "negation", "", "not"),
    ("001", '"in its stance that recognition is possible"', "negation", "possible", "impossible"),
    ("001", "the US should start supplying the KSF with weapons", "word", "start", "stop"),
    ("001", "No one put forward anything new and out of the", "word", "anything", "something"),
    ("001", "replied that the EU is a military organization", "negation", "", "not"),
    ("001", "the Serbian ambassador to Serbia, Alexander Botsan", "name", "Serbian", "Russian"),
    ("002", "sanctions against Ukraine. Remarks attributed to", "name", "Ukraine", "Russia"),
    ("002", "including President Aleksandar Vucic", "word", "", "former"),
    ("003", "Botsan-Kharchenko: There will be less pressures", "word", "less", "more"),
    ("003", "“Serbia of BRDM-2MS and T-74MS tanks”", "number", "74MS", "72MS"),
    ("003", "not everyone dislikes Belgrade's policy", "negation", "dislikes", "likes"),
    ("004", "Resolution 1244 is a matter of the past", "negation", "", "not"),
    ("004", "While Lavrov marks the boundaries of conflict", "name", "Lavrov", "Putin"),
]


@pytest.mark.parametrize(("document", "quote"), TRUE_QUOTES)
def test_true_quotes_stand_in_the_documents(
    documents: dict[str, str], document: str, quote: str
) -> None:
    core = quote.strip('“”„«»"')
    assert ("verbatim", core) == places(quote, documents[document])[0]


@pytest.mark.parametrize(("document", "quote", "place"), TYPESET_QUOTES)
def test_quotes_in_other_typography_stand_in_the_documents(
    documents: dict[str, str], document: str, quote: str, place: str
) -> None:
    assert ("normalized", place) == places(quote, documents[document])[0]


@pytest.mark.parametrize(("document", "quote", "turn", "words", "source"), CHANGED_QUOTES)
def test_changed_quotes_from_the_documents_are_altered(
    documents: dict[str, str], document: str, quote: str, turn: str, words: str, source: str
) -> None:
    _, differences = changes(quote, documents[document])
    assert (words, source, turn) in [(quote, text, kind) for _, quote, text, kind in differences]


def test_every_sentence_stands_in_its_document_alone(
    documents: dict[str, str],
) -> None:
    prepared = {name: Text(text) for name, text in documents.items()}
    for name, text in documents.items():
        for sentence in re.findall(r"[A-Z][^.!?\n]{40,}[.!?](?!\w)", text):
            found = {other: find(sentence, source) for other, source in prepared.items()}
            assert found.pop(name)[0].kind == "verbatim"
            likeness = [place.similarity for places in found.values() for place in places]
            assert max(likeness, default=0.0) <= RULES.min_similarity


def test_a_changed_digit_is_a_changed_number_everywhere(documents: dict[str, str]) -> None:
    text = documents["001"]
    for match in re.finditer(r"[^.!?\n„“]{20,}1244[^.!?\n„“]{20,}", text):
        quote = match[0].strip().replace("1244", "1254")
        found = find(quote, text)[0]
        assert found.kind == "altered"
        assert Difference("replace", "1254", "1244", "number") in found.differences


# --- properties ---

HOSTILE = [
    *"abABßẞİıﬁŉéñσςΣ0123456789²½①№%°$€-−+±",
    *"'’‘\"“”„«»-–—.,:;!?…/⁄()[]{}<>=_|@&",
    *" \t\n\u00a0\u3000\x00\x1c",
    *"\u00ad\u200b\u200d\u202e\ufeff\ufe0f",
    *"\u0301\u0308\u0323\u0338\u3099",
    *"Ａ３％㎡℃™⁉中文かガｶﾞก็ํา각\u1100\u1161שלוםعربيةक्षि👍🏽👨\ud800",
]
hostile_texts = st.text(st.sampled_from(HOSTILE), min_size=1, max_size=80)


@given(hostile_texts, st.data())
def test_a_quote_cut_at_spaces_is_verbatim_there_or_before(text: str, data: st.DataObject) -> None:
    pieces = [match.span() for match in re.finditer(r"\S+", text)]
    assume(pieces)
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    _assert_verbatim(text, pieces[first][0], pieces[last][1])


@given(hostile_texts, st.data())
def test_a_quote_cut_at_tokens_is_verbatim_there_or_before(text: str, data: st.DataObject) -> None:
    tokens = tokenize(text)
    assume(tokens.folded)
    first = data.draw(st.integers(0, len(tokens.folded) - 1))
    last = data.draw(st.integers(first, len(tokens.folded) - 1))
    _assert_verbatim(text, int(tokens.starts[first]), int(tokens.ends[last]))


def _assert_verbatim(text: str, start: int, end: int) -> None:
    core = text[start:end].strip()
    if len(core) > 1 and core[0] in QUOTATION_MARKS and core[-1] in QUOTATION_MARKS:
        core = core[1:-1].strip()
    assume(core)
    found = find(text[start:end], text)
    assert ("verbatim", core) == (found[0].kind, text[found[0].start : found[0].end])
    assert found[0].start <= text.index(core, start)


@given(hostile_texts, hostile_texts)
def test_every_place_is_tight_exact_and_in_order(quote: str, text: str) -> None:
    found = find(quote, text)
    texts = [text[place.start : place.end] for place in found]
    assert texts == [place.strip() for place in texts]
    assert all(0 <= place.start < place.end <= len(text) for place in found)
    assert all(one.start < other.start for one, other in pairwise(found))


words = st.lists(st.sampled_from([*"abcdABÉß", "ﬁ", "5", "6", "-5", "no", "the"]), max_size=12)


@given(words, words, words, st.sampled_from([" ", "  ", "\u00a0", "\n", " \u200b"]))
def test_every_normalised_place_normalises_to_the_quote(
    before: list[str], quote: list[str], after: list[str], space: str
) -> None:
    assume(quote)
    text = space.join([*before, *(word.swapcase() for word in quote), *after])
    found = find(" ".join(quote), text)
    assert {place.kind for place in found} <= {"verbatim", "normalized"}
    assert {normalize(" ".join(quote))} == {normalize(text[p.start : p.end]) for p in found}


@given(words, words)
def test_normalised_places_are_those_of_a_plain_search(quote: list[str], text: list[str]) -> None:
    assume(quote)
    folded, source = [w.casefold() for w in quote], [w.casefold() for w in text]
    size = len(quote)
    starts = [i for i in range(len(text) - size + 1) if source[i : i + size] == folded]
    upper = " ".join(word.upper() for word in text)
    found = [
        place for place in find(" ".join(quote), upper, limit=99) if place.kind == "normalized"
    ]
    if found:
        assert starts == [upper[: place.start].count(" ") for place in found]


@given(st.integers(0, 10**9), st.sampled_from(["", "-", "$", "3.", "1,"]), st.data())
def test_a_changed_digit_is_never_taken_for_the_same(
    number: int, before: str, data: st.DataObject
) -> None:
    digits = str(number)
    at = data.draw(st.integers(0, len(digits) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[at]]))
    changed = digits[:at] + digit + digits[at + 1 :]
    sentence = "the council counted {} votes for the resolution"
    text = sentence.format(before + digits)
    (found,) = find(sentence.format(before + changed), text)
    expected = Difference("replace", before + changed, before + digits, "number")
    assert ("altered", (expected,)) == (found.kind, found.differences)


Cost = tuple[int, int]


def _distance(quote: list[int], text: list[int], heavy: set[int]) -> Cost:
    """Weighted edit distance and how many words of the quote are not kept, by their definition."""

    def plus(cost: Cost, weight: int, lost: int) -> Cost:
        return cost[0] + weight, cost[1] + lost

    def weight(word: int) -> int:
        return 2 if word in heavy else 1

    row = [(0, 0)]
    for word in text:
        row.append(plus(row[-1], weight(word), 0))
    for wanted in quote:
        above, row = row, [plus(row[0], weight(wanted), 1)]
        for j, word in enumerate(text):
            replaced = plus(above[j], max(weight(word), weight(wanted)), 1)
            kept = above[j] if word == wanted else replaced
            added, left_out = plus(above[j + 1], weight(wanted), 1), plus(row[j], weight(word), 0)
            row.append(min(kept, added, left_out))
    return row[-1]


ids = st.lists(st.integers(0, 5), max_size=9)


@given(ids.filter(bool), ids, st.sets(st.integers(0, 5)))
def test_the_cheapest_stretch_is_that_of_a_search_through_all(
    quote: list[int], text: list[int], heavy: set[int]
) -> None:
    sides = [np.array(side, dtype=np.int64) for side in (quote, text)]
    weights = [np.array([1 + (w in heavy) for w in s], dtype=np.int64) for s in (quote, text)]
    near = np.full(len(text), -2, dtype=np.int64)
    first, end = nearest._cheapest(sides[0], weights[0], sides[1], near, weights[1])
    spans = [(i, j) for j in range(len(text) + 1) for i in range(j, -1, -1)]
    best = min(spans, key=lambda span: _distance(quote, text[slice(*span)], heavy))
    assert best == (first, end)


@settings(max_examples=50)
@given(st.lists(st.sampled_from("abcdefghij"), min_size=3, max_size=8), st.data())
def test_leaving_out_unpromising_stretches_loses_nothing(
    quote: list[str], data: st.DataObject
) -> None:
    letters = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
    text = " ".join(data.draw(st.lists(letters, min_size=60, max_size=90)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearest, "_promising", lambda hits, *_: np.arange(len(hits)))
        expected = find(" ".join(quote), text)
    assert expected == find(" ".join(quote), text)


# --- hostile input ---


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "the same line of words again and again 5\n" * 3_000,
        "word " * 50_000,
        "ab " * 50_000,
        ",a" * 50_000,
        "中文" * 20_000,
        "a" + "\u0301" * 30_000,
    ],
    ids=lambda text: ascii(text[:8]),
)
@pytest.mark.parametrize(
    "quote",
    [
        "a",
        "a" * 2_000,
        "word " * 2_000,
        "ab " * 600 + "a",
        "the same line of words again and again 6\n" * 48,
        "中国" * 1_000,
    ],
    ids=lambda quote: ascii(quote[:8]),
)
def test_hostile_input_is_answered(quote: str, text: str) -> None:
    assert len(find(quote, text)) <= 20
