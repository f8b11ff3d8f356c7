"""`qa show`, `qa remove`, `qa status`, `qa reindex`."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from qa.cli.exit_codes import ExitCode
from qa.cli.options import AsJson, Data, ReadOnly, corpus_of, settings_for
from qa.cli.output import err, out, print_json, print_text
from qa.cli.streams import print_bytes


def show(
    article_id: Annotated[str, typer.Argument(help="An article's id.")],
    raw: Annotated[bool, typer.Option("--raw", help="The input as it came.")] = False,
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
) -> None:
    """Show an article: what is known of it, and its text."""
    with corpus_of(settings_for(data, read_only)) as corpus:
        if raw:
            print_bytes(corpus.raw(article_id))
            return
        stored = corpus.article(article_id)
    fields = dataclasses.asdict(stored)
    if as_json:
        print_json(fields)
        return
    article = fields.pop("article")
    for name, value in {"id": article_id, **article, **fields}.items():
        if value and name not in ("text", "key", "removed"):
            out.print(f"[dim]{name}:[/] {escape(str(value))}")
    for removed in stored.removed:
        out.print(f"[dim]left out ({removed.kind}):[/] {escape(removed.text)}")
    print_text(f"\n{stored.article.text}")


def remove(
    article_ids: Annotated[list[str], typer.Argument(help="Ids of articles.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Remove articles."""
    with corpus_of(settings_for(data)) as corpus:
        gone = corpus.remove(article_ids)
        generation = corpus.stored_generation()
    missing = [id_ for id_ in article_ids if id_ not in gone]
    if as_json:
        print_json({"removed": gone, "not_found": missing, "generation": generation})
    else:
        out.print(f"Removed {len(gone)}.")
        for id_ in missing:
            err.print(f"[red]not found:[/] {escape(id_)}")
    if missing:
        raise typer.Exit(ExitCode.WRONG)


def status(
    data: Data = None,
    read_only: ReadOnly = False,
    as_json: AsJson = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without the integrity check.")] = False,
) -> None:
    """Show counts, generation, encoder, sizes, and the result of an integrity check."""
    with corpus_of(settings_for(data, read_only)) as corpus:
        found = corpus.status(check=not quick)
    if as_json:
        print_json(found)
    else:
        calibration = ", ".join(map(_calibration, found["calibration"])) or "none"
        del found["behind_seconds"]  # of a server that runs
        for name, value in {**found, "calibration": calibration}.items():
            shown = (
                ", ".join(f"{k} {v}" for k, v in value.items())
                if isinstance(value, dict)
                else value
            )
            out.print(f"[dim]{name:>11}[/]  {escape(str(shown))}")
    if found["problems"]:
        raise typer.Exit(ExitCode.WRONG)


def _calibration(own: dict[str, Any]) -> str:
    """What is said of a calibration in one line."""
    used = "" if own["in_use"] else "; not in use: it was made for another model or version"
    return (
        f"{own['read']} ({own['made']}, {own['answerable']} questions with an answer, "
        f"{own['unanswerable']} without{used})"
    )


def reindex(data: Data = None, as_json: AsJson = False) -> None:
    """Build the indexes anew; embed everything anew when encoder or chunking have changed."""
    hidden = as_json or not err.is_terminal
    with (
        corpus_of(settings_for(data), reindexing=True) as corpus,
        Progress(console=err, disable=hidden, transient=True) as bar,
    ):
        task = bar.add_task("embedding", total=None)
        said = corpus.reindex(lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        print_json({"done": said})
    else:
        out.print(said)
