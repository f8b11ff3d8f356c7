"""The folder of a corpus: that it can be written to, and what is said when it cannot."""

from __future__ import annotations

from pathlib import Path

from qa.errors import InvalidInput, NoSpace, StorageError
from qa.storage.disk import refused

DATABASE = "footnote.db"


def writable(folder: Path) -> Path:
    """The folder itself, made where there is none. Raises InvalidInput or StorageError.

    A full disk is for others to report.
    """
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)  # what is kept is nobody else's
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if isinstance(refused(error), NoSpace):
            raise
        # A file in its place stays there; a medium may only not be mounted yet.
        no_folder = isinstance(error, FileExistsError | NotADirectoryError)
        kind = InvalidInput if no_folder else StorageError
        raise kind(
            f"cannot write to the folder {folder}: {error.strerror}; choose another with "
            f"--data or QA_DATA{_or_read_only(folder)}",
            code="unwritable",
        ) from error
    return folder


def _or_read_only(folder: Path) -> str:
    there = (folder / DATABASE).exists()
    return ", or read the corpus that is there with --read-only" if there else ""
