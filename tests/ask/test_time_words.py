"""What a question says of the time."""

from datetime import date

import pytest

from qa.ask.time_words import time_words

TODAY = date(2026, 11, 28)
LATEST = ("latest", None, None, None)


def period(since, until=None, month=None):
    return ("period", since, until, month)


@pytest.mark.parametrize(
    ("question", "words", "read"),
    [
        ("latest loan to Senta", "latest", LATEST),
        ("the most  recent vote", "most  recent", LATEST),
        ("neueste Zahlen", "neueste", LATEST),
        ("What was said since 2024?", "since 2024", ("since", "2024", None, None)),
        ("What was said since May 2024, and", "since May 2024", ("since", "2024-05", None, None)),
        ("Was geschah seit 2024?", "seit 2024", ("since", "2024", None, None)),
        ("с мая 2024", "с мая 2024", ("since", "2024-05", None, None)),
        ("What was said in May 2024?", "in May 2024", period("2024-05", "2024-05")),
        ("Šta je rečeno u maju 2024?", "u maju 2024", period("2024-05", "2024-05")),
        ("What was said on 2024-05-04?", "on 2024-05-04", period("2024-05-04", "2024-05-04")),
        ("on May 4, 2024, they", "on May 4, 2024", period("2024-05-04", "2024-05-04")),
        ("talks May 2024", "May 2024", period("2024-05", "2024-05")),
        ("What was decided in May?", "in May", period(None, None, 5)),
        ("after 2020", "after 2020", period("2020")),
        ("before 2020", "before 2020", period(None, "2019")),
        ("before 2020-01-01", "before 2020-01-01", period(None, "2019-12-31")),
        ("until March 2021", "until March 2021", period(None, "2021-03")),
        ("between 2019 and 2021?", "between 2019 and 2021", period("2019", "2021")),
        ("from May 2019 to June 2020", "from May 2019 to June 2020", period("2019-05", "2020-06")),
        ("talks last year", "last year", period("2025", "2025")),
        ("talks last month", "last month", period("2026-10", "2026-10")),
        ("talks this week", "this week", period("2026-11-23", "2026-11-29")),
        ("said yesterday", "yesterday", period("2026-11-27", "2026-11-27")),
        ("im letzten Jahr", "im letzten Jahr", period("2025", "2025")),
    ],
)
def test_words_of_time_are_read_and_named(question, words, read):
    (found,) = time_words(question, TODAY)

    assert (found.kind, found.published_from, found.published_to, found.month) == read
    assert found.text == question[found.start : found.end] == words
    assert found.effect == ("filter" if found.kind == "since" else "preference")


@pytest.mark.parametrize(
    "question",
    [
        "Who guides ships?",
        "may we march in may?",
        "by Friday at the latest?",
        "in 20 days",
        "in 1999 km",
        "in the 1990s",
        "since May",  # of which year?
        "since 2030",  # nothing is dated so
        "on 3/4/2024",  # April or March
        "from 2019",
        "the 2024 election",
        f"{'Which of them ' * 7} is of the latest build?",  # it tells of one, and asks for none
        "the last king of the year",
    ],
)
def test_what_may_mean_something_else_is_not_read(question):
    assert time_words(question, TODAY) == ()
