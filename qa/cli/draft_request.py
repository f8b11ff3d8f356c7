"""What `qa check` is asked to hold a draft against, and the reports that it is to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.check.beside_draft import read_beside
from qa.check.types import Against, DraftReport
from qa.errors import InvalidInput
from qa.filters import Filters
from qa.handover.carried import BesideText, Carried
from qa.handover.handover import MAX_NAME, Handover
from qa.handover.report_formats import ReportFormat, format_of, written
from qa.ingest import DraftText, Limits
from qa.types import Document


@dataclass(frozen=True)
class DraftRequest:
    """What is asked for besides the verdicts on a draft."""

    against: Against
    documents: tuple[Document, ...]  # the sources that come beside it
    exports: tuple[tuple[Path, ReportFormat], ...]
    before: Carried  # what an earlier report carries
    reviewer: str

    @classmethod
    def of(
        cls,
        articles: Sequence[str],
        sources: Sequence[Path],
        only_sources: bool,
        exports: Sequence[Path],
        report: Path | None,
        reviewer: str,
        limits: Limits,
    ) -> DraftRequest:
        """Reads the files. Raises InvalidInput, before anything is checked."""
        if only_sources and (articles or not sources):
            raise InvalidInput("--only-sources goes with --source, and without --article")
        chosen = Filters(article_ids=tuple(articles)) if articles else None
        beside = [one for path in sources for one in read_beside(_read(path), path.name, limits)]
        return cls(
            Against(chosen, none_chosen=only_sources),
            tuple(beside),
            tuple((path, format_of(path.suffix)) for path in exports),
            Carried.of_report(_read(report)) if report else Carried(),
            reviewer.strip(),
        )

    def write(self, report: DraftReport, draft: DraftText) -> None:
        """Writes the reports that were asked for. Raises InvalidInput for one that cannot be."""
        handover = Handover(
            report,
            self.before.marks,
            draft.name[-MAX_NAME:],
            self.reviewer,
            datetime.now(UTC).date(),
            tuple(map(BesideText.of, self.documents)),
        )
        for path, name in self.exports:
            data = written(handover, name)
            try:
                path.write_bytes(data)
            except OSError as error:
                raise InvalidInput(
                    f"{path} cannot be written: {error.strerror}", code="unwritable"
                ) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}", code="unreadable") from error
