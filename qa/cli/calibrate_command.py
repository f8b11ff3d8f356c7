"""`qa calibrate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from qa.cli.options import AsJson, Data, ReadName, corpus_of, settings_for
from qa.cli.output import err, out, print_json
from qa.corpus import Corpus
from qa.evaluation.calibrate import calibrate as calibrate_corpus
from qa.types import Depth

Questions = Annotated[
    Path | None, typer.Argument(help="Judged questions, some without an answer: .csv or .jsonl.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and store nothing.")]
Reset = Annotated[bool, typer.Option("--reset", help="Take out every calibration of the corpus.")]


def calibrate(
    questions: Questions = None,
    read: ReadName = None,
    dry_run: DryRun = False,
    reset: Reset = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence to a collection's own judged questions.

    From then on 80 % is right in about 80 of 100 cases, and from 50 % on a question counts as
    answered, unless a threshold is given.
    """
    if reset == (questions is not None) or (reset and (dry_run or read)):
        raise typer.BadParameter("give a file of judged questions, or --reset alone")
    with corpus_of(settings_for(data)) as corpus:
        if questions is None:
            _say_reset(corpus.calibrations.reset(), as_json)
        else:
            _say(_calibrated(corpus, questions, read, dry_run, as_json), as_json)


def _calibrated(
    corpus: Corpus, questions: Path, read: Depth | None, dry_run: bool, quiet: bool
) -> dict[str, Any]:
    with Progress(console=err, disable=quiet or not err.is_terminal, transient=True) as bar:
        task = bar.add_task("asking", total=None)
        return calibrate_corpus(
            corpus,
            questions,
            read,
            keep=not dry_run,
            progress=lambda total, done: bar.update(task, total=total, completed=done),
        )


def _say(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    before, after = found["before"], found["after"]
    out.print(
        f"Asked {found['answerable']} questions with an answer, of which {found['right']} were "
        f"answered rightly, and {found['unanswerable']} without, with --read {found['read']}."
    )
    out.print(f"ECE   {before['ece']:.3f} before, {after['ece']:.3f} after")
    out.print(f"AUROC {before['auroc']:.3f} before, {after['auroc']:.3f} after")
    out.print("[dim]after: each tenth of the questions by a calibration on the others[/]")
    done = "Calibrated" if found["stored"] else "Nothing was stored; it would be calibrated"
    out.print(f"{done}: log-odds times {found['scale']:.3f} plus {found['shift']:.3f}.")


def _say_reset(found: bool, as_json: bool) -> None:
    if as_json:
        print_json({"reset": found})
    else:
        out.print("The calibration was taken out." if found else "There was no calibration.")
