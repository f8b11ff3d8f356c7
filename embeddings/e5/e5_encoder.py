"""The multilingual model on the CPU, in the numbers that the processor computes fast."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from embeddings.e5 import as_trained, model_file
from embeddings.e5.packed_file import PackedFile
from embeddings.e5.packed_weights import PackedWeights, PackedWords
from embeddings.e5.pieces import PieceTokenizer
from embeddings.minilm.bert import bert
from embeddings.minilm.bert_encoder import BertEncoder, NumberedTokens, fastest_here
from embeddings.minilm.processor import Precision, give_back_memory
from embeddings.minilm.ranges import load_ranges
from embeddings.prompts import E5_PROMPTS

RANGES = Path(__file__).with_name("ranges.npz")


class MultilingualEncoder(BertEncoder):
    """multilingual-e5-small. Safe to use from many threads."""

    name = model_file.NAME
    digest = model_file.SHA256

    def __init__(self, numbers: Precision | None = None, *, centred: bool = True) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        packed = PackedFile(model_file.verified_file())
        vocabulary = packed.vocabulary
        self._cut = PieceTokenizer(vocabulary)
        self.precision = numbers or fastest_here()
        ranges = load_ranges(RANGES) if self.precision == "int8" else {}
        places = packed.shape.places
        weights, words = PackedWeights(packed), PackedWords(packed)
        query_head, passage_head = (
            [vocabulary.begin, *self._cut(prompt or "").numbers]
            for prompt in (E5_PROMPTS.query, E5_PROMPTS.passage)
        )
        super().__init__(
            bert(weights, self.precision, ranges, words=words),
            query_head=query_head,
            passage_head=passage_head,
            end=vocabulary.end,
            centre=torch.from_numpy(as_trained.centre()) if centred else None,
        )
        del packed, vocabulary, weights
        give_back_memory()
        self.max_tokens = places - 1 - max(len(query_head), len(passage_head))

    def _tokens(self, texts: Sequence[str]) -> list[NumberedTokens]:
        return [NumberedTokens(*self._cut(as_trained.lowered(text))) for text in texts]
