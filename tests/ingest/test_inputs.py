import os

from qa.ingest import Input, find_inputs, read_input
from qa.ingest.slugs import digest
from qa.ingest.suffixes import SUFFIXES
from qa.types import Refused


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")


def ids(found) -> dict[str, str]:
    return {item.path.name: item.id for item in found if isinstance(item, Input)}


def test_a_folder_is_searched_in_order_for_what_can_be_read(tmp_path):
    make(tmp_path, "b.txt", "a.MD", "sub/c.html", "sub/deep/d.jsonl", ".hidden.txt", ".git/e.txt")

    assert [
        Input(tmp_path / "a.MD", "a", 4, explicit=False),
        Input(tmp_path / "b.txt", "b", 4, explicit=False),
        Input(tmp_path / "sub" / "c.html", "c", 4, explicit=False),
        Input(tmp_path / "sub" / "deep" / "d.jsonl", "d", 4, explicit=False),
        Refused(str(tmp_path / ".git"), "not_meant", "hidden", skipped=True),
        Refused(str(tmp_path / ".hidden.txt"), "not_meant", "hidden", 4, skipped=True),
    ] == find_inputs([tmp_path])


def test_what_is_passed_over_in_a_folder_is_said(tmp_path):
    make(tmp_path, "README.md", "page_files/page.css")

    about = "about the folder; name it to add it all the same"
    style = str(tmp_path / "page_files" / "page.css")
    assert [
        Refused(str(tmp_path / "README.md"), "readme", about, 4, skipped=True),
        Refused(style, "unknown_type", "no document of any kind", 4, skipped=True),
    ] == find_inputs([tmp_path])


def test_what_may_be_a_document_and_is_not_read_is_refused_with_what_to_do(tmp_path):
    make(tmp_path, "noext", "minutes.DOC", "photo.jpg", "x.abc")
    known = f"not one of {' '.join(SUFFIXES)}"

    assert [(item.origin, item.reason, item.skipped) for item in find_inputs([tmp_path])] == [
        (str(tmp_path / "minutes.DOC"), ".doc: save it as .docx, PDF or HTML", False),
        (
            str(tmp_path / "noext"),
            "no suffix: give it one that says what it is, .txt or .html",
            False,
        ),
        (
            str(tmp_path / "photo.jpg"),
            ".jpg: a picture: recognise its text first (ocrmypdf), and add the PDF",
            False,
        ),
        (str(tmp_path / "x.abc"), f".abc: {known}; convert it to one of them", False),
    ]


def test_what_programs_leave_and_links_to_nothing_are_passed_over_and_counted(tmp_path):
    make(tmp_path, "a.txt", "~$a.txt", ".DS_Store", "__MACOSX/b.txt", "node_modules/x/readme.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    taken, *others = find_inputs([tmp_path])

    assert taken == Input(tmp_path / "a.txt", "a", 4, explicit=False)
    assert {(os.path.relpath(item.origin, tmp_path), item.code) for item in others} == {
        (name, "not_meant")
        for name in ("~$a.txt", ".DS_Store", "__MACOSX", "node_modules", "gone.txt")
    }
    assert all(item.skipped for item in others)


def test_a_folder_that_may_not_be_entered_or_links_to_itself_stops_nothing(tmp_path):
    make(tmp_path, "a.txt", "locked/b.txt", "listed/c.txt")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    for folder in [tmp_path, *tmp_path.parents[:3]]:
        folder.chmod(0o755)
    (tmp_path / "locked").chmod(0)
    (tmp_path / "listed").chmod(0o744)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # for whom the modes are meant, too
    try:
        taken, *others = find_inputs([tmp_path])
    finally:
        os.seteuid(user)
        (tmp_path / "locked").chmod(0o755)
        (tmp_path / "listed").chmod(0o755)

    assert taken == Input(tmp_path / "a.txt", "a", 4, explicit=False)
    assert {(os.path.relpath(one.origin, tmp_path), one.reason, one.skipped) for one in others} == {
        ("locked", "Permission denied", False),
        ("listed/c.txt", "Permission denied", False),
        ("round", "a link to a folder met before", True),
        ("self.txt", "a link to what is not there", True),
    }


def test_a_named_file_is_taken_or_refused_but_never_skipped(tmp_path):
    make(tmp_path, "README.md", ".hidden.txt", "x.css")
    readme, hidden, style, missing = find_inputs(
        [tmp_path / name for name in ("README.md", ".hidden.txt", "x.css", "none.txt")]
    )

    assert Input(tmp_path / "README.md", "README", 4, explicit=True) == readme
    assert Input(tmp_path / ".hidden.txt", "hidden", 4, explicit=True) == hidden
    assert (style.code, style.skipped, style.size) == ("unknown_type", False, 4)
    assert Refused(str(tmp_path / "none.txt"), "not_found", "no such file or folder") == missing


def test_what_is_neither_file_nor_folder_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (found,) = find_inputs([tmp_path / "pipe.txt"])

    assert (found.code, found.reason) == ("unknown_type", "neither a file nor a folder")


def test_files_that_share_a_stem_get_their_path_as_id(tmp_path):
    make(tmp_path, "a/index.html", "b/index.html", "b/index.md", "other.txt")

    assert [item.id for item in find_inputs([tmp_path])] == [
        "a-index.html",
        "b-index.html",
        "b-index.md",
        "other",
    ]


def test_named_files_that_share_a_stem_get_what_tells_them_apart(tmp_path):
    make(tmp_path, "a/index.html", "b/index.html")
    found = find_inputs([tmp_path / "a" / "index.html", tmp_path / "b" / "index.html"])

    assert [item.id for item in found] == ["a-index.html", "b-index.html"]


def test_no_two_files_of_a_run_ever_share_an_id(tmp_path):
    make(tmp_path, "one/c.txt", "two/c.txt", "one/č.txt", "a b.txt", "a-b.txt", "one-c.txt.md")
    found = find_inputs([tmp_path / "one", tmp_path / "two", tmp_path])
    given = [item.id for item in found]

    assert 6 == len(set(given)) == len(given)
    assert f"c.txt-{digest(str((tmp_path / 'one' / 'c.txt').resolve()))}" in given


def test_names_in_other_scripts_are_told_apart(tmp_path):
    make(tmp_path, "Мир.txt", "Дом.txt")

    assert {"Мир.txt": f"Mir-{digest('Мир')}", "Дом.txt": f"Dom-{digest('Дом')}"} == ids(
        find_inputs([tmp_path])
    )


def test_a_file_that_is_reached_twice_is_read_once_and_counts_as_named(tmp_path):
    make(tmp_path, "a.txt", "b.txt")
    found = find_inputs([tmp_path, tmp_path / "b.txt", tmp_path])

    assert [(item.id, item.explicit) for item in found] == [("a", False), ("b", True)]


def test_links_are_followed_but_not_in_circles(tmp_path):
    make(tmp_path, "in/a.txt", "outside/b.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "out").symlink_to(tmp_path / "outside")

    assert ids(find_inputs([tmp_path / "in"])) == {"a.txt": "a", "b.txt": "b"}


def test_nothing_comes_of_nothing(tmp_path):
    assert [] == find_inputs([]) == find_inputs([tmp_path])


def test_a_file_name_of_any_bytes_can_be_printed(tmp_path):
    name = os.fsdecode(b"\xe8aj.txt")
    make(tmp_path, name)
    (found,) = find_inputs([tmp_path])
    assert isinstance(found, Input)
    (document,) = read_input(found)

    assert document.origin == f"{tmp_path}/\ufffdaj.txt"
    assert document.article.id == "aj"
