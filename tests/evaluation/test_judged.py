import json

import pytest

from qa.errors import InvalidInput
from qa.evaluation.judged import Expected, JudgedQuestion, read_set, unanswerable


@pytest.fixture
def write(tmp_path):
    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding)
        return path

    return write


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


# --- CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_names_an_article_a_quote_both_or_neither(write, encoding, separator):
    rows = [
        ("Question", "ARTICLE", "quote"),
        ("Who guides?", "pilots", ""),
        ("Who bakes?", "", '"A baker bakes."'),
        ("Who “sails”?", "boats", '"He, or she"'),
        ("Who flies?", "", ""),
    ]
    path = write("mine.csv", "\n".join(separator.join(row) for row in rows), encoding)
    found = read_set(path)

    assert (found.name, found.articles, found.left_out) == ("mine", (), 0)
    assert found.questions == (
        JudgedQuestion("line 2", "Who guides?", (Expected("pilots"),)),
        JudgedQuestion("line 3", "Who bakes?", (Expected(None, "A baker bakes."),)),
        JudgedQuestion("line 4", "Who “sails”?", (Expected("boats", "He, or she"),)),
        JudgedQuestion("line 5", "Who flies?", (), (), False),
    )


def test_empty_lines_and_other_columns_of_a_csv_do_not_matter(write):
    path = write("mine.csv", "note,question,quote\n,,\nx,Who?,Me.\n")

    assert [q.text for q in read_set(path).questions] == ["Who?"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has the columns \\(none\\); it needs “question”"),
        ("question\nWho?\n", "has the columns question; it needs “question”, and “article”"),
        ("article,quote\na,b\n", "has the columns article, quote; it needs “question”"),
        ("question,quote\n,Me.\n", "mine.csv, line 2: no question"),
        ("question,quote\n", "mine.csv has no question"),
    ],
)
def test_a_csv_that_cannot_be_used_is_refused(write, text, message):
    with pytest.raises(InvalidInput, match=message) as caught:
        read_set(write("mine.csv", text))
    assert caught.value.code == "not_judged"


def test_a_csv_in_another_encoding_is_refused(write):
    with pytest.raises(InvalidInput, match="is not UTF-8: save it as UTF-8"):
        read_set(write("mine.csv", "question,quote\nčija?,š", "cp1250"))


# --- JSON Lines --------------------------------------------------------------------------------


def test_gold_questions_have_evidence_in_articles_or_documents(write):
    evidence = [{"document": "a.txt", "quote": "One."}, {"article_id": "b", "quote": "Two."}]
    path = write(
        "questions.jsonl",
        lines(
            {"id": "q1", "question": "Who?", "answerable": True, "evidence": evidence},
            {"question": "Why?", "answerable": False},
            {"question": "Where?", "evidence": [{"article_id": "b"}]},
        ),
    )

    assert read_set(path).questions == (
        JudgedQuestion(
            "q1", "Who?", (Expected("a", "One."), Expected("b", "Two.")), ("One.", "Two.")
        ),
        JudgedQuestion("line 2", "Why?", (), (), False),
        JudgedQuestion("line 3", "Where?", (Expected("b"),)),
    )


@pytest.mark.parametrize("row", [{"text": "Who?"}, {"question": "Who?", "evidence": [{}]}, [1]])
def test_a_line_that_is_no_question_is_refused(write, row):
    with pytest.raises(InvalidInput, match="line 1: it needs “question” and “evidence”"):
        read_set(write("questions.jsonl", lines(row)))


def test_a_line_that_is_no_json_is_refused(write):
    with pytest.raises(InvalidInput, match="line 2: not valid JSON"):
        read_set(write("questions.jsonl", '{"question": "Who?"}\n{'))


def test_a_folder_with_questions_is_asked_of_its_articles(write, tmp_path):
    write("set/a.txt", "One.")
    write("set/questions.csv", "question,article\nWho?,a\n")
    found = read_set(tmp_path / "set")

    assert (found.name, found.articles) == ("set", (tmp_path / "set",))


@pytest.mark.parametrize(
    ("name", "message"),
    [("notes.txt", "neither a folder, a .csv nor a .jsonl"), ("none", "no folder or file")],
)
def test_anything_else_is_refused(write, tmp_path, name, message):
    write("notes.txt", "x")
    with pytest.raises(InvalidInput, match=message):
        read_set(tmp_path / name)


# --- BEIR --------------------------------------------------------------------------------------


@pytest.fixture
def beir(write, tmp_path):
    def make(queries, judged):
        write("set/corpus.jsonl", lines({"_id": "d1", "text": "x"}))
        write("set/queries.jsonl", lines(*queries))
        rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in judged)]
        write("set/qrels/test.tsv", "\n".join(rows))
        return read_set(tmp_path / "set")

    return make


def test_a_query_has_grades_and_golds(beir):
    found = beir(
        [
            {"_id": 1, "text": "Who?", "answers": ["me"], "facts": ["It is me."]},
            {"_id": 2, "text": "Why?", "answers": ["so"]},
        ],
        [("1", "d1", 2), ("1", "d2", 1), ("1", "d3", 0), ("2", "d1", 1)],
    )

    assert found.questions == (
        JudgedQuestion(
            "1",
            "Who?",
            (Expected("d1", None, 2), Expected("d2", None, 1)),
            ("It is me.",),
            answers=("me",),
        ),
        JudgedQuestion("2", "Why?", (Expected("d1", None, 1),), ("so",), answers=("so",)),
    )


@pytest.mark.parametrize("row", [("1", "d1", "x"), ("1", "d1"), ("1", "0", "d1", "1")])
def test_a_judgement_that_cannot_be_read_is_refused(beir, row):
    with pytest.raises(InvalidInput, match=r"test.tsv, line 3: it needs query-id, corpus-id"):
        beir([{"_id": "1", "text": "Who?"}], [("1", "d1", 1), row])


@pytest.mark.parametrize("row", [{"text": "Who?"}, {"_id": "1"}, {"_id": "1", "text": 3}, ["1"]])
def test_a_query_that_cannot_be_read_is_refused(beir, row):
    with pytest.raises(InvalidInput, match=r"queries.jsonl, line 1: it needs “_id” and “text”"):
        beir([row], [("1", "d1", 1)])


def test_what_is_impossible_or_that_nobody_judged_has_no_answer(beir):
    found = beir(
        [
            {"_id": "1", "text": "Who?"},
            {"_id": "2", "text": "Why?", "is_impossible": True, "answers": ["none"]},
            {"_id": "3", "text": "Where?"},
        ],
        [("1", "d1", 1), ("2", "d1", 1)],
    )

    assert [(q.answerable, q.golds, q.answers) for q in found.questions] == [
        (True, (), ()),
        (False, (), ()),
        (False, (), ()),
    ]
    assert found.left_out == 0


def test_a_set_that_judges_few_of_its_queries_judged_another_split_elsewhere(beir):
    found = beir(
        [{"_id": str(n), "text": "Who?"} for n in range(5)], [("0", "d1", 1), ("1", "d1", 1)]
    )

    assert [q.id for q in found.questions] == ["0", "1"]
    assert found.left_out == 3


def test_many_impossible_queries_are_no_other_split(beir):
    queries = [{"_id": str(n), "text": "Who?", "is_impossible": n > 0} for n in range(5)]

    assert len(beir(queries, [("0", "d1", 1)]).questions) == 5


def test_questions_of_another_set_have_no_answer_here():
    question = JudgedQuestion("1", "Who?", (Expected("a"),), ("me",), answers=("me",))

    assert unanswerable((question,)) == (JudgedQuestion("1", "Who?", (), (), False),)
