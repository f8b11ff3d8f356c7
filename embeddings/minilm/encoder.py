"""The default model on the CPU, in the numbers that the processor computes fast."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer

from embeddings.minilm import package_files as minilm
from embeddings.minilm.bert import bert
from embeddings.minilm.bert_encoder import BertEncoder, NumberedTokens, fastest_here
from embeddings.minilm.processor import Precision
from embeddings.minilm.ranges import load_ranges
from embeddings.minilm.weights import encoder_weights

# The special tokens' numbers in the tokenizer's file, whose digest is checked.
CLS, SEP = 101, 102


class MiniLMEncoder(BertEncoder):
    """The default model. Safe to use from many threads."""

    name = minilm.NAME
    digest = minilm.DIGEST
    max_tokens = 254

    def __init__(self, numbers: Precision | None = None) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        folder = minilm.verified_folder()
        self.precision = numbers or fastest_here()
        ranges = load_ranges() if self.precision == "int8" else {}
        model = bert(encoder_weights(), self.precision, ranges)
        super().__init__(model, query_head=[CLS], passage_head=[CLS], end=SEP)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def _tokens(self, texts: Sequence[str]) -> list[NumberedTokens]:
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [NumberedTokens(encoding.ids, encoding.offsets) for encoding in found]
