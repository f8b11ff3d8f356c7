"""What the commands share: options, settings, opening the corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import typer
from pydantic import ValidationError
from rich.markup import escape

from qa.cli.output import err
from qa.corpus import Corpus
from qa.errors import Code, InvalidInput, NotFound
from qa.settings import Settings
from qa.storage import DATABASE
from qa.types import Depth, Mode, Sort

_Named = TypeVar("_Named", bound=str)
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the corpus (QA_DATA; ./data).")
]
ReadOnly = Annotated[
    bool, typer.Option("--read-only", help="Write nothing in the folder (QA_READ_ONLY).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TopK = Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="How many passages.")]
Threshold = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Confidence that counts as answered (QA_THRESHOLD)."),
]
Rerank = Annotated[
    bool, typer.Option("--rerank/--no-rerank", help="Put the first passages in order anew.")
]
ModeName = Annotated[str, typer.Option("--mode", help="hybrid, dense or lexical.")]
ReadName = Annotated[
    str | None,
    typer.Option(
        "--read", help="What is read before the answer: deep, fast (one passage), off (QA_READ)."
    ),
]


def settings_for(data: Path | None, read_only: bool = False, **given: Any) -> Settings:
    """The settings of the environment, less what the command line says."""
    if data is not None:
        given["data"] = data
    if read_only:
        given["read_only"] = True
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "QA_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidInput(f"{name}: {first['msg']}", code="invalid_setting") from error


def corpus_of(settings: Settings, *, creating: bool = False, reindexing: bool = False) -> Corpus:
    """The corpus of the settings; says what had to be mended.

    Raises NotFound when there is none, unless it is to be made: a slip in --data makes no folder.
    """
    if not (creating and not settings.read_only) and not (settings.data / DATABASE).exists():
        raise NotFound(
            f"there is no corpus in {settings.data}: name its folder with --data or QA_DATA, "
            "or make one with `qa add`",
            code="no_corpus",
        )
    corpus = Corpus.open(
        settings.data,
        model=settings.model,
        threshold=settings.threshold,
        read=settings.read,
        reindexing=reindexing,
        read_only=settings.read_only,
    )
    for mended in () if reindexing else corpus.repairs:
        err.print(f"[yellow]mended:[/] {escape(mended)}")
    return corpus


def mode_of(mode: str) -> Mode:
    """The mode of that name. Raises InvalidInput."""
    modes: tuple[Mode, ...] = get_args(Mode)
    return _named(mode, modes, "mode", "invalid_mode")


def depth_of(read: str | None) -> Depth | None:
    """The depth of that name; None for that of the settings. Raises InvalidInput."""
    depths: tuple[Depth, ...] = get_args(Depth)
    return None if read is None else _named(read, depths, "read", "invalid_read")


def sort_of(sort: str) -> Sort:
    """The order of that name. Raises InvalidInput."""
    sorts: tuple[Sort, ...] = get_args(Sort)
    return _named(sort, sorts, "sort", "invalid_sort")


def _named(given: str, names: tuple[_Named, ...], option: str, code: Code) -> _Named:
    for name in names:
        if given == name:
            return name
    known = f"{', '.join(names[:-1])} or {names[-1]}"
    raise InvalidInput(f"{option} is {given!r}; give {known}", code=code)
