from concurrent.futures import ThreadPoolExecutor

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import InvalidInput, NotFound
from qa.types import Difference

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
    "quote", ["The orchestra will never perform again", "zebra", "Resolution 99", "?!", "…"]
)
@pytest.mark.parametrize("article", [None, "other"])
def test_a_quote_that_stands_nowhere_is_not_found(corpus, quote, article):
    verdict = corpus.check(quote, article_id=article)

    assert (verdict.verdict, verdict.matches, verdict.note) == ("not_found", (), None)


def test_every_article_in_which_it_stands_is_named(corpus):
    verdict = corpus.check("A harbour pilot guides ships")

    assert places(verdict) == [
        ("port", 0, 28, "A harbour pilot guides ships"),
        ("copy", 0, 28, "A harbour pilot guides ships"),
    ]


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
    assert [match.source.article_id for match in verdict.matches] == ["port", "copy"]


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
    assert places(verdict) == [("port", 44, 67, "Bread is baked at night")]


def test_a_passage_of_an_earlier_version_is_checked_as_it_is_now(corpus):
    note = "Article port has changed since this passage was cited; checked as it is now."
    stale = "port.00000000.0-44"

    verdict = corpus.check("Bread is baked at night", passage_id=stale)
    assert (verdict.verdict, verdict.note) == ("verbatim", note)
    verdict = corpus.check("Resolution 1244 remains in force", passage_id=stale)
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
    found = corpus.check_text(draft)

    assert [(draft[f.span.start : f.span.end], f.verdict.verdict) for f in found] == [
        ("Resolution 1244 remains in force", "verbatim"),
        ("bread is baked at NIGHT", "normalized"),
        ("Resolution 1999 remains in force until another agreement is reached.", "altered"),
    ]
    assert [f.verdict.quote for f in found] == [draft[f.span.start : f.span.end] for f in found]


@pytest.mark.parametrize(
    ("quotation", "count"), [("one two three", 0), ("one two three four", 1), ("", 0)]
)
def test_an_expression_of_under_four_words_is_no_quotation(corpus, quotation, count):
    assert len(corpus.check_text(f"He said “{quotation}”.")) == count


def test_a_quotation_longer_than_a_quote_may_be_is_checked_to_its_end(tmp_path, document):
    text = " ".join(f"Sentence {n} of this long text says {n * 7}." for n in range(100))
    assert len(text) > 2000
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", text)]))
        [whole] = corpus.check_text(f"He said: “{text}”")
        [changed] = corpus.check_text(f"He said: “{text[:-5]}1.”")

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
    ],
)
def test_a_quote_without_an_indexed_word_is_found_all_the_same(tmp_path, document, quote, text):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("port", PORT), document("source", text)]))
        verdict = corpus.check(quote)

    start = text.index(quote)
    assert verdict.verdict == "verbatim"
    assert places(verdict) == [("source", start, start + len(quote), quote)]
