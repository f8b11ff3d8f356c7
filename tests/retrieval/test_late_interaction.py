import math

import numpy as np
import pytest

from embeddings import HashEncoder
from qa.retrieval.late_interaction import FLOOR, Question, best, mean, union
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source

ENCODER = HashEncoder()
PILOTS = "Pilots at work\nA pilot guides ships. The crew sleeps. Ships wait at night."


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), [(1, PILOTS), (2, "Bread is baked at night."), (3, "Night falls.")])
    return index.searcher()


def asked(question, lexical):
    return Question.of(question, ENCODER.encode_queries([question])[0], lexical)


def covered(found):
    """The share of the question's rarity that the whole passage has."""
    return found.question.coverage(found.terms)


def interaction(question, text, lexical, words=""):
    source = Source("a")
    hit = Hit(Passage("a.0", "a", 0, len(text), text), source, 1.0, None, None, words=words)
    passage = PassageTokens(ENCODER.encode_queries([text])[0].tokens, tuple(sentences(text)))
    return read_passage(asked(question, lexical), hit, passage)


def test_a_token_weighs_what_its_word_is_rare(lexical):
    question = asked("Does the pilot sail at night?", lexical)

    rarest = math.log1p(3.5 / 0.5)
    pilot, night = math.log1p(2.5 / 1.5), math.log1p(0.5 / 3.5)
    assert question.terms == pytest.approx({"pilot": pilot, "sail": rarest, "night": night})
    expected = [0, 0, pilot / rarest, 1, 0, night / rarest]
    assert question.weights == pytest.approx([FLOOR + w for w in expected], rel=1e-6)
    assert question.pairs == {("pilot", "sail"), ("sail", "night")}
    assert question.words["pilot"] == ("pilot",)
    assert question.words["the"] == ()


def test_a_passage_is_as_near_as_its_words_are_those_of_the_question(lexical):
    found = interaction("pilot ships zebra", PILOTS, lexical)

    assert found.near == pytest.approx([1, 1, 0])
    weights = found.question.weights
    assert found.nearness == pytest.approx(weights[:2].sum() / weights.sum())
    assert [s.near.tolist() for s in found.sentences] == [
        [0, 0, 0],
        [1, 1, 0],
        [0, 0, 0],
        [0, 1, 0],
    ]


def test_coverage_and_pairs_count_stems_and_rarity(lexical):
    found = interaction("Do pilots guide ships to bread?", PILOTS, lexical)

    one, two = math.log1p(2.5 / 1.5), math.log1p(2.5 / 1.5)
    assert covered(found) == pytest.approx(3 * one / (3 * one + two))
    assert [s.coverage for s in found.sentences] == pytest.approx([1 / 4, 3 / 4, 0, 1 / 4])
    # pilot-guid and guid-ship are neighbours in the passage, ship-bread is not.
    assert found.pairs == pytest.approx(2 / 3)


def test_title_and_byline_count_as_words_of_the_passage(lexical):
    assert covered(interaction("Gazette pilots", PILOTS, lexical)) < 1
    assert covered(interaction("Gazette pilots", PILOTS, lexical, "Title\nThe Gazette")) == 1


def test_sentences_have_the_cosine_of_their_tokens_mean(lexical):
    found = interaction("pilot", PILOTS, lexical)

    assert [round(s.cosine, 3) for s in found.sentences] == [0, 0.5, 0, 0]


def test_a_question_of_stop_words_is_near_by_its_tokens_alone(lexical):
    found = interaction("Who is the", "The crew.", lexical)

    assert found.question.terms == {}
    assert (covered(found), found.pairs) == (0.0, 0.0)
    assert found.nearness == pytest.approx(1 / 3)


@pytest.mark.parametrize(("question", "text"), [("", PILOTS), ("?!", PILOTS), ("pilot", "?!")])
def test_without_tokens_on_either_side_nothing_is_near(lexical, question, text):
    found = interaction(question, text, lexical)

    assert (found.nearness, covered(found), found.pairs) == (0.0, 0.0, 0.0)


def test_an_empty_corpus_can_be_asked(tmp_path):
    lexical = LexicalIndex(tmp_path).searcher()

    assert asked("pilot", lexical).weights.tolist() == pytest.approx([FLOOR + 1])


def test_it_equals_a_naive_reference():
    rng = np.random.default_rng(1)
    query, passage = (rng.normal(size=(n, 16)).astype(np.float32) for n in (7, 40))

    naive = [max(float(np.dot(q, p)) for p in passage) for q in query]
    assert best(passage @ query.T) == pytest.approx(naive)
    assert mean(np.array(naive, np.float32), np.arange(7, dtype=np.float32)) == pytest.approx(
        sum(n * w for w, n in enumerate(naive)) / 21
    )
    assert union([np.array([1.0, 0.2]), np.array([0.3, 0.4])]).tolist() == [1.0, 0.4]
