from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from qa.errors import InvalidInput
from qa.filters import Filters
from qa.storage.records import Chunk, Entry, Placed
from qa.storage.sqlite import SqliteStore

ARTICLES: dict[str, dict[str, Any]] = {
    "tass": {
        "publisher": "TASS",
        "author": "Ivan Ivanov",
        "language": "ru",
        "published": "2023-05-31",
        "tags": ("Kosovo", "Energy"),
    },
    "blic": {
        "publisher": "Blic",
        "author": "Žana Žigić",
        "language": "sr-Latn",
        "published": "2023-05",
        "tags": ("kosovo",),
    },
    "year": {"publisher": "tass", "published": "2023", "language": "en"},
    "hour": {"published": "2024-01-01T08:30:00Z", "language": "en_GB", "tags": ("Straße",)},
    "bare": {},
}


@pytest.fixture(scope="module")
def passing(tmp_path_factory, document):
    """Gives the ids of the articles that pass."""
    store = SqliteStore(tmp_path_factory.mktemp("store") / "footnote.db")
    names = {}
    with store.changing() as change:
        for number, (id_, fields) in enumerate(ARTICLES.items(), 1):
            placed = Placed(0, len(id_), Chunk("", "", True, id_), b"", b"")
            change.put(Entry(document(id_, id_, **fields), (placed,)))
            names[number] = id_

    def ids(**filters):
        return [names[key] for key in store.reading(1).matching(Filters(**filters)).tolist()]

    yield ids
    store.close()


def test_without_a_filter_every_article_passes(passing):
    assert passing() == ["tass", "blic", "year", "hour", "bare"]
    assert not Filters()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"article_ids": ("year", "bare", "none")}, ["year", "bare"]),
        ({"article_ids": ("YEAR",)}, []),
        ({"publishers": ("Tass",)}, ["tass", "year"]),
        ({"publishers": ("Tas",)}, []),
        ({"authors": ("ŽANA ŽIGIĆ",)}, ["blic"]),
        ({"languages": ("EN", "sr")}, ["blic", "year", "hour"]),
        ({"tags": ("KOSOVO",)}, ["tass", "blic"]),
        ({"tags": ("energy", "strasse")}, ["tass", "hour"]),
        ({"publishers": ("TASS",), "languages": ("en",)}, ["year"]),
        ({"publishers": ("TASS",), "tags": ("none",)}, []),
        ({"article_ids": ("'; DROP TABLE articles; --",)}, []),
    ],
)
def test_an_article_passes_when_it_passes_each_filter(passing, filters, expected):
    assert passing(**filters) == expected
    assert Filters(**filters)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2022", ["tass", "blic", "year", "hour"]),
        ("2023", ["tass", "blic", "year", "hour"]),
        ("2023-05", ["tass", "blic", "year", "hour"]),
        ("2023-05-31", ["tass", "blic", "year", "hour"]),
        ("2023-06", ["year", "hour"]),
        ("2024", ["hour"]),
        ("2024-01-01", ["hour"]),
        ("2024-01-01T23:59:59Z", ["hour"]),
        ("2024-01-02", []),
    ],
)
def test_published_from_is_inclusive_and_compares_as_far_as_both_go(passing, since, expected):
    assert passing(published_from=since) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("2022-12-31", []),
        ("2023-04", ["year"]),
        ("2023-05", ["tass", "blic", "year"]),
        ("2023-05-30", ["blic", "year"]),
        ("2023-05-31", ["tass", "blic", "year"]),
        ("2023", ["tass", "blic", "year"]),
        ("2024-01-01", ["tass", "blic", "year", "hour"]),
    ],
)
def test_published_to_is_inclusive_and_compares_as_far_as_both_go(passing, until, expected):
    assert passing(published_to=until) == expected


def test_both_limits_make_a_window(passing):
    assert passing(published_from="2023-05-31", published_to="2023-12") == ["tass", "blic", "year"]
    assert passing(published_from="2024", published_to="2023") == []


def test_a_language_is_sought_by_its_primary_subtag():
    assert Filters(languages=("en-GB", "SR_Latn")).languages == ("en", "sr")


@pytest.mark.parametrize("given", ["2024-02-30", "2023-02-29", "2020-13-45", "2024-13", "0000-00"])
@pytest.mark.parametrize("name", ["published_from", "published_to"])
def test_a_day_that_no_calendar_has_is_refused(name, given):
    dated: Callable[..., Filters] = partial(replace, Filters())
    with pytest.raises(InvalidInput, match=given):
        dated(**{name: given})
    for real in ("0000", "2024", "2024-02", "2024-02-29", "2024-02-29T10:00"):
        assert dated(**{name: real})
