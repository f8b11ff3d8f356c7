import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# No test may ask a model hub for anything; read when the library is imported.
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
from hypothesis import settings

from embeddings import Encoder, HashEncoder, load
from qa import Corpus
from qa.types import Article, Document

# How long an example takes says more of the machine than of the code.
settings.register_profile("footnote", deadline=None)
settings.load_profile("footnote")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Tests run in a random order: a failure says how to have that order again."""
    seed = getattr(terminalreporter.config.option, "randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"The same order again: pytest --randomly-seed={seed}")


MakeDocument = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> MakeDocument:
    """Makes a document: `document("a", "The pilot boards.", title="Pilots")`."""

    def make(id_: str, text: str, **fields: Any) -> Document:
        raw = text.encode()
        return Document(Article(id_, text, **fields), raw, "text/plain", origin=id_, size=len(raw))

    return make


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    """An empty corpus with the hash encoder, in `tmp_path / "corpus"`."""
    with Corpus.open(tmp_path / "corpus", encoder=HashEncoder()) as opened:
        yield opened


@pytest.fixture(scope="session")
def minilm() -> Encoder:
    """The packaged model; loading it takes seconds, so once is enough."""
    return load()
