"""Reference marks, editors' notes and markup, which are no words of a text."""

import pytest

from qa.text.notes import UNSEEN, blanked
from qa.text.sentences import sentences

NO_WORDS = {
    "glued": ("closed[2] and", "closed    and"),
    "behind a year": ("in 1962[1] and", "in 1962    and"),
    "several": ("2004.[2][citation needed] It", "2004.                     It"),
    "in a row": ("closed[3, 4][7–9] and", "closed           and"),
    "letters": ("war.[a] It", "war.    It"),
    "between words, of several": (
        "a test [53] was, a test [5] showed",
        "a test      was, a test     showed",
    ),
    "raised": ("a third,³ while", "a third,  while"),
    "raised on a word": ("of steel¹² rose", "of steel   rose"),
    "glued to a stop": ("it rose.12 The bureau", "it rose.   The bureau"),
    "glued to a mark": ("it rose.”12 The", "it rose.”   The"),
    "an element": ("the war<sup>3</sup> in", "the war             in"),
    "a link of Markdown": ("was [48 years](https://ex.org/a_(b)) old", "was 48 years old"),
    "emphasis": ("The *median* **age**", "The median age"),
    "tags": ('a <b class="x">bold</b> word', "a bold word"),
    "lines": ("> quoted\n# head", "quoted\nhead"),
    "editors": (
        "go [emphasis added] on (Hervorhebung von mir)",
        "go                  on                        ",
    ),
}

WORDS = {
    "a count": "the mayor of [4] schools",
    "one alone": "he closed [4] schools",
    "a share": "it was [50] percent",
    "a power": "10<sup>6</sup> and 10⁶",
    "a unit": "8 km² and 3 metres²",
    "a numbered thing": "the No.12 The Art.5 The",
    "a decimal": "it was 3.12 and 0.12",
    "letters put in": "[T]he plan[s] open[ing]",
    "arithmetic": "2*3*4 and a_b_c and a < b and c > d",
}


@pytest.mark.parametrize(("text", "seen"), NO_WORDS.values(), ids=NO_WORDS)
def test_what_is_no_word_of_a_text_is_blanked_in_place(text: str, seen: str) -> None:
    found = blanked(text)
    assert len(found) == len(text)
    assert found.replace(UNSEEN, "").split() == seen.split()


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS)
def test_what_may_be_a_word_or_number_stays(text: str) -> None:
    assert blanked(text) == text


def test_a_number_between_words_of_a_quote_may_be_put_in() -> None:
    assert blanked("a [5] cats, the [6] dogs came", quoted=True) == "a [5] cats, the [6] dogs came"


@pytest.mark.parametrize("mark", ["12", "[12]", "³", ".[3]"[1:]])
def test_a_sentence_ends_at_a_note_number(mark: str) -> None:
    text = f"It cost nine million, said the council.{mark} The clock was made in Vienna."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        f"It cost nine million, said the council.{mark}",
        "The clock was made in Vienna.",
    ]
