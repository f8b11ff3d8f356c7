import math
from dataclasses import replace
from typing import Any

import pytest

from embeddings import HashEncoder
from qa.ask.confidence import APART, Confidence, Signals, coefficients, coverage
from qa.ask.rerank import FEATURES, READ_FEATURES
from qa.retrieval.late_interaction import Interaction, Question
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source
from tests.readings import reading

ENCODER = HashEncoder()
PILOTS = "Pilots at work\nA pilot guides ships. The crew sleeps."


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), [(1, PILOTS), (2, "Nobody guides the bakers."), (3, "Night falls.")])
    return index.searcher()


def signals(question, texts, lexical, read=()):
    asked = Question.of(question, ENCODER.encode_queries([question])[0], lexical)
    interactions = []
    for text in texts:
        source = Source("a")
        hit = Hit(Passage("a.0", "a", 0, len(text), text), source, 1.0, None, None)
        tokens = PassageTokens(ENCODER.encode_queries([text])[0].tokens, tuple(sentences(text)))
        interactions.append(read_passage(asked, hit, tokens))
    for number, made in enumerate(read):
        interactions[number] = replace(interactions[number], reading=made)
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


def test_what_was_read_shows_its_best_margin_and_relevance(lexical):
    texts = [PILOTS, "Night falls.", "Bread.", "Nobody guides the bakers."]
    read = [
        reading(texts[0], "pilot", margin=-3.0, relevance=2.0),
        reading(texts[1], "Night", margin=4.0, relevance=-1.0),
        reading(texts[2], "Bread", margin=1.0),
        reading(texts[3], "Nobody", margin=9.0, relevance=9.0),  # the fourth
    ]

    found = signals("pilot", texts, lexical, read)
    assert (found.margin, found.relevance) == (4.0, 2.0)
    unread = signals("pilot", texts, lexical)
    assert (unread.margin, unread.relevance) == (0.0, 0.0)
    assert unread.sentence == found.sentence


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


def asked_of(lexical: Any, question: str, text: str) -> tuple[Question, list[Interaction]]:
    asked = Question.of(question, ENCODER.encode_queries([question])[0], lexical)
    hit = Hit(Passage("a.0", "a", 0, len(text), text), Source("a"), 1.0, None, None)
    tokens = PassageTokens(ENCODER.encode_queries([text])[0].tokens, tuple(sentences(text)))
    return asked, [read_passage(asked, hit, tokens)]


def test_where_no_words_are_the_same_nearness_alone_tells(lexical):
    """As far as the encoder knows several languages."""
    one = replace(coefficients("hash"), across=None)
    several = replace(one, across=Confidence(-1.0, {"sentence": 2.0}))
    apart = asked_of(lexical, "zebra crew", "Night falls.")
    alike = asked_of(lexical, "crew", PILOTS)

    assert (several.apart(*apart), several.apart(*alike)) == (True, False)
    assert not one.apart(*apart)
    assert several.sure(*apart, "off") == 1 / (1 + math.exp(1))
    assert several.sure(*apart, "deep") == one.sure(*apart, "deep")
    assert several.across
    assert several.sure(*alike, "off") == one.sure(*alike, "off")
    assert several.sure(*alike, "off") != several.across(Signals.of(*alike))


def test_a_question_in_another_language_is_apart_and_ordered_by_nearness_alone(lexical):
    """Of a question in Serbian “pilot” is there: as names are, in a foreign language."""
    several = coefficients("multilingual-e5-small")
    foreign, found = asked_of(lexical, "Ко је тај pilot и где је лука?", PILOTS)
    own, _ = asked_of(lexical, "Who guides the pilot?", PILOTS)

    assert (foreign.foreign, own.foreign) == (True, False)
    assert coverage(foreign, found) >= APART
    assert several.apart(foreign, found)
    assert not coefficients("all-MiniLM-L6-v2").apart(foreign, found)
    nearness = several.ranking_of(foreign)
    assert {name for name, weight in nearness.items() if weight} == {"nearness"}
    assert several.ranking_of(own) == several.ranking
    default = coefficients("all-MiniLM-L6-v2")
    assert default.ranking_of(foreign) == default.ranking_of(own) == default.ranking


def test_the_multilingual_model_has_its_own_coefficients_packed_or_not():
    found = coefficients("multilingual-e5-small")

    assert found == coefficients("intfloat/multilingual-e5-small") != coefficients("other")
    assert set(found.across.weights) == {"sentence"}
    assert coefficients("all-MiniLM-L6-v2").across is coefficients("other").across is None


def test_an_encoder_without_coefficients_has_those_of_the_others():
    assert coefficients("hash") == coefficients("of no known kind") == coefficients("other")
    unread = coefficients("hash").confidence["off"]
    assert unread == Confidence(-4.0, {"sentence": 5.0, "coverage": 4.0})
    assert coefficients("hash").threshold["off"] == 0.5


@pytest.mark.parametrize("encoder", ["other", "all-MiniLM-L6-v2", "multilingual-e5-small"])
def test_there_is_a_weight_for_every_feature(encoder):
    found = coefficients(encoder)

    assert tuple(found.ranking) == FEATURES
    assert found.across_ranking is None or tuple(found.across_ranking) == FEATURES
    assert all(weight >= 0 for weight in found.ranking.values())
    assert set(found.confidence) == set(found.threshold) == {"deep", "fast", "off"}
    weights = {depth: set(rule.weights) for depth, rule in found.confidence.items()}
    assert weights["off"] <= {"sentence", "coverage", "rarity", "length"}
    assert {"margin", "relevance"} <= weights["deep"] & weights["fast"]
    assert weights["deep"] | weights["fast"] <= set(Signals.__dataclass_fields__)
    assert tuple(found.reading) == READ_FEATURES


def test_the_packaged_model_has_its_own_coefficients():
    assert coefficients("all-MiniLM-L6-v2") != coefficients("other")
