import math
from dataclasses import replace

import numpy as np
import pytest

from embeddings import Encoded, TokenVectors
from qa.ask.rerank import (
    FEATURES,
    READ_FEATURES,
    features,
    read_features,
    rerank,
    reread,
    standardised,
    stretched,
)
from qa.retrieval.late_interaction import Interaction, Question, SentenceInteraction
from qa.types import Hit, Passage, Source, Span
from tests.readings import reading

SOURCE = Source("a")
NONE = np.zeros((0, 2), np.float32)
QUESTION = Question(
    "pilot ships",
    Encoded(np.array([1, 0], np.float32), TokenVectors(NONE, NONE.astype(np.int32))),
    np.array([1.0, 3.0], np.float32),
    {"pilot": 1.0, "ship": 3.0},
    frozenset({("pilot", "ship")}),
    {"pilot": ("pilot",), "ships": ("ship",)},
    frozenset(),
)
NEARNESS = {name: float(name == "nearness") for name in FEATURES}


def hit(id_, score=0.5, lexical=None, lead=False):
    return Hit(Passage(id_, "a", 0, 1, "x"), SOURCE, score, None, lexical, lead=lead)


def interaction(near=(0.0, 0.0), sentences=(), words=()):
    return Interaction(QUESTION, np.array(near, np.float32), tuple(sentences), words)


def sentence(cosine, coverage, *sequence):
    return SentenceInteraction(Span(0, 1), np.zeros(2, np.float32), cosine, coverage, sequence)


def test_features_are_what_reading_shows():
    sentences = [sentence(0.5, 0.25, "pilot", "ship"), sentence(0.4, 0.75, "ship")]
    rows = features(
        [hit("a", lexical=7.5, lead=True), hit("b")],
        [interaction((0.5, 0.9), sentences), interaction()],
    )

    named = [dict(zip(FEATURES, row, strict=True)) for row in rows.tolist()]
    assert named[0] == pytest.approx(
        {
            "lexical": 7.5,
            "nearness": (0.5 + 3 * 0.9) / 4,
            "pairs": 1.0,
            "sentence_coverage": 0.75,
            "sentence_cosine": 0.5,
            "lead": 1.0,
        }
    )
    assert set(named[1].values()) == {0.0}


def test_neighbours_in_the_title_are_neighbours():
    assert interaction(words=("pilot", "ship")).pairs == 1.0
    assert interaction(sentences=[sentence(0, 0, "pilot"), sentence(0, 0, "ship")]).pairs == 0.0


def test_features_are_stretched_among_the_hits():
    rows = np.array([[1, 5, 2], [3, 5, 4], [2, 5, 2]], np.float32)

    assert stretched(rows).tolist() == [[0, 1, 0], [1, 1, 1], [0.5, 1, 0]]
    assert stretched(rows[:0]).shape == (0, 3)


def test_scores_are_the_weighted_features_in_the_upper_half():
    hits = [hit("a"), hit("b"), hit("c")]
    interactions = [interaction((0.2, 0.2)), interaction((0.4, 0.4)), interaction((0.6, 0.6))]

    found, read = rerank(hits, interactions, NEARNESS)
    assert [(h.passage.id, h.score) for h in found] == [("c", 1.0), ("b", 0.75), ("a", 0.5)]
    assert [r.near[0] for r in read] == pytest.approx([0.6, 0.4, 0.2])


def test_weights_count_by_their_share():
    hits = [hit("a", lexical=1.0), hit("b", lexical=0.0)]
    interactions = [interaction((0, 0)), interaction((1, 1))]

    found, _ = rerank(hits, interactions, NEARNESS | {"nearness": 3.0, "lexical": 1.0})
    assert [(h.passage.id, h.score) for h in found] == [("b", 0.875), ("a", 0.625)]


def test_hits_that_were_not_read_stay_behind_in_their_order():
    hits = [hit("a", 1.0), hit("b", 0.8), hit("c", 0.6), hit("d", 0.4)]

    found, _ = rerank(hits, [interaction((0, 0)), interaction((1, 1))], NEARNESS)
    assert [(h.passage.id, h.score) for h in found] == [
        ("b", 1.0),
        ("a", 0.5),
        ("c", 0.3),
        ("d", 0.2),
    ]


def test_equals_keep_their_order():
    found, _ = rerank([hit(i) for i in "abc"], [interaction((0.5, 0.5))] * 3, NEARNESS)

    assert [(h.passage.id, h.score) for h in found] == [("a", 1.0), ("b", 1.0), ("c", 1.0)]


def test_nothing_found_is_nothing_to_order():
    assert rerank([], [], NEARNESS) == ([], [])


# --- what was read -----------------------------------------------------------------------------

WEIGHTS = {"order": 1.0, "relevance": 2.0, "margin": 0.5}


def was_read(margin, relevance):
    made = reading("A pilot guides ships.", "pilot", margin=margin, relevance=relevance)
    return replace(interaction(), reading=made)


def test_what_is_read_counts_with_the_order_that_came_before():
    rows = read_features(
        [hit("a", 0.75), hit("b", 0.5)], [was_read(4.0, -1.0), was_read(-2.0, 3.0)]
    )

    assert READ_FEATURES == ("order", "relevance", "margin")
    assert rows.tolist() == [[0.75, -1.0, 4.0], [0.5, 3.0, -2.0]]


def test_hits_that_were_read_come_first_by_the_weighted_sum_and_its_odds():
    hits = [hit("a", 1.0), hit("b", 0.5), hit("c", 0.25)]
    # Of two hits each feature is 1 and -1. Sums: 1 - 2 + 0.5 and -1 + 2 - 0.5.
    read = [was_read(0.0, -1.0), was_read(-2.0, 3.0), interaction()]
    found, read = reread("Who guides ships?", hits, read, WEIGHTS)

    odds = 1 / (1 + math.exp(-0.5))
    first, second = round(0.75 + odds / 4, 6), round(1 - odds / 4, 6)
    expected = [("b", first), ("a", second), ("c", 0.1875)]
    assert [(h.passage.id, h.score) for h in found] == expected
    assert [r.reading is not None for r in read] == [True, True, False]
    assert read[0].reading.relevance == 3.0


@pytest.mark.parametrize("question", ["Why do ships wait?", "Do ships wait?"])
def test_what_is_read_counts_half_where_a_whole_sentence_answers(question):
    hits = [hit("a", 1.0), hit("b", 0.5)]
    # Sums: 1 - 1 + 0.25 and its contrary.
    found, _ = reread(question, hits, [was_read(0.0, -1.0), was_read(-2.0, 3.0)], WEIGHTS)

    odds = 1 / (1 + math.exp(-0.25))
    scores = [("a", round(0.75 + odds / 4, 6)), ("b", round(1 - odds / 4, 6))]
    assert [(h.passage.id, h.score) for h in found] == scores


def test_features_are_compared_by_how_they_differ_among_these_hits():
    rows = np.array([[0.5, -2.0, 7.0], [1.0, 4.0, 7.0], [0.75, 1.0, 7.0]], np.float32)

    found = standardised(rows)
    side = math.sqrt(1.5)
    assert found == pytest.approx(np.array([[-side, -side, 0], [side, side, 0], [0, 0, 0]]))
    assert standardised(rows * 10 + 3) == pytest.approx(found, abs=1e-6)
    assert standardised(rows[:1]).tolist() == [[0.0, 0.0, 0.0]]


def test_what_nobody_read_stays_as_it_is():
    hits = [hit("a", 0.4), hit("b", 0.6)]

    assert reread("Who?", hits, [interaction(), interaction()], WEIGHTS)[0] == hits
    assert reread("Who?", hits, [was_read(4.0, 1.0), interaction()], WEIGHTS)[0] == hits
    assert reread("Who?", [], [], WEIGHTS) == ([], [])
