import pytest

from embeddings import HashEncoder
from qa.ask.statement import mark, reason, statement
from qa.retrieval.late_interaction import Question
from qa.retrieval.late_interaction import interaction as read_passage
from qa.storage.lexical import LexicalIndex
from qa.storage.token_vectors import PassageTokens
from qa.text.sentences import sentences
from qa.types import Hit, Passage, Source, Span, Statement

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


def supported(question, hits, lexical):
    asked = Question.of(question, ENCODER.encode_queries([question])[0], lexical)
    interactions = []
    for one in hits:
        text = one.passage.text
        spans = tuple(sentences(text)) or (Span(0, len(text)),)
        tokens = PassageTokens(ENCODER.encode_queries([text])[0].tokens, spans)
        interactions.append(read_passage(asked, one, tokens))
    return mark(hits, interactions)


def why(question, hits, lexical):
    return reason(Question.of(question, ENCODER.encode_queries([question])[0], lexical), hits)


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
    assert statement(found) == Statement(
        "A pilot guides ships.", "a", f"a.{start}", start + 15, start + 36
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
    expected = "No passage was found: the corpus is empty, or the filters leave nothing."
    assert why("pilot", [], lexical) == expected
