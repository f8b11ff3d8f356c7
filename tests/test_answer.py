import math

import pytest

from embeddings import HashEncoder
from qa.answer import Calibration, Signals, calibration, reason, statement, support
from qa.lexical import LexicalIndex
from qa.types import Hit, Passage, Source, Span, Statement

ENCODER = HashEncoder()
PILOTS = "Pilots at work\nA pilot guides ships. The crew sleeps. Ships wait at night."
BREAD = "Bread is baked at night. Nobody guides the bakers."


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), [(1, PILOTS), (2, BREAD), (3, "Night falls.")])
    return index.searcher()


def hit(text, *, start=0, title=None, dense=None, article="a"):
    source = Source(article, title, None, None, None, None, None)
    passage = Passage(f"{article}.{start}", article, start, start + len(text), text)
    return Hit(passage, source, 1.0, dense, None)


def supported(question, hits, lexical, *, read=True):
    found = {h.passage.id: ENCODER.query_tokens(h.passage.text) for h in hits if read}
    return support(question, ENCODER.query_tokens(question), hits, found, lexical)


def marked(hit):
    [span] = hit.highlights
    start = hit.passage.start
    return hit.passage.text[span.start - start : span.end - start]


# --- the supporting sentence -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who guides ships?", "A pilot guides ships."),
        ("Does the crew sleep?", "The crew sleeps."),
        ("Where do ships wait?", "Ships wait at night."),
    ],
)
def test_the_supporting_sentence_is_the_nearest(lexical, question, expected):
    [found], _ = supported(question, [hit(PILOTS)], lexical)

    assert marked(found) == expected


@pytest.mark.parametrize("start", [0, 1000])
def test_its_span_counts_in_the_article(lexical, start):
    [found], _ = supported("Who guides ships?", [hit(PILOTS, start=start)], lexical)

    assert found.highlights == (Span(start + 15, start + 36),)
    assert statement(found) == Statement(
        "A pilot guides ships.", "a", f"a.{start}", start + 15, start + 36
    )


def test_a_headline_supports_when_it_is_clearly_nearer(lexical):
    [found], _ = supported("pilots at work", [hit(PILOTS)], lexical)

    assert marked(found) == "Pilots at work"


def test_a_title_that_ends_like_a_statement_is_still_a_title(lexical):
    text = "A pilot guides ships. The pilot guides ships."
    [plain], _ = supported("pilot guides ships", [hit(text)], lexical)
    [titled], _ = supported(
        "pilot guides ships", [hit(text, title="A pilot guides ships.")], lexical
    )

    assert (marked(plain), marked(titled)) == ("A pilot guides ships.", "The pilot guides ships.")


def test_a_hit_without_token_vectors_is_marked_by_shared_words(lexical):
    [found], signals = supported("Who guides ships?", [hit(PILOTS)], lexical, read=False)

    assert marked(found) == "A pilot guides ships."
    assert signals.sentence == 0.0


def test_every_hit_is_marked(lexical):
    found, _ = supported("guides bakers", [hit(PILOTS), hit(BREAD, article="b")], lexical)

    assert [marked(h) for h in found] == ["A pilot guides ships.", "Nobody guides the bakers."]


def test_a_passage_without_a_sentence_supports_as_a_whole(lexical):
    [found], _ = supported("zebra", [hit(" \n ")], lexical)

    assert found.highlights == (Span(0, 3),)


# --- signals -----------------------------------------------------------------------------------


def test_signals_are_maxsim_coverage_and_cosine(lexical):
    hits = [hit(PILOTS, dense=0.25), hit(BREAD, dense=0.5, article="b")]
    _, signals = supported("pilot guides zebra", hits, lexical)

    # Of three words, the best sentence has two.
    assert signals.sentence == pytest.approx(2 / 3, abs=0.05)
    pilot, guides, zebra = lexical.rarity(["pilot", "guid", "zebra"]).tolist()
    assert pilot == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert signals.coverage == pytest.approx((pilot + guides) / (pilot + guides + zebra))
    assert signals.passage == 0.5


def test_only_the_first_three_hits_count(lexical):
    others = [hit("Night falls.", dense=0.1, article=f"n{n}") for n in range(3)]
    _, signals = supported("pilot", [*others, hit(PILOTS, dense=0.9)], lexical)

    assert signals == Signals(sentence=0.0, coverage=0.0, passage=0.1)


def test_without_hits_all_signals_are_0(lexical):
    assert supported("pilot", [], lexical) == ([], Signals(0.0, 0.0, 0.0))


def test_a_question_of_stop_words_covers_nothing(lexical):
    _, signals = supported("Who is it?", [hit(PILOTS)], lexical)

    assert signals.coverage == 0.0


def test_of_equally_near_sentences_the_one_with_rarer_words_supports(lexical):
    text = "Night falls. Crew falls."
    [found], _ = supported("night crew", [hit(text)], lexical)

    assert marked(found) == "Crew falls."


# --- confidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (Signals(0.0, 0.0, 0.0), 1 / (1 + math.exp(2))),
        (Signals(0.5, 0.0, 0.0), 0.5),
        (Signals(0.5, 1.0, 0.0), 1 / (1 + math.exp(-1))),
        (Signals(0.5, 1.0, 0.5), 1 / (1 + math.exp(-1.25))),
        (Signals(1.0, 1.0, 1.0), 1 / (1 + math.exp(-3.5))),
    ],
)
def test_confidence_is_the_logistic_of_the_weighted_signals(signals, expected):
    rule = Calibration(intercept=-2.0, sentence=4.0, coverage=1.0, passage=0.5, threshold=0.5)

    assert rule.confidence(signals) == pytest.approx(expected, rel=1e-12)


def test_an_encoder_without_coefficients_has_those_of_the_others():
    assert calibration("hash") == calibration("of no known kind") == calibration("other")
    assert calibration("hash") == Calibration(-4.0, 4.0, 4.0, 2.0, 0.5)


def test_the_packaged_model_has_its_own_coefficients():
    assert calibration("all-MiniLM-L6-v2") != calibration("other")


# --- reasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("pilot night", "No passage answers this closely enough; the nearest are about “Title”."),
        (
            "Do zebras guide ships?",
            "Nothing here mentions “zebras”; these are the nearest passages.",
        ),
        (
            "“Zebras”, lions and gnus (at night)!",
            "Nothing here mentions “Zebras”, “lions” or “gnus”; these are the nearest passages.",
        ),
        (
            "one two three four five six",
            "Nothing here mentions “one”, “two”, “three” or “four”; "
            "these are the nearest passages.",
        ),
        ("xy", "No passage answers this closely enough; the nearest are about “Title”."),
    ],
)
def test_the_reason_names_words_that_are_not_there(lexical, question, expected):
    assert reason(question, [hit(PILOTS, title="Title")], lexical) == expected


def test_without_a_title_the_reason_names_the_article(lexical):
    assert reason("pilot", [hit(PILOTS)], lexical).endswith("the nearest are about “a”.")


def test_without_a_hit_the_reason_says_so(lexical):
    expected = "No passage was found: the corpus is empty, or the filters leave nothing."
    assert reason("pilot", [], lexical) == expected
