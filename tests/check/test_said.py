"""Who says what an answer quotes, and the words that answer “Who said …?”."""

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.check.said import with_speaker
from qa.check.speakers import Speakers
from qa.types import Article, SaidBy, Span, Statement, Words

ANN = ("Ann Lee", "said Ann Lee")


def told(text, question, sentence=None, words=None):
    """(speaker with what shows it, words): of a sentence, all of the text or the one that is given;
    `words` are those that a reader found.
    """
    sentence, found = sentence or text, None
    start = text.index(sentence)
    if words:
        found = Words(words, text.index(words), text.index(words) + len(words))
    statement = Statement(sentence, "a", "a.0", start, start + len(sentence), found)
    said = with_speaker(question, statement, Article("a", text), Speakers)
    speaker, name = said.speaker, said.words
    assert speaker is None or text[speaker.start : speaker.end] == speaker.text
    assert name is None or text[name.start : name.end] == name.text
    return speaker and (speaker.name, speaker.text), name and name.text


@pytest.mark.parametrize(
    ("text", "sentence", "words", "speaker"),
    [
        ("“We sail in May,” said Ann Lee.", None, "May", ANN),
        ("“We sail in May,” said Ann Lee.", None, None, ANN),
        ("“We sail. It rains,” said Ann Lee.", "It rains", None, ANN),
        ("In May Ann Lee said: “We sail.”", None, "May", ("Ann Lee", "Ann Lee said")),
        ("“We sail.\n“It rains,” said Ann Lee.", "“We sail.", None, ANN),
        ("“We sail,” she said.", None, None, None),
        ("“We sail,” said Ann Lee. “No,” said Bob Ray.", None, None, None),
        ("“We sail,” said Ann Lee. “No,” said Bob Ray.", None, "sail", ANN),
        ("The “treaty” fell. Ann Lee came.", "The “treaty” fell.", None, None),
        ("Ann Lee said that it rains.", None, None, None),
        ("“We sail,” said Ann Lee. It rains.", "It rains.", None, None),
        # What is quoted within a quotation is another's.
        ("“He told me ‘we sail’ twice,” said Ann Lee.", None, "we sail", None),
        ("“He told me “we sail” twice,” said Ann Lee.", None, "we sail", None),
        ("“They don’t sail,” said Ann Lee.", None, None, ANN),
    ],
)
def test_what_is_quoted_has_its_speaker(text, sentence, words, speaker):
    assert told(text, "When do they sail?", sentence, words) == (speaker, words)


@pytest.mark.parametrize(
    ("text", "sentence", "words", "speaker", "name"),
    [
        ("“We sail,” said Ann Lee.", None, None, ANN, "Ann Lee"),
        ("“We sail in May,” said Ann Lee.", None, "May", ANN, "Ann Lee"),
        ("“We sail,” said Ann Lee.", None, "Lee", ANN, "Lee"),
        ("“We sail,” said Ann Lee.", None, "said Ann Lee", ANN, "Ann Lee"),
        # The name nearest to the words that show it, wherever it stands.
        (
            *("Ann Lee came. Later Ann Lee left. “We sail,” she said.", "“We sail,” she said."),
            *("she", ("Ann Lee", "she said"), "Ann Lee"),
        ),
        (
            *("The envoy, Ann Lee, came. “We sail,” said the envoy.", "“We sail,” said the envoy."),
            *("the envoy", ("Ann Lee", "said the envoy"), "Ann Lee"),
        ),
        (
            *("Ann Lee came. “We sail,” Lee said.", "“We sail,” Lee said."),
            *(None, ("Ann Lee", "Lee said"), "Lee"),
        ),
        ("“We sail,” said the envoy.", None, None, ("the envoy", "said the envoy"), "the envoy"),
        # Without a quotation.
        ("Ann Lee said that they sail.", None, None, ("Ann Lee", "Ann Lee said"), "Ann Lee"),
        (
            *("They sail, according to Ann Lee.", None, "They"),
            *(("Ann Lee", "according to Ann Lee"), "Ann Lee"),
        ),
        # Where it is not clear, what was read stays.
        ("Bob Ray met Tom Fox. “We sail,” he said.", "“We sail,” he said.", "he", None, "he"),
        ("“He told me ‘we sail’ twice,” said Ann Lee.", None, "He", None, "He"),
        ("Ann Lee denied that they sail.", None, None, None, None),
        ("Ann Lee asked whether they sail.", None, None, None, None),
        ("“We sail,” said Ann Lee, but Bob Ray said it rains.", None, None, None, None),
        ("They sail.", None, None, None, None),
    ],
)
def test_asked_who_says_it_the_words_are_the_name(text, sentence, words, speaker, name):
    assert told(text, "Who said that they sail?", sentence, words) == (speaker, name)


def test_the_name_before_is_the_nearest_one():
    text = "Ann Lee came. Later Ann Lee left. “We sail,” she said. Ann Lee slept."
    sentence = Statement("“We sail,” she said.", "a", "a.0", 34, 54)
    said = with_speaker("Who said that they sail?", sentence, Article("a", text), Speakers)

    assert said.words == Words("Ann Lee", 20, 27)
    assert said.speaker == SaidBy("Ann Lee", 45, 53, "she said")


def test_places_count_in_the_article_where_only_a_part_of_it_is_read():
    before = "It rains. " * 7_000
    text = f"{before}“We sail,” said Ann Lee."
    start = len(before)
    sentence = Statement(text[start:], "a", "a.0", start, len(text))
    said = with_speaker("Who said that they sail?", sentence, Article("a", text), Speakers)

    assert said.speaker == SaidBy("Ann Lee", start + 11, start + 23, "said Ann Lee")
    assert said.words == Words("Ann Lee", start + 16, start + 23)


def test_a_speaker_is_named_where_the_text_names_nobody_else_so():
    text = "“No,” said Ann Lee. “Yes,” said the envoy, Lee."
    for more, places in (
        ("", [Span(11, 18), Span(43, 46)]),
        (" Bob Lee came.", [Span(11, 18)]),
    ):
        people = Speakers(text + more)
        said = people.of(1, 4)
        assert said
        assert people.named(said) == places


QUOTED = "“We will meet again in May,” said Ana Petrović. Nobody signed the treaty of Senta."


def test_an_answer_has_its_speaker_as_a_check_reports_it(tmp_path, document):
    with Corpus.open(tmp_path, encoder=HashEncoder()) as corpus:
        list(corpus.add([document("talks", QUOTED)]))
        asked = corpus.ask("Who said that they will meet again in May?", threshold=0).statement
        other = corpus.ask("Who signed the treaty of Senta?", threshold=0).statement
        none = corpus.ask("Who signed the treaty of Senta?", threshold=1)
        reported = corpus.check("We will meet again in May").matches[0].speaker

    assert asked.text == "“We will meet again in May,” said Ana Petrović."
    assert asked.words == Words("Ana Petrović", 34, 46)
    assert asked.speaker == SaidBy("Ana Petrović", 29, 46, "said Ana Petrović")
    shown = reported.shown_by
    assert reported.name
    assert shown
    assert asked.speaker == SaidBy(reported.name, shown.start, shown.end, shown.text)
    assert (other.text, other.speaker, other.words) == (QUOTED[48:], None, None)
    assert none.statement is None
