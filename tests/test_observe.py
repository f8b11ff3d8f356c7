import threading
from time import sleep

import pytest

from embeddings import HashEncoder
from qa.corpus import Corpus
from qa.observe import stage, work


class Told:
    """(work, stage) in the order they ended, and the seconds."""

    def __init__(self):
        self.ended, self.seconds = [], {}

    def __call__(self, work, stage, seconds):
        self.ended.append((work, stage))
        self.seconds[stage] = seconds


def test_each_stage_is_told_as_it_ends_and_the_whole_last():
    told = Told()
    with work("ask", told):
        with stage("encode"):
            sleep(0.02)
        with stage("read"), stage("fetch"):
            pass

    assert told.ended == [("ask", s) for s in ("encode", "fetch", "read", "whole")]
    assert told.seconds["encode"] >= 0.02
    assert told.seconds["whole"] >= told.seconds["encode"] + told.seconds["read"]


def test_work_within_work_is_part_of_it():
    outer, inner = Told(), Told()
    with work("request", outer):
        with work("ask", inner), stage("encode"):
            pass
        with stage("write"):
            pass

    assert outer.ended == [("request", s) for s in ("encode", "write", "whole")]
    assert inner.ended == []


def test_nobody_is_told_when_nobody_asked_and_nothing_after_the_work():
    told = Told()
    with work("ask", None), stage("encode"):
        pass
    with work("ask", told):
        pass
    with stage("encode"):
        pass

    assert told.ended == [("ask", "whole")]


def test_a_stage_that_fails_is_told_and_the_work_is_over():
    told = Told()
    with pytest.raises(ValueError, match="no"), work("ask", told), stage("encode"):
        raise ValueError("no")
    with stage("read"):
        pass

    assert told.ended == [("ask", "encode"), ("ask", "whole")]


def test_threads_do_not_see_one_anothers_work():
    told = Told()
    with work("ask", told):
        other = threading.Thread(target=lambda: stage("encode").__enter__())
        other.start()
        other.join()

    assert told.ended == [("ask", "whole")]


def test_a_question_tells_every_stage_once(tmp_path, document):
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as corpus:
        list(corpus.add([document("a", "A harbour pilot guides ships. They board at dawn.")]))
        corpus.observer = told = Told()
        corpus.ask("Who guides ships?")

    stages = ["encode", "words", "dense", "lexical", "fetch", "fetch", "read", "rank", "mark"]
    assert told.ended == [("ask", s) for s in [*stages, "whole"]]
