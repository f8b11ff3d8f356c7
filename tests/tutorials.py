"""The commands in the documents, and what they print: run word for word.

    python -m tests.tutorials            # says which pages print something else by now
    python -m tests.tutorials --write    # writes into the pages what the commands print

A block that begins with ```console holds commands behind "$ ", their further lines behind "> ", and
below each what it prints. The blocks of a page are one session, in a folder that has only `seeds`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorials").glob("*.md"))]
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ENDED = "--- what one command prints has ended ---"
# The same model rounds a little differently on other processors.
_ROUNDED = re.compile(r"(confidence|support) \d+%")
# A terminal of 88 columns without colours.
_TERMINAL = {"FORCE_COLOR": "1", "TERM": "dumb", "COLUMNS": "88", "LINES": "40"}


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what a page says that it prints."""

    command: str
    printed: str

    def written(self) -> str:
        first, *more = self.command.split("\n")
        return "".join([f"$ {first}\n", *(f"> {line}\n" for line in more), self.printed])


def steps_of(block: str) -> Iterator[Step]:
    """The steps of a block of a page."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines(keepends=True)
        more = []
        while rest and rest[0].startswith("> "):
            more.append(rest.pop(0)[2:])
        yield Step("".join([first, *more]).rstrip("\n"), "".join(rest))


def blocks_of(page: str) -> list[list[Step]]:
    """The blocks of a page, each as its steps."""
    return [list(steps_of(block)) for block in _BLOCK.findall(page)]


def run(commands: list[str], folder: Path) -> list[str]:
    """What each of the commands prints, one after the other in one shell."""
    script = "".join(f"{command}\ncode=$?; echo '{_ENDED}'; (exit $code)\n" for command in commands)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **_TERMINAL}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = (line.rstrip() for line in done.stdout.splitlines())
    return "".join(f"{line}\n" for line in lines).split(f"{_ENDED}\n")[: len(commands)]


def printed_now(page: str) -> list[str]:
    """What the commands of a page print, in a folder of their own."""
    commands = [step.command for block in blocks_of(page) for step in block]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "seeds", Path(folder) / "seeds")
        return run(commands, Path(folder))


def rewritten(page: str) -> str:
    """The page with what its commands print now."""
    now = iter(printed_now(page))

    def block(match: re.Match[str]) -> str:
        steps = (Step(step.command, next(now)) for step in steps_of(match[1]))
        return f"```console\n{''.join(step.written() for step in steps)}```"

    return _BLOCK.sub(block, page)


def rounded(page: str) -> str:
    """The page without the numbers that differ from one processor to the next."""
    return _ROUNDED.sub(r"\1 …", page)


def main() -> None:
    """Compares the pages, or writes them anew."""
    for path in PAGES:
        page = path.read_text("utf-8")
        now = rewritten(page)
        same = rounded(now) == rounded(page)
        print(f"{path.relative_to(ROOT)}: {'as printed' if same else 'another output'}")
        if not same and "--write" in sys.argv:
            path.write_text(now, "utf-8")


if __name__ == "__main__":
    main()
