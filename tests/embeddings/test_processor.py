import os

import pytest

from embeddings.minilm.processor import cores, fastest, precision


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"sse2", "avx2"}, "float32"),
        ({"avx512_bf16"}, "float32"),
        ({"avx512_vnni", "avx512_bf16"}, "int8"),
        ({"avx_vnni"}, "int8"),
        ({"avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8"}, "bfloat16"),
        (set(), "float32"),
    ],
)
def test_the_numbers_are_those_that_the_processor_computes_fast(flags, expected):
    assert expected == fastest(frozenset(flags))


def test_this_processor_has_some():
    assert precision() in ("float32", "bfloat16", "int8")
    assert len(os.sched_getaffinity(0)) == cores()
