"""`qa eval`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from qa.cli.options import AsJson, Data, settings_for
from qa.cli.printing import err, out, print_json
from qa.errors import InvalidInput

if TYPE_CHECKING:
    from rich.progress import TaskID


def eval_(
    sets: Annotated[
        list[Path],
        typer.Argument(
            help="Folders in BEIR layout, or with questions.csv beside the articles; "
            "or a questions.csv alone, for the corpus in --data."
        ),
    ],
    mode: Annotated[
        list[str] | None,
        typer.Option(
            "--mode",
            help="hybrid, fused (hybrid without reranking), dense, lexical; repeat to compare.",
        ),
    ] = None,
    foreign: Annotated[
        Path | None,
        typer.Option(help="Another set, whose questions should find no answer here."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Ask about so many of the questions.")
    ] = None,
    plots: Annotated[Path | None, typer.Option(help="Draw the figures into this folder.")] = None,
    plot_format: Annotated[str, typer.Option(help="svg or png.")] = "svg",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Measure answers to judged questions: nDCG@10, Recall, MRR, sentences, confidence, latency.

    With --data the corpus that is built stays there, and the next run starts from it.
    """
    from rich.progress import Progress

    from qa.evaluation import evaluate
    from qa.evaluation.plots import draw
    from qa.evaluation.tables import table

    if data is not None and sum(path.is_dir() for path in sets) > 1:
        raise InvalidInput(
            "--data holds the corpus of one set: evaluate the others by themselves, or without "
            "--data in temporary ones",
            code="one_set",
        )
    settings = settings_for(data)
    results: list[dict[str, Any]] = []
    with Progress(console=err, disable=as_json or not err.is_terminal, transient=True) as bar:
        for path in sets:
            task = bar.add_task(f"adding {path.name}", total=None)

            def show(mode: str, total: int, done: int, task: TaskID = task) -> None:
                bar.update(task, description=f"asking, {mode}", completed=done, total=total)

            # A set of questions alone is asked of the corpus that the settings name.
            folder = settings.data if path.is_file() else data
            rows = evaluate(
                path,
                settings.model,
                mode or ["hybrid"],
                data=folder,
                foreign=foreign,
                sample=sample,
                threshold=settings.threshold,
                progress=show,
            )
            bar.remove_task(task)
            results += rows
            if not as_json:
                out.print(Text("\n".join(table(rows)) + "\n"))
    drawn = draw(results, plots, plot_format) if plots else []
    if as_json:
        print_json({"results": results, "plots": [str(path) for path in drawn]})
    else:
        for path in drawn:
            out.print(Text(f"drawn: {path}"))
