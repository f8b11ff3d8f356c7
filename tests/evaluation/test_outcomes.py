import pytest

from qa.corpus import Corpus
from qa.evaluation.judged import Expected, JudgedQuestion
from qa.evaluation.outcomes import ask_all, expected_places, time_all
from tests.evaluation.last_word import LastWord


@pytest.fixture
def reader(corpus, document):
    """What reads in the corpus, which has ten articles."""
    list(corpus.add(document(f"d{n}", f"Pilot number {n} boards at dawn.") for n in range(10)))
    corpus._reader = LastWord()
    return corpus._reader


def outcomes(corpus, configuration, *questions):
    pairs = [(question, expected_places(corpus, question)) for question in questions]
    return ask_all(corpus, pairs, configuration)


BOARDS = JudgedQuestion("1", "Which pilot boards?", (Expected("d1"),), answers=("dawn",))


@pytest.mark.parametrize(
    ("configuration", "passages"),
    [
        ("hybrid", []),  # the hash encoder is asked for words alone
        ("deep", [6]),
        ("fast", [1]),
        ("off", []),
        ("fused", []),
        ("dense", []),
        ("lexical", []),
    ],
)
def test_each_configuration_reads_so_much(corpus, reader, configuration, passages):
    outcomes(corpus, configuration, BOARDS)

    assert reader.passages == passages


def test_without_a_name_of_its_own_a_corpus_is_asked_as_it_is_set(tmp_path, document):
    with Corpus.open(tmp_path, model="hash", read="fast") as corpus:
        list(corpus.add([document("d1", "A pilot boards at dawn.")]))
        corpus._reader = reader = LastWord()
        outcomes(corpus, "hybrid", BOARDS)
        outcomes(corpus, "lexical", BOARDS)
        time_all(corpus, [BOARDS], "dense")

    assert reader.passages == [1]


def test_the_words_that_were_read_are_kept(corpus, reader):
    silent = JudgedQuestion("2", "Which zebra sleeps?")
    by_name = {name: outcomes(corpus, name, BOARDS, silent) for name in ("fast", "off")}

    assert [one.words for one in by_name["fast"]] == ["dawn", ""]
    assert [one.words for one in by_name["off"]] == ["", ""]
    assert [one.answered for one in by_name["fast"]] == [True, False]
