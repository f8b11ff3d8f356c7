from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.check.draft import quotations
from qa.check.draft.markdown import without_code
from qa.check.draft.quotations import quoted

SEEDS = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"

DRAFTS = {
    "English": ("He said “Yes” and “No”.", ["Yes", "No"]),
    "German": ("Er sagte „ja“ und „nein“.", ["ja", "nein"]),
    "low and high": ("Rekao je „da” i „ne”.", ["da", "ne"]),
    "low and straight": ('Er sagte „ja" und „nein".', ["ja", "nein"]),
    "low, closed by either": ("„I don’t,” he said. „Yes“", ["I don’t,", "Yes"]),
    "space before the closing mark": ("„at full speed. “", ["at full speed."]),
    "Swedish": ("Han sade ”ja” och ”nej”.", ["ja", "nej"]),
    "both marks opening": ("He said “yes“ to it.", ["yes"]),
    "French": ("Il dit « oui » et «\u00a0non\u00a0».", ["oui", "non"]),
    "guillemets inward": ("Er sagte »ja« und »nein«.", ["ja", "nein"]),
    "guillemets to the right": ("Hän sanoi »joo».", ["joo"]),
    "single guillemets": ("‹yes› and ›no‹", ["yes", "no"]),
    "straight": ('He said "yes" and "no".', ["yes", "no"]),
    "straight in odd places": ('the" either-or "logic', ["either-or"]),
    "over a line break": ("He said “one\ntwo” there.", ["one\ntwo"]),
    "nested, the outermost": (
        "“He said ‘x’ and “y” there” and “z”",
        ["He said ‘x’ and “y” there", "z"],
    ),
    "nested, of another kind": ("„a “b” c“ and «d „e“»", ["a “b” c", "d „e“"]),
    "crossing": ('"a „b" c“', ["a „b"]),
    "apostrophes": ("don’t ‘do’ 'that' to the dogs' «bone»", ["bone"]),
    "unbalanced, one paragraph": ("“never closed\n\n“x” and ” alone", ["x"]),
    "unbalanced, straight": ('"never closed\n\n"x" and', ["x"]),
    "unbalanced around another": ("“never closed „in“ it", ["in"]),
    "unbalanced, in a heading": ('# The "end\n"x" and', ["x"]),
    "unbalanced, in items": ('- "one\n- "two\n* "three"\n2. "four', ["three"]),
    "nothing inside": ('"" and “ ” and «»', []),
    "British": ("‘We go,’ he said of the dogs’ bones. ‘Not so’ far.", ["We go,"]),
    "British, with a possessive": (
        "‘The boys’ coats are lost,’ he said.",
        ["The boys’ coats are lost,"],
    ),
    "single, straight": ("He said 'we'll not go', o'clock.", ["we'll not go"]),
    "elisions": ("’tis the ’90s and rock ’n’ roll, ‘em all.", []),
    "German single": ("‚Wir gehen heim‘, sagte er. ‚ja‘", ["Wir gehen heim", "ja"]),
    "single in double": ("“He said ‘no one is here’ now”", ["He said ‘no one is here’ now"]),
    "double in single": ("‘He said “go home” to me’ now", ["He said “go home” to me"]),
    "corners": ("「行く」と『本「中」』", ["行く", "本「中」"]),
    "inches": ('a 12" board and a 5" one', []),
    "feet and inches": ('He is 5\'10" tall, 5\' 11" at most: "ok".', ["ok"]),
    "inches in a quotation": ('"a 12" board" and "b"', ['a 12" board', "b"]),
    "inches twice in a quotation": ('"12" and 14" are sizes"', ['12" and 14" are sizes']),
    "feet and inches in a quotation": ('"he is 5\'10" tall"', ["he is 5'10\" tall"]),
    "a number at the end": ('"Resolution 1244" and "year 1999".', ["Resolution 1244", "year 1999"]),
    "a number at the end, then inches": ('"Resolution 1244" is 5\'10" long', ["Resolution 1244"]),
    "a low mark and a number": ('„Resolution 1244" is', ["Resolution 1244"]),
    "blockquote": ("He said:\n> one\n> two\n\nthen\n>three", ["one\n> two", "three"]),
    "blockquote after a line": ("He said:\n> one\nand so on", ["one"]),
    "blockquote in paragraphs": ("> one\n>\n> two", ["one\n>\n> two"]),
    "blockquote with marks in it": ("> “one” and\n> two", ["“one” and\n> two"]),
    "blockquote within another": ("> one\n> > two", ["one\n> > two"]),
    "blockquote, indented": ("   > one\n    > code", ["one"]),
    "empty blockquote": (">\n> \n", []),
    "greater than": ('5 > 3 and "x"', ["x"]),
    "fenced code": ('```py\n"no"\n> no\n```\n"yes"', ["yes"]),
    "fenced with tildes": ('~~~\n"no"\n```\n"no"\n~~~~\n"yes"', ["yes"]),
    "fenced and never closed": ('"yes"\n\n```\n"no"', ["yes"]),
    "inline code": ('`"no"` and ``a ` "no"`` and "yes"', ["yes"]),
    "inline code in a quotation": ('"press `"` now"', ['press `"` now']),
    "a backtick alone": ('a ` and "yes"', ["yes"]),
    "Windows line ends": ("“open\r\n\r\n“x”\r\n> one\r\n> two\r\n", ["x", "one\r\n> two"]),
    "Markdown emphasis": ('**"yes"** and _“no”_', ["yes", "no"]),
}


@pytest.mark.parametrize(("draft", "expected"), DRAFTS.values(), ids=DRAFTS.keys())
def test_quotations_are_found(draft: str, expected: list[str]) -> None:
    assert expected == [draft[span.start : span.end] for span in quotations(draft)]


@pytest.mark.parametrize(
    ("draft", "found", "lone"),
    [
        ("“One.\n\n“Two.” Three", ["One.", "Two."], []),
        ("He said: “One.\n“Two.\n“Three.”", ["One.", "Two.", "Three."], []),
        ("« Un.\n\n» Deux. »", ["Un.", "Deux."], []),
        ('"One.\n\n"Two." Three', ["One.", "Two."], []),
        ("“One.\n\nTwo.” Three", [], ["“One", "” Th"]),
        ("He said “so and left.", [], ["“so "]),
        ("‘So he left.", [], ["‘So "]),
        ("- “one\n- “two”", ["two"], ["“one"]),
        ("He has 12” and “a”", ["a"], []),
    ],
)
def test_quotations_over_paragraphs_and_lone_marks_are_known(
    draft: str, found: list[str], lone: list[str]
) -> None:
    read = quoted(draft)

    assert [draft[span.start : span.end] for span in read.spans] == found
    assert [draft[at : at + 4] for at in read.lone] == lone


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("— Idemo kući — rekao je Ilić. — Nema povratka.", ["Idemo kući", "Nema povratka."]),
        ("—Nos vamos —dijo Ilić—. No hay vuelta.", ["Nos vamos", "No hay vuelta."]),
        ("— Nous partons, déclare Ilić.", ["Nous partons"]),
        ("– Мы уходим.", ["Мы уходим."]),
        ("- a list", []),
    ],
)
def test_dashes_open_quotations_in_dialogue(line: str, said: list[str]) -> None:
    assert [line[s.start : s.end] for s in quoted(line, dialogue=True).spans] == said
    assert quoted(line).spans == ()


def test_the_span_lies_within_the_marks_without_the_space_there() -> None:
    spans = [(span.start, span.end) for span in quotations("a « b » “c”")]
    assert spans == [(4, 5), (9, 10)]


def test_a_draft_without_quotations_has_none() -> None:
    assert quotations("") == []
    assert quotations("It’s 5 o'clock.\n\nThat is all.") == []


def test_code_gives_way_to_spaces_and_letters_of_the_same_length() -> None:
    assert without_code("a `“b”`\n```\n“c”\n```\n> `d`") == "a xxxxx\n   \n   \n   \n> xxx"


drafts = st.text(st.sampled_from([*"ab5 \n\"'“”„‟«»‹›`~>#-*\\.\r\t\u00a0é😀"]), max_size=80)


@given(drafts)
def test_spans_are_ordered_apart_tight_and_never_empty(draft: str) -> None:
    spans = quotations(draft)
    assert spans == sorted(spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    texts = [draft[span.start : span.end] for span in spans]
    assert texts == [text.strip() for text in texts]
    assert all(texts)


@given(drafts, drafts)
def test_paragraphs_do_not_reach_into_one_another(one: str, other: str) -> None:
    before = one.replace("`", "").replace("~", "")  # an open fence does reach further, by right
    alone = [(span.start, span.end) for span in quotations(before)]
    both = [(span.start, span.end) for span in quotations(before + "\n\n" + other)]
    assert alone == both[: len(alone)]


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("count", "draft"),
    [
        (0, "“" * 60_000),
        (1, "“a " * 30_000 + "”" * 30_000),
        (0, "“" * 30_000 + "»" * 30_000),
        (30_000, '"a" ' * 30_000),
        (0, '5" ' * 30_000),
        (0, "`".join("x" * 30_000)),
        (0, "".join("`" * i + "x" for i in range(600))),
        (1, "> a\n" * 20_000),
        (0, "~~~\n" * 20_000),
        (0, " " * 60_000),
        (0, "\n" * 60_000),
    ],
)
def test_hostile_drafts_take_linear_time(count: int, draft: str) -> None:
    assert count == len(quotations(draft))


def test_the_quotations_of_an_interview_are_found() -> None:
    path = next(SEEDS.glob("001_*.txt"), None)
    if path is None:
        pytest.skip("the documents in shared/seeds are absent")
    text = path.read_text(encoding="utf-8")
    found = [text[span.start : span.end] for span in quotations(text)]
    assert len(found) == 37
    assert "closed eyes" in found
    assert "Resolution 1244 is not on the negotiating table. It is more than that," in found
    assert all("„" not in quotation for quotation in found)
