import time

import pytest

from qa.check.facts import Fact, facts, missing
from tests.timing import BESIDE


def texts(sentence: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.text) for fact in facts(sentence)]


def test_a_fact_says_where_it_stands():
    assert facts("Vučić bought 45 tanks.") == [Fact("number", "45", 13, 15)]


def test_offsets_count_in_a_sentence_with_combining_marks_and_invisible_characters():
    sentence = "The pilot Vuc\u030cic\u0301 sold 1\u00ad000 ships."

    assert [sentence[f.start : f.end] for f in facts(sentence)] == [
        "Vuc\u030cic\u0301",
        "1\u00ad000",
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Researchers found water.", []),
        ("Researchers Ana Petrović and Jan Novak left.", ["Researchers Ana Petrović", "Jan Novak"]),
        ("Police said so. Officials agreed. Nobody left.", []),
        ("Yesterday President Vučić spoke.", ["President Vučić"]),
        ("Interestingly, Serbia agreed.", ["Serbia"]),
        ("Belgrade agreed, and Belgrade signed.", ["Belgrade"]),
        ("Serbian officials met the Russians.", ["Serbian", "Russians"]),
        ("“We left,” he said. “Everybody did.”", []),
        ("The President and the Prime Minister met.", []),
        ("NATO said that iPhone sales and COVID-19 matter.", ["NATO", "iPhone", "COVID-19"]),
        (
            "He met Ursula von der Leyen of the Bank of America.",
            ["Ursula von der Leyen", "Bank of America"],
        ),
        ("It is what I said and I'm sure.", []),
        ("Mr. Smith met J. K. Rowling.", ["Mr. Smith", "J. K. Rowling"]),
        ("The U.S. left the UN.", ["U.S.", "UN"]),
        ("It hurt Vučić's party and Botsan-Kharchenko.", ["Vučić", "Botsan-Kharchenko"]),
        ("Thousands Protest Against New Law In Old Town", []),
        ("EVERYBODY LEFT THE TOWN.", []),
        ("It is an English-language network.", ["English"]),
        ("Yes: Everybody left.", []),
    ],
)
def test_names_are_capitalised_words_in_a_row(sentence, expected):
    assert texts(sentence) == [("name", text) for text in expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It weighs 45 tonnes [3].", [("number", "45 tonnes")]),
        ("It grew by 10 to 12 per cent.", [("number", "10"), ("number", "12 per cent")]),
        ("It cost $3bn and €5m.", [("number", "$3bn"), ("number", "€5m")]),
        ("No one was the first of them.", []),
        (
            "one thousand two hundred and five men",
            [("number", "one thousand two hundred and five")],
        ),
        ("half a million, a dozen", [("number", "half a million"), ("number", "a dozen")]),
        ("two-thirds of them came third", [("number", "two-thirds"), ("number", "third")]),
        ("He left in May 2021, in June and on Tuesday.", None),
        ("He may march in march.", []),
        ("It opened in the 1990s, or mid-1980s.", [("date", "1990s"), ("date", "1980s")]),
        ("It sold 2,000 of them in 2000.", [("number", "2,000"), ("date", "2000")]),
        ("It ran 2000 km.", [("number", "2000 km")]),
        ("It came on 4–6 March 2020.", [("date", "4–6 March 2020")]),
        ("He won 3-2, and 3-2 again.", [("number", "3"), ("number", "2")]),
        ("", []),
    ],
)
def test_numbers_and_dates_come_as_written_and_in_order(sentence, expected):
    if expected is None:
        expected = [("date", "May 2021"), ("date", "June"), ("date", "Tuesday")]
    assert texts(sentence) == expected


PRESENT = [
    ("1,000", "1000"),
    ("1 000", "1,000"),
    ("one thousand", "1,000"),
    ("1.000 ships", "1,000 ships"),
    ("three ships", "3 ships"),
    ("twenty-one ships", "21 ships"),
    ("two hundred and five", "205"),
    ("1.5 million", "1,500,000"),
    ("1,5 million", "1.5m people"),
    ("half a million", "500,000"),
    ("a dozen", "12"),
    ("20 %", "20 percent"),
    ("20%", "20 per cent"),
    ("20 %", "a rise of 20"),
    ("half of them", "50 % of them"),
    ("two-thirds", "2/3"),
    ("½", "0.5"),
    ("third", "3rd"),
    ("a fifth season", "the 5th season"),
    ("in 1491–1510", "from 1491 to 1510"),
    ("the U.S election", "the United States"),
    ("the twenty-first time", "the 21st time"),
    ("10 to 12 km", "10–12 kilometres"),
    ("2-3 million", "2,000,000 to 3 million"),
    ("45 tonnes", "45,000 kg"),
    ("a 45-tonne tank", "45 tons"),
    ("$3bn", "3 billion dollars"),
    ("US$5", "5 USD"),
    ("3 billion", "$3 billion"),
    ("aged 45", "45 years old"),
    ("minus 5 degrees", "-5 °C"),
    ("2000 people", "2,000 people"),
    ("March 4, 2020", "on 4 March 2020"),
    ("4 March 2020", "published 2020-03-04"),
    ("4th of March 2020", "04.03.2020"),
    ("4 March 2020", "3/4/2020"),
    ("March 2020", "on 4 March 2020"),
    ("in March", "on 4 March 2020"),
    ("4 March", "March 4th, 2020"),
    ("in 2020", "on 4 March 2020"),
    ("in 2020", "in 2019-20"),
    ("4 March 2020", "on 4 March … in 2020"),
    ("4 March 2020", "am 4. März 2020"),
    ("4 March 2020", "le 4 mars 2020"),
    ("4 March 2020", "4. marta 2020."),
    ("4 March 2020", "4 марта 2020 года"),
    ("4 May 2020", "4 мая 2020"),
    ("4 May 2020", "4. маја 2020."),
    ("on Wednesday", "у среду"),
    ("300 grams", "300 g or 0.3 kg"),
    ("two decades", "20 years"),
    ("the 20th century", "the twentieth century"),
    ("5 gigabytes", "5,000 MB"),
    ("with Bjørn Þórsson", "Bjorn Thorsson came"),
    ("on Wednesday", "on 4 March 2020"),
    ("on Wednesday", "am Mittwoch"),
    ("in the 1990s", "in 1994"),
    ("22nd September 1917", "( born 22 September 1917 )"),
    ("met Botsan-Kharchenko", "Botsan Kharchenko came"),
    ("met Vucic", "Aleksandar Vučić came"),
    ("met Aleksandar Vucic", "Vučić came"),
    ("met Aleksandar Vucic", "President Vučić came"),
    ("met Aleksandar Vucic", "A. Vučić came"),
    ("President Vucic left", "Aleksandar Vučić came"),
    ("the Vučić's aide", "Vucic’s aide"),
    ("the UN left", "the United Nations left"),
    ("the United Nations left", "the U.N. left"),
    ("the U.S. left", "the US left"),
    ("with Djokovic", "with Novak Đoković"),
    ("the Serbian army", "the army of Serbia"),
    ("the Israelis", "Israel"),
    ("the University of Belgrade", "Belgrade University"),
    ("with the Tigers", "with TIGERS"),
    ("Researchers found", "nothing at all"),
    ("Actor Tom Hanks left", "Tom Hanks came"),
    ("Wealthy Ana Novak left", "wealthy, Novak came"),
]


@pytest.mark.parametrize(("sentence", "passage"), PRESENT)
def test_what_is_written_otherwise_is_not_missing(sentence, passage):
    assert missing(sentence, passage) == []


MISSING = [
    ("45 tonnes", "40 tonnes", "45 tonnes"),
    ("20 %", "20 km", "20 %"),
    ("20 people", "20 % of the people", "20"),
    ("5 km", "5 miles", "5 km"),
    ("1.5 million", "1.5 billion", "1.5 million"),
    ("$5", "€5", "$5"),
    ("5 roubles", "5 dinars", "5 roubles"),
    ("500 g", "500 t", "500 g"),
    ("5 barrels", "5 gallons", "5 barrels"),
    ("third", "fourth, 5th", "third"),
    ("three ships", "ships", "three"),
    ("4 March 2020", "5 March 2020", "4 March 2020"),
    ("4 March 2020", "March 2020", "4 March 2020"),
    ("4 March 2020", "4 March 2021", "4 March 2020"),
    ("4 March 2020", "4 March … 2021", "4 March 2020"),
    ("in 1994", "in the 1990s", "1994"),
    ("4 tanks", "on 4 March", "4"),
    ("on Tuesday", "on 4 March 2020", "Tuesday"),
    ("in May", "it may be", "May"),
    ("met Tamara Vucic", "Aleksandar Vučić came", "Tamara Vucic"),
    ("in North Korea", "in South Korea", "North Korea"),
    ("the UN left", "both of us left", "UN"),
    ("the US left", "both of us left", "US"),
    ("the Supreme Court", "the court", "Supreme Court"),
    ("the Bank of America", "the Bank of England", "Bank of America"),
    ("Serbian officials left", "officials left", "Serbian"),
    ("COVID-19 spread", "COVID spread", "COVID-19"),
    ("near Paris", "near Rome", "Paris"),
]


@pytest.mark.parametrize(("sentence", "passage", "expected"), MISSING)
def test_what_the_passage_does_not_say_is_missing(sentence, passage, expected):
    assert [fact.text for fact in missing(sentence, passage)] == [expected]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It began at 10:30 and ended at 10:45:30.", ["10:30", "10:45:30"]),
        ("It began at 5 pm, 10.30 a.m. or 11 P.M.", ["5 pm", "10.30 a.m.", "11 P.M."]),
        ("It runs from 5 to 6pm.", ["5", "6pm"]),
        ("At 5 p.m. or 5:00 p.m.", ["5 p.m."]),
        ("It weighs 2.00 kg, or 2.00, or 2.", ["2.00 kg", "2.00"]),
        ("It was 25:30, 3:2 and 10:75.", ["25", "30", "3", "2", "10", "75"]),
    ],
)
def test_a_time_of_day_is_one_number(sentence, expected):
    assert [fact.text for fact in facts(sentence)] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("At 5 p.m. Ana left.", [("number", "5 p.m."), ("name", "Ana")]),
        ("at 10:30 March 2020", [("number", "10:30"), ("date", "March 2020")]),
        ("on March 9 - 4:31 PM", [("date", "March 9"), ("number", "4:31 PM")]),
        ("2020-03-04T10:30:00-04:00", [("date", "2020-03-04T10:30:00-04:00")]),
        ("2020-03-04 10:30", [("date", "2020-03-04"), ("number", "10:30")]),
        ("in 2020 at 20:20", [("date", "2020"), ("number", "20:20")]),
    ],
)
def test_a_time_of_day_stands_beside_dates_and_names(sentence, expected):
    assert texts(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("10:30", "10.30"),
        ("10.30", "10:30"),
        ("10:30", "10:30 a.m."),
        ("10.30", "10.30 AM"),
        ("10:30 a.m.", "10:30"),
        ("10:30 a.m.", "10.30"),
        ("9:05", "09:05"),
        ("10:30 p.m.", "22:30"),
        ("22:30", "10:30 p.m."),
        ("22.30", "10.30pm"),
        ("10:30", "10:30 p.m."),
        ("10:30", "10:30:15"),
        ("5 p.m.", "17:00"),
        ("17:00", "5 PM"),
        ("5:00 pm", "5 p. m."),
        ("5 p.m.", "at 5 o'clock"),
        ("at 5", "5 p.m."),
        ("at 5", "5:00"),
        ("12 a.m.", "0:00"),
        ("12:15 p.m.", "12:15"),
        ("10:30 p.m.", "10:30-11:30 p.m."),
        ("17:00", "from 5 to 6 p.m."),
    ],
)
def test_times_of_day_compare_by_parts(sentence, passage):
    assert missing(sentence, passage) == []


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("10:30", "10:45"),
        ("10:30", "11:30"),
        ("10:30", "10 and 30"),
        ("10:30", "€10.30"),
        ("10:30", "22:30"),
        ("22:30", "10:30"),
        ("10:30 p.m.", "10:30"),
        ("10:30 p.m.", "10.30"),
        ("10:30 p.m.", "10:30 a.m."),
        ("10:30:15", "10:30"),
        ("5 p.m.", "5 a.m."),
        ("5 p.m.", "5:30 p.m."),
        ("12:15 a.m.", "12:15 p.m."),
    ],
)
def test_other_times_of_day_are_missing(sentence, passage):
    assert [fact.text for fact in missing(sentence, passage)] == [sentence]


def test_what_the_context_says_is_known():
    sentence = "The Gazette said in March 2021 that 45 left."

    assert [f.text for f in missing(sentence, "45 left.", context="The Gazette\n2021-03-04")] == []
    assert [f.text for f in missing(sentence, "45 left.")] == ["Gazette", "March 2021"]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "piece",
    [
        "one two three ",
        "Aa Bb ",
        "Aa",
        "Ab of ",
        "A.",
        "1,000 ",
        "1 000 ",
        "9",
        "1.",
        "12/",
        "4 March 2020 ",
        "ninety-",
        "a hundred ",
        "half a ",
        "minus ",
        "10:30 ",
        "10:",
        "5 p.m. ",
        "5 to ",
        "e\u0301'",
        "- ",
        "[1,",
        "\u0301",
    ],
)
def test_a_hundred_thousand_characters_take_seconds_at_most(piece):
    text = piece * (100_000 // len(piece))
    started = time.thread_time()

    missing(text, text)

    assert time.thread_time() - started < 3 * BESIDE
