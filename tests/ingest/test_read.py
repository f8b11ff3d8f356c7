import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest import Input, Limits, canonical, find_inputs, read_input, read_stream
from qa.ingest.suffixes import SUFFIXES
from qa.types import Document, Refused

QUESTION = b'{"question": "Who boards?", "answer": "The pilot"}\n'
STARTS = [b"%PDF-1.4\n1 0 obj", b"<p>", b"---\n", b'{"text": ', b'[{"text": "', b"\xff\xfe"]


def continued(start: bytes) -> st.SearchStrategy[bytes]:
    return st.binary().map(lambda rest: start + rest)


def only(path) -> Input:
    """The one input that is found there."""
    (found,) = find_inputs([path])
    assert isinstance(found, Input)
    return found


def put(folder, name: str, data: bytes) -> Input:
    path = folder / name
    path.write_bytes(data)
    return Input(path, path.stem, len(data), explicit=True)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.txt", b"The pilot.", "text/plain"),
        ("a.MD", b"The pilot.", "text/markdown"),
        ("a.htm", b"<p>The pilot.</p>", "text/html"),
        ("a.json", b'{"text": "The pilot."}', "text/plain"),
    ],
)
def test_a_file_is_read_by_its_suffix(tmp_path, name, data, media_type):
    (found,) = read_input(put(tmp_path, name, data))

    assert (found.article.id, found.article.text) == ("a", "The pilot.")
    assert (media_type, len(data)) == (found.media_type, found.size)
    assert str(tmp_path / name) == found.origin


def test_json_lines_are_read_one_by_one(tmp_path):
    found = list(read_input(put(tmp_path, "c.jsonl", b'{"text": "x", "id": "a"}\nno\n')))

    assert [found[0].article.id, found[1].code] == ["a", "invalid_json"]
    assert f"{tmp_path / 'c.jsonl'}:2" == found[1].origin


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"\0", "binary"),
        ("a.md", b"---\na: [\n---\nText", "bad_front_matter"),
        ("a.html", b"<p></p>", "empty"),
        ("a.pdf", b"no pdf", "bad_pdf"),
        ("a.json", b"{", "invalid_json"),
        ("a.json", b"{}", "missing_text"),
        ("a.json", b'{"text": "x", "id": "/"}', "invalid_id"),
        ("a.jsonl", QUESTION, "missing_text"),
    ],
)
def test_bad_content_is_refused_with_a_code_and_its_size(tmp_path, name, data, code):
    (found,) = read_input(put(tmp_path, name, data))

    assert (code, len(data), False) == (found.code, found.size, found.skipped)
    assert found.origin.startswith(str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "limit"),
    [("a.txt", 10), ("a.md", 10), ("a.html", 100), ("a.pdf", 100), ("a.json", 20)],
)
def test_a_file_over_its_limit_is_refused_unread(tmp_path, name, limit):
    limits = Limits(article_bytes=10, file_bytes=20)
    (found,) = read_input(put(tmp_path, name, b"x" * (limit + 1)), limits)

    reason = f"the file has {limit + 1} bytes; the limit is {limit} bytes"
    assert Refused(str(tmp_path / name), "too_large", reason, limit + 1) == found


def test_a_file_that_has_gone_is_refused(tmp_path):
    (found,) = read_input(Input(tmp_path / "a.txt", "a", 3, explicit=True))

    assert Refused(str(tmp_path / "a.txt"), "unreadable", "No such file or directory", 3) == found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("questions.jsonl", b"\n" + QUESTION),
        ("gold.json", b"[" + QUESTION + b"]"),
        ("queries.jsonl", b'{"_id": "1", "text": "Who boards?"}'),
        ("Queries.json", b"broken"),
    ],
)
def test_a_file_of_questions_is_passed_over_in_a_folder(tmp_path, name, data):
    put(tmp_path, name, data)
    found = only(tmp_path)

    reason = "a file of questions, not articles"
    expected = Refused(str(tmp_path / name), "questions_file", reason, len(data), skipped=True)
    assert [expected] == list(read_input(found))


def test_other_json_in_a_folder_is_read(tmp_path):
    put(tmp_path, "corpus.jsonl", b'broken\n{"_id": "1", "text": "x"}')
    found = only(tmp_path)

    assert [Refused, Document] == [type(item) for item in read_input(found)]


@pytest.mark.parametrize(
    ("name", "origin", "article_id"),
    [
        ("My file.txt", "My file.txt", "My-file"),
        ("../../up/a.txt", "up/a.txt", "a"),
        ("C:\\docs\\a.txt", "docs/a.txt", "a"),
    ],
)
def test_a_stream_with_a_name_is_read_by_it(name, origin, article_id):
    (found,) = read_stream(b"The pilot.", name)

    assert (origin, article_id) == (found.origin, found.article.id)


def test_a_stream_of_an_unknown_kind_is_refused():
    (found,) = read_stream(b"The pilot.", "a.doc")

    assert (found.origin, found.code, found.size) == ("a.doc", "unknown_type", 10)
    assert found.reason == ".doc: save it as .docx, PDF or HTML"


@pytest.mark.parametrize("name", [None, "", "notes"])
def test_a_stream_without_a_suffix_is_sniffed(name):
    text, page = read_stream(b"The pilot.", name), read_stream(b"<!doctype html><p>x", name)
    lines = read_stream(b'{"text": "x"}\n{"text": "y"}', name)

    assert [item.media_type for item in text] == ["text/plain"]
    assert [item.media_type for item in page] == ["text/html"]
    assert [f"{name or 'input'}:1", f"{name or 'input'}:2"] == [item.origin for item in lines]


def test_a_stream_without_a_name_gets_an_id_from_its_text():
    (found,) = read_stream(b"abc")

    assert (found.article.id, found.origin) == ("a-ba7816bf8f01", "input")


def test_a_stream_over_the_limit_is_refused():
    (found,) = read_stream(b"x" * 11, "a.txt", Limits(article_bytes=10))

    assert found.code == "too_large"


@given(
    st.sampled_from([None, *(f"a{suffix}" for suffix in SUFFIXES)]),
    st.binary() | st.text().map(str.encode) | st.sampled_from(STARTS).flatmap(continued),
)
@settings(max_examples=300, deadline=None)
def test_no_bytes_whatever_raise(name, data):
    for item in read_stream(data, name, Limits(article_bytes=50)):
        if isinstance(item, Document):
            assert item.article.text == canonical(item.article.text) != ""
        else:
            assert item.code
            assert item.reason


def test_a_json_file_without_an_article_is_skipped_in_a_folder_and_refused_by_name(tmp_path):
    path = tmp_path / "META.json"
    path.write_text('{"name": "scifact", "docs": 5183}', "utf-8")

    [in_folder] = read_input(only(tmp_path))
    [by_name] = read_input(only(path))

    assert (in_folder.code, in_folder.skipped) == ("no_article", True)
    assert (by_name.code, by_name.skipped) == ("missing_text", False)
