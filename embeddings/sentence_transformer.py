"""Any sentence-transformers model, on CPU or on CUDA when torch sees it."""

from __future__ import annotations

import copy
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

from embeddings.prompts import NO_PROMPTS, Prompts, warn_when_needed
from embeddings.stored_tensors import digest_of, weight_files
from embeddings.types import Encoded, EncoderUnavailable, TokenVectors, Vectors

# Measured best for passages of about 160 tokens in bf16 on two cores.
BATCH_SIZE = 32


class SentenceTransformerEncoder:
    """Any sentence-transformers model; queries and passages go through two copies of it.

    A fast tokenizer may not be used by two threads at once, and with one lock a question would
    wait until a whole batch of passages is through. The copies share their weights, unless the
    CPU computes in bfloat16: then the passages' copy does (twice the speed, cosine to fp32 0.9999).
    """

    def __init__(
        self,
        model: str,
        *,
        name: str,
        digest: str | None = None,
        prompts: Prompts = NO_PROMPTS,
        centre: Vectors | None = None,
        read_as: Callable[[str], str] = str,
    ) -> None:
        """`prompts` are those that somebody set; what is not set is as the model has it.

        `centre` is taken off the token vectors. `read_as` says what is read of a text, of the same
        length.
        """
        self.name = name
        self._centre, self._read_as = centre, read_as
        self._queries = _load(model)
        self._queries.prompts = prompts.over(self._queries.prompts or {})
        self._passages = _second_copy(self._queries)
        self._locks = {id(self._queries): threading.Lock(), id(self._passages): threading.Lock()}
        self._query_prompt = _prompt(self._queries, "query")
        self._passage_prompt = _prompt(self._queries, "document", "passage", "corpus")
        if not self._query_prompt and not self._passage_prompt:
            warn_when_needed(name)
        self._tokenizer = _untruncated_tokenizer(self._queries)
        self.dimension = int(self._queries.get_embedding_dimension() or 0)
        self.max_tokens = self._room(self._passage_prompt)
        self.digest = digest or self._digest(model)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        text = self._read_as(text)
        return _words_alone(text, self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        return self._encode(self._passages, texts, self._passage_prompt)

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        return self._encode(self._queries, texts, self._query_prompt)

    def _encode(
        self, model: SentenceTransformer, texts: Sequence[str], prompt: str
    ) -> list[Encoded]:
        texts = [self._read_as(text) for text in texts]
        # encode_query and encode_document also choose the right branch of two-tower models.
        encode = model.encode_query if model is self._queries else model.encode_document
        with self._locks[id(model)]:
            rows = encode(
                texts,
                prompt=prompt,
                batch_size=BATCH_SIZE,
                show_progress_bar=False,
                output_value=None,
            )
        return [
            Encoded(
                _unit(_array(row["sentence_embedding"])),
                self._own_tokens(text, prompt, _array(row["token_embeddings"])),
            )
            for text, row in zip(texts, rows, strict=True)
        ]

    def _own_tokens(self, text: str, prompt: str, vectors: Vectors) -> TokenVectors:
        """The token vectors without special tokens and prompt: what is left lies in the text."""
        encoding = self._tokenizer.encode(prompt + text)
        offsets = _words_alone(prompt + text, encoding.offsets)
        spans = np.array(offsets, np.int32).reshape(-1, 2)[: len(vectors)] - len(prompt)
        special = np.array(encoding.special_tokens_mask[: len(vectors)], bool)
        # Of a text that was cut, the last vectors are those of the closing special tokens.
        own = np.flatnonzero(~special & (spans[:, 0] >= 0))[: self._room(prompt)]
        found = _unit(vectors[own])
        if self._centre is not None:
            found = _unit(found - self._centre)
        return TokenVectors(found, spans[own])

    def _room(self, prompt: str) -> int:
        """How many tokens of a text are encoded behind a prompt."""
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        longest = self._queries.get_max_seq_length() or 512
        return int(longest) - special - len(self.token_spans(prompt))

    def _digest(self, model: str) -> str:
        prompts = repr(sorted((self._queries.prompts or {}).items()))
        beside = [prompts, self._queries.tokenizer.backend_tokenizer.to_str()]
        folder = _folder(model)
        files = weight_files(folder) if folder else []
        return digest_of(beside, self._queries.state_dict(), files)


def _words_alone(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Tokens without the blank that some tokenizers take for the beginning of a word.

    >>> _words_alone("a pilot", [(0, 1), (1, 7)])
    [(0, 1), (2, 7)]
    """
    return [(start + (start < end and text[start].isspace()), end) for start, end in offsets]


def _array(tensor: torch.Tensor) -> Vectors:
    array: Vectors = tensor.float().cpu().numpy()
    return array


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vectors = vectors / np.maximum(norms, 1e-12)
    return unit


def _load(model: str) -> SentenceTransformer:
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    # Its report on loading; what of it matters is said by stored_tensors.
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    local = Path(model).is_dir()
    try:
        return SentenceTransformer(
            model,
            trust_remote_code=False,
            local_files_only=local,
            model_kwargs={"use_safetensors": True},  # never a pickle
        ).eval()
    except Exception as error:  # the library raises a dozen kinds; all mean the same to the user
        raise EncoderUnavailable(
            f"cannot load the model {model!r}: {type(error).__name__}: {error}; "
            "give a folder or the name of a sentence-transformers model with safetensors weights"
        ) from error


def _folder(model: str) -> Path | None:
    """Where a model's files lie: its folder, or its part of the library's store."""
    if Path(model).is_dir():
        return Path(model)
    try:  # where the library looks for a name without an owner, too
        full = model if "/" in model else f"sentence-transformers/{model}"
        return Path(snapshot_download(full, local_files_only=True))
    except Exception:  # of a dozen kinds; then the weights are taken as they were loaded
        return None


def _second_copy(model: SentenceTransformer) -> SentenceTransformer:
    if model.device.type == "cpu" and _computes_bfloat16():
        return copy.deepcopy(model).to(torch.bfloat16)
    shared = {id(t): t for t in [*model.parameters(), *model.buffers()]}
    return copy.deepcopy(model, shared)


def _computes_bfloat16() -> bool:
    # Without these instructions bfloat16 is emulated, and a hundred times slower.
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _prompt(model: SentenceTransformer, *names: str) -> str:
    prompts = ((model.prompts or {}).get(name) for name in names)
    return next((prompt for prompt in prompts if prompt), "")


def _untruncated_tokenizer(model: SentenceTransformer) -> Tokenizer:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise EncoderUnavailable("the model has no fast tokenizer (tokenizer.json); choose another")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
