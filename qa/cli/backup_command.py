"""`qa backup`, `qa restore`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from qa.addresses import PostgresAddress
from qa.cli.options import AsJson, Data, settings_for
from qa.cli.output import err, out, print_json
from qa.errors import InvalidInput
from qa.settings import Settings
from qa.storage.sqlite.backup import Backup, back_up
from qa.storage.sqlite.backup import restore as bring_back

BackupFile = Annotated[Path, typer.Argument(help="The file of the backup.")]


def backup(
    file: BackupFile,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write the corpus as it is now to one file; a running service goes on meanwhile."""
    settings = settings_for(data)
    with _bar("writing", quiet=as_json) as progress:
        found = back_up(_folder_of(settings), file, force=force, progress=progress)
    _say("Kept", found, as_json)


def restore(
    file: BackupFile,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the articles that are there.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Bring a corpus back from a backup; stop the service first."""
    settings = settings_for(data)
    with _bar("reading", quiet=as_json) as progress:
        found = bring_back(file, _folder_of(settings), force=force, progress=progress)
    _say("Restored", found, as_json)


def _folder_of(settings: Settings) -> Path:
    """The folder of the corpus. Raises InvalidInput for a database, which has tools of its own."""
    if isinstance(settings.data, PostgresAddress):
        raise InvalidInput(
            f"{settings.data} is a database: back it up with pg_dump, or with what your provider "
            "offers",
            code="is_database",
        )
    return settings.data


@contextmanager
def _bar(doing: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    with Progress(console=err, disable=quiet or not err.is_terminal, transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _say(done: str, found: Backup, as_json: bool) -> None:
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    jobs = f", {found.jobs} bulk additions to go on with" if found.jobs else ""
    out.print(f"{done} {found.articles} articles, {found.bytes / 1e6:.1f} MB{jobs}.")
    out.print(f"[dim]SHA-256 {found.sha256}[/]")
