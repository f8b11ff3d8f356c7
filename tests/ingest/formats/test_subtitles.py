"""What subtitles say, and when: the time of a cue is cited as a page is."""

import pytest

from qa.citations.line import citation, source
from qa.ingest import read_stream
from qa.storage.records import StoredArticle
from qa.types import Article

ROLLING = """WEBVTT
Kind: captions

00:00:00.000 --> 00:00:02.000 align:start
 
the<00:00:00.500><c> ferry</c><00:00:01.000><c> sails</c>

00:00:02.000 --> 00:00:02.010 align:start
the ferry sails
 

NOTE of the editor
in two lines

second
00:00:02.010 --> 00:00:04.000 align:start
the ferry sails
on<00:00:03.000><c> Monday</c>
"""
BARE = "1\n00:00:02,010 --> 00:00:04,000\n{}\n\n\n2\n01:00,500 --> 01:02,000\n\nNo."


def article(written: str, name: str = "a.srt") -> Article:
    (found,) = read_stream(written.encode(), name)
    return found.article


def cited(of: Article, start: int) -> str:
    stored = StoredArticle(1, "", "", of, (), (), "text/vtt", "utf-8", None, "2024-05-06")
    return citation(source(stored, start), start)


def test_captions_that_roll_up_say_everything_once():
    found = article(ROLLING, "a.vtt")

    assert found.text == "the ferry sails on Monday"
    assert [list(cue) for cue in found.extra["cues"]] == [[0, "00:00:00"], [16, "00:00:02"]]


def test_a_number_that_is_said_is_no_number_of_a_cue():
    found = article(BARE.format("2024."))

    assert found.text == "2024.\nNo."
    assert [list(cue) for cue in found.extra["cues"]] == [[0, "00:00:02"], [6, "00:01:00"]]


def test_what_begins_within_a_cue_is_said_at_its_time():
    found = article(BARE.format("Well. The ferry sails."))

    assert cited(found, 6).startswith("a, 00:00:02, characters 6")
    assert cited(found, found.text.index("No.")).startswith("a, 00:01:00, ")


@pytest.mark.parametrize(
    "cues", ["x", {"a": 1}, [], 7, [[0, 7]], [["x", "00:00:01"]], [[0, "<b>"]], [0], [[]]]
)
def test_what_others_call_cues_is_no_time(cues):
    assert cited(Article(id="a", text="The ferry.", extra={"cues": cues}), 3).startswith("a, char")


def test_of_many_cues_the_times_of_some_are_kept_and_that_is_said():
    written = "".join(f"{n}\n00:00:{n % 60:02},0 --> 00:01:00,0\nNo {n}.\n\n" for n in range(4000))
    (found,) = read_stream(written.encode(), "a.srt")

    assert found.notes == ("the times of one cue in 3 are kept",)
    assert found.article.text.count("\n") == 3999
    assert found.article.extra["cues"][1] == [18, "00:00:03"]
