"""What a question asks for besides its words: phrases, exclusions, a time, a page, an order."""

import re
from typing import get_args

import pytest

from embeddings import HashEncoder
from qa import Corpus, Filters
from qa.errors import InvalidInput
from qa.types import Mode

MODES = get_args(Mode)
TRAMS = {
    "line": ("The ferry line of Lund closed for the winter.", "2019-03-01"),
    "ferry": ("A ferry left Lund late, and a line of cars waited.", "2021"),
    "malmo": ("The ferry line of Malmö opened again.", "2024-05-02"),
    "plan": ("The plan for the ferry-line was shown to Lundgren.", "2024-11-05"),
    "undated": ("Nobody knows when the ferry line of Ystad began.", None),
    "titled": ("Trains and a ferry line come late.", "2023-01"),
}


@pytest.fixture(scope="module")
def ferries(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("asked"), encoder=HashEncoder()) as corpus:
        corpus.add_batch(
            [
                document(id_, text, published=day, title="News of Lund" if id_ == "titled" else id_)
                for id_, (text, day) in TRAMS.items()
            ]
        )
        yield corpus


def ids(answer):
    return [hit.passage.article_id for hit in answer.hits]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('"ferry line"', {"line", "malmo", "plan", "undated", "titled"}),
        ('"FERRY line" of -Lund', {"malmo", "plan", "undated"}),
        ('ferry -"ferry line"', {"ferry"}),
        ('"the ferry line of" -lund -Ystad', {"malmo"}),
        ('"late" -“line of cars”', {"titled"}),
    ],
)
def test_phrases_and_exclusions_hold_in_every_mode(ferries, mode, question, expected):
    answer = ferries.ask(question, mode=mode, top_k=10)

    assert set(ids(answer)) == expected
    for one in answer.understood:
        assert (one.effect, one.text) == ("filter", question[one.start : one.end])


def test_what_nobody_says_word_for_word_is_not_answered(ferries):
    answer = ferries.ask('Who saw the "line ferry"?')

    assert (answer.answered, answer.hits) == (False, ())
    assert answer.reason == "No passage was found that has “line ferry” word for word."
    without = ferries.ask("ferry -late", filters=Filters(article_ids=("ferry",)))
    assert without.reason == ("No passage was found that is without “late” and passes the filters.")


@pytest.mark.parametrize("question", ["-Lund", '-"ferry line" -Lund ?'])
def test_a_question_of_exclusions_alone_is_refused(ferries, question):
    with pytest.raises(InvalidInput, match="only says what is not wanted") as error:
        ferries.ask(question)
    assert error.value.code == "empty"


def test_a_phrase_of_words_that_no_index_has_is_found_all_the_same(corpus, document):
    corpus.add_batch([document(f"n{n}", f"Number {n} is of the town.") for n in range(300)])
    corpus.add_batch([document("who", "This is who he is to all of us.")])

    for mode in MODES:
        assert ids(corpus.ask('"who he is to"', mode=mode)) == ["who"]


def test_exclusions_reach_as_far_down_as_is_needed(corpus, document):
    corpus.add_batch([document(f"n{n}", f"The tram {n} is late.") for n in range(400)])
    corpus.add_batch([document("last", "Of one more tram we know nothing at all here.")])

    for mode in MODES:
        assert ids(corpus.ask("tram -late", mode=mode)) == ["last"]


# --- quoted in a question ---

QUOTING = 'Who of all the people saw the "{}" of the town?'


@pytest.mark.parametrize("mode", MODES)
def test_what_a_question_quotes_comes_earlier_and_nothing_is_lost(ferries, mode):
    answer = ferries.ask(QUOTING.format("line of cars"), mode=mode, top_k=10)

    plain = ids(ferries.ask(QUOTING.format("line of cars").replace('"', ""), mode=mode, top_k=10))
    assert set(ids(answer)) == set(plain) == set(TRAMS)
    assert ids(answer).index("ferry") < max(1, plain.index("ferry"))
    [one] = answer.understood
    assert (one.kind, one.effect, one.stands) == ("phrase", "preference", True)
    assert (one.text, one.words, answer.notes) == ('"line of cars"', "line of cars", ())
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)


def test_what_is_quoted_in_vain_is_said(ferries):
    answer = ferries.ask(QUOTING.format("line ferry"), top_k=10)

    assert set(ids(answer)) == set(TRAMS)
    [one] = answer.understood
    assert (one.effect, one.stands) == ("preference", False)
    assert answer.notes == (
        "No passage was found that has “line ferry” word for word: its words are looked for one by "
        "one.",
    )
    must = ferries.ask(QUOTING.format("line ferry").replace('"l', '+"l'))
    assert (must.hits, must.answered) == ((), False)
    kept = ferries.ask(QUOTING.format("cars"), filters=Filters(article_ids=("line",)))
    assert [one.stands for one in kept.understood] == [False]


def test_what_is_quoted_is_found_far_down_and_comes_once(corpus, document):
    corpus.add_batch([document(f"n{n}", f"The tram {n} is late in town.") for n in range(200)])
    corpus.add_batch(
        [document("far", "Nobody is left here at all but the late and odd conductor.")]
    )
    question = 'Which tram is late in town, and of the "odd conductor" why?'

    for mode in MODES:
        pages = [corpus.ask(question, mode=mode, top_k=50, offset=n) for n in range(0, 250, 50)]
        found = [id_ for page in pages for id_ in ids(page)]
        assert "far" in found[:21]
        assert (len(found), len(set(found))) == (201, 201)
        assert {one.stands for page in pages for one in page.understood} == {True}


# --- a question that is too long ---


@pytest.mark.parametrize(
    ("mode", "behind"),
    [
        ("hybrid", "is looked for by its words alone"),
        ("dense", "is not looked for"),
        ("lexical", "is looked for by its words alone"),
    ],
)
def test_what_no_encoder_reads_of_a_question_is_said(ferries, mode, behind):
    answer = ferries.ask("Of the town " * 84 + "we ask who saw the ferry line of Ystad?", mode=mode)

    assert answer.unread == "who saw the ferry line of Ystad?"
    assert answer.notes == (
        "The question is too long: by meaning only its first 254 tokens are read, up to "
        f"“… town Of the town Of the town Of the town we ask”; what stands behind {behind}.",
    )
    whole = ferries.ask("Of the town " * 84 + "we ask?!", mode=mode)
    assert (whole.unread, whole.notes) == ("", ())


def test_of_a_related_text_it_is_said_too(ferries):
    found = ferries.related(text="Of the town " * 84 + "we ask who saw the ferry line ")

    [note] = found.notes
    assert note.startswith("The text is too long: by meaning only its first 254 tokens are read, ")
    assert "town we ask”; what" in note
    assert ferries.related(text="the ferry line").notes == ()


# --- the time ---


def test_the_latest_comes_first_and_it_is_said(ferries):
    answer = ferries.ask('latest "ferry line"')

    assert ids(answer)[:2] == ["plan", "malmo"]
    assert [(one.kind, one.effect, one.text) for one in answer.understood] == [
        ("latest", "preference", "latest"),
        ("phrase", "filter", '"ferry line"'),
    ]
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    plain = ferries.ask('latest "ferry line"', time=False)
    assert [one.kind for one in plain.understood] == ["phrase"]
    assert ids(plain)[:2] == ["malmo", "plan"]


def test_since_leaves_out_what_is_dated_before_and_nothing_else(ferries):
    answer = ferries.ask("the ferry line since 2023", top_k=10)

    assert set(ids(answer)) == {"malmo", "plan", "undated", "titled"}
    assert [(one.kind, one.published_from) for one in answer.understood] == [("since", "2023")]
    assert len(ids(ferries.ask("the ferry line since 2023", top_k=10, time=False))) == 6
    # What filters say of dates counts alone.
    filtered = ferries.ask(
        "the ferry line since 2023", filters=Filters(published_to="2020"), top_k=10
    )
    assert (ids(filtered), filtered.understood) == (["line"], ())


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("ferry line in May 2024", "malmo"),
        ("ferry line in November", "plan"),
        ("ferry line before 2020", "line"),
        ("ferry line of 2023-01", "titled"),
    ],
)
def test_of_a_time_that_is_asked_for_comes_first(ferries, question, first):
    answer = ferries.ask(question, top_k=10)

    assert ids(answer)[0] == first
    assert len(answer.hits) == 6


# --- pages, order, groups ---


@pytest.fixture(scope="module")
def trams(tmp_path_factory, document):
    """330 passages of 300 articles, every tenth of two."""
    with Corpus.open(tmp_path_factory.mktemp("trams"), encoder=HashEncoder()) as corpus:
        corpus.add_batch(
            [
                document(
                    f"n{n:03}",
                    f"The tram {n} is {'very ' * (n % 7)}late. " * (1 + 40 * (n % 10 == 0)),
                    published=f"20{n % 24:02}" if n % 5 else None,
                )
                for n in range(300)
            ]
        )
        yield corpus


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rerank", [True, False])
@pytest.mark.parametrize("question", ["tram", "latest tram", "tram -17"])
def test_pages_neither_repeat_nor_skip_a_passage(trams, mode, rerank, question):
    def page(offset, top_k):
        return trams.ask(question, mode=mode, rerank=rerank, offset=offset, top_k=top_k)

    whole = [hit.passage.id for at in (0, 100, 200) for hit in page(at, 100).hits]
    assert len(set(whole)) == len(whole) >= 290
    offset, paged = 0, []
    while offset is not None:
        answer = page(offset, 37)
        assert answer.offset == offset
        paged += [hit.passage.id for hit in answer.hits]
        offset = answer.next_offset
    assert paged[: len(whole)] == whole
    assert len(set(paged)) == len(paged)
    scores = [hit.score for at in (0, 100, 200) for hit in page(at, 100).hits]
    assert scores == sorted(scores, reverse=True)


def test_every_page_has_the_same_answer(ferries):
    first, second = (ferries.ask("ferry line", top_k=2, offset=at) for at in (0, 2))

    assert first.statement == second.statement
    assert (first.confidence, first.reason) == (second.confidence, second.reason)
    assert (first.next_offset, second.next_offset) == (2, 4)
    beyond = ferries.ask("ferry line", offset=50)
    assert (beyond.hits, beyond.next_offset, beyond.statement) == ((), None, first.statement)
    for offset in (-1, 10_001):
        with pytest.raises(InvalidInput, match="give 0 to 10,000"):
            ferries.ask("ferry line", offset=offset)


def test_the_order_may_be_that_of_dates_and_what_has_none_comes_last(ferries):
    newest = ids(ferries.ask('"ferry line"', sort="-published", top_k=10))
    oldest = ids(ferries.ask('"ferry line"', sort="published", top_k=10))

    assert newest == ["plan", "malmo", "titled", "line", "undated"]
    assert oldest == ["line", "titled", "malmo", "plan", "undated"]


def test_what_hardly_comes_near_is_not_put_in_order_by_date(corpus, document):
    corpus.add_batch([document("bread", "Bread is baked at night.", published="2024")])
    corpus.add_batch([document("tram", "The tram of the town is late.", published="2020")])

    assert ids(corpus.ask("Is the tram late?", sort="-published")) == ["tram"]


def test_of_each_article_the_best_passage_alone(trams):
    grouped = [
        hit.passage.article_id
        for at in range(0, 400, 100)
        for hit in trams.ask("tram", group_by="article", top_k=100, offset=at).hits
    ]

    assert sorted(grouped) == [f"n{n:03}" for n in range(300)]
    every = [hit.passage.article_id for hit in trams.ask("tram", top_k=100).hits]
    assert grouped[: len(set(every))] == list(dict.fromkeys(every))


def test_the_time_is_no_reason_why_a_question_is_not_answered(ferries):
    reason = ferries.ask("latest sourdough bakery").reason

    assert reason is not None
    assert re.search("“sourdough” or “bakery”", reason)
    assert "latest" not in reason
