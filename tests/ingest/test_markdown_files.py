import pytest

from qa.errors import InvalidInput
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.markdown_files import read


def article(source: str):
    return read(Blob(source.encode(), Limits(), "stem")).article


def test_front_matter_is_the_metadata_and_the_source_below_it_the_text():
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

    assert found.text == "# *Harbour*\n\nThe [pilot](p.md) boards."
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
    "source",
    [
        "---\nA rule, and never another",
        "---\n\nProse between two rules\n\n---\n\nMore",
        "--\ntitle: x\n--\nText",
    ],
)
def test_rules_are_not_front_matter(source):
    assert (source, None, {}) == (
        article(source).text,
        article(source).title,
        article(source).extra,
    )


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
    assert article("# Title\n\nFoto: X\n\nText.\n\n0 comments").text == "# Title\n\nText."


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

    assert article(source).text == source


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
