"""`qa serve`, `qa eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qa.cli.options import AsJson, Data, ModeName, mode_of, settings_for
from qa.cli.printing import out, print_json


def serve(
    host: Annotated[str | None, typer.Option(help="Address (QA_HOST; 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (QA_PORT; 8000).")] = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write logs as JSON.")] = False,
) -> None:
    """Serve the HTTP API and the pages."""
    from qa.server import serve as serve_

    given = {"host": host, "port": port, "log_format": "json" if as_json else None}
    serve_(settings_for(data, **{k: v for k, v in given.items() if v is not None}))


def eval_(
    folders: Annotated[list[Path], typer.Argument(help="Folders in BEIR layout.")],
    mode: ModeName = "hybrid",
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Measure retrieval on judged questions: nDCG@10, Recall, MRR, latency.

    With --data the corpus that is built stays there, and the next run starts from it.
    """
    from qa.evaluate import evaluate

    settings = settings_for(None)
    results = [evaluate(folder, settings.model, mode_of(mode), data) for folder in folders]
    if as_json:
        print_json({"results": results})
        return
    for result in results:
        out.print(
            f"[bold]{escape(str(result['name']))}[/]  "
            + "  ".join(f"{name} {value}" for name, value in result.items() if name != "name")
        )
