"""`qa copy`."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from qa.cli.exit_codes import ExitCode
from qa.cli.options import AsJson, Data, place_given, settings_for
from qa.cli.output import err, out, print_json
from qa.cli.progress import bar
from qa.storage.copying import Copied
from qa.storage.copying import copy as carry
from qa.storage.place import CorpusPlace, place_of

_PLACE = "folder or postgresql://host/name"


def copy(
    places: Annotated[
        list[Any],
        typer.Argument(
            parser=place_given,
            metavar="[FROM] TO",
            help=f"From where to where, each a {_PLACE}; FROM is the corpus of --data if left out.",
        ),
    ],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Copy a corpus to another place: from a folder to a database, or back."""
    source, target = _both(places, data)
    with bar(err, 0, quiet=as_json) as progress:
        try:
            found = carry(source, target, progress.reached)
        except KeyboardInterrupt:
            err.print("\nStopped. The same command goes on from there.")
            raise typer.Exit(ExitCode.STOPPED) from None
    if as_json:
        print_json({"from": str(source), "to": str(target), **dataclasses.asdict(found)})
    else:
        _say(source, target, found)


def _both(places: list[Any], data: Any) -> tuple[CorpusPlace, CorpusPlace]:
    if len(places) > 2 or (len(places) == 2 and data is not None):
        raise typer.BadParameter("name one place to copy from, and one to copy to")
    source = places[0] if len(places) == 2 else settings_for(data).data
    return place_of(source), place_of(places[-1])


def _say(source: CorpusPlace, target: CorpusPlace, found: Copied) -> None:
    jobs = f", {found.jobs} bulk additions" if found.jobs else ""
    out.print(
        f"{target} has all of {source}: {found.articles} articles, {found.passages} passages, "
        f"{found.embedded} vectors{jobs}."
    )
    out.print(
        f"Carried now: {found.articles_carried} articles, {found.embedded_carried} vectors. Every "
        "row was compared."
    )
    out.print(f"[dim]SHA-256 {found.sha256}[/]")
