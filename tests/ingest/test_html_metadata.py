import json

import pytest

from qa.ingest.stated.fields import Metadata
from qa.ingest.web.html_metadata import page_metadata
from qa.ingest.web.page import parse


def metadata(head: str, body: str = "<p>Text</p>", lang: str = "") -> Metadata:
    tree, _ = parse(f"<html {lang}><head>{head}</head><body>{body}</body></html>")
    return page_metadata(tree)


def ld(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "The pilot &amp; the\n ship",
    "author": [{"@type": "Person", "name": "Ann"}, "Bo"],
    "publisher": {"@type": "Organization", "name": "Port News"},
    "datePublished": "2021-03-03T10:00:00+01:00",
    "inLanguage": "en-GB",
    "keywords": "ports, ships, ports",
    "url": "https://x.org/ld",
}
FROM_ARTICLE = Metadata(
    title="The pilot & the ship",
    url="https://x.org/ld",
    publisher="Port News",
    author="Ann, Bo",
    published="2021-03-03T10:00:00+01:00",
    language="en",
    tags=("ports", "ships"),
)
OTHERS = """<title>A title</title><link rel="Canonical" href="https://x.org/canonical">
<meta property="og:title" content="OG title"><meta property="og:site_name" content="OG site">
<meta property="og:locale" content="de_DE"><meta name="author" content="Cleo">
<meta property="article:published_time" content="2020-01-01"><meta name="keywords" content="k">"""


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [{"@type": "WebPage", "name": "no"}, ARTICLE],
        {"@context": "x", "@graph": [{"@type": "Person", "name": "no"}, ARTICLE]},
        {**ARTICLE, "@type": ["Thing", "BlogPosting"]},
        {**ARTICLE, "@type": "http://schema.org/Article"},
        {"@type": "WebPage", "mainEntity": ARTICLE},
    ],
)
def test_json_ld_is_read_wherever_the_article_stands(value):
    assert metadata(ld(value)) == FROM_ARTICLE


def test_references_to_author_and_publisher_are_followed():
    graph = [
        {**ARTICLE, "author": [{"@id": "#a"}, "Bo"], "publisher": {"@id": "#o"}},
        {"@id": "#a", "@type": "Person", "name": "Ann"},
        {"@id": "#o", "@type": "Organization", "name": "Port News"},
    ]

    assert metadata(ld({"@graph": graph})) == FROM_ARTICLE


def test_json_ld_comes_before_everything_but_the_canonical_link():
    found = metadata(OTHERS + ld(ARTICLE), lang='lang="fr"')

    assert found.url == "https://x.org/canonical"
    assert (
        found.title,
        found.publisher,
        found.author,
    ) == ("The pilot & the ship", "Port News", "Ann, Bo")
    assert (found.published, found.language) == ("2021-03-03T10:00:00+01:00", "en")


@pytest.mark.parametrize("broken", ["{", "[[[", "null", '{"@type": 5}', "[" * 100_000, "7"])
def test_json_ld_that_says_nothing_is_passed_over(broken):
    expected = Metadata(
        title="OG title",
        url="https://x.org/canonical",
        publisher="OG site",
        author="Cleo",
        published="2020-01-01",
        language="de",
        tags=("k",),
    )
    assert expected == metadata(ld(broken) + OTHERS, lang='lang="fr"')


def test_meta_tags_of_libraries_and_journals_are_read():
    head = """<meta name="DC.title" content="A title"><meta name="citation_author" content="Ann">
    <meta name="citation_author" content="Bo"><meta name="citation_publication_date"
    content="2021/03/03"><meta name="DC.language" content="sr-Latn">"""

    expected = Metadata(title="A title", author="Ann, Bo", published="2021-03-03", language="sr")
    assert expected == metadata(head)


def test_at_last_title_language_and_the_only_time_are_read():
    found = metadata(
        "<title> A\n&quot;title&quot; </title>", '<time datetime="2021-03-03">', 'lang="EN-us"'
    )

    assert Metadata(title='A "title"', published="2021-03-03", language="en") == found


def test_of_several_times_only_one_that_is_marked_counts():
    times = '<time datetime="2021-03-03">a</time><time datetime="2020-01-01" {}>b</time>'

    assert metadata("", times.format("")).published is None
    assert metadata("", times.format('itemprop="datePublished"')).published == "2020-01-01"
    assert metadata("", times.format("pubdate")).published == "2020-01-01"


def test_nothing_is_guessed():
    body = "<p>By Ann Smith, 3 March 2021, Reuters</p><p class='date'>4 March 2021</p>"

    assert Metadata() == metadata("", body)


def test_a_date_that_is_ambiguous_is_said():
    found = metadata('<meta name="date" content="03/04/2021">')

    assert (found.published, found.notes) == (None, ("date not understood: 03/04/2021",))


def test_a_profile_is_no_name_and_a_path_no_address():
    head = """<meta property="article:author" content="https://facebook.com/ann">
    <meta name="author" content="Ann"><link rel="canonical" href="/a"><link rel="canonical"
    href="javascript:alert(1)"><meta property="og:url" content="https://x.org/a">"""

    assert Metadata(author="Ann", url="https://x.org/a") == metadata(head)


@pytest.mark.parametrize(
    "wrapped",
    [
        "//<![CDATA[\n%s\n//]]>",
        "/*<![CDATA[*/ %s /*]]>*/",
        "<!-- %s -->",
        "%s;",
    ],
)
def test_json_ld_is_read_in_what_xhtml_wraps_it_in(wrapped):
    assert metadata(ld(wrapped % json.dumps(ARTICLE))) == FROM_ARTICLE


def test_json_ld_may_have_trailing_commas():
    broken = '{"@type": "NewsArticle", "author": ["Ann Lee", ], "headline": "A, }", }'

    found = metadata(ld(broken))
    assert (found.author, found.title) == ("Ann Lee", "A, }")


@pytest.mark.parametrize("kind", ["WebPage", "ClaimReview", "Recipe", "MedicalWebPage"])
def test_json_ld_of_any_type_may_state_author_and_date(kind):
    found = metadata(ld({"@type": kind, "author": "Ann Lee", "datePublished": "2021-03-03"}))

    assert (found.author, found.published) == ("Ann Lee", "2021-03-03")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "admin",
            "publisher",
            "Super User",
            "No Author",
            "anónimo",
            "Redaktion",
            "Northport News",
        ),
        *("www.northport.example", "info@northport.example", "Web Commerce GmbH", "northport"),
    ],
)
def test_who_publishes_or_nobody_is_no_author(name):
    head = """<link rel="canonical" href="https://www.northport.example/a">
    <meta property="og:site_name" content="Northport News">"""

    assert metadata(f'{head}<meta name="author" content="{name}">').author is None


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("By Ann Lee and Bo Ray", "Ann Lee, Bo Ray"),
        ("Von Ana Petric", "Ana Petric"),
        ("Ursula von der Leyen", "Ursula von der Leyen"),
        ("Ann Lee (ann@x.example)", "Ann Lee"),
        ("Reed, Jo", "Reed, Jo"),
    ],
)
def test_names_are_taken_without_what_stands_around_them(stated, author):
    assert metadata(f'<meta name="author" content="{stated}">').author == author


def test_what_a_reference_list_states_is_not_of_the_page():
    body = """<article itemscope><h1>Works of the port</h1><p>Text</p><ol><li itemscope
    itemprop="citation"><meta itemprop="author" content="A. Older"><meta itemprop="datePublished"
    content="1988"></li></ol></article>"""
    found = metadata('<meta name="dc.creator" content="Ana Petric">', body)

    assert (found.author, found.published) == ("Ana Petric", None)


def test_the_title_is_the_one_that_the_visible_heading_confirms():
    stated = {**ARTICLE, "name": "Northport", "headline": "town in an invented county"}

    assert metadata(ld(stated), "<h1>Northport</h1>").title == "Northport"


def test_a_byline_and_a_date_at_the_headline_are_read_and_that_is_said():
    body = """<h1>The port will open</h1><p class="byline">By Ann Lee</p>
    <p class="date">4 March 2021</p>"""
    found = metadata("", body)

    assert (found.author, found.published) == ("Ann Lee", "2021-03-04")
    assert found.extra == {"published_from": "line at the headline"}
