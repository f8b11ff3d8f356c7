import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import LONG, STRETCH, sentences
from qa.types import Span
from tests.timing import BESIDE

WRAPPED = """\
The harbour pilot boards the ship at dawn and
guides it through the narrow channel to the
quay. Bread is baked at night in the old town
because the people want it warm in the morning.

A second paragraph stands here, and it is not
very long. It ends here."""


def cut(text, language=None):
    return [text[span.start : span.end] for span in sentences(text, language)]


def test_spans_leave_out_the_white_space_around():
    text = "  A headline \n\tMr. Smith came.  He left. "

    assert sentences(text) == [Span(2, 12), Span(15, 30), Span(32, 40)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Mr. Smith came. He left.", None, ["Mr. Smith came.", "He left."]),
        ("Why? Because! Yes.", None, ["Why?", "Because!", "Yes."]),
        ("It rose 3.5 percent. Then it fell.", None, ["It rose 3.5 percent.", "Then it fell."]),
        ("Dr. Müller kam am 3. Mai. Er ging.", "de", ["Dr. Müller kam am 3. Mai.", "Er ging."]),
        ("Он пришао. Да ли је?", "sr", ["Он пришао.", "Да ли је?"]),
        ("这是一句。这是第二句。", "zh", ["这是一句。", "这是第二句。"]),
        ("One. Two.", "of-no-known-kind", ["One.", "Two."]),
        (
            "To je bilo 5. maja 2024. godine u Nišu. Rekao je dr. Marko da je dobro.",
            "sr",
            ["To je bilo 5. maja 2024. godine u Nišu.", "Rekao je dr. Marko da je dobro."],
        ),
        ("То је 5. маја. Он је ту.", "sr", ["То је 5. маја.", "Он је ту."]),
    ],
)
def test_sentences_end_where_the_language_ends_them(text, language, expected):
    assert cut(text, language) == expected


@pytest.mark.parametrize("text", ["", " \n\t\u00a0\u3000"])
def test_white_space_alone_has_no_sentence(text):
    assert sentences(text) == []


def test_a_line_break_ends_a_headline_and_a_list_item():
    text = "Pilots wanted\n- one for the harbour\n- one for the river\nApply today."

    expected = ["Pilots wanted", "- one for the harbour", "- one for the river", "Apply today."]
    assert cut(text) == expected


def test_a_line_break_ends_no_sentence_in_hard_wrapped_text():
    assert cut(WRAPPED) == [
        "The harbour pilot boards the ship at dawn and\n"
        "guides it through the narrow channel to the\nquay.",
        "Bread is baked at night in the old town\nbecause the people want it warm in the morning.",
        "A second paragraph stands here, and it is not\nvery long.",
        "It ends here.",
    ]


def test_long_lines_that_stop_in_mid_sentence_are_not_hard_wrapped():
    line = "The pilot boards " * 7
    text = "\n".join([line.strip()] * 4)

    assert len(line.strip()) > 100
    assert cut(text) == [line.strip()] * 4


def test_three_lines_are_too_few_to_tell_hard_wrapping():
    lines = ["The harbour pilot boards the ship at dawn and"] * 3

    assert cut("\n".join(lines)) == lines


def quotation(length):
    said = [f"This is sentence number {n}." for n in range(length)]
    return said, f"He said: “{' '.join(said)}” Then he left."


def test_a_short_quotation_is_one_sentence():
    said, text = quotation(2)

    assert cut(text) == [f"He said: “{' '.join(said)}”", "Then he left."]


def test_a_long_quotation_is_cut_at_its_own_sentences():
    said, text = quotation(12)

    assert len(text) > LONG
    expected = [f"He said: “{said[0]}", *said[1:-1], f"{said[-1]}”", "Then he left."]
    assert cut(text) == expected


@given(st.text(alphabet=st.sampled_from('aÉ\u0301 .!?\n\t“”"«»🚢\u200f\u3000\x85\x0012,')))
def test_sentences_cover_everything_but_white_space_once_and_in_order(text):
    covered = [i for span in sentences(text) for i in range(span.start, span.end)]

    assert covered == sorted(set(covered))
    assert {i for i, char in enumerate(text) if not char.isspace()} <= set(covered)
    assert all(
        not text[s.start].isspace() and not text[s.end - 1].isspace() for s in sentences(text)
    )


def test_a_long_paragraph_is_cut_where_a_short_one_is():
    said = [f"Mr. Ilić paid {n}.5 euros for No. {n}.  " for n in range(600)]
    said += [
        "Really? ",
        "“No. Never,” said Dr. Marin. ",
        "这是一句。",
        "It rose... and fell (see p. 4).",
    ]
    text = "".join(said)

    assert len(text) > 5 * STRETCH
    assert cut(text, "en") == [sentence.strip() for sentence in said]


def test_a_sentence_may_be_longer_than_what_is_read_at_once():
    long = "word " * (STRETCH // 2) + "end."

    assert cut(f"It begins. {long} It ends.") == ["It begins.", long, "It ends."]


@pytest.mark.parametrize("length", [STRETCH - 1, STRETCH, STRETCH + 1, 2 * STRETCH + 7])
def test_sentences_without_a_space_between_are_all_found_wherever_they_are_cut(length):
    text = ("汉。" * length)[:length]

    expected = [Span(start, min(start + 2, length)) for start in range(0, length, 2)]
    assert sentences(text, "zh") == expected


@pytest.mark.no_cover
@pytest.mark.parametrize("mark", ["“", "„", "«", "‘", "'"])
def test_a_line_of_nothing_but_quotation_marks_takes_no_quadratic_time(mark: str) -> None:
    started = time.thread_time()
    found = sentences(mark * 200_000)
    assert time.thread_time() - started < 2.0 * BESIDE  # twenty and more when each looks ahead
    assert found == [Span(0, 200_000)]
