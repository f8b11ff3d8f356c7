import pytest

from qa.errors import InvalidInput
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.markdown.markdown_files import read


def article(source: str):
    return read(Blob(source.encode(), Limits(), "stem")).article


def test_front_matter_is_the_metadata_and_what_is_shown_below_it_the_text():
    found = article(
        "---\n"
        "id: harbour-1\n"
        "title: 'Harbour: the pilot'\n"
        "publisher: Port News\n"
        "authors: [Ann, Bo]\n"
        "date: 2021-03-03\n"
        "source url: https://x.org/a\n"
        "lang: en-GB\n"
        "tags: [ports, 1244]\n"
        "updated: 2021-03-04\n"
        "weight: 1.5\n"
        "---\n\n"
        "# *Harbour*\n\nThe [pilot](p.md) boards.\n"
    )

    assert found.text == "Harbour\n\nThe pilot boards."
    assert (found.id, found.title) == ("harbour-1", "Harbour: the pilot")
    assert (
        found.publisher,
        found.author,
        found.published,
    ) == ("Port News", "Ann, Bo", "2021-03-03")
    assert (found.url, found.language, found.tags) == ("https://x.org/a", "en", ("ports", "1244"))
    assert found.extra == {"updated": "2021-03-04", "weight": 1.5}


def test_without_front_matter_the_first_heading_is_the_title():
    found = article("Intro\n\n```\n# no heading\n```\n\n# The pilot #\n\n# Another")

    assert (found.id, found.title) == ("stem", "The pilot")


def test_scalars_that_yaml_would_change_stay_as_they_are_written():
    found = article(
        "---\nid: 007\ntitle: 1984\nlanguage: no\npublished: 2021\ntags: [010, yes]\n---\nText"
    )

    assert (found.id, found.title, found.language, found.published) == ("007", "1984", "no", "2021")
    assert found.tags == ("010", "yes")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("---\nA rule, and never another", "A rule, and never another"),
        ("---\n\nProse between two rules\n\n---\n\nMore", "Prose between two rules\n\nMore"),
        ("--\ntitle: x\n--\nText", "-- title: x\n\nText"),
        ("+++\n\nProse.\n\n+++\n\nMore", "+++\n\nProse.\n\n+++\n\nMore"),
        ("{: .wide}\nText", "Text"),
        ("Note: the port\nis shut.\n\nMore.", "Note: the port is shut.\n\nMore."),
        (
            "Title: the word\nis not a field here.\n\nMore.",
            "Title: the word is not a field here.\n\nMore.",
        ),
    ],
)
def test_what_is_no_front_matter_is_text(source, text):
    found = article(source)

    assert (found.text, found.title, found.extra) == (text, None, {})


def test_empty_front_matter_is_none():
    assert article("---\n---\nText").text == "Text"


def test_a_date_that_is_impossible_is_kept_and_said():
    document = read(Blob(b"---\npublished: 2021-02-30\n---\nText", Limits()))

    assert (
        document.article.published,
        document.article.extra,
    ) == (None, {"published": "2021-02-30"})
    assert len(document.notes) == 1


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: [a", 3),
        ("title: x\nauthor: 'y\n", 5),
        ("a: &a [1]\nb: *a", 3),
        ("a: 1\n b: : 2", 3),
        ("\n\nx: !!python/object:os.system {}", 4),
    ],
)
def test_broken_yaml_is_refused_with_its_line(front, line):
    with pytest.raises(InvalidInput, match=f"not valid YAML: line {line}: ") as info:
        article(f"---\n{front}\n---\nText")

    assert info.value.code == "bad_front_matter"


@pytest.mark.parametrize("front", ["x: " + "[" * 5000, "x: " + "9" * 5000, "x: !!int y"])
def test_hostile_yaml_is_refused(front):
    with pytest.raises(InvalidInput, match="not valid YAML") as info:
        article(f"---\n{front}\n---\nText")

    assert info.value.code == "bad_front_matter"


def test_an_id_that_is_not_url_safe_is_refused_and_not_altered():
    with pytest.raises(InvalidInput, match="id 'a b' is not URL-safe"):
        article("---\nid: a b\n---\nText")


def test_boilerplate_goes_from_markdown_too():
    assert article("# Title\n\nFoto: X\n\nText.\n\n0 comments").text == "Title\n\nText."


def test_front_matter_that_takes_seconds_to_read_is_refused():
    front = "\n".join(f"field{n}: {n}" for n in range(2_000))

    with pytest.raises(InvalidInput) as info:
        article(f"---\n{front}\n---\nText")

    assert info.value.code == "bad_front_matter"
    assert info.value.message == (
        f"the front matter has {len(front) + 2:,} characters; at most 20,000 are read:"
        " shorten it, or put what is text below it"
    )


def test_a_chapter_between_two_rules_is_no_front_matter():
    source = "---\n" + "The pilot boards the ship.\n" * 1_000 + "---\nThe end."

    assert article(source).text.startswith("The pilot boards the ship.\nThe pilot boards the ship.")
    assert article(source).title is None


def test_fields_are_as_they_were_written_however_they_are_given():
    found = article(
        "---\nid: 007\nlang: no\ntags: [1e3, 010, yes]\ntitle: 1_000\nn: 010\n---\nText"
    )

    assert (found.id, found.language, found.title) == ("007", "no", "1_000")
    assert found.tags == ("1e3", "010", "yes")
    assert found.extra == {"n": 8}


def test_front_matter_without_a_text_is_empty():
    with pytest.raises(InvalidInput, match="no text") as info:
        article("---\ntitle: x\n---\n")

    assert info.value.code == "empty"


@pytest.mark.parametrize(
    "front",
    [
        '+++\ntitle = "The pilot"\ndate = 2021-03-03\nid = 7\nauthors = ["Ann", "Bo"]\n'
        'tags = ["ports"]\ndraft = false\n[params]\nx = 1979-05-27T07:32:00Z\n+++\n\n',
        '{\n "title": "The pilot", "date": "2021-03-03", "id": 7, "authors": ["Ann", "Bo"],\n'
        ' "tags": ["ports"], "draft": false, "params": {"x": "1979-05-27T07:32:00+00:00"}\n}\n\n',
        "---\nTitle: The pilot\nDate: 2021-03-03\nid: 7\nauthors: [Ann, Bo]\ntags: [ports]\n"
        "draft: false\nparams: {x: '1979-05-27T07:32:00+00:00'}\n...\n",
    ],
)
def test_front_matter_is_read_in_toml_json_and_yaml(front):
    found = article(f"{front}# Not the title\n\nThe text.")

    assert (found.text, found.title) == ("Not the title\n\nThe text.", "The pilot")
    assert (found.id, found.author, found.published) == ("7", "Ann, Bo", "2021-03-03")
    assert found.tags == ("ports",)
    assert found.extra == {"draft": False, "params": {"x": "1979-05-27T07:32:00+00:00"}}


def test_multimarkdown_says_its_fields_in_the_first_lines():
    found = article("Title: The pilot\nAuthor: Ann\n    Lee\nBase Header Level: 2\n\nThe text.")

    assert (found.text, found.title, found.author) == ("The text.", "The pilot", "Ann Lee")
    assert found.extra == {"base header level": "2"}


def test_what_a_web_clipper_of_obsidian_writes_is_read():
    found = article(
        '---\ntitle: "The pilot"\nsource: "https://x.org/a"\nauthor:\n  - "[[Jane Roe]]"\n'
        '  - "[[people/bo|Bo Li]]"\npublished: 2021-03-03\ncreated: 2021-03-04\n---\nText'
    )

    assert (found.url, found.author, found.published) == (
        "https://x.org/a",
        "Jane Roe, Bo Li",
        "2021-03-03",
    )
    assert found.extra == {"created": "2021-03-04"}


@pytest.mark.parametrize(
    "author", ["[[Jane Roe]]", "'[[Jane Roe]]'", "'[Jane Roe](https://x.org)'"]
)
def test_an_author_is_a_name_and_not_a_link(author):
    assert article(f"---\nauthor: {author}\n---\nText").author == "Jane Roe"


def test_a_source_that_is_no_address_is_no_url():
    found = article("---\nsource: Tanjug\n---\nText")

    assert (found.url, found.extra) == (None, {"source": "Tanjug"})


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ('+++\ntitle = "x\n+++\n', "not valid TOML: .*line 2"),
        ('{\n"title": "x",\n}\n', "not valid JSON: .*line 3"),
        ('{"a": ' + "[" * 5_000, "not valid JSON"),
        ("+++\na = " + "[" * 5_000 + "\n+++\n", "not valid TOML"),
    ],
)
def test_broken_toml_and_json_are_refused(front, reason):
    with pytest.raises(InvalidInput, match=reason) as info:
        article(f"{front}\nText")

    assert info.value.code == "bad_front_matter"


def test_what_is_removed_is_told_and_the_raw_input_kept():
    data = b"A ~~b~~ c ![d](e)\n\nPhoto: f"
    document = read(Blob(data, Limits()))

    assert (document.raw, document.article.text) == (data, "A c")
    assert [(one.kind, one.text) for one in document.removed] == [
        ("struck out", "b"),
        ("caption", "d"),
        ("caption", "Photo: f"),
    ]
