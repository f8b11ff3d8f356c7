"""What the documents say that commands print is what they print."""

from pathlib import Path

import pytest

from tests.tutorials import PAGES, ROOT, Step, blocks_of, rewritten, rounded, run

PAGE = """Before.

```console
$ echo one
one
$ cat > f <<'END'
> $HOME
> END
$ cat f; false
$HOME
$ echo $?
1
```
"""


def test_a_block_is_read_as_commands_and_what_they_print() -> None:
    [steps] = blocks_of(PAGE)

    assert steps == [
        Step("echo one", "one\n"),
        Step("cat > f <<'END'\n$HOME\nEND", ""),
        Step("cat f; false", "$HOME\n"),
        Step("echo $?", "1\n"),
    ]
    assert "".join(step.written() for step in steps) in PAGE


def test_commands_run_in_one_shell(tmp_path: Path) -> None:
    [steps] = blocks_of(PAGE)

    assert run([step.command for step in steps], tmp_path) == ["one\n", "", "$HOME\n", "1\n"]
    assert rewritten(PAGE.replace("\none\n", "\ntwo\n")) == PAGE
    assert rounded("confidence 89%, 5 %") == "confidence …, 5 %"


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_says_what_its_commands_print(path: Path) -> None:
    page = path.read_text("utf-8")

    assert len(blocks_of(page)) >= (1 if path.name == "README.md" else 4)
    assert rounded(rewritten(page)) == rounded(page)
