import math
from dataclasses import replace

import pytest

from embeddings import HashEncoder
from qa.check.facts import Fact
from qa.check.support import READ, UNREAD, SupportSignals, WholeArticle, read_first, support
from qa.retrieval.late_interaction import Question
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source, Span
from tests.readings import reading

HASH = HashEncoder()
PASSAGES = [
    "The bakery opens at night. Bread is sold from 5 am.",
    "The ministry bought 40 tanks in May 2021. They weigh 45 tonnes. Nobody drives them.",
    "Night falls over the harbour.",
]


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), enumerate(PASSAGES))
    return index.searcher()


def of(claim, texts, lexical, encoder=HASH, context="", read=()):
    """The support that the texts give, as a corpus reads them."""
    asked = Question.of(claim, encoder.encode_passages([claim])[0], lexical)
    interactions = []
    for text, encoded in zip(texts, encoder.encode_passages(texts), strict=True):
        source = Source("a")
        hit = Hit(Passage("a.0", "a", 0, len(text), text), source, 1.0, None, None)
        tokens = PassageTokens(encoded.tokens, tuple(sentences(text)))
        interactions.append(read_passage(asked, hit, tokens))
    for number, made in enumerate(read):
        interactions[number] = replace(interactions[number], reading=made)
    return support(asked, interactions, texts, [WholeArticle("\n".join(texts), context)])


def test_the_best_passage_and_its_best_sentence_are_those_that_share_the_words(lexical):
    found = of("They weigh 45 tonnes.", PASSAGES, lexical)

    assert (found.passage, found.sentence) == (1, Span(42, 63))
    assert PASSAGES[1][42:63] == "They weigh 45 tonnes."
    assert found.missing == ()


def test_what_the_article_lacks_is_missing_with_its_place_in_the_claim(lexical):
    found = of("The ministry bought 45 tanks in June 2021.", PASSAGES, lexical)

    assert found.missing == (Fact("number", "45", 20, 22), Fact("date", "June 2021", 32, 41))


def test_what_the_context_says_is_not_missing(lexical):
    claim = "The ministry bought 40 tanks, said the Gazette in June 2021."

    known = of(claim, PASSAGES, lexical, context="The Gazette\n2021-06-03")

    assert known.missing == ()
    assert known.score > of(claim, PASSAGES, lexical).score


def test_a_verbatim_claim_scores_higher_than_an_altered_and_that_than_a_foreign_one(lexical):
    claims = (
        "The ministry bought 40 tanks in May 2021.",
        "The ministry bought 70 tanks in May 2021.",
        "A zebra swims.",
    )

    first, second, third = (of(claim, PASSAGES, lexical).score for claim in claims)

    assert 1 > first > second > third > 0


def test_a_negation_that_the_best_sentence_lacks_lowers_the_score(lexical):
    claim = "The ministry never bought 40 tanks in May 2021."

    assert (
        of(claim, PASSAGES, lexical).score
        < of(claim.replace(" never", ""), PASSAGES, lexical).score
    )


SIGNALS = SupportSignals(near=1.0, passage=1.0, article=1.0, missing=0.0, negation=0.0)


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        (SIGNALS, 0.7807),
        (replace(SIGNALS, missing=math.log(2)), 0.6577),
        (replace(SIGNALS, near=0.5, passage=0.5, negation=1.0), 0.4913),
        (replace(SIGNALS, near=0.0, passage=0.0, article=0.0), 0.1312),
        (replace(SIGNALS, supports=0.0), 0.7925),
        (replace(SIGNALS, supports=-4.0), 0.5250),
    ],
)
def test_the_score_is_a_logistic_function_of_the_signals(signals, expected):
    assert signals.score == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("weights", [UNREAD, READ])
def test_what_speaks_for_support_raises_the_score_and_what_speaks_against_lowers_it(weights):
    signs = {name: math.copysign(1, weight) for name, weight in weights.items() if weight}
    assert {name for name, sign in signs.items() if sign < 0} == {
        "intercept",
        "missing",
        "negation",
    }


def test_a_claim_without_words_or_facts_scores_what_nothing_near_scores(lexical):
    found = of("…", PASSAGES, lexical)

    assert (found.passage, found.missing) == (0, ())
    assert 0 < found.score < 1


@pytest.mark.parametrize(
    ("claim", "passage", "text"),
    [
        ("45 tons is what each of the tanks weighs.", 1, "They weigh 45 tonnes."),
        ("Darkness descends on the port.", 2, "Night falls over the harbour."),
        ("Loaves can be had early in the morning.", 0, "Bread is sold from 5 am."),
    ],
)
def test_a_paraphrase_finds_its_sentence(claim, passage, text, lexical, minilm):
    found = of(claim, PASSAGES, lexical, minilm)

    assert (found.passage, PASSAGES[passage][found.sentence.start : found.sentence.end]) == (
        passage,
        text,
    )


def test_a_paraphrase_scores_higher_than_another_matter(lexical, minilm):
    supported = of("In May 2021 the ministry purchased forty tanks.", PASSAGES, lexical, minilm)
    foreign = of("The president of Chile visited Norway in 2004.", PASSAGES, lexical, minilm)

    assert supported.missing == ()
    assert [fact.text for fact in foreign.missing] == ["Chile", "Norway", "2004"]
    assert supported.score > 0.5 > foreign.score


# --- what a reader read ------------------------------------------------------------------------

SAYS_IT, CONTRARY, NEITHER = (4.0, 0.0, 0.0), (0.0, 4.0, 0.0), (0.0, 0.0, 4.0)


def said(*says):
    return [reading(text, says=one) for text, one in zip(PASSAGES, says, strict=False)]


def test_what_the_reader_says_is_a_signal_beside_the_others(lexical):
    claim = "The ministry bought 40 tanks in May 2021."

    found = of(claim, PASSAGES, lexical, read=said(NEITHER, SAYS_IT, NEITHER))
    assert (found.passage, found.contradicting) == (1, None)
    odds = math.log(math.exp(4) / 2)
    z = sum(READ[name] for name in ("intercept", "near", "passage", "article"))
    z += READ["supports"] * odds
    assert found.score == pytest.approx(1 / (1 + math.exp(-z)), abs=1e-3)
    assert found.score != pytest.approx(SIGNALS.score, abs=1e-3)


def test_the_passage_that_says_it_goes_before_one_that_is_nearer(lexical):
    claim = "The ministry bought 40 tanks in May 2021."

    found = of(claim, PASSAGES, lexical, read=said(NEITHER, (-20.0, 0.0, 0.0), SAYS_IT))
    assert found.passage == 2


def test_a_passage_that_says_the_contrary_is_named(lexical):
    claim = "The ministry bought 45 tanks in May 2021."

    found = of(claim, PASSAGES, lexical, read=said(NEITHER, CONTRARY, NEITHER))
    assert found.contradicting == 1
    # Not sure enough: 0.4 of all.
    assert of(claim, PASSAGES, lexical, read=said(NEITHER, (0, 0.3, 0))).contradicting is None
    # Another passage says it.
    assert of(claim, PASSAGES, lexical, read=said(SAYS_IT, CONTRARY)).contradicting is None
    # Nobody read anything.
    assert of(claim, PASSAGES, lexical).contradicting is None


def test_the_nearest_are_read(lexical):
    claim = "The ministry bought 40 tanks in May 2021."
    asked = Question.of(claim, HASH.encode_passages([claim])[0], lexical)
    hits, interactions = [], []
    for text, encoded in zip(PASSAGES, HASH.encode_passages(PASSAGES), strict=True):
        hits.append(Hit(Passage(text, "a", 0, len(text), text), Source("a"), 1.0, None, None))
        tokens = PassageTokens(encoded.tokens, tuple(sentences(text)))
        interactions.append(read_passage(asked, hits[-1], tokens))

    class Reader:
        """Tells what it was given to read."""

        name, digest = "told", ""

        def read(self, query, passages):
            self.told = (query, [text for _, text in passages])
            return [reading(text) for _, text in passages]

    reader = Reader()
    ordered, read = read_first(reader, claim, hits, interactions, 2)
    assert reader.told == (claim, [hit.passage.text for hit in ordered[:2]])
    assert ordered[0].passage.text == PASSAGES[1]
    assert [one.reading is not None for one in read] == [True, True, False]
