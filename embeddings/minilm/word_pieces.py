"""The default model's tokenizer: texts -> word pieces, by their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Encoding, Tokenizer

from embeddings.minilm.package_files import verified_folder

# The special tokens' numbers in the tokenizer's file, whose digest is checked.
CLS, SEP = 101, 102
# How many of a text are read, without these two.
MAX_TOKENS = 254


class WordPieces:
    """Cuts texts as they are: nothing is cut off, filled up or put around them."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(verified_folder() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> list[Encoding]:
        """The pieces of each text, with the code points that each is of; in order."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
