from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check.remarks import EVERYWHERE, NAMED
from qa.check.types import Cut, Difference, Excerpt, SourceChange, Speaker
from qa.errors import InvalidInput, NotFound
from qa.ingest import read_stream

TREATY = (
    "The ambassador spoke on Monday.\n"
    "Resolution 1244 remains in force until another agreement is reached. "
    "“We do not expect any change,” he said. The talks lasted 3.5 hours."
)
PORT = "A harbour pilot guides ships into the port. Bread is baked at night in the old town."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("check"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("treaty", TREATY, title="Talks", author="A. Author"),
                    document("port", PORT),
                    document("copy", PORT, publisher="Copyist"),
                    document("other", "Nothing of that kind stands here, only other words."),
                ]
            )
        )
        yield opened


def places(verdict):
    return [(m.source.article_id, m.start, m.end, m.text) for m in verdict.matches]


def differences(verdict):
    return [difference for match in verdict.matches for difference in match.differences]


# --- verdicts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quote",
    [
        "Resolution 1244 remains in force",
        "“Resolution 1244 remains in force”",
        "  Resolution 1244 remains in force\n",
    ],
)
def test_a_quote_that_stands_there_word_for_word_is_verbatim(corpus, quote):
    verdict = corpus.check(quote)

    assert (verdict.verdict, verdict.note, verdict.quote) == ("verbatim", None, quote)
    assert places(verdict) == [("treaty", 32, 64, "Resolution 1244 remains in force")]
    [match] = verdict.matches
    assert (match.similarity, match.differences) == (1.0, ())
    assert match.citation == "A. Author, “Talks”, characters 32–64"
    view = corpus.passage(match.passage_id)
    assert view.passage.start <= 32 < 64 <= view.passage.end


def test_a_quote_in_other_typography_is_normalized(corpus):
    verdict = corpus.check("'We do NOT  expect any change,\" he said'")

    start = TREATY.index("We do")
    expected = "We do not expect any change,” he said"
    assert verdict.verdict == "normalized"
    assert places(verdict) == [("treaty", start, start + len(expected), expected)]
    assert differences(verdict) == []


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        (
            "Resolution 1245 remains in force until another agreement is reached",
            Difference("replace", "1245", "1244", "number"),
        ),
        (
            "We do expect any change, he said",
            Difference("delete", "", "not", "negation"),
        ),
        (
            "The talks lasted 35 hours.",
            Difference("replace", "35", "3.5", "number"),
        ),
        (
            "Resolution 1244 remains in force until another treaty is reached",
            Difference("replace", "treaty", "agreement", "word"),
        ),
    ],
)
def test_a_quote_that_differs_in_a_word_is_altered_and_says_which(corpus, quote, expected):
    verdict = corpus.check(quote)

    assert verdict.verdict == "altered"
    assert differences(verdict) == [expected]
    [(article, start, end, text)] = places(verdict)
    assert (article, text) == ("treaty", TREATY[start:end])


@pytest.mark.parametrize(
    "quote", ["The orchestra will never perform again", "No zebra grazes at Resolution 99"]
)
@pytest.mark.parametrize("article", [None, "other"])
def test_a_quote_that_stands_nowhere_is_not_found(corpus, quote, article):
    verdict = corpus.check(quote, article_id=article)

    searched = NAMED.format(article) if article else EVERYWHERE
    assert (verdict.verdict, verdict.matches, verdict.note) == ("not_found", (), searched)


@pytest.mark.parametrize(
    ("quote", "verdict", "found"),
    [
        ("harbour pilot guides", "verbatim", ["harbour pilot guides"]),
        ("Harbour Pilot", "normalized", ["harbour pilot"]),
        ("zebra", "not_found", []),
        ("Resolution 1245 remains", "not_found", []),
        ("?!", "not_found", []),
        ("…", "not_found", []),
    ],
)
@pytest.mark.parametrize("article", [None, "port"])
def test_a_quote_of_under_four_words_is_reported_as_too_short(
    corpus, article, quote, verdict, found
):
    checked = corpus.check(quote, article_id=article)

    assert (checked.verdict, checked.too_short) == (verdict, True)
    assert checked.note == "A quote of fewer than 4 words may stand anywhere."
    assert [match.text for match in checked.matches] == found


def test_a_syndicated_copy_is_no_place_of_its_own(corpus):
    verdict = corpus.check("A harbour pilot guides ships")

    assert places(verdict) == [("port", 0, 28, "A harbour pilot guides ships")]
    [copy] = verdict.matches[0].also_in
    assert (copy.source.article_id, copy.start, copy.end) == ("copy", 0, 28)
    assert copy.citation == "copy, Copyist, characters 0–28"
    assert corpus.passage(copy.passage_id).passage.article_id == "copy"


def test_the_same_statement_in_two_reports_has_two_places(tmp_path, document):
    said = "“We will open the port at dawn,” she said."
    reports = {
        "a": f"The minister spoke in the old town hall on Monday evening. {said}",
        "b": f"After months of talks the harbour is to be used again soon. {said} Nobody asked.",
    }
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add(document(id_, text) for id_, text in reports.items()))
        verdict = corpus.check("We will open the port at dawn")

    assert [(m.source.article_id, m.also_in) for m in verdict.matches] == [("a", ()), ("b", ())]


def test_the_sentence_around_a_place_is_given(corpus):
    [match] = corpus.check("remains in force until another").matches

    sentence = "Resolution 1244 remains in force until another agreement is reached."
    start = TREATY.index(sentence)
    assert match.sentence == Excerpt(start, start + len(sentence), sentence)


# --- in parts ----------------------------------------------------------------------------------


def test_words_left_out_where_an_ellipsis_says_so_are_normalized(corpus):
    verdict = corpus.check("[r]esolution 1244 remains in force … agreement is reached")

    assert (verdict.verdict, differences(verdict)) == ("normalized", [])
    [match] = verdict.matches
    assert (match.start, match.end) == (32, 99)
    assert [(part.quote, part.start, part.end, part.text) for part in match.parts] == [
        ("resolution 1244 remains in force", 32, 64, "Resolution 1244 remains in force"),
        ("agreement is reached", 79, 99, "agreement is reached"),
    ]


@pytest.mark.parametrize(
    "quote",
    [
        "The talks lasted 3.5 hours. The ambassador spoke on Monday.",
        "The talks lasted 3.5 hours … Resolution 1244 remains in force",
        "The ambassador spoke on Monday. … The talks lasted 3.5 hours.",
    ],
)
def test_parts_that_do_not_follow_on_are_spliced_each_with_its_place(corpus, quote):
    verdict = corpus.check(quote)

    assert verdict.verdict == "spliced"
    assert verdict.note == "Every part of it stands in a source, but apart, or in another order."
    assert {match.source.article_id for match in verdict.matches} == {"treaty"}
    assert [match.text for match in verdict.matches] == [
        part.text for match in verdict.matches for part in match.parts
    ]
    assert all(TREATY[m.start : m.end] == m.text for m in verdict.matches)
    assert [m.text.rstrip(".") for m in verdict.matches] == [
        part.strip().rstrip(".") for part in quote.replace("hours. The", "hours … The").split("…")
    ]


def test_parts_of_different_articles_are_spliced(corpus):
    verdict = corpus.check("Bread is baked at night, and the talks lasted 3.5 hours.")

    assert verdict.verdict == "spliced"
    assert verdict.note == (
        "Every part of it stands in a source, but in different articles, or in another order."
    )
    assert [(m.source.article_id, m.text) for m in verdict.matches] == [
        ("port", "Bread is baked at night"),
        ("treaty", "The talks lasted 3.5 hours"),
    ]


def test_an_ellipsis_that_hides_a_negation_is_an_alteration(corpus):
    verdict = corpus.check("“We do … expect any change”")

    assert verdict.verdict == "altered"
    assert differences(verdict) == [Difference("delete", "", "not", "negation")]


@pytest.mark.parametrize("article", [None, "port"])
def test_a_question_made_of_a_statement_is_an_alteration(corpus, article):
    verdict = corpus.check("A harbour pilot guides ships into the port?", article_id=article)

    assert verdict.verdict == "altered"
    assert differences(verdict) == [Difference("insert", "?", "", "word")]


def test_a_changed_quote_without_a_word_that_says_something_is_found(tmp_path, document):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", "They will be there in May. Nobody asked for it.")]))
        verdict = corpus.check("They will … in May?")

    assert (verdict.verdict, len(verdict.matches[0].parts)) == ("altered", 2)
    assert differences(verdict) == [Difference("insert", "?", "", "word")]


# --- who says it -------------------------------------------------------------------------------

INTERVIEW = (
    "Ana Petrović, the mayor of Senta, opened the bridge. “It took us nine years to build,” "
    "Petrović said. “We should have begun sooner,” said Marko Ilić, the engineer. "
    "The river is 120 metres wide at that place."
)


@pytest.fixture(scope="module")
def interview(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("speakers"), encoder=HashEncoder()) as opened:
        list(opened.add([document("bridge", INTERVIEW)]))
        yield opened


@pytest.mark.parametrize(
    ("quote", "speaker", "verdict", "agrees", "note"),
    [
        ("It took us nine years to build", "Ana Petrović", "verbatim", True, None),
        ("It took us nine years to build", "Petrovic", "verbatim", True, None),
        (
            "It took us nine years to build",
            "Marko Ilić",
            "misattributed",
            False,
            "The source has Ana Petrović say it, not Marko Ilić.",
        ),
        (
            "It took us ten years to build",
            "Marko Ilić",
            "altered",
            False,
            "The source has Ana Petrović say it, not Marko Ilić.",
        ),
        ("We should have begun sooner", "the engineer", "verbatim", True, None),
        (
            "We should have begun sooner",
            "the minister",
            "verbatim",
            None,
            "The source has Marko Ilić say it; whether that is the minister is not known.",
        ),
        ("We should have begun sooner", " ", "verbatim", None, None),
    ],
)
@pytest.mark.parametrize("article", [None, "bridge"])
def test_a_speaker_is_held_against_the_attribution(
    interview, article, quote, speaker, verdict, agrees, note
):
    checked = interview.check(quote, article_id=article, speaker=speaker)

    assert (checked.verdict, checked.note) == (verdict, note)
    [match] = checked.matches
    assert match.speaker is not None
    assert match.speaker.agrees is agrees
    shown = match.speaker.shown_by
    assert INTERVIEW[shown.start : shown.end] == shown.text
    assert shown.text in ("Petrović said", "said Marko Ilić")


def test_parts_that_different_people_say_are_spliced(interview):
    checked = interview.check("It took us nine years … We should have begun sooner")

    assert checked.verdict == "spliced"
    assert checked.note == "Its parts are said by different people: Ana Petrović, Marko Ilić."


def test_a_namesake_is_not_taken_for_the_speaker(tmp_path, document):
    text = "President Vladimir Putin met reporters. “We will not attack it today,” said Putin."
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", text)]))
        agreeing = {
            name: corpus.check("We will not attack it today", speaker=name)
            .matches[0]
            .speaker.agrees
            for name in ("Vladimir Putin", "Putin", "Lyudmila Putin", "Sergey Lavrov")
        }

    assert agreeing == {
        "Vladimir Putin": True,
        "Putin": True,
        "Lyudmila Putin": None,
        "Sergey Lavrov": False,
    }


def test_what_nobody_is_said_to_say_has_no_speaker(interview):
    checked = interview.check("The river is 120 metres wide", speaker="Ana Petrović")

    assert (checked.verdict, checked.matches[0].speaker) == ("verbatim", Speaker(None, None, None))
    assert checked.note == "Who says it is not clear from the source."


def test_a_quote_may_reach_over_passages(tmp_path, document):
    sentences = [f"Sentence {n} of this long text says {n * 7}." for n in range(60)]
    text = " ".join(sentences)
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", text)]))
        first, second, *_ = corpus.passages_of(corpus.article("a"))
        start, end = first.end - 19, second.start + 19
        verdict = corpus.check(text[start:end])

    assert verdict.verdict == "verbatim"
    assert places(verdict) == [("a", start, end, text[start:end])]
    assert verdict.matches[0].passage_id == first.id


# --- in an article -----------------------------------------------------------------------------


def test_a_quote_that_stands_in_the_article_named_is_verbatim_there_alone(corpus):
    verdict = corpus.check("A harbour pilot guides ships", article_id="copy")

    assert (verdict.verdict, verdict.note) == ("verbatim", None)
    assert places(verdict) == [("copy", 0, 28, "A harbour pilot guides ships")]


def test_a_quote_that_stands_in_another_article_is_misattributed(corpus):
    verdict = corpus.check("A harbour pilot guides ships", article_id="treaty")

    assert verdict.verdict == "misattributed"
    assert verdict.note == "Not in treaty, but it stands in port."
    [match] = verdict.matches
    assert (match.source.article_id, len(match.also_in)) == ("port", 1)


def test_a_misattributed_quote_also_names_what_is_nearest_in_the_article(tmp_path, document):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        texts = {
            "a": "The treaty of 1999 remains in force.",
            "b": "The treaty of 1998 remains in force.",
        }
        list(corpus.add(document(id_, text) for id_, text in texts.items()))
        verdict = corpus.check("The treaty of 1998 remains in force", article_id="a")

    assert verdict.verdict == "misattributed"
    assert places(verdict) == [
        ("b", 0, 35, "The treaty of 1998 remains in force"),
        ("a", 0, 35, "The treaty of 1999 remains in force"),
    ]
    assert differences(verdict) == [Difference("replace", "1998", "1999", "number")]


def test_a_quote_that_is_altered_in_the_article_named_is_altered(corpus):
    verdict = corpus.check("Resolution 1245 remains in force until", article_id="treaty")

    assert (verdict.verdict, verdict.note) == ("altered", None)


def test_a_quote_that_is_altered_in_another_article_says_so(corpus):
    verdict = corpus.check("Resolution 1245 remains in force until", article_id="port")

    assert verdict.verdict == "altered"
    assert verdict.note == "Not in port; something like it stands elsewhere."
    assert [match.source.article_id for match in verdict.matches] == ["treaty"]


def test_an_article_that_is_not_there_is_said(corpus):
    with pytest.raises(NotFound, match="there is no article 'none'") as caught:
        corpus.check("A harbour pilot", article_id="none")
    assert caught.value.code == "article_not_found"


# --- by passage --------------------------------------------------------------------------------


def test_a_passage_names_its_article(corpus):
    [passage] = corpus.passages_of(corpus.article("port"))
    verdict = corpus.check("Bread is baked at night", passage_id=passage.id)

    assert (verdict.verdict, verdict.note) == ("verbatim", None)
    assert verdict.source_changed is None
    assert places(verdict) == [("port", 44, 67, "Bread is baked at night")]


def test_a_passage_of_an_earlier_version_is_checked_as_it_is_now(corpus):
    note = "Article port has changed since this passage was cited; checked as it is now."
    stale = "port.00000000.0-44"

    [now] = corpus.passages_of(corpus.article("port"))

    verdict = corpus.check("Bread is baked at night", passage_id=stale)
    assert (verdict.verdict, verdict.note) == ("verbatim", note)
    assert verdict.source_changed == SourceChange(stale, "port", now.id)
    verdict = corpus.check("Resolution 1244 remains in force", passage_id=stale)
    assert verdict.source_changed == SourceChange(stale, "port", None)
    assert verdict.verdict == "misattributed"
    assert verdict.note == f"{note} Not in port, but it stands in treaty."


def test_article_and_passage_must_agree(corpus):
    [passage] = corpus.passages_of(corpus.article("port"))
    assert corpus.check("Bread is baked", article_id="port", passage_id=passage.id).matches

    with pytest.raises(InvalidInput, match=f"passage '{passage.id}' is not of article 'treaty'"):
        corpus.check("Bread is baked", article_id="treaty", passage_id=passage.id)


@pytest.mark.parametrize("quote", ["", " \n", "\0"])
def test_an_empty_quote_is_refused(corpus, quote):
    with pytest.raises(InvalidInput, match="quote is empty: write something to look for"):
        corpus.check(quote)


def test_a_quote_over_the_limit_is_refused(corpus):
    with pytest.raises(InvalidInput, match="quote has 2,001 characters; at most 2,000 are taken"):
        corpus.check("x" * 2001)


# --- drafts ------------------------------------------------------------------------------------


def test_every_quotation_of_a_draft_has_its_verdict_and_place(corpus):
    draft = (
        "He said: “Resolution 1244 remains in force”, and „bread is baked at NIGHT“.\n\n"
        '> Resolution 1999 remains in force until another agreement is reached.\n\nA "short one".'
    )
    report = corpus.check_text(draft)

    assert [
        (draft[f.span.start : f.span.end], f.verdict.verdict, f.verdict.too_short)
        for f in report.quotations
    ] == [
        ("Resolution 1244 remains in force", "verbatim", False),
        ("bread is baked at NIGHT", "normalized", False),
        ("Resolution 1999 remains in force until another agreement is reached.", "altered", False),
        ("short one", "not_found", True),
    ]
    assert [f.verdict.quote for f in report.quotations] == [
        draft[f.span.start : f.span.end] for f in report.quotations
    ]
    assert (report.claims, report.references, report.text) == ((), (), draft)


def test_a_quotation_longer_than_a_quote_may_be_is_checked_to_its_end(tmp_path, document):
    text = " ".join(f"Sentence {n} of this long text says {n * 7}." for n in range(100))
    assert len(text) > 2000
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", text)]))
        [whole] = corpus.check_text(f"He said: “{text}”").quotations
        [changed] = corpus.check_text(f"He said: “{text[:-5]}1.”").quotations

    assert whole.verdict.verdict == "verbatim"
    assert places(whole.verdict) == [("a", 0, len(text), text)]
    assert changed.verdict.verdict == "altered"
    assert [d.kind for d in differences(changed.verdict)] == ["number"]


@pytest.mark.parametrize("draft", ["", "\n"])
def test_an_empty_draft_is_refused(corpus, draft):
    with pytest.raises(InvalidInput, match="text is empty"):
        corpus.check_text(draft)


def test_a_draft_over_the_limit_is_refused(corpus):
    with pytest.raises(InvalidInput, match="text has 200,001 characters; at most 200,000 are"):
        corpus.check_text("x" * 200_001)


def test_many_threads_check_at_once(corpus):
    quotes = [
        "A harbour pilot guides ships",
        "Resolution 1245 remains in force",
        "zebras graze",
    ] * 20
    with ThreadPoolExecutor(6) as threads:
        verdicts = [verdict.verdict for verdict in threads.map(corpus.check, quotes)]

    assert verdicts == ["verbatim", "altered", "not_found"] * 20


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("it is what it is", "He shrugged. Well, it is what it is and no more."),
        ("港口引航员在黎明登船", "昨天的报道说，港口引航员在黎明登船，引导船只。"),
        ("引航员在黎明登船", "昨天的报道说，港口引航员在黎明登船，引导船只。"),
    ],
)
def test_a_quote_without_an_indexed_word_is_found_all_the_same(tmp_path, document, quote, text):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("port", PORT), document("source", text)]))
        verdict = corpus.check(quote)

    start = text.index(quote)
    assert verdict.verdict == "verbatim"
    assert places(verdict) == [("source", start, start + len(quote), quote)]


# --- what stands around a quote, and elsewhere than in texts -----------------------------------


SEAT = (
    "<article><h1>Storm</h1><p>She did not say that the old bridge is safe for heavy lorries, and"
    " the teachers spoke about it with the parents on Monday.</p><p>Photo: the last picture of the"
    " tower was taken by a witness.</p><p>Another paragraph that makes the piece long enough to be"
    " taken for an article by the extraction.</p></article>"
)


@pytest.fixture(scope="module")
def besides(tmp_path_factory, document):
    [storm] = read_stream(SEAT.encode(), "storm.html")
    with Corpus.open(tmp_path_factory.mktemp("besides"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    storm,
                    document(
                        "vote",
                        "The vote is set for Sunday. Officials expect a long night.",
                        title="‘We are ready to govern’: Mira Novak wins the vote",
                        extra={"standfirst": "The winner has promised new roads to everybody."},
                    ),
                    document("stav", "Наш став је свима познат и неће се мењати."),
                ]
            )
        )
        yield opened


def test_what_is_cut_off_is_given_and_said_where_it_turns_the_quote(besides):
    verdict = besides.check("The old bridge is safe for heavy lorries")

    assert (verdict.verdict, verdict.note) == (
        "normalized",
        "Before it the source has “She did not say that”, which negates it.",
    )
    [match] = verdict.matches
    assert match.cut == Cut(
        "She did not say that", "and the teachers spoke about it with the parents on Monday"
    )


def test_what_is_cut_off_a_quotation_of_a_draft_is_said_too(besides):
    report = besides.check_text("He wrote: “the old bridge is safe for heavy lorries”.")

    assert [quotation.verdict.note for quotation in report.quotations] == [
        "Before it the source has “She did not say that”, which negates it."
    ]


@pytest.mark.parametrize("article", [None, "vote"])
@pytest.mark.parametrize(
    ("quote", "verdict", "field", "note"),
    [
        ("We are ready to govern", "verbatim", "title", "It stands in the title."),
        ("Mira Novak wins the vote", "verbatim", "title", "It stands in the title."),
    ],
)
def test_a_quote_of_a_title_is_found_in_it(besides, article, quote, verdict, field, note):
    found = besides.check(quote, article_id=article)

    assert (found.verdict, found.note) == (verdict, note)
    [match] = found.matches
    assert (match.field, match.text, match.source.article_id) == (field, quote, "vote")
    assert match.citation == "“‘We are ready to govern’: Mira Novak wins the vote”"


@pytest.mark.parametrize(
    ("article", "quote", "field", "note"),
    [
        (
            "vote",
            "promised new roads to everybody",
            "standfirst",
            "It stands in what introduces the article, not in its text.",
        ),
        (
            "storm",
            "the last picture of the tower",
            "removed",
            "It stands in a line that is left out of the article’s text, such as a caption.",
        ),
    ],
)
def test_an_article_that_is_named_is_read_beside_its_text(besides, article, quote, field, note):
    found = besides.check(quote, article_id=article)

    assert (found.verdict, found.note, found.matches[0].field) == ("verbatim", note, field)


@pytest.mark.parametrize("article", [None, "stav"])
def test_a_quote_in_one_script_is_found_in_the_other(besides, article):
    found = besides.check("Naš stav je svima poznat i neće se menjati", article_id=article)

    assert (found.verdict, found.note) == (
        "normalized",
        "The source writes it in Cyrillic letters.",
    )
    assert [match.text for match in found.matches] == ["Наш став је свима познат и неће се мењати"]


def test_a_quote_that_ends_otherwise_than_the_article_named_is_altered(besides):
    found = besides.check("Officials expect a short day", article_id="vote")

    assert found.verdict == "altered"
    assert differences(found) == [Difference("replace", "short day", "long night", "unit")]
