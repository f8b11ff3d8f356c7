from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.check.draft.markdown import cover, plain
from qa.check.draft.reference_patterns import MAX_NUMBERS
from qa.check.draft.references import references
from qa.types import Span
from tests.timing import BESIDE

ID = "001_2c306c9fa1dadcdd.1a2b3c4d.120-480"
OWN = f"http://localhost:8000/v1/passages/{ID}"
LIST = "\n\n[1] Talks\n[2] Walks, https://w.org"

# A draft, and of each reference what is written, its label, and what it may be resolved by.
DRAFTS = {
    "link": (
        "a [Talks](https://x.org/a) b",
        [("[Talks](https://x.org/a)", "Talks", ["https://x.org/a"])],
    ),
    "link with title": (
        '[T](https://x.org "a “b”")',
        [('[T](https://x.org "a “b”")', "T", ["https://x.org"])],
    ),
    "link with brackets": (
        "[T](https://x.org/a_(b))",
        [("[T](https://x.org/a_(b))", "T", ["https://x.org/a_(b)"])],
    ),
    "link with spaces": (
        "[T](<https://x.org/a b>)",
        [("[T](<https://x.org/a b>)", "T", ["https://x.org/a b"])],
    ),
    "link, emphasised": ("[*The* talks](/a)", [("[*The* talks](/a)", "The talks", ["/a"])]),
    "link named by a number": (
        "a [[1]](https://x.org)",
        [("[[1]](https://x.org)", "1", ["https://x.org"])],
    ),
    "reference link": (
        "[Talks][t]\n\n[T]: https://x.org 'X'",
        [("[Talks][t]", "Talks", ["https://x.org"])],
    ),
    "collapsed link": (
        "[Talks][]\n\n[talks]: <https://x.org>",
        [("[Talks][]", "Talks", ["https://x.org"])],
    ),
    "shortcut link": (
        "[Talks] b\n\n[talks]: https://x.org",
        [("[Talks]", "Talks", ["https://x.org"])],
    ),
    "link by number": (
        "[Talks][1]\n\n[1]: https://x.org",
        [("[Talks][1]", "Talks", ["https://x.org"])],
    ),
    "titled definition": (
        'a [1]\n\n[1]: https://x.org "Talks"',
        [("[1]", "1", ["https://x.org", "Talks"])],
    ),
    "autolink": (
        "a <https://x.org/b>.",
        [("<https://x.org/b>", "https://x.org/b", ["https://x.org/b"])],
    ),
    "bare URL": (
        "See https://x.org/b?c=1.",
        [("https://x.org/b?c=1", "https://x.org/b?c=1", ["https://x.org/b?c=1"])],
    ),
    "bare URL in brackets": (
        "(https://x.org/b_(c)).",
        [("https://x.org/b_(c)", "https://x.org/b_(c)", ["https://x.org/b_(c)"])],
    ),
    "bare URL in quotation marks": (
        "“https://x.org/b”",
        [("https://x.org/b", "https://x.org/b", ["https://x.org/b"])],
    ),
    "URL without scheme": ("www.x.org, a", [("www.x.org", "www.x.org", ["www.x.org"])]),
    "own page": (
        "see /articles/a?end=2.",
        [("/articles/a?end=2", "/articles/a?end=2", ["/articles/a?end=2"])],
    ),
    "own page on a host": (OWN, [(OWN, OWN, [OWN])]),
    "number": ("a [1]." + LIST, [("[1]", "1", ["Talks"])]),
    "number behind an exclamation mark": (
        "a![2]" + LIST,
        [("[2]", "2", ["https://w.org", "Walks, https://w.org"])],
    ),
    "numbers": (
        "a [1, 2]" + LIST,
        [("[1, 2]", "1", ["Talks"]), ("[1, 2]", "2", ["https://w.org", "Walks, https://w.org"])],
    ),
    "range": (
        "a [1,3–5]",
        [("[1,3–5]", "1", []), ("[1,3–5]", "3", []), ("[1,3–5]", "4", []), ("[1,3–5]", "5", [])],
    ),
    "numbers in a row": ("a [1][3]" + LIST, [("[1]", "1", ["Talks"]), ("[3]", "3", [])]),
    "number without a list": ("a [7] b", [("[7]", "7", [])]),
    "lenticular brackets": (
        "a【1】b【2†source】" + LIST,
        [
            ("【1】", "1", ["Talks"]),
            ("【2†source】", "2", ["https://w.org", "Walks, https://w.org"]),
        ],
    ),
    "escaped brackets": (r"a \[1\]" + LIST, [(r"\[1\]", "1", ["Talks"])]),
    "superscript": ("said¹ of 10 km² and x²" + LIST, [("¹", "1", ["Talks"])]),
    "superscript without a list": ("said¹ so", []),
    "raised": ("said<sup>1</sup>" + LIST, [("<sup>1</sup>", "1", ["Talks"])]),
    "number that links to the list": ("a [1](#n1)" + LIST, [("[1](#n1)", "1", ["Talks"])]),
    "list under a heading": (
        "a [1] b [2]\n\n## Sources\n\n1. One\n2) Two",
        [("[1]", "1", ["One"]), ("[2]", "2", ["Two"])],
    ),
    "list under a line": ("a [2]\n\n**Quellen:**\n1. Eins\n2. Zwei", [("[2]", "2", ["Zwei"])]),
    "list in one line": (
        "a [2]\n\nSources: [1] Talks, www.a.rs [2] Walks in town, Beta",
        [("[2]", "2", ["Walks in town, Beta"])],
    ),
    "list above": (
        "# Izvori\n\n[1] Razgovori\n\n# Tekst\n\nRekao je [1].",
        [("[1]", "1", ["Razgovori"])],
    ),
    "list with colons": (
        "a [1]\n\n[1]: Ana, “Talks”, 2021",
        [("[1]", "1", ["Ana, “Talks”, 2021"])],
    ),
    "list in superscripts": ("said¹\n\n¹ Ana", [("¹", "1", ["Ana"])]),
    "entry over lines": ("a [1]\n\n[1] Ana,\nTalks\n[2] B", [("[1]", "1", ["Ana, Talks"])]),
    "entry with a link and an id": (
        f"a [1]\n\nNotes:\n1. *Ana*, [Talks](https://x.org), {ID}",
        [("[1]", "1", [ID, "https://x.org", f"Ana, Talks, {ID}"])],
    ),
    "footnote": ("a[^n] b\n\n[^n]: Ana,\n    *Talks*. ↩", [("[^n]", "^n", ["Ana, Talks."])]),
    "footnote of two paragraphs": (
        "a[^n]\n\n[^n]: Ana.\n\n    Talks.\n\nend [^n]",
        [("[^n]", "^n", ["Ana. Talks."])] * 2,
    ),
    "footnote without a note": ("a[^n]", [("[^n]", "^n", [])]),
    "footnotes of one another": ("a[^a]\n\n[^a]: [^b]\n[^b]: [^a]", [("[^a]", "^a", ["[^b]"])]),
    "inline footnote": (
        "a^[Ana, https://x.org/b] c",
        [
            (
                "^[Ana, https://x.org/b]",
                "Ana, https://x.org/b",
                ["https://x.org/b", "Ana, https://x.org/b"],
            )
        ],
    ),
    "passage id": (f"a {ID}, b", [(ID, ID, [ID])]),
    "passage id in brackets": (f"a [{ID}] ({ID})", [(f"[{ID}]", ID, [ID]), (ID, ID, [ID])]),
    "passage id in backticks": (f"a `{ID}`", [(f"`{ID}`", ID, [ID])]),
    "passage ids in a row": (
        "[r.v2.1a2b3c4d.1-2,b.1a2b3c4d.3-4]",
        [
            ("r.v2.1a2b3c4d.1-2", "r.v2.1a2b3c4d.1-2", ["r.v2.1a2b3c4d.1-2"]),
            ("b.1a2b3c4d.3-4", "b.1a2b3c4d.3-4", ["b.1a2b3c4d.3-4"]),
        ],
    ),
    "no passage ids": ("a.1a2b3c4.1-2 a.1A2B3C4D.1-2 .1a2b3c4d.1-2", []),
    "code": ("`[1]` `https://x.org`\n\n```\n[1](https://x.org)\n" + ID + "\n```", []),
    "image": ('![a [1]](https://x.org/a.png "b") c', []),
    "task boxes": ("- [ ] a\n- [x] b", []),
    "editorial brackets": ("“[T]he […] [sic] [the ambassador] [2021]”", []),
    "editorial bracket before a number": (
        "[sic][1]\n\n[1]: https://x.org",
        [("[1]", "1", ["https://x.org"])],
    ),
    "other places": ("[a](#b) [c](mailto:a@b.org) <mailto:a@b.org> []() [d]( )", []),
    "tags": ('<a href="https://x.org">', []),
    "who speaks": ("[Ana]: No.\n[Ana] said", []),
}


@pytest.mark.parametrize(("draft", "expected"), DRAFTS.values(), ids=DRAFTS.keys())
def test_references_are_found(draft: str, expected: list[tuple[str, str, list[str]]]) -> None:
    found = [
        (draft[one.span.start : one.span.end], one.label, list(one.targets))
        for one in references(draft).found
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("a [1]" + LIST, ["[1] Talks", "[2] Walks, https://w.org"]),
        ("a\n\nSources:\n- b\n- c\n\nd", ["- b", "- c"]),
        (
            "## References\nPetrović, Ana. “Talks.”\n\nBeta.\n## End\nc",
            ["Petrović, Ana. “Talks.”", "Beta."],
        ),
        ("Literatur\n---\n\n* b\n\n---\n\nc", ["* b"]),
        ("Notes:\n\nA paragraph of prose.", []),
        ("[1] says that [2] denies it.", []),
        ("[^a]: b\n[c]: https://x.org\nd", ["[^a]: b", "[c]: https://x.org"]),
        ("1. One\n2. Two", []),
    ],
)
def test_lists_of_sources_are_told_from_prose(draft: str, expected: list[str]) -> None:
    assert expected == [draft[span.start : span.end] for span in references(draft).entries]


def test_a_long_range_is_read_in_part() -> None:
    assert [one.label for one in references("[5-300]").found] == [str(n) for n in range(5, 15)]
    assert MAX_NUMBERS == 10


def test_what_is_covered_keeps_its_length_and_lines() -> None:
    assert cover("He [1]\nsaid", [Span(3, 6), Span(4, 8)], "x") == "He xxx\nxaid"


def test_plain_text_has_no_signs() -> None:
    assert plain("**The** _talks_ of `x`\n a_b 2 * 3 \\[c\\]") == "The talks of x a_b 2 * 3 [c]"


MARKS = [
    "[1]",
    "](",
    "[^a]",
    "[^a]: ",
    "https://x.y",
    "\n\n[1] ",
    "¹",
    "【1】",
    "^1",
    "{1}",
    "(1)",
    "Sources:\n",
    ID,
]
drafts = st.lists(st.sampled_from([*'a1 \n"“”>`#-*\\.,:^!<>()[]', *MARKS]), max_size=40).map(
    "".join
)


@given(drafts)
def test_references_are_ordered_apart_and_begin_as_they_should(draft: str) -> None:
    read = references(draft)
    spans = [one.span for one in read.found]
    assert spans == sorted(spans)
    distinct = list(dict.fromkeys(spans))
    assert all(one.end <= other.start for one, other in pairwise(distinct))
    assert all(0 <= span.start < span.end <= len(draft) for span in [*spans, *read.hidden])
    starts = ("[", "^[", "\\[", "<", "【", "¹", "^1", "{", "(", "https://", "`", "0", "a", "1", "x")
    assert all(draft.startswith(starts, span.start) for span in spans)
    assert len(read.body) == len(draft)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("count", "draft"),
    [
        (0, "[" * 200_000),
        (0, "](" * 100_000),
        (60_000, "[1]" * 60_000),
        (0, "[](" * 60_000),
        (0, '[](a "' * 33_000),
        (0, "[" * 100_000 + "]" * 100_000),
        (0, "^[" * 100_000),
        (0, "<!--" * 50_000),
        (1, "https://" * 25_000),
        (0, "`" * 200_000),
        (14_000, "a.1a2b3c4d.1-2 " * 14_000),
        (0, "1a2b3c4d." * 22_000),
        (1, "https://a.b" + ")" * 180_000),
        (0, "[^1]: [^2]\n" * 18_000),
        (0, "[a]: " + "/" * 190_000 + " b"),
        (0, "# Sources" + " " * 190_000 + "x"),
        (1, "Sources: [1] " + "a" * 190_000),
        (33_000, "[1" + ",1" * 80_000 + "]" + "[1]" * 32_999),
    ],
)
def test_hostile_drafts_take_linear_time(count: int, draft: str) -> None:
    started = time.thread_time()
    assert len(references(draft).found) == count
    assert time.thread_time() - started < 4.0 * BESIDE  # minutes when it is quadratic
