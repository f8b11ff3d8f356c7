import math

import pytest

from embeddings import HashEncoder
from qa.ask.confidence import Confidence, Signals, coefficients
from qa.ask.rerank import FEATURES
from qa.retrieval.late_interaction import Question
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source

ENCODER = HashEncoder()
PILOTS = "Pilots at work\nA pilot guides ships. The crew sleeps."


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), [(1, PILOTS), (2, "Nobody guides the bakers."), (3, "Night falls.")])
    return index.searcher()


def signals(question, texts, lexical):
    asked = Question.of(question, ENCODER.encode_queries([question])[0], lexical)
    interactions = []
    for text in texts:
        source = Source("a")
        hit = Hit(Passage("a.0", "a", 0, len(text), text), source, 1.0, None, None)
        tokens = PassageTokens(ENCODER.encode_queries([text])[0].tokens, tuple(sentences(text)))
        interactions.append(read_passage(asked, hit, tokens))
    return Signals.of(asked, interactions)


def test_signals_are_what_the_first_passages_show(lexical):
    found = signals("pilot guides zebra", [PILOTS, "Nobody guides the bakers."], lexical)

    pilot, guides, zebra = (math.log1p((3 - n + 0.5) / (n + 0.5)) for n in (1, 2, 0))
    total = pilot + guides + zebra
    assert found.sentence == pytest.approx(2 / 3)
    assert found.coverage == pytest.approx((pilot + guides) / total)
    assert found.rarity == pytest.approx(total / 3)
    assert found.length == pytest.approx(math.log(4))


def test_only_the_first_three_passages_count(lexical):
    found = signals("pilot", ["Night falls.", "Bread.", "Bread.", PILOTS], lexical)

    assert (found.sentence, found.coverage) == (0.0, 0.0)


def test_words_of_several_passages_cover_together(lexical):
    assert signals("pilot bakers", [PILOTS, "Nobody guides the bakers."], lexical).coverage == 1


def test_without_passages_only_the_words_are_known(lexical):
    found = signals("pilot", [], lexical)

    assert (found.sentence, found.coverage) == (0.0, 0.0)
    assert found.rarity == pytest.approx(math.log1p(2.5 / 1.5))


def test_a_question_of_stop_words_covers_nothing(lexical):
    found = signals("Who is it?", [PILOTS], lexical)

    assert (found.coverage, found.rarity, found.length) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Signals(0.0, 0.0, 0.0, 0.0), 1 / (1 + math.exp(2))),
        (Signals(0.5, 0.0, 0.0, 0.0), 0.5),
        (Signals(0.5, 1.0, 0.0, 7.0), 1 / (1 + math.exp(-1))),
        (Signals(1.0, 1.0, 2.0, 0.0), 1 / (1 + math.exp(-2))),
    ],
)
def test_confidence_is_the_logistic_of_the_weighted_signals(found, expected):
    rule = Confidence(-2.0, {"sentence": 4.0, "coverage": 1.0, "rarity": -0.5})

    assert rule(found) == pytest.approx(expected, rel=1e-12)


def test_an_encoder_without_coefficients_has_those_of_the_others():
    assert coefficients("hash") == coefficients("of no known kind") == coefficients("other")
    assert coefficients("hash").confidence == Confidence(-4.0, {"sentence": 5.0, "coverage": 4.0})
    assert coefficients("hash").threshold == 0.5


@pytest.mark.parametrize("encoder", ["other", "all-MiniLM-L6-v2"])
def test_there_is_a_weight_for_every_feature(encoder):
    found = coefficients(encoder)

    assert tuple(found.ranking) == FEATURES
    assert all(weight >= 0 for weight in found.ranking.values())
    assert set(found.confidence.weights) <= set(Signals.__dataclass_fields__)


def test_the_packaged_model_has_its_own_coefficients():
    assert coefficients("all-MiniLM-L6-v2") != coefficients("other")
