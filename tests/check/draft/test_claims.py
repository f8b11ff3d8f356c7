"""Which sentences of a draft are claims, whose marks cover them, and which no mark covers."""

import pytest

from qa.check.draft import read_draft
from qa.check.draft.table_rows import cells, table_lines
from qa.types import Span


def claimed(text):
    return [
        (claim.text, [one.label for one in claim.references], claim.covered_by)
        for claim in read_draft(text).claims
    ]


def uncited(text):
    return [text[span.start : span.end] for span in read_draft(text).uncited]


QUOTING = {
    "a quoted name": (
        "In December 2016 Disney agreed to a deal, with the rights to “Percy Vell” [1].",
        ["In December 2016 Disney agreed to a deal, with the rights to “Percy Vell”."],
    ),
    "a quotation within a statement": (
        "The talks, “a complete waste of time” to Ana Petrović, ended in Senta [1].",
        ["The talks, “a complete waste of time” to Ana Petrović, ended in Senta."],
    ),
    "a date beside the quotation": (
        "In March “we had no choice but to leave,” she said [1].",
        ["In March “we had no choice but to leave,” she said."],
    ),
    "a number beside the quotation": (
        "“We had no choice but to leave,” she told 300 guests [1].",
        ["“We had no choice but to leave,” she told 300 guests."],
    ),
    "a statement that introduces a quotation": (
        "He opened the bridge in 2017 and said [1]:\n\n> We go home now.",
        ["He opened the bridge in 2017 and said:"],
    ),
    "who says it": ("“We had no choice but to leave,” said Ana Petrović [1].", []),
    "who says it, and to whom": (
        "“We had no choice but to leave,” Ana Petrović, the mayor, told reporters [1].",
        [],
    ),
    "according to whom": ("According to Ana Petrović, “we had no choice but to leave” [1].", []),
    "who says it, in German": ("„Wir hatten doch keine Wahl“, sagte Ana Petrović [1].", []),
    "a name and a colon": ("The mayor of Senta told reporters [1]:\n\n> We go home now.", []),
    "nothing besides": ("“We had no choice but to leave.” [1]", []),
}


@pytest.mark.parametrize(("text", "expected"), QUOTING.values(), ids=QUOTING.keys())
def test_what_a_quoting_sentence_says_besides_is_a_claim(text, expected):
    assert [claim for claim, _, _ in claimed(text)] == expected


CLAUSES = {
    "each its own mark": (
        "The bridge closed in March [1], and the port reopened in May [2].",
        [("The bridge closed in March", ["1"]), ("the port reopened in May.", ["2"])],
    ),
    "several marks each": (
        "The bridge closed in March [1][2]; the port reopened in May [3, 4].",
        [("The bridge closed in March", ["1", "2"]), ("the port reopened in May.", ["3", "4"])],
    ),
    "without a comma": (
        "The bridge closed in March [1] while the port reopened in May [2].",
        [("The bridge closed in March", ["1"]), ("the port reopened in May.", ["2"])],
    ),
    "the comma before the mark": (
        "The bridge closed in March, [1] the port reopened in May. [2]",
        [("The bridge closed in March", ["1"]), ("the port reopened in May.", ["2"])],
    ),
    "in German": (
        "Die Brücke wurde gesperrt [1], und der Hafen öffnete im Mai [2].",
        [("Die Brücke wurde gesperrt", ["1"]), ("der Hafen öffnete im Mai.", ["2"])],
    ),
    "marks at the end": (
        "The bridge closed in March, and the port reopened in May [1][2].",
        [("The bridge closed in March, and the port reopened in May.", ["1", "2"])],
    ),
    "a clause without a mark": (
        "The bridge closed in March [1], while the port was reopened.",
        [("The bridge closed in March, while the port was reopened.", ["1"])],
    ),
    "too short for a clause": (
        "The tunnel [1] and the old bridge [2] were closed in March.",
        [("The tunnel and the old bridge were closed in March.", ["1", "2"])],
    ),
    "no joint": (
        "The bridge of the town [1] was closed in March of 1999 [2].",
        [("The bridge of the town was closed in March of 1999.", ["1", "2"])],
    ),
    "what follows a colon": (
        "The mayor of the town says [1]: the port was reopened in May [2].",
        [("The mayor of the town says: the port was reopened in May.", ["1", "2"])],
    ),
    "links are no marks": (
        "A report by [Tanjug](/a), and one by [Beta](/b), say that it closed.",
        [("A report by Tanjug, and one by Beta, say that it closed.", ["Tanjug", "Beta"])],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CLAUSES.values(), ids=CLAUSES.keys())
def test_clauses_are_held_against_their_own_marks(text, expected):
    assert claimed(text) == [(*one, "mark") for one in expected]


def test_the_clauses_of_a_sentence_stand_where_they_are_shown():
    text = "The bridge closed in March [1], and the port reopened in May [2]. It rained."
    spans = [claim.span for claim in read_draft(text).claims]
    assert [text[span.start : span.end] for span in spans] == [
        "The bridge closed in March [1]",
        "the port reopened in May [2].",
    ]


COVERED = {
    "the mark at the paragraph's end": (
        "The port was opened. Losses reached 95 million. He shut the gates. [1]",
        [
            ("The port was opened.", ["1"], "paragraph"),
            ("Losses reached 95 million.", ["1"], "paragraph"),
            ("He shut the gates.", ["1"], "mark"),
        ],
        [],
    ),
    "between two marks": (
        "He shut the gates [1]. The port was opened. Losses reached 95 million [2].",
        [
            ("He shut the gates.", ["1"], "mark"),
            ("The port was opened.", ["2"], "paragraph"),
            ("Losses reached 95 million.", ["2"], "mark"),
        ],
        [],
    ),
    "behind the last mark": (
        "He shut the gates [1]. The port was opened.",
        [("He shut the gates.", ["1"], "mark")],
        ["The port was opened."],
    ),
    "another paragraph": (
        "The port was opened.\n\nHe shut the gates [1].",
        [("He shut the gates.", ["1"], "mark")],
        ["The port was opened."],
    ),
    "before a quotation": (
        "The port was opened. “We had no choice,” he said [1].",
        [("The port was opened.", ["1"], "paragraph")],
        [],
    ),
    "items each for itself": (
        "- The port was opened\n- He shut the gates [1]",
        [("He shut the gates", ["1"], "mark")],
        ["The port was opened"],
    ),
    "what claims nothing": (
        "# The port was opened\n\nIt rained. He said “yes, we do agree”. Nobody said “so what”.",
        [],
        [],
    ),
}


@pytest.mark.parametrize(("text", "claims", "rest"), COVERED.values(), ids=COVERED.keys())
def test_a_sentence_without_a_mark_is_covered_by_the_next_one_of_its_paragraph(text, claims, rest):
    assert (claimed(text), uncited(text)) == (claims, rest)


TABLES = {
    "rows": (
        "| Bridge | Closed |\n|---|---|\n| Tisa bridge | in March 1999 [1] |\n"
        "| Danube bridge | in May 2001 [2] |",
        [("Tisa bridge, in March 1999", ["1"]), ("Danube bridge, in May 2001", ["2"])],
    ),
    "a column of marks": (
        "What | Source\n--- | ---\nThe bridge closed in March | [1]\n"
        "The port reopened. In May | [2]",
        [("The bridge closed in March", ["1"]), ("The port reopened. In May", ["2"])],
    ),
    "cells": (
        "| Bridge | Port |\n|:-:|--:|\n| It closed in March [1] | It reopened in May [2] |",
        [("It closed in March", ["1"]), ("It reopened in May", ["2"])],
    ),
    "no head": ("| Tisa bridge | in March 1999 [1] |", [("Tisa bridge, in March 1999", ["1"])]),
    "below a line": (
        "They closed all of them:\n| Tisa bridge | in March 1999 [1] |",
        [("Tisa bridge, in March 1999", ["1"])],
    ),
    "bars in prose": (
        "The sets A|B and B|C differ [1].",
        [("The sets A|B and B|C differ.", ["1"])],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES.keys())
def test_each_row_of_a_table_is_a_statement(text, expected):
    assert [one[:2] for one in claimed(text) if one[2] == "mark"] == expected


def test_a_paragraph_is_cut_at_the_rows_of_its_table():
    assert table_lines("See\n| a |\n|---|\n| b |", Span(0, 21)) == [
        ("text", Span(0, 3)),
        ("header", Span(4, 9)),
        ("rule", Span(10, 15)),
        ("row", Span(16, 21)),
    ]
    assert cells("| a | | b \\| c |") == ["a", "b \\| c"]


NAMING = {
    "in brackets": "The bridge closed in March ([Tanjug](/a)).",
    "several": "The bridge closed in March ([Tanjug](/a); [Beta](/b)).",
    "with a word for it": "The bridge closed in March (source: [Tanjug](/a)).",
    "with a page": "The bridge closed in March ([Tanjug](/a), p. 4).",
    "an address": "The bridge closed in March [b92.net](https://www.b92.net/a).",
    "an address in brackets": "The bridge closed in March ([b92.net](https://www.b92.net/a)).",
    "an address behind a mark": "The bridge closed in March [1], [b92.net](https://b92.net/a).",
}


@pytest.mark.parametrize("text", NAMING.values(), ids=NAMING.keys())
def test_a_link_that_only_names_its_source_is_no_word_of_the_claim(text):
    assert claimed(text)[0][0] == "The bridge closed in March."


def test_a_link_that_says_something_is_a_part_of_the_claim():
    assert claimed("The bridge (in [Senta](/a)) closed, [Tanjug](/b) says.")[0][0] == (
        "The bridge (in Senta) closed, Tanjug says."
    )
