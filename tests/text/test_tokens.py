from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.tokens import fold, is_word, normalize, tokenize

HOSTILE = [
    *"abcxyzABİIıßẞſŉǅΣσςΐéñöł0123456789",
    *"²½⅓①⒈№Ⅷ٣१%‰°$€£+−-±",
    *"'’‘`´′\"“”„«»‹›″-‐‑–—―.,:;!?…/⁄()[]{}<>=≠*#_|~@&",
    *" \t\n\r\u00a0\u2009\u3000\u2028\x00\x1c\x85",
    *"\u00ad\u200b\u200c\u200d\u200e\u202e\u2060\ufeff\ufe0f\u034f",
    *"\u0301\u0308\u0323\u0338\u0345\u3099\u20e3",
    *"ﬁﬄＡ３％，Å㎏㎡℃™ª¨´⁉",
    *"中文日本かガｶﾞก็ํามဗမាกຫໜ가각힣\u1100\u1161\u11a8",
    *"שלוםعربيةاللهक्षि",
    *"👍🏽👨‍👩‍👧🇷🇸\U0001d400\U000e0067\ud800\uffff",
]
FORMS: list[Literal["NFC", "NFD"]] = ["NFC", "NFD"]
hostile_texts = st.text(st.sampled_from(HOSTILE), max_size=60) | st.text(max_size=30)

SAME = {
    "quotation marks": ["„no“ and ‘yes’", "“no” and «yes»", '"no" and "yes"', "'no' and ‹yes›"],
    "two single marks and one double": ["''no''", '"no"', "“no”"],
    "apostrophes": ["don’t", "don't", "don´t", "donʼt", "don`t"],
    "dashes within a word": [
        "socio-economic",
        "socio‑economic",
        "socio–economic",
        "socio—economic",
    ],
    "hyphen and space in a name": ["Botsan-Kharchenko", "Botsan Kharchenko", "Botsan – Kharchenko"],
    "dashes between clauses": ["he said – later", "he said—later", "he said -- later"],
    "a hyphen behind a number": ["a 20-year plan", "a 20 year plan", "a 20–year plan"],
    "dashes in a designation": ["T-72MS", "T‑72MS", "T–72MS", "T—72MS"],
    "ranges": ["10-12", "10–12", "10 – 12", "10—12"],
    "minus signs": ["it was -5", "it was −5", "it was –5"],
    "spaces": ["one two", "one  two", "one\u00a0two", "one\n\ttwo", "one\u3000two", " one two "],
    "spaces beside punctuation": ["« one », two", "«one», two", "«one» ,two"],
    "what nobody sees": ["cooperation", "co\u00adop\u200beration", "\ufeffcooperation"],
    "letter case": ["strasse", "STRASSE", "Straße", "STRAẞE"],
    "Greek final sigma": ["ΟΔΟΣ", "οδος", "οδοσ"],
    "Unicode form": [
        "café İ Å 각",
        "cafe\u0301 I\u0307 A\u030a \u1100\u1161\u11a8",
        "CAFÉ i\u0307 Å 각",
    ],
    "order of combining marks": ["a\u0323\u0301", "a\u0301\u0323", "ạ\u0301", "á\u0323"],
    "ligatures": ["final office", "ﬁnal oﬃce"],
    "full width": ["Top 10%, 3", "Ｔｏｐ １０％， ３"],
    "half-width kana": ["ガ", "ｶﾞ", "カ\u3099"],
    "ellipses": ["and so ...", "and so…", "and so . . ."],
    "per cent, currency, degrees": ["20% €5 5°C", "20 % € 5 5 °C", "20\u00a0% €\u00a05 5 ℃"],
}

APART = {
    "3.5": ["35", "3 5", "3. 5", "3,5", "3", "3.50"],
    "1,000": ["1000", "1 000", "1.000", "1,00", "1"],
    "it was -5": ["it was 5", "it was - 5", "it was +5"],
    "10-12": ["10 12", "10 -12", "1012", "10", "10/12"],
    "$5": ["5", "€5", "-$5", "$.5"],
    "20%": ["20", "20‰", "20 percent", "-20%"],
    ".5": ["5", "0.5", ". 5"],
    "10²": ["102", "10", "10 2", "10³"],
    "m²": ["m2", "m"],
    "㎡": ["m2"],
    "½": ["1/2", "12", "1⁄2", "¼"],
    "1½": ["11/2", "1", "1 ½"],
    "1⁄2": ["12", "1", "2"],
    "①": ["1", "(1)"],
    "⒈": ["1.", "1"],
    "10:30": ["1030", "10 30", "10.30"],
    "5…10": ["5.10", "510"],
    "5km": ["5", "km", "5m"],
    "5 °C": ["5 °F", "5 C", "5"],
    "T-72": ["T 72", "T72", "T -72"],
    "1990s": ["1990", "1990's"],
    "№ 5": ["no 5", "5"],
    "no": ["number", "not", "No.", "nо"],  # the last one has a Cyrillic letter
    "re-sign": ["resign"],
    "café": ["cafe"],
    "≠": ["=", "≈"],
    "its": ["it's"],
    "one, two": ["one two", "one. two"],
}


@pytest.mark.parametrize("variants", SAME.values(), ids=SAME.keys())
def test_typographic_variants_have_one_normal_form(variants: list[str]) -> None:
    assert [normalize(variants[0])] * len(variants) == [normalize(v) for v in variants]


@pytest.mark.parametrize(("one", "others"), APART.items())
def test_what_changes_the_meaning_is_never_normalised_away(one: str, others: list[str]) -> None:
    assert normalize(one) not in [normalize(other) for other in others]


def test_tokens_are_words_numbers_and_punctuation_with_their_places() -> None:
    text = "Prices rose 3.5 % – ‘sharply’."
    tokens = tokenize(text)
    assert tokens.folded == ["prices", "rose", "3.5%", "-", "'", "sharply", "'", "."]
    assert [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == [
        "Prices",
        "rose",
        "3.5 %",
        "–",
        "‘",
        "sharply",
        "’",
        ".",
    ]


def test_the_normal_form_of_a_sentence_is_its_folded_tokens() -> None:
    assert normalize("The EU’s T‑72MS cost $ – 5…") == "the eu's t - 72ms cost $ - 5 ..."
    assert normalize("The EU’s T‑72MS cost $ –5…") == "the eu's t - 72ms cost $-5 ..."


def test_a_currency_belongs_to_the_number_that_it_stands_before() -> None:
    assert tokenize("5 $6 7€ € 8 9 €").folded == ["5", "$6", "7€", "€8", "9€"]


def test_places_leave_out_unseen_characters_at_the_ends_and_span_those_within() -> None:
    tokens = tokenize("\ufeffco\u00adop\u200b \u200dﬁne")
    assert tokens.folded == ["coop", "fine"]
    assert tokens.starts.tolist() == [1, 9]
    assert tokens.ends.tolist() == [6, 12]


def test_scripts_without_spaces_have_a_token_for_every_character() -> None:
    assert tokenize("中文字abcก็か5年").folded == ["中", "文", "字", "abc", "ก็", "か", "5", "年"]


def test_an_empty_text_has_no_tokens() -> None:
    assert tokenize("").folded == []
    assert tokenize(" \u00ad\x00").starts.tolist() == []
    assert normalize("\n") == ""


@pytest.mark.parametrize(
    ("expected", "token"),
    [("strasse", "Straße"), ("i̇", "İ"), ("20%", "20 %"), ("'", "“"), ("-", "——"), ("...", "…")],
)
def test_a_token_folds_to_what_it_is_compared_by(expected: str, token: str) -> None:
    assert expected == fold(token)


def test_symbols_are_words_and_punctuation_is_none() -> None:
    assert [is_word(token) for token in ("a", "5", "-5", "%", "€", "+")] == [True] * 6
    assert [is_word(token) for token in ("'", "-", ".", "...", "(", "|")] == [False] * 6


@pytest.mark.parametrize("text", ["A.Ⅷ", "A.ß.", "A.İ", "A.ﬁ", "J.É.S", "U.S.É."])
def test_a_letter_that_folds_to_several_is_no_initial(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert normalize(unicodedata.normalize("NFD", text)) == once


@given(hostile_texts)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalize(text) == normalize(normalize(text))


@given(hostile_texts, st.sampled_from(FORMS))
def test_the_canonical_form_of_the_input_does_not_matter(
    text: str, form: Literal["NFC", "NFD"]
) -> None:
    assert normalize(text) == normalize(unicodedata.normalize(form, text))


@given(hostile_texts)
def test_every_token_stands_at_its_place_and_in_order(text: str) -> None:
    tokens = tokenize(text)
    places = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    assert tokens.folded == [normalize(text[start:end]) for start, end in places]
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(0 <= start < end <= len(text) for start, end in places)


def test_every_character_folds_to_something_that_folds_to_itself() -> None:
    folded = [normalize(char) for char in map(chr, range(0x3400))]
    assert folded == [normalize(form) for form in folded]


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "a" * 60_000),
        (2, "1," * 30_000),
        (30_000, "- " * 30_000),
        (2, "9 - " * 15_000),
        (1, ". " * 30_000),
        (2, "'a" * 30_000),
        (60_000, "中" * 60_000),
        (2, "a" + " " * 60_000 + "-a"),
        (1, "a\u0301\u0323" * 20_000),
        (30_000 - 29, "=" + "\u0301" * 30_000),
        (59_971, "a" + "\u0301\u0323" * 30_000),  # past the 30th a mark stands alone
    ],
)
def test_hostile_input_takes_linear_time(count: int, text: str) -> None:
    assert count == len(tokenize(text).folded)
