import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.stated.iso_dates import iso_date


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
        ("20240305T110235Z", "2024-03-05T11:02:35Z"),
        ("20240305", "2024-03-05"),
        ("2024-03-05T6:30:00", "2024-03-05T06:30:00"),
        ("2024/03/05 15:05:21", "2024-03-05T15:05:21"),
        ("2011-11-11 12:00:00 AM", "2011-11-11T00:00:00"),
        ("November 19, 2019, 07:47 PM EST", "2019-11-19T19:47-05:00"),
        ("Tue Jan 28 15:28:56 CET 2020", "2020-01-28T15:28:56+01:00"),
        ("Tue Nov 19 2019 03:05:46 GMT+0000", "2019-11-19T03:05:46+00:00"),
        ("Tue Nov 19 2019 03:05:46 GMT+0100 (CET)", "2019-11-19T03:05:46+01:00"),
        ("10 Feb 2020 3:14 p.m. PHT", "2020-02-10T15:14"),
        ("14/01/2020", "2020-01-14"),
        ("01/14/2020", "2020-01-14"),
        ("05/05/2020", "2020-05-05"),
        ("11.11.2021", "2021-11-11"),
        ("14. 5. 2024.", "2024-05-14"),
        ("2024年3月5日", "2024-03-05"),
        ("2024년 3월 5일", "2024-03-05"),
        ("mardi 5 mars 2024 à 10h30", "2024-03-05T10:30"),
        ("1er mars 2024", "2024-03-01"),
        ("am 5. März 2024 um 10:30 Uhr", "2024-03-05T10:30"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("3 марта 2021 г.", "2021-03-03"),
        ("4. мај 2024. године", "2024-05-04"),
        ("5. ožujka 2024.", "2024-03-05"),
        ("2 marca 2020 r.", "2020-03-02"),
        ("1709632800", "2024-03-05T10:00:00Z"),
        ("1709632800000", "2024-03-05T10:00:00Z"),
        ("Published: 5 March 2024 | 10:30", "2024-03-05T10:30"),
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
        "614765600",
        "yesterday",
        "3-5 March 2021",
        "5 March 2021 April",
        "5. listopada 2024.",
        "July 2012 10:00",
        "13:00 PM, 5 March 2021",
        "PT15M",
        "Mo-Su 08:00",
        "5 March 2021 in Northport",
        "",
        "2021-03/03",
        "\u0662\u0660\u0662\u0661",
        "Wed, 99 Mar 2021 10:00:00 +0200",
        "1" * 5000,
    ],
)
def test_a_date_that_is_ambiguous_or_impossible_or_none_is_none(stated):
    assert iso_date(stated) is None


@pytest.mark.parametrize(
    ("stated", "language", "expected"),
    [
        ("03.04.2021", "de", "2021-04-03"),
        ("03.04.2021", "en", None),
        ("03/04/2021", "fr", "2021-04-03"),
        ("03/04/2021", "de", None),
        ("03/04/2021", None, None),
        ("5. listopada 2024.", "hr", "2024-10-05"),
        ("5 listopada 2024", "pl", "2024-11-05"),
    ],
)
def test_a_language_tells_which_of_two_readings_is_meant(stated, language, expected):
    assert iso_date(stated, language) == expected


@given(st.text())
def test_no_text_raises(text):
    iso_date(text)


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: moment.year >= 1000))
def test_what_python_writes_is_kept(moment):
    stated = moment.isoformat()
    whole_minutes = moment.utcoffset().seconds % 60 == 0

    assert iso_date(stated) == (stated if whole_minutes else None)
