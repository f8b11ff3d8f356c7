"""Passages within what stands around them, and what of them goes into a prompt."""

from __future__ import annotations

from itertools import pairwise

import pytest

from embeddings import HashEncoder
from qa.ask.inquiry import Inquiry
from qa.errors import InvalidInput, NotFound, SourceChanged
from qa.passages.chunking import Chunking
from qa.retrieval.expansion import MOST_CHARACTERS

# Sentences of eight words and a full stop, in paragraphs of two; a passage has room for one.
LINES = [
    "The first ferry sails at nine each morning.",
    "Her captain has guided ships for thirty years.",
    "The second ferry waits for the evening tide.",
    "Its engine was built in the northern shipyard.",
    "A third ferry carries only timber and coal.",
    "No passenger has ever been taken on board.",
]
TEXT = f"{LINES[0]} {LINES[1]}\n\n{LINES[2]} {LINES[3]}\n\n{LINES[4]} {LINES[5]}"
SPANS = HashEncoder().token_spans


@pytest.fixture
def corpus(tmp_path):
    from qa import Corpus

    with Corpus.open(tmp_path / "c", encoder=HashEncoder(), chunking=Chunking(tokens=9)) as opened:
        yield opened


@pytest.fixture
def ferries(corpus, document):
    corpus.add_batch([document("ferries", TEXT), document("quay", "The quay is closed to cars.")])
    return corpus


def place(*lines: int) -> tuple[int, int]:
    first, last = LINES[lines[0]], LINES[lines[-1]]
    return TEXT.index(first), TEXT.index(last) + len(last)


def first(corpus, question, **options):
    answer = corpus.ask(question, top_k=1, **options)
    return answer.hits[0]


@pytest.mark.parametrize(
    ("line", "expand", "expected"),
    [
        (0, "paragraph", (0, 1)),
        (3, "paragraph", (2, 3)),
        (5, "paragraph", (4, 5)),
        (0, "neighbours", (0, 1)),
        (3, "neighbours", (2, 4)),
        (5, "neighbours", (4, 5)),
    ],
)
def test_a_passage_is_shown_within_what_stands_around_it(ferries, line, expand, expected):
    hit = first(ferries, LINES[line], expand=expand)
    shown, passage = hit.expanded, hit.passage

    assert passage.text == LINES[line]
    assert (shown.start, shown.end) == place(*expected)
    assert shown.text == TEXT[shown.start : shown.end]
    assert shown.text[passage.start - shown.start : passage.end - shown.start] == passage.text
    assert shown.citation == f"ferries, characters {shown.start}–{shown.end}"
    assert ferries.passage(passage.id, expand).expanded == shown
    assert ferries.passage(passage.id).expanded is None


def test_an_expansion_is_bounded_however_long_the_paragraph_is(corpus, document):
    text = " ".join(f"Ship number {n} sails at dawn from here." for n in range(400))
    corpus.add_batch([document("ships", text)])
    for n in (0, 200, 399):
        hit = first(corpus, f"Ship number {n} sails at dawn from here.", expand="paragraph")
        shown = hit.expanded

        assert hit.passage.text == f"Ship number {n} sails at dawn from here."
        assert MOST_CHARACTERS - 200 < shown.end - shown.start <= MOST_CHARACTERS
        assert shown.start <= hit.passage.start < hit.passage.end <= shown.end
        assert shown.text == text[shown.start : shown.end]


def test_blanks_without_end_between_two_passages_are_not_shown(corpus, document):
    text = f"The ferry waits.{' ' * 50_000}The tide turns."
    corpus.add_batch([document("gap", text)])
    hits = corpus.ask("ferry", expand="neighbours").hits

    assert all(len(hit.expanded.text) <= MOST_CHARACTERS for hit in hits)
    assert all(text[h.expanded.start : h.expanded.end] == h.expanded.text for h in hits)


def test_what_overlaps_or_adjoins_is_one_part_of_a_prompt(ferries):
    answer = ferries.ask("ferry", top_k=20, max_tokens=1_000)
    (part,) = [part for part in answer.context.parts if part.source.article_id == "ferries"]
    taken = {h.passage.id for h in answer.hits if h.passage.article_id == "ferries"}

    assert (part.start, part.end) == place(0, 5)
    assert part.text == TEXT
    assert {passage.id for passage in part.passages} == taken
    assert all(a.start < b.start for a, b in pairwise(part.passages))
    assert part.tokens == len(SPANS(TEXT))
    assert answer.context.left_out == ()
    assert answer.context.tokens == sum(part.tokens for part in answer.context.parts)


def test_a_prompt_takes_the_best_that_there_is_room_for(ferries):
    everything = ferries.ask(LINES[2], top_k=20).hits
    for room in (1, 9, 20, 34, 60):
        context = ferries.ask(LINES[2], top_k=20, max_tokens=room, expand="paragraph").context
        ids = [passage.id for part in context.parts for passage in part.passages]

        assert context.tokens <= room
        assert context.tokens == sum(len(SPANS(part.text)) for part in context.parts)
        assert sorted([*ids, *context.left_out]) == sorted(hit.passage.id for hit in everything)
        for part in context.parts:
            for passage in part.passages:
                at = passage.start - part.start
                assert part.text[at : at + len(passage.text)] == passage.text
        places = sorted((p.source.article_id, p.start, p.end) for p in context.parts)
        assert all(a[0] != b[0] or a[2] < b[1] for a, b in pairwise(places))


def test_a_passage_goes_in_alone_where_its_paragraph_does_not(ferries):
    size = len(SPANS(LINES[3]))
    alone = ferries.ask(LINES[3], top_k=1, max_tokens=size, expand="paragraph").context
    none = ferries.ask(LINES[3], top_k=1, max_tokens=size - 1, expand="paragraph").context

    assert [part.text for part in alone.parts] == [LINES[3]]
    assert (none.parts, none.tokens, len(none.left_out)) == ((), 0, 1)


def test_neither_is_there_unless_it_is_asked_for(ferries):
    answer = ferries.ask("ferry")
    assert answer.context is None
    assert {hit.expanded for hit in answer.hits} == {None}


@pytest.mark.parametrize("max_tokens", [0, -1, 100_001])
def test_no_prompt_has_so_many_tokens(ferries, max_tokens):
    with pytest.raises(InvalidInput, match=r"max_tokens is .*; give 1 to 100,000"):
        ferries.ask("ferry", max_tokens=max_tokens)


def test_an_expansion_of_what_is_not_there_is_refused(ferries, document):
    id_ = first(ferries, "ferry").passage.id
    ferries.add_batch([document("ferries", TEXT + " More.")])
    with pytest.raises(SourceChanged):
        ferries.passage(id_, "paragraph")
    with pytest.raises(NotFound):
        ferries.passage("none.12345678.0-9", "paragraph")


# --- min_score ---


@pytest.mark.parametrize("sort", ["relevance", "published"])
def test_passages_that_score_less_are_left_out(ferries, sort):
    every = ferries.ask(LINES[2], top_k=20, sort=sort).hits
    for least in (every[0].score, every[-1].score):
        some = ferries.ask(LINES[2], top_k=20, sort=sort, min_score=least)
        assert some.hits == tuple(hit for hit in every if hit.score >= least)
        assert some.next_offset is None


def test_where_all_score_less_nothing_is_answered_and_it_says_so(ferries):
    answer = ferries.ask("Which ferry carries cars to the northern quay?", min_score=1)
    assert (answer.answered, answer.statement, answer.hits) == (False, None, ())
    assert answer.reason.startswith("No passage has a score of at least 1; the nearest has 0.")


def test_the_pages_of_what_scores_enough_are_one_list(ferries):
    least = ferries.ask(LINES[2], top_k=3).hits[-1].score
    pages, offset = [], 0
    while offset is not None:
        page = ferries.ask(LINES[2], top_k=2, offset=offset, min_score=least)
        pages += [hit.passage.id for hit in page.hits]
        offset = page.next_offset
    assert pages == [h.passage.id for h in ferries.ask(LINES[2], min_score=least, top_k=9).hits]


# --- many ---


def test_many_are_asked_of_one_moment_and_an_error_is_ones_own(ferries):
    found = ferries.ask_many(["ferry", "", Inquiry(question="quay", top_k=1), "-ferry"])

    assert [type(one).__name__ for one in found] == ["Answer", "InvalidInput"] * 2
    assert found[0].hits == ferries.ask("ferry").hits
    assert [hit.passage.article_id for hit in found[2].hits] == ["quay"]
    assert ferries.ask_many([]) == []
    with pytest.raises(InvalidInput, match="the batch has 101 items together; at most 100"):
        ferries.ask_many(["ferry"] * 101)
    with pytest.raises(InvalidInput, match="the batch has 101 items together; at most 100"):
        ferries.check_many(["ferry"] * 101)
