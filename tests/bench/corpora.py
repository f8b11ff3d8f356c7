"""Corpora of the judged sets that lie beside the project, built once and kept; their passages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embeddings import Encoder
from qa import Corpus
from qa.ingest import Input, Limits, find_inputs, read_input
from qa.retrieval.hits import Candidate, hit_of
from qa.storage import View
from qa.types import Hit

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
RETRIEVAL, TRAIN = SHARED / "data" / "retrieval", SHARED / "data" / "train"
# Reported: the sets that the targets speak of.
REPORTED = ("scifact", "multihop_facts", "squadshifts_wiki", "clapnq_dev", "squad2_dev500")
TRAINING = (
    "squadshifts_reddit",
    "squadshifts_amazon",
    "fairytaleqa_train",
    "squad_sents_test",
    "scifact_train",
)


@contextmanager
def corpus_of(folder: Path, encoder: Encoder, kept: Path | None = None) -> Iterator[Corpus]:
    """The corpus of a judged set; in `kept` it is there the next time."""
    with tempfile.TemporaryDirectory() as temporary:
        home = kept / _corpus_name(folder) if kept else Path(temporary)
        with Corpus.open(home, encoder=encoder) as corpus:
            if not corpus.counts()["articles"]:
                for found in find_inputs([_articles(folder)]):
                    if isinstance(found, Input):
                        for _ in corpus.add(read_input(found, Limits())):
                            pass
            yield corpus


def hits_of(view: View, id_: str) -> list[Hit]:
    """All passages of an article in their order, as hits that nothing was asked for.

    None of an article that is not there: some of a set may be refused.
    """
    stored = view.find(id_)
    chunks = [chunk for _, _, chunk in view.passages_of(stored.key)] if stored else []
    places = view.occurrences(chunks)
    return [hit_of(Candidate(chunk, 0.0, None, None), places[chunk]) for chunk in chunks]


def _articles(folder: Path) -> Path:
    corpus = folder / "corpus.jsonl"
    return corpus if corpus.exists() else folder


def _corpus_name(folder: Path) -> str:
    """Sets that share their articles share the corpus."""
    meta = folder / "META.json"
    name = json.loads(meta.read_text("utf-8"))["name"] if meta.exists() else folder.name
    return str(name).removesuffix("_train") if name == "scifact_train" else str(name)
