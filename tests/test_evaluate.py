import json
import math

import pytest

from qa.corpus import Corpus
from qa.errors import InvalidInput
from qa.evaluate import evaluate

TEXTS = {
    "d1": "harbour pilot boat",
    "d2": "harbour pilot",
    "d3": "harbour",
    "d4": "bread oven",
    "d5": "bread",
}
QUERIES = {"q1": "harbour pilot boat", "q2": "bread oven", "q3": "nobody judged this"}
# For q1 the ranking is d1, d2, d3; for q2 it is d4, d5.
JUDGED = [("q1", "d2", 1), ("q1", "d3", 1), ("q2", "d4", 1), ("q2", "d1", 0)]


@pytest.fixture
def beir(tmp_path):
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)

    def lines(name, rows):
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        (folder / name).write_text(text, "utf-8")

    lines("corpus.jsonl", ({"_id": i, "title": "", "text": t} for i, t in TEXTS.items()))
    lines("queries.jsonl", ({"_id": i, "text": t} for i, t in QUERIES.items()))
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in JUDGED)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows), "utf-8")
    return folder


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_the_measures_are_those_of_the_ranking(beir, mode):
    found = evaluate(beir, "hash", mode)

    # q1: the relevant are second and third of the ranking; q2: first.
    gain = (1 / math.log2(3) + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert found["ndcg@10"] == round((gain + 1) / 2, 4)
    assert found["mrr@10"] == round((1 / 2 + 1) / 2, 4)
    assert (found["recall@20"], found["recall@100"]) == (1.0, 1.0)
    assert (found["name"], found["mode"]) == ("tiny", mode)
    assert (found["articles"], found["questions"]) == (5, 2)
    assert list(found)[-2:] == ["ask_p50_ms", "ask_p99_ms"]
    assert 0 < found["ask_p50_ms"] <= found["ask_p99_ms"]
    assert found["added_per_second"] > 0


def test_a_corpus_that_is_kept_is_built_once(beir, tmp_path):
    first = evaluate(beir, "hash", "hybrid", tmp_path / "kept")
    again = evaluate(beir, "hash", "hybrid", tmp_path / "kept")

    assert first["ndcg@10"] == again["ndcg@10"]
    with Corpus.open(tmp_path / "kept", model="hash") as corpus:
        assert corpus.snapshot.generation == 1
        assert corpus.status()["counts"]["articles"] == 5


def test_several_files_of_judgements_count_together(beir):
    (beir / "qrels" / "more.tsv").write_text("query-id\tcorpus-id\tscore\nq3\td5\t1\n", "utf-8")

    assert evaluate(beir, "hash")["questions"] == 3


def test_an_article_counts_by_its_best_passage(beir):
    long = " ".join(["harbour pilot boat."] * 200)
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"_id": "long", "title": "", "text": long}) + "\n")
    found = evaluate(beir, "hash")

    assert found["articles"] == 6
    assert found["recall@20"] == 1.0


def test_an_article_that_cannot_be_read_is_counted(beir):
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "empty", "text": ""}\n')
    found = evaluate(beir, "hash")

    assert (found["articles"], found["refused"]) == (5, 1)


def test_a_question_may_hold_a_line_separator(beir):
    text = json.dumps({"_id": "q2", "text": "bread\u2028oven"}, ensure_ascii=False)
    (beir / "queries.jsonl").write_text(text, "utf-8")

    assert evaluate(beir, "hash")["ndcg@10"] == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_folder_that_lacks_a_file_is_refused(beir, name):
    (beir / name).unlink()

    with pytest.raises(InvalidInput, match=f"is not in BEIR layout: it has no {name}") as caught:
        evaluate(beir, "hash")
    assert caught.value.code == "not_beir"


def test_a_folder_whose_judgements_are_of_other_questions_is_refused(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq9\td1\t1", "utf-8")

    with pytest.raises(InvalidInput, match=r"has no judgement of a question in queries\.jsonl"):
        evaluate(beir, "hash")


def test_a_folder_without_judgements_is_refused(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n", "utf-8")

    with pytest.raises(InvalidInput, match=r"has no judgements in qrels/\*\.tsv"):
        evaluate(beir, "hash")
