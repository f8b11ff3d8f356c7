import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check.draft import Reference
from qa.check.resolve import Resolver, address
from qa.types import Span


@pytest.fixture(scope="module")
def corpus(tmp_path_factory, document):
    with Corpus.open(tmp_path_factory.mktemp("resolving"), encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("a.b", "One text.", url="https://www.press.org/2024/port/?id=7"),
                    document("talks", "Two texts.", title="Talks end in Senta"),
                    document(
                        "long",
                        "Three texts.",
                        title="The port of Senta: what nine years of building have cost the town",
                    ),
                    document("news", "Four texts.", title="News"),
                ]
            )
        )
        yield opened


def resolved(corpus, *targets):
    resolver = Resolver(corpus.view)
    cited, stored = resolver.resolve(Reference(Span(3, 6), "1", targets))
    assert (cited.span, cited.label) == (Span(3, 6), "1")
    assert (cited.source.article_id if cited.source else None) == (
        stored.article.id if stored else None
    )
    return cited.source.article_id if cited.source else None, cited.target, cited.passage_id


@pytest.mark.parametrize(
    ("target", "article"),
    [
        ("https://www.press.org/2024/port/?id=7", "a.b"),
        ("http://press.org/2024/port?id=7&utm_source=mail#top", "a.b"),
        ("press.org/2024/port?id=7", "a.b"),
        ("https://press.org/2024/port?id=8", None),
        ("https://press.org/2024", None),
        ("http://localhost:8000/articles/talks?start=0&end=3#cited", "talks"),
        ("/articles/a.b", "a.b"),
        ("https://notes.example/v1/articles/talks", "talks"),
        ("/articles/none", None),
        ("talks", "talks"),
        ("texts/talks.md", "talks"),
        ("a.b.txt", "a.b"),
        ("Ana Petrović, “Talks end in Senta”, Press, 2024", "talks"),
        ("TALKS END IN SENTA", "talks"),
        ("The port of Senta: what nine years of building…, Press", "long"),
        ("The port of Senta, Press", None),
        ("The News, 2024", None),
        ("https://[broken", None),
        ("", None),
    ],
)
def test_a_target_leads_to_its_article_or_to_none(corpus, target, article):
    assert resolved(corpus, target) == (article, target, None)


def test_a_passage_id_leads_to_its_article_and_is_kept(corpus):
    [passage] = corpus.passages_of(corpus.article("a.b"))

    assert resolved(corpus, passage.id) == ("a.b", passage.id, passage.id)
    link = f"https://notes.example/v1/passages/{passage.id}"
    assert resolved(corpus, link) == ("a.b", link, passage.id)
    assert resolved(corpus, "none.00000000.0-9") == (None, "none.00000000.0-9", None)


def test_the_first_target_that_leads_anywhere_counts(corpus):
    assert resolved(corpus, "https://x.org/y", "Talks end in Senta") == (
        "talks",
        "Talks end in Senta",
        None,
    )
    assert resolved(corpus) == (None, None, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Example.org:443/A/", "example.org/A"),
        ("example.org/a%20b?fbclid=1&b=2", "example.org/a b?b=2"),
        ("//example.org", "example.org"),
    ],
)
def test_links_to_one_page_have_one_address(url, expected):
    assert address(url) == expected
