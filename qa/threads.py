"""How many threads the numeric libraries take.

NumPy's products here are small: a question against a passage. BLAS would share each among all
cores, and its threads then spin, waiting for the next one, on the cores that the encoder needs: a
question took 46 ms with two BLAS threads and 30 ms with one (median of 60, two cores, 11,253
passages, 2026-11-21).
"""

from __future__ import annotations

from functools import cache

from threadpoolctl import ThreadpoolController

from embeddings.minilm.processor import give_way


@cache
def one_thread_for_blas() -> None:
    """Keeps BLAS to one thread in this process; only once: a later setting is not overruled."""
    ThreadpoolController().limit(limits=1, user_api="blas")


def behind_others() -> None:
    """The calling thread takes the time that others leave.

    On two busy cores a question took 33 ms (p50) beside the merging of 10^5 vectors, 6 ms without.
    """
    give_way(19)
