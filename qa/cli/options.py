"""What the commands share: options, settings, opening the corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.markup import escape

from qa.addresses import PostgresAddress
from qa.citations.formats import FormatName
from qa.cli.output import err
from qa.corpus import Corpus
from qa.errors import InvalidInput, NotFound
from qa.settings import Settings, address_in, expanded
from qa.storage import DATABASE
from qa.types import Depth, Mode


def place_given(given: str) -> Path | PostgresAddress:
    """The place that an argument names."""
    try:
        return address_in(given) or Path(expanded(given))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


Data = Annotated[
    Any,  # Path | PostgresAddress | None, which typer cannot read
    typer.Option(
        "--data",
        parser=place_given,
        metavar="FOLDER",
        help="Folder of the corpus (QA_DATA; ./data).",
    ),
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
CiteName = Annotated[
    FormatName | None,
    typer.Option("--cite", help="Print the footnotes of the passages alone, in this format."),
]
ModeName = Annotated[Mode, typer.Option("--mode", help="By what passages are found.")]
ReadName = Annotated[
    Depth | None,
    typer.Option("--read", help="What is read before the answer: fast is one passage (QA_READ)."),
]


def settings_for(
    data: Path | PostgresAddress | None, read_only: bool = False, **given: Any
) -> Settings:
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
        reason = first["msg"].removeprefix("Value error, ")  # Pydantic's, before ours
        raise InvalidInput(f"{name}: {reason}", code="invalid_setting") from error


def corpus_of(
    settings: Settings,
    *,
    creating: bool = False,
    reindexing: bool = False,
    indexing: bool = True,
) -> Corpus:
    """The corpus of the settings; says what had to be mended.

    Raises NotFound when there is none, unless it is to be made: a slip in --data makes no folder.
    """
    place = settings.data
    there = isinstance(place, PostgresAddress) or (place / DATABASE).exists()
    if not (creating and not settings.read_only) and not there:
        raise NotFound(
            f"there is no corpus in {settings.data}: name its folder with --data or QA_DATA, "
            "or make one with `qa add`",
            code="no_corpus",
        )
    corpus = Corpus.open(
        settings.data,
        model=settings.model,
        prompts=settings.prompts,
        threshold=settings.threshold,
        read=settings.read,
        reindexing=reindexing,
        read_only=settings.read_only,
        cache=settings.cache,
        indexing=indexing,
    )
    for mended in corpus.repairs if indexing and not reindexing else ():
        err.print(f"[yellow]mended:[/] {escape(mended)}")
    return corpus
