"""Models that packages carry: found by the packages' metadata, and held against known digests."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

from embeddings.types import EncoderUnavailable


@dataclass(frozen=True, slots=True)
class ModelPackage:
    """A package of which only the data is read: importing it would run code that is not needed."""

    name: str
    version: str
    install: str  # the commands that bring it, one of which is enough

    def path(self, file_name: str) -> Path:
        """Where a file of the package lies. Raises EncoderUnavailable if it is not installed."""
        try:
            files = importlib.metadata.files(self.name) or []
        except importlib.metadata.PackageNotFoundError:
            files = []
        for file in files:
            if file.name == file_name:
                return Path(str(file.locate()))
        raise EncoderUnavailable(
            f"the model package {self.name} is not installed: run {self.install}"
        )

    def verify(self, path: Path, sha256: str) -> None:
        """Raises EncoderUnavailable for a file that is not the one that was published."""
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise EncoderUnavailable(
                f"cannot read {path}: {error.strerror}; reinstall {self.name}"
            ) from error
        if found != sha256:
            raise EncoderUnavailable(
                f"{path} has SHA-256 {found[:12]}…, expected {sha256[:12]}…: reinstall it with "
                f"`pip install --force-reinstall {self.name}=={self.version}`"
            )
