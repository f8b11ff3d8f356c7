"""The encoder and chunking that a corpus is of; what is said when others are at hand."""

from __future__ import annotations

from collections.abc import Mapping

from embeddings import Encoder
from qa.errors import CorpusBroken, Mismatch
from qa.storage.place import CorpusPlace
from qa.storage.sql.engine import SCHEMA_VERSION, refuse_unfinished

Stamp = dict[str, str]
_FIELDS = ("encoder", "encoder_digest", "dimension", "chunking")


def stamp_of(encoder: Encoder, chunking: str) -> Stamp:
    """The stamp of a corpus that is made with this encoder and chunking."""
    return {
        "encoder": encoder.name,
        "encoder_digest": encoder.digest,
        "dimension": str(encoder.dimension),
        "chunking": chunking,
    }


def stamp_in(meta: Mapping[str, str]) -> Stamp:
    """The stamp that a store has. Raises CorpusBroken when it has none."""
    if missing := [field for field in _FIELDS if field not in meta]:
        raise CorpusBroken(
            f"the store does not say its {' and '.join(missing)}: restore it from a backup"
        )
    return {field: meta[field] for field in _FIELDS}


def refuse_other(stamp: Stamp, model: str, chunking: str, place: CorpusPlace) -> None:
    """Raises Mismatch when a corpus is of another model or chunking than is asked for."""
    if model != stamp["encoder"]:
        raise Mismatch(
            f"the corpus in {place} was embedded with {stamp['encoder']}, not with "
            f"{model}: set QA_MODEL={stamp['encoder']}, or run `qa reindex`",
            code="encoder_mismatch",
        )
    if chunking != stamp["chunking"]:
        raise Mismatch(
            f"the corpus in {place} was cut as “{stamp['chunking']}”, and this version "
            f"cuts as “{chunking}”: run `qa reindex`",
            code="chunking_mismatch",
        )


def refuse_other_weights(stamp: Stamp, encoder: Encoder, place: CorpusPlace) -> None:
    """Raises Mismatch when the encoder has the name of the corpus's, and is another."""
    digest = stamp["encoder_digest"]
    if encoder.digest != digest and stamp["encoder"] == encoder.name:
        raise Mismatch(
            f"the weights of {encoder.name} (or its tokenizer or prompts) are not those that the "
            f"corpus in {place} was embedded with ({encoder.digest[:12]}… instead of "
            f"{digest[:12]}…): bring the old ones back, or run `qa reindex`",
            code="encoder_mismatch",
        )


def refuse_foreign(meta: Mapping[str, str], own: Stamp, generation: float) -> None:
    """Raises Mismatch when the store is no longer the one that was opened.

    Another process has re-indexed it with another encoder or chunking, brought it to another
    schema, or put an older one in its place. `generation` is the one that we have.
    """
    if meta.get("schema") != str(SCHEMA_VERSION):
        raise Mismatch("the corpus was opened by another version of footnote-qa: start that one")
    refuse_unfinished(meta, "the corpus")
    if stamp_in(meta) != own:
        raise Mismatch("the corpus was re-indexed by another process: start again")
    if int(meta["generation"]) < generation:
        raise Mismatch("an older state of the corpus was put in its place: start again")
