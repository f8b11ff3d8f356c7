"""What stands in the notebooks is what their cells give."""

from pathlib import Path

import pytest

from tests.notebooks import NOTEBOOKS, as_written, now, rerun, run


def cell(kind: str, source: str) -> dict[str, object]:
    return {"cell_type": kind, "source": source.splitlines(True)}


def test_cells_share_their_names_and_keep_what_they_print() -> None:
    told = rerun({"cells": [cell("code", "x = 2"), cell("markdown", "y"), cell("code", "x\nx")]})

    first, text, last = told["cells"]
    assert (first["outputs"], first["execution_count"]) == ([], 1)
    assert text == cell("markdown", "y")
    assert last["outputs"] == [
        {
            "data": {"text/plain": ["2"]},
            "execution_count": 2,
            "metadata": {},
            "output_type": "execute_result",
        }
    ]
    assert run("print('a\\nb')", {}, 1)[0]["text"] == ["a\n", "b\n"]
    assert as_written({"b": "č", "a": 1}) == '{\n "a": 1,\n "b": "č"\n}\n'


def test_a_cell_that_fails_fails_the_notebook(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(as_written({"cells": [cell("code", "1 / 0")]}), "utf-8")
    with pytest.raises(RuntimeError, match="division by zero"):
        now(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_gives_what_is_stored_in_it(path: Path) -> None:
    assert now(path) == path.read_text("utf-8")


def test_there_is_one() -> None:
    assert [path.name for path in NOTEBOOKS] == ["cited_answer.ipynb"]
