"""What became of inputs that were added, as it is told."""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.markup import escape

from qa.cli.output import err, out
from qa.passages.prepare import Outcome
from qa.types import Refused


@dataclass(slots=True)
class Report:
    """What became of all inputs; the documents themselves are let go."""

    counts: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    problems: list[Refused] = field(default_factory=list)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    generation: int = 0  # of the corpus, with all of it

    def note(self, outcome: Outcome) -> None:
        self.counts[outcome.name] += 1
        if outcome.document:
            self.ids.add(outcome.document.article.id)
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
            "problems": [
                {**dataclasses.asdict(problem), "origin": shown(problem.origin)}
                for problem in self.problems
            ],
            "notes": {shown(origin): notes for origin, notes in self.notes.items()},
            "generation": self.generation,
        }

    def print(self) -> None:
        for problem in self.problems:
            label = "[dim]skipped:[/]" if problem.skipped else "[red]refused:[/]"
            err.print(f"{label} {escape(shown(problem.origin))}: {escape(problem.reason)}")
        for origin, notes in self.notes.items():
            for note in notes:
                err.print(f"[yellow]note:[/] {escape(shown(origin))}: {escape(note)}")
        names = ("added", "replaced", "unchanged", "skipped", "refused", "pruned")
        said = [f"{self.counts[name]} {name}" for name in names if self.counts[name]]
        out.print(", ".join(said) or "Nothing to add.")
        if self.removed:
            lines = ", ".join(f"{n} {kind}" for kind, n in self.removed.most_common())
            out.print(f"[dim]kept out of the text: {lines}; see qa show ID[/]")


def shown(origin: str) -> str:
    """An origin as it is shortest to read: below the folder one is in, without that."""
    return origin.removeprefix(f"{Path.cwd()}{os.sep}")
