"""`qa add`."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import err, out, print_json
from qa.cli.progress import bar
from qa.corpus import Corpus
from qa.ingest import Input, Limits, find_inputs, read_input, read_stream
from qa.passages.prepare import Outcome
from qa.types import Document, Refused


@dataclass(slots=True)
class Report:
    """What became of all inputs; the documents themselves are let go."""

    counts: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[Refused] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def note(self, outcome: Outcome) -> None:
        self.counts[outcome.name] += 1
        if outcome.refused:
            self.problems.append(outcome.refused)
        if outcome.document and outcome.name != "unchanged":
            self.removed.update(line.kind for line in outcome.document.removed)
            if outcome.document.notes:
                self.notes[outcome.origin or outcome.document.article.id] = outcome.document.notes

    def as_json(self) -> dict[str, object]:
        return {
            "counts": self.counts,
            "removed_lines": self.removed,
            "problems": [dataclasses.asdict(problem) for problem in self.problems],
            "notes": self.notes,
        }

    def print(self) -> None:
        for problem in self.problems:
            label = "[dim]skipped:[/]" if problem.skipped else "[red]refused:[/]"
            err.print(f"{label} {escape(problem.origin)}: {escape(problem.reason)}")
        for origin, notes in self.notes.items():
            for note in notes:
                err.print(f"[yellow]note:[/] {escape(origin)}: {escape(note)}")
        names = ("added", "replaced", "unchanged", "skipped", "refused")
        said = [f"{self.counts[name]} {name}" for name in names if self.counts[name]]
        out.print(", ".join(said) or "Nothing to add.")
        if self.removed:
            lines = ", ".join(f"{n} {kind}" for kind, n in self.removed.most_common())
            out.print(f"[dim]kept out of the text: {lines}; see qa show ID[/]")


def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    data: Data = None,
    as_json: AsJson = False,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there are articles already.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="In which the files are, where they do not say: cp1251.")
    ] = None,
) -> None:
    """Add articles: .txt .md .html .pdf .json .jsonl, and folders of them."""
    settings = settings_for(data)
    with corpus_of(settings, creating=True) as corpus:
        report = Report()
        if not (if_empty and corpus.articles(limit=1)):
            limits = dataclasses.replace(Limits.of(settings), encoding=encoding)
            _add(corpus, paths, limits, report, quiet=as_json)
    if as_json:
        print_json(report.as_json())
    elif if_empty and not report.counts:
        out.print(escape(f"The corpus in {settings.data} has articles already."))
    else:
        report.print()
    if report.counts["refused"]:
        raise typer.Exit(1)


def _add(corpus: Corpus, paths: list[str], limits: Limits, report: Report, *, quiet: bool) -> None:
    found: list[Input | Refused] = list(find_inputs([Path(p) for p in paths if p != "-"]))
    total = sum(item.size for item in found)
    with bar(err, total, quiet=quiet) as advance:
        try:
            for outcome in corpus.add(_documents(found, "-" in paths, limits)):
                report.note(outcome)
                advance(outcome)
        except KeyboardInterrupt:
            corpus.refresh()  # the last commit may not have been published
            err.print(
                f"\nStopped. {corpus.counts()['articles']} articles are safely stored; "
                "the same command goes on from there."
            )
            raise typer.Exit(130) from None


def _documents(
    found: list[Input | Refused], standard_input: bool, limits: Limits
) -> Iterator[Document | Refused]:
    if standard_input:
        yield from read_stream(sys.stdin.buffer.read(), None, limits)
    for item in found:
        if isinstance(item, Refused):
            yield item
        else:
            yield from read_input(item, limits)
