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
    authors=("Ann", "Bo"),
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

    expected = Metadata(
        title="A title",
        author="Ann, Bo",
        authors=("Ann", "Bo"),
        published="2021-03-03",
        language="sr",
    )
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


@pytest.mark.parametrize(
    ("site", "host", "author"),
    [
        ("Ann Lee", "annlee.example", "Ann Lee"),
        ("Northport News", "northportnews.example", None),
        ("Charlotte Observer", "charlotte-observer.example", None),
    ],
)
def test_a_person_may_have_a_site_of_her_name(site, host, author):
    head = f"""<link rel="canonical" href="https://www.{host}/a">
    <meta property="og:site_name" content="{site}"><meta name="author" content="{site}">"""

    assert metadata(head).author == author


def test_a_publisher_that_is_said_to_be_a_person_may_be_the_author():
    person = {"@type": ["Person", "Organization"], "@id": "#p", "name": "Gnaddrig"}
    page = {"@type": "Article", "author": {"@id": "#p"}, "publisher": {"@id": "#p"}}

    assert metadata(ld({"@graph": [page, person]})).author == "Gnaddrig"


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Ann Lee, Bo Ray Jr., and Cy Day, CNN", "Ann Lee, Bo Ray Jr., Cy Day, CNN"),
        ("Ann Lee, Jr.", "Ann Lee, Jr."),
        ("Ann Lee / Bo Ray", "Ann Lee, Bo Ray"),
        ("Ann Lee @annlee", "Ann Lee"),
        ("Autor/in: Ann Lee", "Ann Lee"),
        ("Publié par Gizmo", "Gizmo"),
        ("the_pilot", "the_pilot"),
        ("Redaktion Northport", None),
        ("Northport-Team", None),
        ("gizmo[at]northport.example", None),
    ],
)
def test_lists_of_names_labels_and_newsrooms_are_told_apart(stated, author):
    assert metadata(f'<meta name="author" content="{stated}">').author == author


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ann Lee Monday, February 5, 2024", "Ann Lee"),
        ("Von Ana Petric am Samstag, 3. Februar", "Ana Petric"),
        ("By Theresa May, 5 March 2024", "Theresa May"),
        ("11.12.2019 - Amelie Blum", "Amelie Blum"),
        ("11.12.2019 - The harbour is open!", None),
        ("CC BY", None),
    ],
)
def test_a_line_at_the_headline_is_a_byline_when_it_is_signed(line, author):
    assert metadata("", f"<h1>The port opens</h1><p>{line}</p><p>Text</p>").author == author


@pytest.mark.parametrize(
    ("body", "author"),
    [
        ('<a href="/autoren/lee-ann">ANN LEE</a>', "ANN LEE"),
        ('<a href="/autoren-und-redaktion/ann-lee">Ann Lee</a>', "Ann Lee"),
        ('<a href="/autoren/lee-ann">Zur Übersicht</a>', None),
        ('<a href="/licenses/by/4.0/">CC Licence</a>', None),
        ('<div class="liveAuthorDateBlock"><b>Autor:</b> Ann Lee<br></div>', "Ann Lee"),
        ('<div class="field--type-entity-reference field-author">Ann Lee</div>', "Ann Lee"),
        ('<div class="teaser-small"><p class="byline__author">VON Ann Lee</p></div>', "Ann Lee"),
        ('<article><footer><i class="authorname-txt">Ann Lee</i></footer></article>', "Ann Lee"),
        ('<footer><i class="authorname-txt">Ann Lee</i></footer>', None),
    ],
)
def test_authors_are_marked_by_links_labels_and_classes(body, author):
    assert metadata("", f"<h1>The port opens</h1>{body}<p>Text</p>").author == author


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<span property="schema:dateCreated" content="2022-01-28T12:45:46Z">', "2022-01-28"),
        ('<div class="post-footer"><abbr class="published" title="2018-06-05">', "2018-06-05"),
        ('<article><footer><time itemprop="datePublished" datetime="2022-01-21">', "2022-01-21"),
        ('<div><span class="itemPostDate">am 25.08.2015 22:30</span></div>', "2015-08-25"),
        ("<div><p>Veröffentlicht am 16.08.2019<br>Northport</p></div>", "2019-08-16"),
        ("<p class='date'>Written: 2023-11-07 15:03 Updated: 2023-11-07 16:30</p>", "2023-11-07"),
        ("<p class='time'>2023.11.02. 오후 8:06</p>", "2023-11-02"),
        ("<p class='date'>28.01.22</p>", "2022-01-28"),
        ("<p class='comment'>Veröffentlicht am 16.08.2019</p>", None),
    ],
)
def test_dates_are_marked_by_rdfa_labels_and_classes(body, published):
    page = f"<h1>The port opens</h1>{'<p>Text</p>' * 70}{body}"
    if "class='" in body:
        page = f"<h1>The port opens</h1>{body}{'<p>Text</p>' * 70}"

    assert (metadata("", page, 'lang="de"').published or "")[:10] == (published or "")


def test_the_day_in_the_address_comes_before_a_line_at_the_headline():
    link = '<link rel="canonical" href="https://x.org/2022/02/04/port">'
    found = metadata(link, "<h1>The port</h1><p>Posted on Monday, February 7, 2022</p>")

    assert (found.published, found.extra) == ("2022-02-04", {"published_from": "address"})


def test_json_ld_without_a_type_of_script_is_read():
    block = json.dumps({"@context": "https://schema.org", "@type": "Article", "author": "Ann Lee"})

    assert metadata(f"<script>{block}</script>").author == "Ann Lee"


@pytest.mark.parametrize(
    ("name", "host", "author"),
    [
        ("gizmo", "gizmo.wordpress.com", "gizmo"),
        ("gizmo", "gizmo.example", None),
        ("Northport News /ab", "port.example", None),
        ("port.example, Northport", "port.example", None),
        ("FC Blue Harbour", "blue-harbour.example", None),
        ("NN", "port.example", None),
        ("Ann Lee, Northport News", "port.example", "Ann Lee"),
    ],
)
def test_who_publishes_is_known_however_it_is_written(name, host, author):
    head = f"""<link rel="canonical" href="https://{host}/a"><meta name="author" content="{name}">
    <meta property="og:site_name" content="Northport News">"""

    assert metadata(head).author == author


@pytest.mark.parametrize(
    ("body", "author"),
    [
        ("<p>Posted by Gizmo @ 12:00</p>", "Gizmo"),
        ("<p>Geschrieben von Gizmo2 am 25.08.2015</p>", "Gizmo2"),
        ("<p>Posted by admin</p>", None),
        ("<p>Von der Insel zum Land</p>", None),
        ("<p>Written by Ann Lee Edited by Bo Ray</p>", "Ann Lee"),
        ("<p>Autorin: Ann Lee, Leiterin des Hafens in Northport.</p>", "Ann Lee"),
        ("<div><span>Auteur : </span> <a>Ann Lee</a></div>", "Ann Lee"),
        ("<dl><dt>Author:</dt><dd>Ann Lee</dd></dl>", "Ann Lee"),
        ("<p>By Ann Lee, Bo Ray and Cy Day, NDR</p>", "Ann Lee, Bo Ray, Cy Day, NDR"),
    ],
)
def test_bylines_of_many_shapes_name_their_authors(body, author):
    assert metadata("", f"<h1>The port opens</h1>{body}<p>Text</p>").author == author


def test_a_name_that_no_page_shows_stands_behind_the_line_that_is_signed():
    head = '<meta name="author" content="Max Owner">'

    assert metadata(head, "<h1>The port opens</h1><p>By Ann Lee</p>").author == "Ann Lee"
    assert metadata(head, "<h1>The port opens</h1><p>Text</p>").author == "Max Owner"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p>(5.3.2024) The port opens in spring.</p>", "2024-03-05"),
        ("<p>Northport, 5. März 2024 – Der Hafen ist wieder offen.</p>", "2024-03-05"),
        ("<div><span>Datum:</span> 05.03.2024 <br>Autor</div>", "2024-03-05"),
        (
            f"<p>Am 5. März 2024 kam es, sagte {'die Behörde ' * 6}.</p>",
            None,
        ),
    ],
)
def test_a_text_may_begin_with_its_date(line, published):
    body = f"<h1>The port opens</h1>{line}<p>Text</p>"

    assert metadata("", body, 'lang="de"').published == published


def test_of_two_days_of_publication_the_one_that_the_page_shows_is_taken():
    head = ld({**ARTICLE, "datePublished": "2021-03-01"})
    head += '<meta property="article:published_time" content="2021-03-03">'

    assert metadata(head, "<h1>Pilots</h1><p>3 March 2021</p>").published == "2021-03-03"
    assert metadata(head, "<h1>Pilots</h1><p>Updated: 3 March 2021</p>").published == "2021-03-01"


def test_an_address_may_have_its_month_in_letters():
    head = '<link rel="canonical" href="https://x.example/education/2020/oct/02/halls">'

    assert metadata(head).published == "2020-10-02"


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        (
            "Years » Blog » Very Small Things",
            "<h1><a href='/'>Years</a></h1><h2>Very Small Things</h2>",
            "Very Small Things",
        ),
        ("Zinsen: so geht es", "<h1>Wie hoch ist das Entgelt?</h1>", "Wie hoch ist das Entgelt?"),
        ("Port opens in spring", "<h1>News</h1>", "Port opens in spring"),
        (
            "Port opens in spring",
            "<h1><style>.a{b:c}</style>Port opens in spring</h1>",
            "Port opens in spring",
        ),
    ],
)
def test_the_headline_is_told_from_the_name_of_the_site(title, body, expected):
    assert metadata(f"<title>{title}</title>", body).title == expected
