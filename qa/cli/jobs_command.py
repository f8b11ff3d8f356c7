"""`qa jobs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.markup import escape

from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import out, print_json
from qa.storage.records import Job
from qa.storage.sqlite.job_table import JobTable


def jobs(
    cancel: Annotated[str | None, typer.Option(help="Drop what is left of the job ID.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the bulk additions that were sent to the service, or cancel one."""
    with corpus_of(settings_for(data)) as corpus:
        table = corpus.jobs
        if cancel is not None:
            table.cancel(cancel)
            found = [table.get(cancel)]
        else:
            found = list(_all_jobs(table))
    if as_json:
        print_json({"jobs": [{**dataclasses.asdict(job), "done": done} for job, done in found]})
        return
    for job, done in found:
        counts = ", ".join(f"{number} {name}" for name, number in job.counts.items())
        about = f"{done} of {job.total} inputs; {counts or 'nothing yet'}; since {job.created}"
        out.print(f"[bold]{escape(job.id)}[/]  {job.state}")
        out.print(f"    [dim]{escape(about)}[/]")


def _all_jobs(table: JobTable) -> Iterator[tuple[Job, int]]:
    after = ""
    while page := table.page(after, 500, None):
        yield from page
        after = page[-1][0].id
