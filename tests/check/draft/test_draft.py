from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.check.draft import Draft, read_draft
from qa.check.draft.placing import MAX_REFERENCES
from tests.timing import BESIDE

ID = "001_2c306c9fa1dadcdd.1a2b3c4d.120-480"


def quoted(draft: Draft) -> list[tuple[str, list[str]]]:
    """Each quotation with the labels of what it refers to."""
    return [
        (draft.text[q.span.start : q.span.end], [one.label for one in q.references])
        for q in draft.quotations
    ]


def claimed(draft: Draft) -> list[tuple[str, list[str]]]:
    return [(claim.text, [one.label for one in claim.references]) for claim in draft.claims]


QUOTATIONS = {
    "reference behind it": ("He said “we go home” [1].", [("we go home", ["1"])]),
    "reference behind the full stop": ("“We go home,” he said. [1]", [("We go home,", ["1"])]),
    "reference right behind it": (
        "He said “we go home.”[1] Then he left.",
        [("we go home.", ["1"])],
    ),
    "reference before it": ("In [Talks](/a) he said “yes”.", [("yes", ["Talks"])]),
    "nearest first": ("[1] [2] he said “yes” [3] [4].", [("yes", ["3", "4", "2", "1"])]),
    "two quotations": ("“A” [1] and “b” [2].", [("A", ["1"]), ("b", ["2", "1"])]),
    "two quotations, one reference": ("“A,” he said, and “b” [2].", [("A,", ["2"]), ("b", ["2"])]),
    "in a link": ("[1] said [“we go home”](/a) [2].", [("we go home", ["“we go home”", "2", "1"])]),
    "in part of a link": ("[He said “we go” there](/a).", [("we go", ["He said “we go” there"])]),
    "around a link": ("“we [go](/a) home” [1].", [("we [go](/a) home", ["1", "go"])]),
    "mark within": ("He said “we go home.[1]”", [("we go home.", ["1"])]),
    "no reference": ("He said “yes”. It ended [1].", [("yes", [])]),
    "another sentence": ("It ended [1]. He said “yes”.", [("yes", [])]),
    "American end of a sentence": ("He said “we go.” It ended [1].", [("we go.", [])]),
    "question": ("“Why?” Ana Petrović asked [1].", [("Why?", ["1"])]),
    "any verb that says": ("“Why?” Ana Petrović wondered [1].", [("Why?", ["1"])]),
    "a noun that may say": ("“Why?” The old claims fell [1].", [("Why?", [])]),
    "exclamation, then prose": ("“Go!” They went home [1].", [("Go!", [])]),
    "another paragraph": ("He said “yes”.\n\n[1]", [("yes", [])]),
    "several sentences": ("“One. Two. Three,” he said [1].", [("One. Two. Three,", ["1"])]),
    "attribution below": ("“We go home.”\n— Ana, [Talks](/a)", [("We go home.", ["Talks"])]),
    "source below": ("He said “yes”.\nSource: https://x.org", [("yes", ["https://x.org"])]),
    "dialogue": ("— “Yes,” he said [1].\n— “No.” [2]", [("Yes,", ["1"]), ("No.", ["2"])]),
    "introduced": ("He said [1]:\n\n“We go home.”", [("We go home.", ["1"])]),
    "footnote": ("He said “yes”.[^a]\n\n[^a]: “Talks”", [("yes", ["^a"])]),
    "passage id": (f"He said “yes” ({ID}).", [("yes", [ID])]),
    "emphasis": ("He said *“yes”* **[1]**.", [("yes", ["1"])]),
    "item": ("- “yes” [1]\n- “no” [2]", [("yes", ["1"]), ("no", ["2"])]),
    "title of a link": ('He said [so](/a "the “title”").', []),
    "URL": ('He said [so](/a"b"c).', []),
    "list of sources": ("“Yes” [1].\n\nSources:\n1. “Talks”", [("Yes", ["1"])]),
    "two paragraphs": ("“One\n\ntwo” [1].", []),
    "German": ("Er sagte »ja« [1] und «nein» [2].", [("ja", ["1"]), ("nein", ["2", "1"])]),
    "Serbian": ("Rekao je „idemo kući“ [1].", [("idemo kući", ["1"])]),
    "hard-wrapped": (
        "The minister said in the evening that “we go\nhome”, as was reported "
        "by the agency\n[1]. End.",
        [("we go\nhome", ["1"])],
    ),
    "blockquote, inside": ("> we go home [1]\n\nEnd.", [("we go home", ["1"])]),
    "blockquote, attributed inside": (
        "> we go\n> home\n> — Ana, [T](/a)",
        [("we go\n> home", ["T"])],
    ),
    "blockquote, attributed below": ("> we go\n\n— Ana, [T](/a)\n\nEnd.", [("we go", ["T"])]),
    "blockquote, source below": (
        "> we go\n\nSource: <https://x.org>",
        [("we go", ["https://x.org"])],
    ),
    "blockquote below another's source": (
        "> we go\n\nSource: <https://x.org>\n\n> we stay",
        [("we go", ["https://x.org"]), ("we stay", [])],
    ),
    "blockquote, name below": ("> we go\nAna, [T](/a)", [("we go", ["T"])]),
    "blockquote, mark below": ("> we go\n\n[1]", [("we go", ["1"])]),
    "blockquote, introduced": ("Ana said in [T](/a):\n\n> we go", [("we go", ["T"])]),
    "blockquote, not introduced": ("Ana left [1].\n\n> we go", [("we go", [])]),
    "blockquote, then prose": ("> we go\n\nIt ended in May [1].", [("we go", [])]),
    "blockquote with marks": ("> “we go” and\n> “home” [1]", [("“we go” and\n> “home”", ["1"])]),
}


@pytest.mark.parametrize(("text", "expected"), QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_quotations_refer_to_sources(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert quoted(read_draft(text)) == expected


CLAIMS = {
    "mark within": ("The talks ended in spring [1].", [("The talks ended in spring.", ["1"])]),
    "mark behind": (
        "He left. The talks ended in spring. [1]",
        [("The talks ended in spring.", ["1"])],
    ),
    "mark behind the full stop": (
        "They ended in spring.[1] He left.",
        [("They ended in spring.", ["1"])],
    ),
    "mark before": ("[1] The talks ended in spring.", [("The talks ended in spring.", ["1"])]),
    "each its own": (
        "They ended in spring [1]. They began in March [2, 3].",
        [("They ended in spring.", ["1"]), ("They began in March.", ["2", "3"])],
    ),
    "in brackets": ("They ended in spring ([1]; [2]).", [("They ended in spring.", ["1", "2"])]),
    "URL behind": (
        "They ended in spring. (https://x.org) End.",
        [("They ended in spring.", ["https://x.org"])],
    ),
    "link behind": ("They ended in spring. [Tanjug](/a)", [("They ended in spring.", ["Tanjug"])]),
    "link in brackets behind": (
        "They ended in spring. ([Tanjug](/a)) End.",
        [("They ended in spring.", ["Tanjug"])],
    ),
    "link within": (
        "They *ended* in [**May**](/a), he said.",
        [("They ended in May, he said.", ["May"])],
    ),
    "all of it a link": (
        "[The talks ended in spring.](/a)",
        [("The talks ended in spring.", ["The talks ended in spring."])],
    ),
    "title of a link": ("- [The talks ended in spring](/a)", []),
    "item": ("1. They ended in spring [1]", [("They ended in spring", ["1"])]),
    "task": ("- [x] They ended in spring [1]", [("They ended in spring", ["1"])]),
    "heading": ("# They ended in spring [1]\n\nThey ended in spring [1]\n===", []),
    "too short": ("It ended [1]. See [2].", []),
    "no reference": ("The talks ended in spring.", []),
    "long quotation": ("He said “they ended in spring” in the end [1].", []),
    "short quotation": (
        "He said “they ended” in spring [1].",
        [("He said “they ended” in spring.", ["1"])],
    ),
    "after a quotation": (
        "He said “they ended in spring.” [1] The talks began in March [2].",
        [("The talks began in March.", ["2"])],
    ),
    "introduces a blockquote": ("Ana said so in [1]:\n\n> we go", []),
    "attribution": ("> we go\n\n— Ana Petrović, in the daily paper, [1]", []),
    "blockquote": ("> The talks ended in spring [1].", []),
    "list of sources": ("Sources:\n1. The talks ended in spring, https://x.org", []),
    "code": ("Write `[1]` or `https://x.org` there now.", []),
    "date": ("Došao je 3. maja u grad [1].", [("Došao je 3. maja u grad.", ["1"])]),
    "two lines": (
        "They ended in spring [1].\nThey began in March [2].",
        [("They ended in spring.", ["1"]), ("They began in March.", ["2"])],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CLAIMS.values(), ids=CLAIMS.keys())
def test_claims_cite_sources(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert claimed(read_draft(text)) == expected


def test_a_claim_reaches_over_its_marks() -> None:
    text = "He left. The talks ended in spring. (https://x.org) End."
    (claim,) = read_draft(text).claims
    assert text[claim.span.start : claim.span.end] == "The talks ended in spring. (https://x.org)"


def test_an_empty_draft_has_nothing() -> None:
    assert read_draft("") == Draft("", (), (), (), "")


ARTICLE = """\
---
title: What the ministers said
---

# The border talks

*By Marko Marković, 12 May 2021*

The foreign ministers met in the capital on Monday for the first time in a
year.[^met] “We have agreed on the [opening of the border](https://tanjug.rs/a
"Opened “at last”"),” Ana Petrović told reporters.[^1] Nobody believed her.

## What was agreed [3]

According to [the communiqué](https://x.org/communique), three crossings are to
be opened in June. The ministers were more careful:

> Nothing is agreed until everything is agreed. The “technical” questions
> remain open, and so they will.
>
> — Ana Petrović, [Talks](https://tanjug.rs/talks)

Her colleague from the north saw it otherwise. In an [interview][beta] he said
this:

> It is done.

1. Trade is to be free of customs from July on [1].
2. „Nema povratka na staro“, said one of the delegates [1, 2].
3. Visas were not discussed.

![The “two” ministers](https://x.org/photo.jpg "A “handshake”")

```text
“This is code” [1] https://x.org
```

The passage `001_2c306c9fa1dadcdd.1a2b3c4d.120-480` says that the price was
high. It was «très cher»^[Le Monde, https://lemonde.fr/b] in the words of
another guest. He added: "We pay [sic] for it" (https://x.org/c).

“They will be back,” said a shopkeeper.

---

[beta]: https://beta.rs/interview "An “open” talk"

[^met]: “Ministers meet”, *Tanjug*, 10 May 2021,
    <https://tanjug.rs/met>.
[^1]: Petrović, A., “We have agreed”, speech.

## Sources

[1] Customs treaty, “Article 4”, https://x.org/treaty
[2] Notes of the author
"""


def test_an_article_is_read() -> None:
    draft = read_draft(ARTICLE)
    assert quoted(draft) == [
        (
            "We have agreed on the [opening of the border](https://tanjug.rs/a\n"
            '"Opened “at last”"),',
            ["^1", "opening of the border"],
        ),
        (
            "Nothing is agreed until everything is agreed. The “technical” questions\n"
            "> remain open, and so they will.",
            ["Talks"],
        ),
        ("It is done.", ["interview"]),
        ("Nema povratka na staro", ["1", "2"]),
        ("très cher", ["Le Monde, https://lemonde.fr/b"]),
        ("We pay [sic] for it", ["https://x.org/c"]),
        ("They will be back,", []),
    ]
    assert claimed(draft) == [
        (
            "The foreign ministers met in the capital on Monday for the first time in a year.",
            ["^met"],
        ),
        (
            "According to the communiqué, three crossings are to be opened in June.",
            ["the communiqué"],
        ),
        ("Her colleague from the north saw it otherwise.", ["interview"]),
        ("Trade is to be free of customs from July on.", ["1"]),
        ("The passage says that the price was high.", [ID]),
        ("It was «très cher» in the words of another guest.", ["Le Monde, https://lemonde.fr/b"]),
    ]
    assert [(one.label, one.targets) for one in draft.references[:4]] == [
        (
            "^met",
            (
                "https://tanjug.rs/met",
                "“Ministers meet”, Tanjug, 10 May 2021, https://tanjug.rs/met.",
            ),
        ),
        ("opening of the border", ("https://tanjug.rs/a",)),
        ("^1", ("Petrović, A., “We have agreed”, speech.",)),
        ("3", ()),
    ]


ANSWER = """\
The talks were held in **Vienna** in 2021 [1]. Russia opposed them: Lavrov called the plan \
"a test case for others" [1][2]. Neither side signed.

Key points:

- **Customs**: fall away from July [2]
- Petrović said that "nothing is agreed until everything is agreed." [3] She did not say when.
- The price remained open.[4]

In short, the border is to be opened soon [1, 3].

**Sources:**
[1] "Kosovo talks", Tanjug – https://tanjug.rs/a
[2] "A test case", https://x.org/b
[3] [Talks](https://beta.rs/c)
"""


def test_an_answer_with_numbered_sources_is_read() -> None:
    draft = read_draft(ANSWER)
    assert quoted(draft) == [
        ("a test case for others", ["1", "2"]),
        ("nothing is agreed until everything is agreed.", ["3"]),
    ]
    assert claimed(draft) == [
        ("The talks were held in Vienna in 2021.", ["1"]),
        ("Customs: fall away from July", ["2"]),
        ("The price remained open.", ["4"]),
        ("In short, the border is to be opened soon.", ["1", "3"]),
    ]
    assert {one.label: one.targets for one in draft.references} == {
        "1": ("https://tanjug.rs/a", '"Kosovo talks", Tanjug – https://tanjug.rs/a'),
        "2": ("https://x.org/b", '"A test case", https://x.org/b'),
        "3": ("https://beta.rs/c", "Talks"),
        "4": (),
    }


NEWSPAPER = """\
MINISTERS MEET AT LAST
By Ana Petrović

The foreign ministers met in the capital on Monday, and agreed to open
three crossings in June, as the agency reported (1). “We have come a long
way,” one of them said. https://tanjug.rs/a

Trade is to be free of customs from July on, says the treaty (see
https://x.org/treaty). The price of it was not
named. „Videćemo“, said a delegate [2].

NOTES

1. Tanjug, “Ministers meet”
2. Talk with the author
"""


def test_a_newspaper_draft_in_plain_text_is_read() -> None:
    draft = read_draft(NEWSPAPER)
    assert quoted(draft) == [
        ("We have come a long\nway,", ["https://tanjug.rs/a"]),
        ("Videćemo", ["2"]),
    ]
    assert claimed(draft) == [
        (
            "The foreign ministers met in the capital on Monday, and agreed to open three "
            "crossings in June, as the agency reported (1).",
            ["https://tanjug.rs/a"],
        ),
        (
            "Trade is to be free of customs from July on, says the treaty.",
            ["https://x.org/treaty"],
        ),
        ("The price of it was not named.", ["2"]),
        ("„Videćemo“, said a delegate.", ["2"]),  # of one word: an expression
    ]
    assert draft.references[-1].targets == ("Talk with the author",)


MARKS = [
    "[1]",
    "](",
    "[^a]",
    "[^a]: ",
    "https://x.y",
    "\n\n[1] ",
    "“a b c d”",
    "Aa. ",
    "> ",
    "— ",
    ID,
]
drafts = st.lists(st.sampled_from([*'a1 \n"“”>`#-*\\.,:^!<>()[]\r', *MARKS]), max_size=40).map(
    "".join
)


@given(drafts)
def test_any_draft_is_read_with_its_spans_in_order(text: str) -> None:
    draft = read_draft(text)
    for spans in (
        [one.span for one in draft.quotations],
        [one.span for one in draft.claims],
        list(dict.fromkeys(one.span for one in draft.references)),
    ):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
    of_parts = [*(q.references for q in draft.quotations), *(c.references for c in draft.claims)]
    for references in of_parts:
        assert set(references) <= set(draft.references)
    assert all(claim.references and claim.text for claim in draft.claims)


def test_of_many_references_the_nearest_count() -> None:
    (quotation,) = read_draft("[1]" * 50 + " said “yes” " + "[2]" * 5).quotations
    assert [one.label for one in quotation.references] == ["2"] * 5 + ["1"] * (MAX_REFERENCES - 5)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        "](" * 100_000,
        "[1]" * 60_000,
        "“a”[1] " * 28_000,
        "> a [1]\n\n" * 20_000,
        "a b c d e [1]\n" * 14_000,
        "a:\n\n> b\n\n" * 18_000,
        "“" + "[1]" * 60_000 + "”",
        "(" * 200_000,
        "*" * 200_000,
        "“a” " * 25_000 + "[1] " * 25_000,
        "x-" * 100_000,
    ],
)
def test_hostile_drafts_take_linear_time(text: str) -> None:
    started = time.thread_time()
    read_draft(text)
    assert time.thread_time() - started < 5.0 * BESIDE  # minutes when it is quadratic
