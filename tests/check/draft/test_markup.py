from __future__ import annotations

import pytest

from qa.check.draft import Draft, read_draft
from qa.check.draft.markup import as_markdown
from qa.check.draft.structured import as_prose
from tests.timing import BESIDE

SENTENCE = "The dam held for nine days"


def quoted(draft: Draft) -> list[tuple[str, str]]:
    """The words of each quotation, and what of the draft as it came they are."""
    return [(q.words, draft.text[q.span.start : q.span.end]) for q in draft.quotations]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>a <q>b <q>c</q></q></p>", "\n\na “b ‘c’”\n\n"),
        ("``a'' and ``b''", "“a” and “b”"),
        ("&ldquo;a&rdquo; &amp; b&nbsp;c", "“a” & b\u00a0c"),
        ('<a href="/b c">d</a> <a name="e">f</a>', "[d](</b%20c>) f"),
        ("<ul><li>a<li>b</ul>", "\n\n\n- a\n- b\n\n"),
        ("<ol><li>a</li><li>b\nc</li></ol>", "\n\n\n1. a\n2. b c\n\n"),
        ("<blockquote>a\nb<br>c</blockquote>", "\n\n> a b\n> c\n\n"),
        ("<h2>a</h2>b", "\n\n# a\n\nb"),
        ("<table><tr><td>1<td>a\nb</table>", "\n\n\n| 1 | a b\n\n"),
        ("a <!-- b --> <script>“c”</script>d", "a  d"),
        ("<script>a", "a"),
        ("`<q>` and\n\n```\n<q>\n```", None),
        ("a < b & c; <Ana>", None),
        ("<cite>1</cite> <cite>Ana</cite> <source>x.txt</source>", " [1]  [Ana]  [source: x.txt]"),
        ('<cite index="0-3,2-1">a</cite><ref name="b"/>', "a [0][2][source: b]"),
    ],
)
def test_html_is_written_anew_as_markdown(written: str, read: str | None) -> None:
    found = as_markdown(written)

    assert (found.text if found else None) == (written if read is None and found else read)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>He said <q>a &amp; b</q>.</p>", [("a & b", "a &amp; b")]),
        (
            "<blockquote><p>a <b>b</b></p><p>c</p></blockquote>",
            [("a b\nc", "a <b>b</b></p><p>c")],
        ),
        ("“the dam held [2], but [barely](/a)”", [("the dam held, but barely",) * 2]),
        ('{"text": "He said “a \\"b\\" c”."}', [('a "b" c', 'a \\"b\\" c')]),
        (
            '[{"citations": [{"cited_text": "a b\\u00e9", "title": "T"}]}]',
            [("a bé", "a b\\u00e9")],
        ),
    ],
)
def test_spans_are_those_of_the_draft_as_it_came(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = quoted(read_draft(text))

    assert [words for words, _ in found] == [words for words, _ in expected]
    assert all(
        came == given or "[2]" in came
        for (_, came), (_, given) in zip(found, expected, strict=True)
    )


ANSWER = """{
 "answer": "It held for nine days [2].",
 "citations": [
  {"quote": "the dam held", "source": "https://x.org/a", "page": 4},
  {"id": 2, "quote": "for nine days", "document_title": "Dam [2026]", "speaker": "Ana"}
 ],
 "sources": ["https://x.org/c"]
}"""


def test_json_with_citations_is_written_anew_as_markdown() -> None:
    found = as_prose(ANSWER)

    assert found is not None
    assert found.text.strip().split("\n\n") == [
        "It held for nine days [2].",
        "> the dam held",
        "Source: ^[https://x.org/a]",
        "> for nine days",
        "Source: ^[Dam (2026)]",
        "[1]: https://x.org/a",
        "[2]: Dam (2026)",
        "[3]: https://x.org/c",
    ]
    draft = read_draft(f"```json\n{ANSWER}\n```")
    assert [(q.words, [r.targets for r in q.references]) for q in draft.quotations] == [
        ("the dam held", [("https://x.org/a",)]),
        ("for nine days", [("Dam (2026)",)]),
    ]
    assert [(c.text, c.references[0].targets) for c in draft.claims] == [
        ("It held for nine days.", ("Dam (2026)",))
    ]


@pytest.mark.parametrize("text", ['{"a": 1}', "[1] Talks", "{broken", "[" * 100 + "]" * 100, "[]"])
def test_what_is_no_json_with_text_is_no_such_answer(text: str) -> None:
    assert as_prose(text) is None


def test_citations_beside_a_draft_are_quotations_of_it() -> None:
    text = "The dam held for nine days, it says. [1] It was “open”."
    draft = read_draft(text, citations=[("The dam held", "a.txt"), ("[x]\n\ny", None)])

    assert [(q.words, q.span.start, q.span.end) for q in draft.quotations] == [
        ("open", 49, 53),
        ("The dam held", 0, 12),
        ("[x]\ny", len(text), len(text)),
    ]
    assert [(r.label, r.targets) for r in draft.references] == [
        ("1", ("a.txt",)),
        ("a.txt", ("a.txt",)),
    ]


@pytest.mark.parametrize(
    ("text", "uncited"),
    [
        (f"{SENTENCE}.\n\n{SENTENCE} [1]. He said “no”.", [f"{SENTENCE}."]),
        (f"# {SENTENCE}\n\nToo short.\n\n- {SENTENCE}", [SENTENCE]),
        (f"<p>{SENTENCE} &amp; one.</p>", [f"{SENTENCE} &amp; one."]),
    ],
)
def test_sentences_without_a_source_are_known(text: str, uncited: list[str]) -> None:
    assert [text[span.start : span.end] for span in read_draft(text).uncited] == uncited


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("— Ana Petrović [1]", "Ana Petrović"),
        ("– *Ana Petrović*, in May", "Ana Petrović"),
        ("— Tanjug", None),
        ("— The Morning Post", None),
        ("— Ana Petrović said so", None),
    ],
)
def test_the_line_below_a_blockquote_names_its_speaker(line: str, speaker: str | None) -> None:
    for between in ("\n> ", "\n\n"):
        (quotation,) = read_draft(f"> we go home now{between}{line}").quotations
        assert (quotation.words, quotation.speaker) == ("we go home now", speaker)


def test_each_paragraph_of_a_quotation_has_the_reference_of_the_others() -> None:
    draft = read_draft("He said [1]: “One.\n\n“Two.\n\n“Three.” [2]")

    assert [(q.words, [one.label for one in q.references]) for q in draft.quotations] == [
        ("One.", ["1"]),
        ("Two.", ["2"]),
        ("Three.", ["2"]),
    ]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "<q>" * 60_000,
        "<blockquote>" * 16_000,
        "<script>" * 25_000,
        "<!--" * 50_000,
        "&amp;" * 40_000,
        "``a" * 60_000,
        "‘a " * 60_000,
        "“a\n" * 40_000,
        "(Ab, 2026)" * 20_000,
        "| 1 | a |\n" * 20_000,
        '{"text": "' + "a \\n" * 40_000 + '"}',
        '[{"quote": "a", "source": "b"}' + ', {"quote": "a", "source": "b"}' * 5_000 + "]",
    ],
)
@pytest.mark.timeout(60)
def test_hostile_markup_takes_linear_time(text: str) -> None:
    import time

    started = time.thread_time()
    read_draft(text)
    assert time.thread_time() - started < 8.0 * BESIDE  # minutes when it is quadratic
