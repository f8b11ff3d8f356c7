"""`qa jobs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.text import Text

from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.cli.output import err, out, print_json
from qa.storage.records import Job
from qa.storage.sql.job_table import JobTable


def jobs(
    job_id: Annotated[
        str | None, typer.Argument(help="One job, with what was refused of it.")
    ] = None,
    cancel: Annotated[str | None, typer.Option(help="Drop what is left of the job ID.")] = None,
    retry: Annotated[
        str | None, typer.Option(help="Queue once more what was refused of the job ID.")
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the bulk additions that were sent to the service; see, cancel or retry one."""
    if sum(given is not None for given in (job_id, cancel, retry)) > 1:
        raise typer.BadParameter("give one job: to be seen, --cancel, or --retry")
    with corpus_of(settings_for(data)) as corpus:
        table = corpus.jobs
        if cancel is not None:
            table.cancel(cancel)
        again = table.retry(retry).id if retry is not None else None
        one = job_id or cancel or again
        found = [table.get(one)] if one else list(_all_jobs(table))
    if as_json:
        print_json({"jobs": [{**dataclasses.asdict(job), "done": done} for job, done in found]})
        return
    for job, done in found:
        _print(job, done, whole=job_id is not None)
    if not found:
        err.print("Nothing was sent to the service.", style="yellow")
    if again:
        err.print("A running service goes on with it, or the next that is started.", style="dim")


def _print(job: Job, done: int, *, whole: bool) -> None:
    counts = ", ".join(f"{number} {name}" for name, number in job.counts.items())
    about = f"{done} of {job.total} inputs; {counts or 'nothing yet'}; since {job.created}"
    out.print(Text.assemble((job.id, "bold"), f"  {job.state}"))
    out.print(Text(f"    {about}", "dim"))
    for problem in job.problems if whole else ():
        out.print(
            Text.assemble(("    refused: ", "red"), f"{problem['origin']}: ", problem["reason"])
        )


def _all_jobs(table: JobTable) -> Iterator[tuple[Job, int]]:
    after = ""
    while page := table.page(after, 500, None):
        yield from page
        after = page[-1][0].id
