"""The default model in torch, in the numbers that the processor computes fast: for passages."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from embeddings.minilm.bert import bert
from embeddings.minilm.bert_encoder import BertEncoder, NumberedTokens, fastest_here
from embeddings.minilm.processor import Precision
from embeddings.minilm.ranges import load_ranges
from embeddings.minilm.weights import encoder_weights
from embeddings.minilm.word_pieces import CLS, MAX_TOKENS, SEP, WordPieces


class TorchMiniLM(BertEncoder):
    """The default model. Safe to use from many threads."""

    max_tokens = MAX_TOKENS

    def __init__(self, numbers: Precision | None = None) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        self.precision = numbers or fastest_here()
        ranges = load_ranges() if self.precision == "int8" else {}
        model = bert(encoder_weights(), self.precision, ranges)
        super().__init__(model, query_head=[CLS], passage_head=[CLS], end=SEP)
        self._tokenizer = WordPieces()

    def _tokens(self, texts: Sequence[str]) -> list[NumberedTokens]:
        return [NumberedTokens(one.ids, one.offsets) for one in self._tokenizer(texts)]
