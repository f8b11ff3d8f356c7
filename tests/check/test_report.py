import time

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check.types import Missing, SourceChange
from qa.errors import InvalidInput

PORT = "A harbour pilot guides 40 ships into the port. Bread is baked at night in the old town."
TALKS = "“We will meet again in May,” said Ana Petrović. Nobody signed the treaty of Senta."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("report"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("port", PORT, title="Life at the port", url="https://press.org/port"),
                    document("talks", TALKS, title="Talks end in Senta", publisher="Press"),
                ]
            )
        )
        yield opened


def verdicts(report):
    return [
        (found.verdict.quote, found.verdict.verdict, [m.source.article_id for m in matches])
        for found in report.quotations
        for matches in [found.verdict.matches]
    ]


def test_each_quotation_is_held_against_what_it_refers_to(corpus):
    report = corpus.check_text(
        "They say “bread is baked at night” [1] and “we will meet again” [1].\n\n"
        "Sources\n\n[1] Life at the port, https://press.org/port\n"
    )

    assert verdicts(report) == [
        ("bread is baked at night", "normalized", ["port"]),
        ("we will meet again", "misattributed", ["talks"]),
    ]
    assert [(r.label, r.source.article_id) for r in report.references] == [("1", "port")] * 2
    assert report.quotations[1].verdict.note == "Not in port, but it stands in talks."


def test_of_several_references_the_best_counts(corpus):
    report = corpus.check_text(
        "“Nobody signed the treaty of Senta”"
        " ([Port](https://press.org/port), [Talks](/articles/talks))."
    )

    assert verdicts(report) == [("Nobody signed the treaty of Senta", "verbatim", ["talks"])]


def test_a_reference_that_leads_nowhere_is_said_and_all_of_the_corpus_searched(corpus):
    report = corpus.check_text("“Nobody signed the treaty of Senta” [here](https://x.org/a).")

    assert verdicts(report) == [("Nobody signed the treaty of Senta", "verbatim", ["talks"])]
    assert report.quotations[0].verdict.note == (
        "What it refers to (“here”) is not in the collection; it was looked for in all of it."
    )
    assert [(r.label, r.target, r.source) for r in report.references] == [
        ("here", "https://x.org/a", None)
    ]


@pytest.mark.parametrize(
    ("draft", "speaker", "verdict"),
    [
        ("“We will meet again in May,” said Petrović.", "Petrović", "verbatim"),
        ("“We will meet again in May,” said Marko Ilić.", "Marko Ilić", "misattributed"),
        ("“We will meet again in May,” said Marko Ilić [1].", "Marko Ilić", "misattributed"),
        ("“We will meet again in May,” she said.", None, "verbatim"),
        ("“We will meet again in May.”", None, "normalized"),
    ],
)
def test_who_says_it_in_the_draft_is_held_against_the_source(corpus, draft, speaker, verdict):
    [found] = corpus.check_text(draft).quotations

    assert (found.speaker, found.verdict.verdict) == (speaker, verdict)


@pytest.mark.parametrize(
    ("draft", "verdicts"),
    [
        ("“We will meet,” said Petrović, “again in May.”", ["normalized"] * 2),
        ("“We will meet again,” said Petrović, “in June.”", ["verbatim", "altered"]),
        ("“We will not,” said Petrović, “meet again in May.”", ["altered", "verbatim"]),
    ],
)
def test_a_short_piece_is_judged_with_the_other_over_an_attribution(corpus, draft, verdicts):
    found = [one.verdict for one in corpus.check_text(draft).quotations]

    accepted = {"verbatim": "normalized"}  # a stop or comma within the marks
    assert [accepted.get(v.verdict, v.verdict) for v in found] == [
        accepted.get(verdict, verdict) for verdict in verdicts
    ]
    assert [v.too_short for v in found] == [False, False]


def test_a_sentence_that_cites_gets_its_best_passage_and_what_that_lacks(corpus):
    draft = "A pilot guides 50 ships into the port of Novi Sad [1].\n\n[1] Life at the port\n"
    [claim] = corpus.check_text(draft).claims

    assert draft[claim.span.start : claim.span.end].startswith("A pilot guides 50 ships")
    found = claim.supporting
    assert (found.source.article_id, found.text, found.start) == ("port", PORT[:46], 0)
    assert found.citation == "“Life at the port”, characters 0–46, https://press.org/port"
    assert found.missing == (Missing("number", "50"), Missing("name", "Novi Sad"))
    assert 0 < found.score < 1


def test_a_sentence_that_states_nothing_else_than_its_source_lacks_nothing(corpus):
    [claim] = corpus.check_text(
        "A harbour pilot guides 40 ships into the port [1].\n\n[1] Life at the port\n"
    ).claims
    [lesser] = corpus.check_text("Wolves howl in the hills [1].\n\n[1] Life at the port\n").claims

    assert claim.supporting.missing == ()
    assert claim.supporting.score > lesser.supporting.score


def test_a_sentence_that_cites_what_is_not_there_has_no_support(corpus):
    [claim] = corpus.check_text("Wolves howl in the hills, it says [1].").claims

    assert (claim.supporting, claim.references[0].source) == (None, None)


def test_a_quotation_may_refer_to_a_passage_of_an_earlier_version(corpus):
    stale = "port.00000000.0-46"
    [found] = corpus.check_text(f"“Bread is baked at night” ({stale}).").quotations

    [now] = corpus.passages_of(corpus.article("port"))
    assert found.verdict.verdict == "verbatim"
    assert found.verdict.source_changed == SourceChange(stale, "port", now.id)


def test_the_encoder_is_not_asked_for_a_draft_without_claims(tmp_path, document):
    class Silent(HashEncoder):
        def encode_passages(self, passages, titles=None):
            raise AssertionError("nothing is to be encoded")

    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("port", PORT)]))
    with Corpus.open(tmp_path, encoder=Silent()) as corpus:
        assert verdicts(corpus.check_text("“Bread is baked at night”")) == [
            ("Bread is baked at night", "verbatim", ["port"])
        ]


def test_a_draft_with_too_much_to_check_is_refused(corpus):
    draft = "“Bread is baked at night”. " * 301
    with pytest.raises(InvalidInput, match="the draft has 301 quotations and 0 sentences that"):
        corpus.check_text(draft)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("draft", ["[1] " * 50_000, "“" * 100_000, "said “a b c d” [x](y). " * 290])
def test_hostile_drafts_are_answered(corpus, draft):
    started = time.perf_counter()
    corpus.check_text(draft)
    assert time.perf_counter() - started < 30
