"""Layers as TorchScript, which runs without Python's lock until it is through.

In Python each of a batch's hundreds of small operations lets the lock go and waits for it again:
with 32 clients 82 questions were answered in a second, and so 109. One question takes 3.4 ms
instead of 4.9. TorchScript is deprecated: where it cannot be had, the layers stay as they are, and
give the same bits.
"""

from __future__ import annotations

import logging
import threading
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import cast

import torch
from torch import Tensor, nn

from embeddings.types import WARM_UP_CALLS

log = logging.getLogger(__name__)

# Two models at a time would make it in the same tables of torch, and warnings are ignored for all.
_MAKING = threading.Lock()


class InTime:
    """A stack of layers that becomes TorchScript beside the calls, once it is called often.

    That takes 0.2 s, what a hundred questions gain by it: `qa ask`, which asks one, goes without.
    """

    def __init__(self, stack: nn.Module) -> None:
        self._stack = stack
        self._calls = 0
        self._guard = threading.Lock()

    def __call__(self, x: Tensor, lengths: list[int]) -> Tensor:
        with self._guard:
            self._calls += 1
            makes = self._calls == WARM_UP_CALLS
        if makes:
            threading.Thread(target=self._make, name="torchscript").start()
        with _as_it_stands():
            return cast(Tensor, self._stack(x, lengths))

    def _make(self) -> None:
        self._stack = compiled(self._stack)


def compiled(stack: nn.Module) -> nn.Module:
    """The stack as TorchScript, or as it is."""
    try:
        with _MAKING, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return cast(nn.Module, torch.jit.script(stack))
    except Exception as error:  # the compiler raises a dozen kinds; all mean the same
        log.warning("the encoder runs without TorchScript, slower: %s", type(error).__name__)
        return stack


def _as_it_stands() -> AbstractContextManager[None]:
    """Runs TorchScript as it is: fitting it to each call's shapes costs more than it gains."""
    optimized_execution = getattr(torch.jit, "optimized_execution", None)
    return optimized_execution(False) if optimized_execution else nullcontext()
