"""What a draft is held against, and what of an earlier check still holds."""

from dataclasses import replace

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check import beside_draft, supporting
from qa.check.earlier import Earlier
from qa.check.types import Against
from qa.errors import NotFound, TooLarge
from qa.filters import Filters
from qa.ids import PassageId

PORT = "A harbour pilot guides 40 ships into the port. Bread is baked at night in the old town."
TALKS = "“We will meet again in May,” said Ana Petrović. Nobody signed the treaty of Senta."
MINUTES = (
    "Minutes of the council, 4 May 2024.\n\nThe council closed the old bridge for 14 months. “The "
    "bridge is no longer safe to cross,” said Mira Kos, the engineer.\n\nThe mayor was not there."
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("against"), encoder=HashEncoder()) as opened:
        articles = [
            document("port", PORT, title="Life at the port", url="https://press.org/port"),
            document("talks", TALKS, title="Talks end in Senta", publisher="Press"),
            document("wire", TALKS, title="Talks, by wire", publisher="Wire"),
        ]
        list(opened.add(articles))
        yield opened


def found(report):
    return [
        (one.verdict.verdict, [match.source.article_id for match in one.verdict.matches])
        for one in report.quotations
    ]


def timeless(report):
    """A report without what differs from run to run, and without what says what was taken over."""
    return replace(
        report,
        took_ms=0,
        quotations=tuple(
            replace(one, verdict=replace(one.verdict, took_ms=0), taken_over=False)
            for one in report.quotations
        ),
        claims=tuple(replace(one, taken_over=False) for one in report.claims),
    )


def test_only_the_articles_chosen_are_looked_through(corpus):
    text = "“Bread is baked at night” and “Nobody signed the treaty of Senta”, they say."
    chosen = Against(Filters(article_ids=("talks",)))

    report = corpus.check_text(text, against=chosen)

    assert found(report) == [("not_found", []), ("verbatim", ["talks"])]
    # The copy that was not chosen is not shown either.
    assert report.quotations[1].verdict.matches[0].also_in == ()
    assert report.quotations[0].verdict.note == (
        "It was looked for in the texts and titles of what was chosen for this draft, and nowhere"
        " else."
    )
    assert report.against == chosen
    assert found(corpus.check_text(text))[0] == ("verbatim", ["port"])


def test_articles_may_be_chosen_by_what_they_state(corpus):
    report = corpus.check_text(
        "“Nobody signed the treaty of Senta”", against=Against(Filters(publishers=("wire",)))
    )
    assert found(report) == [("verbatim", ["wire"])]


def test_a_reference_to_what_was_not_chosen_leads_nowhere_and_says_so(corpus):
    report = corpus.check_text(
        "“Bread is baked at night” [1], he wrote.\n\n[1] https://press.org/port\n",
        against=Against(Filters(article_ids=("talks",))),
    )
    assert [cited.label for cited in report.nowhere] == ["1"]
    assert report.quotations[0].verdict.note.endswith(
        "What it refers to (“1”) is not among what was chosen for this draft."
    )


def test_an_article_that_is_chosen_and_not_there_is_said(corpus):
    with pytest.raises(NotFound, match="there is no article 'nope'") as raised:
        corpus.check_text("“a b c d”", against=Against(Filters(article_ids=("port", "nope"))))
    assert raised.value.code == "article_not_found"


def test_a_source_beside_the_draft_is_looked_through_and_never_added(corpus, document):
    text = "She wrote that “the bridge is no longer safe to cross”, and “bread is baked at night”."
    generation, counts = corpus.checked_generation(), corpus.counts()

    report = corpus.check_text(text, beside=[document("minutes", MINUTES, title="Minutes")])

    assert found(report) == [("normalized", ["~minutes"]), ("normalized", ["port"])]
    match = report.quotations[0].verdict.matches[0]
    assert MINUTES[match.start : match.end] == match.text == "The bridge is no longer safe to cross"
    assert match.speaker.name == "Mira Kos"
    assert match.passage_id.startswith("~minutes.")
    assert PassageId.match(match.passage_id) is None  # none that the corpus ever gives out
    assert [source.article_id for source in report.against.beside] == ["~minutes"]
    assert (corpus.checked_generation(), corpus.counts()) == (generation, counts)
    assert found(corpus.check_text(text))[0] == ("not_found", [])


@pytest.mark.parametrize("name", ["minutes", "minutes.pdf", "~minutes", "Minutes of the council"])
def test_a_draft_refers_to_a_source_beside_it_as_to_an_article(corpus, document, name):
    beside = replace(
        document("minutes", MINUTES, title="Minutes of the council"), origin="minutes.pdf"
    )
    text = f"“The bridge is no longer safe to cross” [1].\n\n[1] {name}\n"

    report = corpus.check_text(text, beside=[beside])

    assert [cited.source.article_id for cited in report.references] == ["~minutes"]
    assert found(report) == [("verbatim", ["~minutes"])]


def test_a_claim_is_supported_by_a_source_beside_as_by_an_article(corpus, document, tmp_path):
    minutes = document("minutes", MINUTES, title="Minutes of the council")
    text = "The council closed the bridge for 15 months [1].\n\n[1] Minutes of the council\n"

    [claim] = corpus.check_text(text, beside=[minutes]).claims
    with Corpus.open(tmp_path, encoder=HashEncoder()) as other:
        list(other.add([document("port", PORT), minutes]))
        [added] = other.check_text(text).claims

    best = claim.supporting
    assert best.source.article_id == "~minutes"
    assert best.text == "The council closed the old bridge for 14 months."
    assert [fact.text for fact in best.missing] == ["15 months"]
    assert (best.text, best.missing) == (added.supporting.text, added.supporting.missing)
    assert best.score == pytest.approx(added.supporting.score, abs=0.05)


def test_the_corpus_may_be_left_out(corpus, document):
    report = corpus.check_text(
        "“The bridge is no longer safe to cross”, and “bread is baked at night”.",
        against=Against(none_chosen=True),
        beside=[document("minutes", MINUTES)],
    )
    assert found(report) == [("verbatim", ["~minutes"]), ("not_found", [])]


def test_two_sources_of_one_name_are_two(corpus, document):
    report = corpus.check_text(
        "“The mayor was not there”, “a second paper of that name”",
        beside=[
            document("a-2", "Nothing is in this one."),
            document("a", MINUTES),
            document("a", "This is a second paper of that name."),
        ],
    )
    assert found(report) == [("verbatim", ["~a"]), ("verbatim", ["~a-3"])]


def test_sources_beside_a_draft_are_bounded(corpus, document, monkeypatch):
    with pytest.raises(TooLarge, match="21 sources of 21 characters came beside"):
        corpus.check_text("“a b c d”", beside=[document(f"s{n}", "x") for n in range(21)])
    monkeypatch.setattr(beside_draft, "MAX_BESIDE_CHARS", 10)
    with pytest.raises(TooLarge, match="1 sources of 11 characters"):
        corpus.check_text("“a b c d”", beside=[document("s", "x" * 11)])


DRAFT = (
    "“Bread is baked at night”, said Ana Petrović. “Nobody signed the treaty of Senta” [1].\n\n"
    "A pilot guides 50 ships [2]. Bread is baked at noon [2].\n\n"
    "[1] Talks end in Senta\n[2] Life at the port\n"
)


def test_what_has_not_changed_is_taken_over_and_all_comes_out_as_in_a_full_check(corpus):
    earlier = Earlier.of(corpus.check_text(DRAFT))
    edited = "A new beginning.\n\n" + DRAFT.replace("baked at noon", "sold at noon").replace(
        "Nobody signed", "Everybody signed"
    )

    again, full = corpus.check_text(edited, earlier=earlier), corpus.check_text(edited)

    assert timeless(again) == timeless(full)
    assert [one.taken_over for one in again.quotations] == [True, False]
    assert [one.taken_over for one in again.claims] == [True, False]
    assert not any(one.taken_over for one in (*full.quotations, *full.claims))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("said Ana Petrović", "said Mira Kos"),  # who says it
        ("of Senta” [1]", "of Senta” [2]"),  # what it refers to
        ("[1] Talks end in Senta", "[1] Talks, by wire"),
    ],
)
def test_a_quotation_is_checked_anew_when_what_is_said_about_it_changes(corpus, old, new):
    earlier = Earlier.of(corpus.check_text(DRAFT))
    edited = DRAFT.replace(old, new)

    again, full = corpus.check_text(edited, earlier=earlier), corpus.check_text(edited)

    assert timeless(again) == timeless(full)
    assert not all(one.taken_over for one in again.quotations)


def test_nothing_is_taken_over_once_the_corpus_or_the_choice_has_changed(document, tmp_path):
    text = "“Bread is baked at night”, they say."
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("port", PORT)]))
        earlier = Earlier.of(corpus.check_text(text))
        chosen = Against(Filters(article_ids=("port",)))
        narrowed = corpus.check_text(text, against=chosen, earlier=earlier)
        beside = corpus.check_text(text, beside=[document("m", MINUTES)], earlier=earlier)
        list(corpus.add([document("port", "Bread is baked at noon, not at night.")]))
        later = corpus.check_text(text, earlier=earlier)

    assert not any(r.quotations[0].taken_over for r in (narrowed, beside, later))
    assert later.quotations[0].verdict.verdict == "altered"


def test_how_much_is_read_of_a_draft_is_as_in_a_full_check(tmp_path, document, monkeypatch):
    """A claim that was too many to be read is read once another is gone, and back."""
    monkeypatch.setattr(supporting, "MOST_READ", 2)
    claims = [f"The pilot guides {n} ships [1]." for n in (40, 41, 42)]
    with Corpus.open(tmp_path, read="fast") as corpus:
        list(corpus.add([document("port", PORT, title="Life at the port")]))

        def check(sentences, earlier=None):
            text = "\n\n".join([*sentences, "[1] Life at the port\n"])
            return corpus.check_text(text, earlier=earlier)

        first = check(claims)
        fewer, more = check(claims[1:], Earlier.of(first)), check(claims[::-1], Earlier.of(first))

        assert [one.supporting.read for one in first.claims] == [True, True, False]
        assert timeless(fewer) == timeless(check(claims[1:]))
        assert [one.taken_over for one in fewer.claims] == [True, False]
        assert timeless(more) == timeless(check(claims[::-1]))
        assert [one.supporting.read for one in more.claims] == [True, True, False]
