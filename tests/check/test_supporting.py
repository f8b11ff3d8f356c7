"""Which claims of a draft are read beside what they cite, how, and what is said of the others."""

import threading
import time

import pytest

from embeddings import EncoderUnavailable, HashEncoder
from qa import Corpus
from qa.check import supporting
from qa.schemas.draft_reports import CheckTextOut
from tests.readings import reading

LONG = "\n\n".join(
    " ".join(f"Ship {n} of quay {part} came in at noon." for n in range(30)) for part in range(6)
)
SHORT = "A harbour pilot guides 40 ships into the port."


class Reader:
    """Tells what it was given to read; finds everything supported."""

    name, digest = "told", ""

    def __init__(self):
        self.told = []

    def read(self, query, passages):
        self.told.append((query, len(passages)))
        return [reading(text, says=(4.0, 0.0, 0.0)) for _, text in passages]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("supporting")
    with Corpus.open(folder, encoder=HashEncoder()) as opened:
        list(
            opened.add(
                [
                    document("long", LONG),
                    document("short", SHORT),
                    document("german", LONG.replace("noon", "night"), language="de"),
                ]
            )
        )
        assert opened.counts()["passages"] >= 9
    return folder


def checked(folder, draft, read, reader):
    """The report on a draft, by a corpus that is read to a depth."""
    with Corpus.open(folder, encoder=HashEncoder(), read=read) as corpus:
        corpus._reader = reader
        return corpus.check_text(draft)


def citing(article, count):
    """A draft with so many claims, each of which cites the article."""
    claims = (
        f"Ship {n} came in at noon, they say. [It](/articles/{article})" for n in range(count)
    )
    return "\n\n".join(claims)


def read_of(report):
    return [claim.supporting and claim.supporting.read for claim in report.claims]


def texts(report):
    return [claim.text for claim in report.claims]


@pytest.mark.parametrize(
    ("depth", "article", "count", "most", "passages"),
    [
        ("deep", "long", 42, 40, 4),
        ("deep", "short", 162, 160, 1),
        ("fast", "long", 162, 160, 1),
        ("deep", "long", 40, 40, 4),
    ],
)
def test_of_one_draft_160_passages_are_read_for_its_first_claims(
    folder, depth, article, count, most, passages
):
    reader = Reader()
    report = checked(folder, citing(article, count), depth, reader)

    assert read_of(report) == [True] * most + [False] * (count - most)
    assert (report.depth, report.read, report.unread) == (depth, most, count - most)
    assert sorted(reader.told) == sorted((text, passages) for text in texts(report)[:most])
    assert CheckTextOut.of(report).reading.model_dump() == {
        "depth": depth,
        "read": most,
        "unread": count - most,
    }


def test_what_is_not_read_is_judged_as_if_nothing_was(folder, monkeypatch):
    draft = citing("long", 2)
    unread = checked(folder, draft, "off", None)
    monkeypatch.setattr(supporting, "MOST_READ", 7)
    report = checked(folder, draft, "deep", Reader())

    assert read_of(report) == [True, False]
    assert read_of(unread) == [None, None]
    (first, second), (same, other) = (
        [claim.supporting for claim in one.claims] for one in (report, unread)
    )
    assert first.score != same.score
    assert (second.score, second.text, second.contradicts) == (other.score, other.text, None)
    # One with fewer passages still has room.
    draft = citing("long", 2) + "\n\n" + citing("short", 4)
    assert read_of(checked(folder, draft, "deep", Reader())) == [True, False, *[True] * 3, False]


def test_without_reading_none_is_read_and_that_is_said(folder):
    report = checked(folder, citing("long", 3), "off", None)

    assert (report.depth, report.read, report.unread) == ("off", 0, 3)
    out = CheckTextOut.of(report)
    assert out.reading.model_dump() == {"depth": "off", "read": 0, "unread": 3}
    assert [claim.supporting.read for claim in out.claims] == [None] * 3


def test_what_is_in_another_language_is_not_read_and_that_is_said(folder):
    reader = Reader()
    draft = "\n\n".join(citing(article, 1) for article in ("german", "long", "nowhere"))
    report = checked(folder, draft, "deep", reader)

    assert read_of(report) == [False, True, None]
    assert (report.read, report.unread) == (1, 1)
    assert len(reader.told) == 1


def test_claims_are_read_beside_one_another_and_stay_in_their_order(folder, monkeypatch):
    monkeypatch.setattr(supporting, "cores", lambda: 2)
    together = threading.Barrier(2, timeout=30)

    class Slow(Reader):
        def read(self, query, passages):
            together.wait()  # fails where another is not read at the same time
            number = int(query.split()[1])
            time.sleep(0.05 if number == 0 else 0)
            says = (number / 2, 0.0, 0.0)
            return [reading(text, says=says) for _, text in passages]

    report = checked(folder, citing("long", 4), "deep", Slow())

    assert texts(report) == [f"Ship {n} came in at noon, they say." for n in range(4)]
    scores = [claim.supporting.score for claim in report.claims]
    assert scores == sorted(set(scores))  # the reader was the surer the later it was asked
    assert read_of(report) == [True] * 4


def test_a_reader_that_fails_fails_the_check(folder):
    class Broken(Reader):
        def read(self, query, passages):
            raise EncoderUnavailable("no weights")

    with pytest.raises(EncoderUnavailable, match="no weights"):
        checked(folder, citing("long", 20), "deep", Broken())


# --- several sources ---------------------------------------------------------------------------

TISA = "The Tisa bridge was closed for 41 days in March.\n\n" + LONG
DANUBE = LONG + "\n\nThe Danube bridge was reopened on 12 May by Ana Petrović."


@pytest.fixture(scope="module")
def bridges(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("bridges")
    with Corpus.open(folder, encoder=HashEncoder()) as opened:
        list(opened.add([document("tisa", TISA), document("danube", DANUBE)]))
    return folder


BOTH = "The Tisa bridge was closed for 41 days in March, the Danube bridge reopened on 12 May"


def lacks(found):
    return [fact.text for fact in found.missing]


def test_of_several_sources_only_what_none_has_is_missing_and_each_shows_its_best(bridges):
    draft = f"{BOTH} [a](/articles/tisa)[b](/articles/danube)."
    [claim] = checked(bridges, draft, "off", None).claims

    assert claim.supporting.missing == ()
    assert [(one.source.article_id, lacks(one)) for one in claim.by_source] == [
        ("tisa", ["Danube", "12 May"]),
        ("danube", ["Tisa", "41 days", "March"]),
    ]
    assert [one.text for one in claim.by_source] == [TISA[:48], DANUBE[-57:]]
    assert claim.supporting.score > max(one.score for one in claim.by_source)


def test_swapped_marks_are_seen(bridges):
    draft = (
        "The Tisa bridge was closed for 41 days in March [{}], and the Danube bridge was"
        " reopened on 12 May for all [{}].\n\n[1]: /articles/tisa\n[2]: /articles/danube\n"
    )
    right, wrong = (checked(bridges, draft.format(*n), "off", None).claims for n in ("12", "21"))

    assert [lacks(one.supporting) for one in right] == [[], []]
    assert [lacks(one.supporting) for one in wrong] == [
        ["Tisa", "41 days", "March"],
        ["Danube", "12 May"],
    ]


def test_what_stands_anywhere_in_the_article_is_not_missing(bridges):
    draft = "Ana Petrović closed the Danube bridge, and ship 29 came in. [a](/articles/danube)"
    [claim] = checked(bridges, draft, "off", None).claims

    assert claim.supporting.missing == ()
    assert "29" not in claim.supporting.text


def test_of_each_source_the_nearest_passage_is_read(bridges):
    reader = Reader()
    draft = "Ship 3 of quay 4 came in at noon, it says [a](/articles/tisa)[b](/articles/danube)."
    [claim] = checked(bridges, draft, "deep", reader).claims

    assert reader.told == [(claim.text, 4)]
    assert [one.read for one in claim.by_source] == [True, True]
