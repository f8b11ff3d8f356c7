import json
import math

import pytest

from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.evaluation import evaluate
from qa.evaluation.plots import draw
from qa.evaluation.result_tables import table

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


def figures(folder, *modes, **options):
    return evaluate(folder, "hash", modes or ("hybrid",), **options)


@pytest.mark.parametrize("mode", ["hybrid", "off", "fused", "dense", "lexical"])
def test_the_measures_are_those_of_the_ranking(beir, mode):
    [found] = figures(beir, mode)

    # q1: the relevant are second and third of the ranking; q2: first.
    gain = (1 / math.log2(3) + 1 / math.log2(4)) / (1 + 1 / math.log2(3))
    assert found["ndcg@10"] == round((gain + 1) / 2, 4)
    assert found["mrr@10"] == round((1 / 2 + 1) / 2, 4)
    assert (found["recall@20"], found["recall@100"]) == (1.0, 1.0)
    assert (found["name"], found["mode"]) == ("tiny", mode)
    assert (found["articles"], found["questions"]) == (5, 3)
    assert (found["success@1"], found["success@3"]) == (0.5, 1.0)
    assert 0 < found["ask_p50_ms"] <= found["ask_p99_ms"]
    assert found["added_per_second"] > 0


def test_a_corpus_that_is_kept_is_built_once(beir, tmp_path):
    first = figures(beir, data=tmp_path / "kept")[0]
    again = figures(beir, data=tmp_path / "kept")[0]

    assert first["ndcg@10"] == again["ndcg@10"]
    with Corpus.open(tmp_path / "kept", model="hash") as corpus:
        assert corpus.view.version == 1
        assert corpus.status()["counts"]["articles"] == 5


def test_several_files_of_judgements_count_together(beir):
    (beir / "qrels" / "more.tsv").write_text("query-id\tcorpus-id\tscore\nq3\td5\t1\n", "utf-8")

    assert figures(beir)[0]["questions"] == 3


def test_an_article_counts_by_its_best_passage(beir):
    long = " ".join(["harbour pilot boat."] * 200)
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"_id": "long", "title": "", "text": long}) + "\n")
    [found] = figures(beir)

    assert found["articles"] == 6
    assert found["recall@20"] == 1.0


def test_an_article_that_cannot_be_read_is_counted(beir):
    with (beir / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "empty", "text": ""}\n')
    [found] = figures(beir)

    assert (found["articles"], found["refused"]) == (5, 1)


def test_a_question_may_hold_a_line_separator(beir):
    text = json.dumps({"_id": "q2", "text": "bread\u2028oven"}, ensure_ascii=False)
    (beir / "queries.jsonl").write_text(text, "utf-8")

    [found] = figures(beir)
    assert (found["ndcg@10"], found["questions"]) == (1.0, 1)
    assert found["left_out"] == 1  # q1 is judged and not there


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_folder_that_lacks_a_file_is_refused(beir, name):
    (beir / name).unlink()

    with pytest.raises(InvalidInput, match=f"is not in BEIR layout: it has no {name}") as caught:
        figures(beir)
    assert caught.value.code == "not_beir"


def test_a_folder_whose_judgements_are_of_other_questions_is_refused(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq9\td1\t1", "utf-8")

    with pytest.raises(InvalidInput, match=r"has no judgement of a question in queries\.jsonl"):
        figures(beir)


def test_a_folder_without_judgements_is_refused(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n", "utf-8")

    with pytest.raises(InvalidInput, match=r"has no judgements in qrels/\*\.tsv"):
        figures(beir)


# --- several configurations, other questions -----------------------------------------------------


def test_configurations_are_compared_question_by_question(beir):
    hybrid, dense = figures(beir, "hybrid", "dense")

    assert "compared" not in hybrid
    assert "sentence_in_place" not in dense["compared"]  # of other questions in each
    assert dense["compared"]["ndcg@10"] == {"difference": 0.0, "low": 0.0, "high": 0.0}


def test_an_unknown_configuration_is_refused(beir):
    with pytest.raises(
        InvalidInput, match="mode is 'x'; give hybrid, deep, fast, off, fused, dense"
    ):
        figures(beir, "x")


def test_questions_of_another_set_have_no_answer_here(beir, tmp_path):
    path = tmp_path / "others.csv"
    path.write_text("question,article\nzebra stripes,d9\nlion mane,d9\n", "utf-8")
    [found] = figures(beir, foreign=path)

    assert (found["questions"], found["abstention"]["unanswerable"]) == (5, 3)
    assert found["abstention"]["auroc"] == 1.0
    assert found["ndcg@10"] == figures(beir)[0]["ndcg@10"]


def test_a_sample_is_every_nth_question(beir):
    assert figures(beir, sample=1)[0]["questions"] == 1
    assert figures(beir, sample=2)[0]["questions"] == 2
    assert figures(beir, sample=9)[0]["questions"] == 3


# --- questions of one's own ----------------------------------------------------------------------


@pytest.fixture
def own(tmp_path, document):
    """A corpus that is there already, and a way to ask it questions from a CSV."""
    texts = {
        "pilots": "A harbour pilot guides ships. The pilot boards at dawn.",
        "bread": "A baker bakes bread. The oven is hot.",
    }
    with Corpus.open(tmp_path / "kept", model="hash") as corpus:
        list(corpus.add(document(id_, text) for id_, text in texts.items()))

    def ask(*rows):
        path = tmp_path / "mine.csv"
        path.write_text("\n".join(("question,article,quote", *rows)), "utf-8")
        return figures(path, data=tmp_path / "kept")[0]

    return ask


def test_questions_alone_are_asked_of_the_corpus_at_hand(own):
    found = own(
        "who guides ships,pilots,A harbour pilot guides ships.",
        "when does the pilot board,,The pilot boards at dawn",
        "is the oven hot,bread,",
        "zebra stripes,,",
    )

    assert (found["name"], found["articles"], found["added_per_second"]) == ("mine", 2, None)
    assert (found["questions"], found["success@1"], found["ndcg@10"]) == (4, 1.0, 1.0)
    assert found["abstention"]["unanswerable"] == 1


def test_an_article_that_is_not_there_is_named(own):
    with pytest.raises(InvalidInput, match=r"line 2 \(who\?\): there is no article 'pilotts'"):
        own("who?,pilotts,")
    with pytest.raises(InvalidInput, match="there is no article 'pilotts'; `qa list` shows"):
        own("who?,pilotts,The pilot boards at dawn")


def test_a_copy_that_a_hit_stands_for_is_found(own, tmp_path, document):
    with Corpus.open(tmp_path / "kept", model="hash") as corpus:
        list(corpus.add([document("copy", "A baker bakes bread. The oven is hot.")]))
    found = own("bread oven,copy,", "bread oven,bread,", "hot oven,,The oven is hot.")

    assert (found["success@1"], found["recall@20"]) == (1.0, 1.0)


def test_a_threshold_decides_what_counts_as_right(own, tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("question,article\nA harbour pilot guides ships,pilots\nzebra,\n", "utf-8")
    rights = [
        figures(path, data=tmp_path / "kept", threshold=t)[0]["abstention"]["right"]
        for t in (None, 1.0, 0.0)
    ]

    assert rights == [1.0, 0.5, 0.5]


def test_a_quote_that_is_not_there_is_named(own):
    with pytest.raises(
        InvalidInput, match=r"line 2 \(who\?\): the quote “The pilot sleeps all day”"
    ):
        own("who?,pilots,The pilot sleeps all day")


def test_an_expected_article_that_comes_second_is_not_first(own):
    found = own("bread oven,pilots,")

    assert (found["mrr@10"], found["success@1"]) == (0.5, 0.0)


def test_questions_alone_need_a_corpus(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("question,article\nwho?,a\n", "utf-8")

    with pytest.raises(NotFound, match="there is no corpus in"):
        figures(path, data=tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_supporting_sentence_is_judged_where_a_gold_is_known(tmp_path):
    folder = tmp_path / "gold"
    (folder / "qrels").mkdir(parents=True)
    text = "A harbour pilot guides ships. The pilot boards at dawn."
    (folder / "corpus.jsonl").write_text(json.dumps({"_id": "d", "text": text}), "utf-8")
    queries = [
        {"_id": "1", "text": "When does the pilot board?", "answers": ["at dawn"]},
        {"_id": "2", "text": "Who guides ships?", "answers": ["dawn"]},
        {"_id": "3", "text": "Who guides ships?", "facts": [text]},
        {"_id": "4", "text": "Who guides ships?", "answers": ["art"]},
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    rows = "\n".join(f"{n}\td\t1" for n in range(1, 5))
    (folder / "qrels" / "test.tsv").write_text(f"q\td\ts\n{rows}\n", "utf-8")

    found, without = figures(folder, "hybrid", "lexical")
    assert found["sentence"] == found["sentence_in_place"] == 0.5
    # Nothing is read with the hash encoder, so no words are told.
    assert found["words_f1"] == found["words_exact"] == without["words_f1"] == 0.0
    assert "words_f1" not in without["compared"]
    [_, heading, *_] = table([found, without])
    assert " in place words F1    exact " in heading


# --- pictures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_plots_are_drawn(beir, tmp_path, kind):
    pytest.importorskip("matplotlib")
    rows = figures(beir, "hybrid", "dense")
    drawn = draw(rows, tmp_path / "plots", kind)

    assert [path.name for path in drawn] == [
        f"{name}.{kind}" for name in ("ndcg", "risk-coverage", "calibration")
    ]
    first = drawn[0].read_bytes()
    assert first.startswith(b"<?xml" if kind == "svg" else b"\x89PNG")
    assert draw(rows, tmp_path / "plots", kind)[0].read_bytes() == first
    if kind == "svg":
        assert b">tiny<" in first
        assert b">hybrid<" in first


def test_a_format_that_there_is_not_is_refused(beir, tmp_path):
    with pytest.raises(InvalidInput, match="format is 'gif'; give svg or png"):
        draw(figures(beir), tmp_path, "gif")
