import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.iso_dates import iso_date


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2021", "2021"),
        ("2021-03", "2021-03"),
        ("2021-3", "2021-03"),
        ("2021-03-03", "2021-03-03"),
        ("2021/3/3", "2021-03-03"),
        ("2021.03.03", "2021-03-03"),
        ("2021-03-03T10:00", "2021-03-03T10:00"),
        ("2021-03-03 10:00:05", "2021-03-03T10:00:05"),
        ("2021-03-03T10:00:00Z", "2021-03-03T10:00:00Z"),
        ("2021-03-03 10:00:00 UTC", "2021-03-03T10:00:00Z"),
        ("2021-03-03T10:00:00+0200", "2021-03-03T10:00:00+02:00"),
        ("2021-03-03T10:00:00.123+02", "2021-03-03T10:00:00.123+02:00"),
        ("2021-03-03T10:00:00,1234567Z", "2021-03-03T10:00:00.1234567Z"),
        ("Wed, 03 Mar 2021 10:00:00 +0200", "2021-03-03T10:00:00+02:00"),
        ("3 Mar 2021 10:00 GMT", "2021-03-03T10:00:00+00:00"),
        ("3 March 2021", "2021-03-03"),
        ("3. March 2021", "2021-03-03"),
        ("3rd March, 2021", "2021-03-03"),
        ("March 3, 2021", "2021-03-03"),
        ("Sept. 3 2021", "2021-09-03"),
        ("Wednesday, March 3, 2021", "2021-03-03"),
        ("  March\n2021 ", "2021-03"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_a_date_is_normalised_as_precisely_as_it_is_stated(stated, expected):
    assert expected == iso_date(stated)


@pytest.mark.parametrize(
    "stated",
    [
        "03/04/2021",
        "3.4.2021",
        "2021-13",
        "2021-02-30",
        "2021-03-03T25:00",
        "2021-03-03T10:00+99:00",
        "29 February 2023",
        "3 Marchember 2021",
        "0000",
        "21",
        "1614765600",
        "yesterday",
        "",
        "2021-03/03",
        "\u0662\u0660\u0662\u0661",
        "Wed, 99 Mar 2021 10:00:00 +0200",
        "1" * 5000,
    ],
)
def test_a_date_that_is_ambiguous_or_impossible_or_none_is_none(stated):
    assert iso_date(stated) is None


@given(st.text())
def test_no_text_raises(text):
    iso_date(text)


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: moment.year >= 1000))
def test_what_python_writes_is_kept(moment):
    stated = moment.isoformat()
    whole_minutes = moment.utcoffset().seconds % 60 == 0

    assert iso_date(stated) == (stated if whole_minutes else None)
