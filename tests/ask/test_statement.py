from dataclasses import replace

import numpy as np
import pytest

from embeddings import HashEncoder
from qa.ask.statement import _whole_words, mark, reason, statement
from qa.retrieval.late_interaction import Question
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source, Span, Statement, Words
from tests.readings import after_no_numbers, reading

ENCODER = HashEncoder()
PILOTS = "Pilots at work\nA pilot guides ships. The crew sleeps. Ships wait at night."
BREAD = "Bread is baked at night. Nobody guides the bakers."


@pytest.fixture
def lexical(tmp_path):
    index = LexicalIndex(tmp_path)
    index.update((), [(1, PILOTS), (2, BREAD), (3, "Night falls.")])
    return index.searcher()


def hit(text, *, start=0, title=None, dense=None, article="a"):
    source = Source(article, title=title)
    passage = Passage(f"{article}.{start}", article, start, start + len(text), text)
    return Hit(passage, source, 1.0, dense, None)


def read(question, hits, lexical, readings=()):
    """The interactions with the hits, and what was read of them."""
    asked = Question.of(question, ENCODER.encode_queries([question])[0], lexical)
    interactions = []
    for one in hits:
        text = one.passage.text
        spans = tuple(sentences(text)) or (Span(0, len(text)),)
        tokens = PassageTokens(ENCODER.encode_queries([text])[0].tokens, spans)
        interactions.append(read_passage(asked, one, tokens))
    for number, made in enumerate(readings):
        interactions[number] = replace(interactions[number], reading=made)
    return asked, interactions


def supported(question, hits, lexical, readings=()):
    return mark(hits, read(question, hits, lexical, readings)[1])


def said(question, one, lexical, made=None):
    """The statement of a hit that answers, where it was read as is `made`, if it was."""
    _, interactions = read(question, [one], lexical, [made] if made else [])
    [found] = mark([one], interactions)
    return statement(question, found, interactions[0])


def why(question, hits, lexical, readings=()):
    asked, interactions = read(question, hits, lexical, readings)
    return reason(asked, mark(hits, interactions), interactions)


def marked(hit):
    [span] = hit.highlights
    start = hit.passage.start
    return hit.passage.text[span.start - start : span.end - start]


# --- the supporting sentence -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who guides ships?", "A pilot guides ships."),
        ("Does the crew sleep?", "The crew sleeps."),
        ("Where do ships wait?", "Ships wait at night."),
    ],
)
def test_the_supporting_sentence_is_the_nearest(lexical, question, expected):
    [found] = supported(question, [hit(PILOTS)], lexical)

    assert marked(found) == expected


@pytest.mark.parametrize("start", [0, 1000])
def test_its_span_counts_in_the_article(lexical, start):
    [found] = supported("Who guides ships?", [hit(PILOTS, start=start)], lexical)

    assert found.highlights == (Span(start + 15, start + 36),)
    assert said("Who guides ships?", hit(PILOTS, start=start), lexical) == Statement(
        "A pilot guides ships.", "a", f"a.{start}", start + 15, start + 36, language="en"
    )


def test_a_headline_never_supports_when_something_is_stated(lexical):
    [found] = supported("pilots at work", [hit(PILOTS)], lexical)
    [alone] = supported("pilots at work", [hit("Pilots at work\nBread")], lexical)

    assert marked(found) != "Pilots at work"
    assert marked(alone) == "Pilots at work"


@pytest.mark.parametrize(
    "line",
    [
        "By Ana Pilot.",
        "Source: pilot guides.",
        "Foto: pilot guides.",
        "BY PILOT GUIDES",
        "BY PILOT,GUIDES, and O’NEIL and .",
        "Written for Pilot by A.",
        "Written for the guide by sea by A. Pilot and Guides",
    ],
)
def test_a_byline_never_supports_when_something_is_stated(lexical, line):
    [found] = supported("pilot guides", [hit(f"{line}\nThe crew sleeps.")], lexical)

    assert marked(found) == "The crew sleeps."


@pytest.mark.parametrize(
    "line",
    [
        "By 1990 the pilot guides.",
        "By night, a pilot guides.",
        "Source pilot guides.",
        "By Ana pilot guides ships.",
        "BY SIGNING THE PILOT GUIDES THE GOVERNMENT PROMISED 5 THINGS.",
    ],
)
def test_a_sentence_that_begins_like_a_byline_states_something(lexical, line):
    [found] = supported("pilot guides", [hit(f"{line}\nThe crew sleeps.")], lexical)

    assert marked(found) == line


def test_a_long_line_without_a_full_stop_is_a_statement(lexical):
    line = "pilot guides " + "ships " * 14
    [found] = supported("pilot guides", [hit(f"{line.strip()}\nThe crew sleeps.")], lexical)

    assert marked(found) == line.strip()


def test_a_second_sentence_is_marked_when_it_brings_other_words(lexical):
    text = "A pilot guides ships. The crew sleeps at night. The bread is new."
    [one] = supported("Does a pilot guide ships?", [hit(text)], lexical)
    [two] = supported("pilot guides crew sleeps", [hit(text)], lexical)

    assert [(s.start, s.end) for s in one.highlights] == [(0, 21)]
    assert sorted((s.start, s.end) for s in two.highlights) == [(0, 21), (22, 47)]


@pytest.mark.parametrize("question", ["a b", "a b c", "a b c d", "a b c d e", "a b c d e f"])
@pytest.mark.parametrize("count", range(2, 8))
def test_what_lay_in_memory_before_warns_of_nothing(lexical, monkeypatch, question, count):
    """A matrix product of five columns reads beyond them; what lay there may be no number."""
    one = hit(" ".join(f"{letter.upper()} pilot." for letter in "abcdefg"[:count]))
    [made] = read(question, [one], lexical)[1]
    monkeypatch.setattr(np, "maximum", after_no_numbers(np.maximum))

    assert 1 <= len(mark([one], [made])[0].highlights) <= 3


def test_no_more_than_three_sentences_are_marked(lexical):
    text = "A pilot. A baker. A crew. A zebra. A lion."
    [found] = supported("pilot baker crew zebra lion", [hit(text)], lexical)

    assert len(found.highlights) == 3


def test_a_title_that_ends_like_a_statement_is_still_a_title(lexical):
    text = "A pilot guides ships. The pilot guides ships."
    [plain] = supported("pilot guides ships", [hit(text)], lexical)
    [titled] = supported("pilot guides ships", [hit(text, title="A pilot guides ships.")], lexical)

    assert (marked(plain), marked(titled)) == ("A pilot guides ships.", "The pilot guides ships.")


def test_every_hit_is_marked(lexical):
    found = supported("guides bakers", [hit(PILOTS), hit(BREAD, article="b")], lexical)

    assert [marked(h) for h in found] == ["A pilot guides ships.", "Nobody guides the bakers."]


def test_a_passage_without_a_sentence_supports_as_a_whole(lexical):
    [found] = supported("zebra", [hit(" \n ")], lexical)

    assert found.highlights == (Span(0, 3),)


def test_of_equally_near_sentences_the_one_with_rarer_words_supports(lexical):
    text = "Night falls. Crew falls."
    [found] = supported("night crew", [hit(text)], lexical)

    assert found.highlights[0] == Span(13, 24)


# --- reasons -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("pilot night", "No passage answers this closely enough; the nearest are about “Title”."),
        (
            "Do zebras guide ships?",
            "Nothing here mentions “zebras”; these are the nearest passages.",
        ),
        (
            "“Zebras”, lions and gnus (at night)!",
            "Nothing here mentions “Zebras”, “lions” or “gnus”; these are the nearest passages.",
        ),
        (
            "one two three four five six",
            "Nothing here mentions “one”, “two”, “three” or “four”; "
            "these are the nearest passages.",
        ),
        ("xy", "No passage answers this closely enough; the nearest are about “Title”."),
    ],
)
def test_the_reason_names_words_that_are_not_there(lexical, question, expected):
    assert why(question, [hit(PILOTS, title="Title")], lexical) == expected


def test_without_a_title_the_reason_names_the_article(lexical):
    assert why("pilot", [hit(PILOTS)], lexical).endswith("the nearest are about “a”.")


def test_without_a_hit_the_reason_says_so(lexical):
    expected = "No passage was found: the collection is empty, or the filters leave nothing."
    assert why("pilot", [], lexical) == expected


# --- what a reader read ------------------------------------------------------------------------


def test_the_sentence_in_which_the_answer_is_read_supports(lexical):
    one = hit(PILOTS, start=100)

    assert marked(supported("Who guides ships?", [one], lexical)[0]) == "A pilot guides ships."
    [found] = supported("Who guides ships?", [one], lexical, [reading(PILOTS, "night")])
    # What the words of the question come nearest to is marked besides.
    assert found.highlights == (Span(154, 174), Span(115, 136))


def test_the_words_that_answer_count_in_the_article(lexical):
    found = said("Who guides ships?", hit(PILOTS, start=100), lexical, reading(PILOTS, "A pilot"))

    assert found.words == Words("A pilot", 115, 122)
    assert (found.text, found.start) == ("A pilot guides ships.", 115)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who guides ships?", "A pilot"),
        ("Does a pilot guide ships?", None),
        ("Does a pilot or the crew guide ships?", "A pilot"),
        ("Why does a pilot guide ships?", None),
    ],
)
def test_yes_no_and_why_are_not_answered_by_words(lexical, question, words):
    found = said(question, hit(PILOTS), lexical, reading(PILOTS, "A pilot"))

    assert (found.words and found.words.text) == words


@pytest.mark.parametrize(
    ("text", "read", "shown"),
    [
        ("It handled 1,204 ships.", "204", "1,204"),
        ("It handled 1,204 ships.", "1", "1,204"),
        ("The T-72MS tanks came.", "72MS tanks", "T-72MS tanks"),
        ("Ana Petrović’s ship came.", "Petrović", "Petrović’s"),
        ("The ship, a tanker, came.", "a tanker", "a tanker"),
    ],
)
def test_words_are_whole_words(lexical, text, read, shown):
    found = said("What came?", hit(text, start=9), lexical, reading(text, read))

    assert found.words == Words(shown, 9 + text.index(shown), 9 + text.index(shown) + len(shown))


def test_words_end_with_their_sentence():
    text = "It is the port.Nobody came."
    span = Span(0, 15)

    assert _whole_words(text, Span(10, 14), span) == Span(10, 15)


def test_words_that_are_hardly_probable_are_not_shown(lexical):
    assert said("Who guides ships?", hit(PILOTS), lexical, reading(PILOTS)).words is None
    assert said("Who guides ships?", hit(PILOTS), lexical).words is None


CONTINUED = "The envoy spoke. These comments angered the ministry."


def test_a_sentence_that_goes_on_brings_the_one_before(lexical):
    made = reading(CONTINUED, "the ministry")

    found = said("Whom did the comments anger?", hit(CONTINUED, start=7), lexical, made)
    assert (found.text, found.start, found.end) == (CONTINUED, 7, 7 + len(CONTINUED))
    assert found.words == Words("the ministry", 7 + 40, 7 + 52)
    # Nobody read it: as it was.
    unread = said("Whom did the comments anger?", hit(CONTINUED, start=7), lexical)
    assert unread.text == "These comments angered the ministry."


def test_it_brings_no_headline_and_nothing_before_the_passage(lexical):
    headed = "Talks\nThese comments angered the ministry."

    for text in (headed, "These comments angered the ministry."):
        found = said("Whom?", hit(text), lexical, reading(text, "the ministry"))
        assert found.text == "These comments angered the ministry."


def test_the_reason_says_what_comes_nearest(lexical):
    one = hit(PILOTS, title="Title")

    assert why("pilot night", [one], lexical, [reading(PILOTS, "night")]) == (
        "No passage answers this; the nearest, in “Title”, says: “Ships wait at night.”"
    )
    assert why("Do zebras sleep?", [one], lexical, [reading(PILOTS, "crew")]) == (
        "Nothing here mentions “zebras”; these are the nearest passages."
    )
    long = "Ships wait " + "and wait " * 40 + "at night."
    assert why("pilot", [hit(long)], lexical, [reading(long, "night")]).endswith("wait and …”")
