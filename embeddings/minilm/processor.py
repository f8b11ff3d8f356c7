"""What the processor computes fast, and so in which numbers the default model runs.

Measured on two cores of an AMD EPYC with AVX-512 VNNI, passages a second against float32: bfloat16
1.8, int8 2.8 (docs/performance.md). With AMX bfloat16 is as fast as int8, and nearer to
float32.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Literal

Precision = Literal["float32", "bfloat16", "int8"]
_INT8 = {"avx512_vnni", "avx_vnni"}


@cache
def precision() -> Precision:
    """The fastest numbers of this processor; float32 where it does not say what it can."""
    return fastest(_flags())


def fastest(flags: frozenset[str]) -> Precision:
    """The fastest numbers on a processor with these flags.

    >>> fastest(frozenset({"avx512_vnni", "avx512_bf16"}))  # without AMX bfloat16 is slow
    'int8'
    """
    if "amx_bf16" in flags:
        return "bfloat16"
    return "int8" if flags & _INT8 else "float32"


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


def give_way(niceness: int) -> None:
    """The calling thread takes the time that others leave, where the system can tell them apart."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def give_back_memory() -> None:
    """Gives the system what is free, where the C library would keep it: of a model that was packed
    otherwise, half as much again as the model.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
        if trim:
            trim(0)


def _flags() -> frozenset[str]:
    try:
        described = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    lines = (line for line in described.splitlines() if line.startswith("flags"))
    return frozenset(next(lines, "").split())
