"""`qa eval`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import Progress
from rich.text import Text

from qa.cli.options import AsJson, Data, settings_for
from qa.cli.output import err, out, print_json
from qa.errors import InvalidInput
from qa.evaluation import evaluate
from qa.evaluation.outcomes import Configuration
from qa.evaluation.plots import draw
from qa.evaluation.result_tables import table

Sets = Annotated[
    list[Path],
    typer.Argument(
        help="Folders in BEIR layout, or with questions.csv beside the articles; "
        "or a questions.csv alone, for the corpus in --data."
    ),
]
Modes = Annotated[
    list[Configuration] | None,
    typer.Option(
        "--mode",
        help="deep, fast and off are hybrid, so much of it read; fused is neither reranked nor "
        "read. Repeat to compare.",
    ),
]
Foreign = Annotated[
    Path | None, typer.Option(help="Another set, whose questions should find no answer here.")
]
Sample = Annotated[int | None, typer.Option(min=1, help="Ask about so many of the questions.")]
Plots = Annotated[Path | None, typer.Option(help="Draw the figures into this folder.")]
PlotFormat = Annotated[Literal["svg", "png"], typer.Option(help="How they are drawn.")]


def measure(
    sets: Sets,
    mode: Modes = None,
    foreign: Foreign = None,
    sample: Sample = None,
    plots: Plots = None,
    plot_format: PlotFormat = "svg",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Measure answers to judged questions: nDCG@10, Recall, MRR, sentences, confidence, latency.

    With --data the corpus that is built stays there, and the next run starts from it.
    """
    _refuse_two_in_one(sets, data)
    settings = settings_for(data)
    results: list[dict[str, Any]] = []
    with Progress(console=err, disable=as_json or not err.is_terminal, transient=True) as bar:
        for path in sets:
            rows = evaluate(
                path,
                settings.model,
                mode or ["hybrid"],
                # A set of questions alone is asked of the corpus that the settings name.
                data=settings.data if path.is_file() else data,
                foreign=foreign,
                sample=sample,
                threshold=settings.threshold,
                read=settings.read,
                prompts=settings.prompts,
                progress=_shown_on(bar, path),
            )
            results += rows
            if not as_json:
                out.print(Text("\n".join(table(rows)) + "\n"))
    _say(results, draw(results, plots, plot_format) if plots else [], as_json)


def _refuse_two_in_one(sets: Sequence[Path], data: Path | None) -> None:
    if data is not None and sum(path.is_dir() for path in sets) > 1:
        raise InvalidInput(
            "--data holds the corpus of one set: evaluate the others by themselves, or without "
            "--data in temporary ones",
            code="one_set",
        )


def _shown_on(bar: Progress, path: Path) -> Callable[[str, int, int], None]:
    """Shows how far a set is, in place of the one before it."""
    for earlier in bar.task_ids:
        bar.remove_task(earlier)
    task = bar.add_task(f"adding {path.name}", total=None)

    def show(mode: str, total: int, done: int) -> None:
        bar.update(task, description=f"asking, {mode}", completed=done, total=total)

    return show


def _say(results: Sequence[dict[str, Any]], drawn: Sequence[Path], as_json: bool) -> None:
    if as_json:
        print_json({"results": results, "plots": [str(path) for path in drawn]})
    else:
        for path in drawn:
            out.print(Text(f"drawn: {path}"))
