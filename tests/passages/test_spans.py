"""What always holds, over the whole way from a text to a verdict."""

from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import HashEncoder
from qa import Corpus
from qa.check.checker import MAX_MATCHES
from qa.errors import FootnoteError
from qa.ingest import canonical, read_record
from qa.passages.chunking import Chunking
from qa.text.tokens import QUOTATION_MARKS

PIECES = st.sampled_from(
    [
        *(
            "The pilot boards. ",
            "Bread",
            " ",
            "\n",
            "\n\n",
            "\r\n",
            "\0",
            "\t",
            "3.5 %",
            "—",
            "?! ",
        ),
        *(
            "“Yes,” he said. ",
            "»Nein«",
            "it’s ",
            "e\u0301",
            "a\u0301\u0323",
            "ﬁ",
            "ẞ",
            "İ",
            "ǅ",
            "½",
        ),
        *(
            "🚢",
            "👩‍👩‍👧",
            "🇷🇸",
            "مرحبا بالعالم ",
            "שלום",
            "\u202e",
            "\u200f",
            "東京。",
            "\u0e01\u0e33",
        ),
        *(
            "\u200b",
            "\u00ad",
            "\ufeff",
            "\U0010ffff",
            "x" * 90,
            "\u3000",
            "\x85",
            "\u2028",
            "-5",
            '12"',
        ),
    ]
)
HOSTILE = st.lists(PIECES | st.text(max_size=6), min_size=1, max_size=40).map("".join)


def documents(texts):
    """Those that can become an article."""
    for number, text in enumerate(texts):
        try:
            yield read_record({"id": f"a{number}", "text": text})
        except FootnoteError:  # nothing but white space
            continue


def assert_exact(corpus, span_of, text):
    article = corpus.article(span_of.article_id).article
    assert article.text[span_of.start : span_of.end] == text


@given(st.lists(HOSTILE, min_size=1, max_size=3), HOSTILE, st.data())
@settings(max_examples=25)
def test_every_span_is_an_exact_slice_of_its_article(texts, question, data):
    with (
        TemporaryDirectory() as folder,
        Corpus.open(folder, encoder=HashEncoder(), chunking=Chunking(tokens=12)) as corpus,
    ):
        outcomes = list(corpus.add(documents(texts)))
        stored = [corpus.article(o.document.article.id) for o in outcomes]
        for one in stored:
            text = one.article.text
            assert text == canonical(text)
            passages = corpus.passages_of(one)
            for passage in passages:
                assert text[passage.start : passage.end] == passage.text
                assert corpus.passage(passage.id).passage == passage
            covered = {i for p in passages for i in range(p.start, p.end)}
            assert {i for i, char in enumerate(text) if not char.isspace()} == {
                i for i in covered if not text[i].isspace()
            }
        if question.replace("\0", " ").strip():
            _assert_hits_exact(corpus, corpus.ask(question, top_k=20))
        for one in stored:
            _assert_quote_found(corpus, one, data)
        assert corpus.problems() == []


def _assert_hits_exact(corpus, answer):
    for hit in answer.hits:
        text = corpus.article(hit.passage.article_id).article.text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
        for source, passage in hit.also_in:
            assert_exact(corpus, passage, hit.passage.text)
            assert source.article_id == passage.article_id
        for span in hit.highlights:
            assert hit.passage.start <= span.start < span.end <= hit.passage.end
            assert text[span.start : span.end].strip() == text[span.start : span.end]
    if answer.statement:
        assert_exact(corpus, answer.statement, answer.statement.text)


def _assert_quote_found(corpus, stored, data):
    """Whole words cut from an article are verbatim there, at their place among others."""
    words = stored.article.text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 8, len(words) - 1)))
    text, start = stored.article.text, 0
    for word in words[:first]:
        start = text.index(word, start) + len(word)
    start = end = text.index(words[first], start)
    for word in words[first : last + 1]:
        end = text.index(word, end) + len(word)
    quote = text[start:end]
    verdict = corpus.check(quote, article_id=stored.article.id)
    assert verdict.verdict == "verbatim"
    for match in verdict.matches:
        assert match.source.article_id == stored.article.id
        assert text[match.start : match.end] == match.text
    if not (quote[0] in QUOTATION_MARKS and quote[-1] in QUOTATION_MARKS):
        places = [(match.start, match.end) for match in verdict.matches]
        assert {match.text for match in verdict.matches} == {quote}
        assert (start, end) in places or len(places) == MAX_MATCHES
