"""Small files of the kind that multilingual-e5-small is packed in, for tests."""

import struct
from pathlib import Path

import numpy as np

BLOCK = 32
PIECES = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, "▁": -3.0, "▁pilot": -5.0, "p": -6.0}
PIECES |= {"▁p": -7.0, "ilot": -8.0, "s": -4.0, "▁1": -6.5, "⁄": -6.5, "2": -6.5, "é": -7.5}
PIECES |= {"▁harbour": -6.0, "<mask>": 0.0, "한": -7.5}
REPLACEMENTS = {"\t": " ", "\n": " ", "½": " 1⁄2", "\x01": "", "ｓ": "s"}
WIDTH, LAYERS, HEADS, HIDDEN, PLACES = 32, 2, 2, 64, 16


def quantised(values: np.ndarray) -> bytes:
    """Numbers in four bits, 32 to a block: its largest by magnitude is -8 steps."""
    blocks = np.ascontiguousarray(values, np.float32).reshape(-1, BLOCK)
    largest = blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)]
    steps = largest / -8.0
    inverse = np.divide(1.0, steps, out=np.zeros_like(steps), where=steps != 0).astype(np.float32)
    bits = np.clip(np.floor(blocks * inverse[:, None] + 8.5), 0, 15).astype(np.uint8)
    halves = bits[:, : BLOCK // 2] | bits[:, BLOCK // 2 :] << 4
    return b"".join(
        step.tobytes() + half.tobytes()
        for step, half in zip(steps.astype("<f2"), halves, strict=True)
    )


def tensors(seed: int = 7) -> dict[str, np.ndarray]:
    """The tensors of a model of two layers, by their names in the file."""
    chance = np.random.default_rng(seed)

    def of(*shape: int) -> np.ndarray:
        return chance.standard_normal(shape).astype(np.float32)

    found = {"emb.word": of(len(PIECES) + 1, WIDTH), "emb.pos": of(PLACES, WIDTH)}
    found |= {"emb.type": of(2, WIDTH), "emb.ln.w": of(WIDTH), "emb.ln.b": of(WIDTH)}
    for layer in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            found[f"l{layer}.{name}.w"], found[f"l{layer}.{name}.b"] = of(WIDTH, WIDTH), of(WIDTH)
        found |= {f"l{layer}.fi.w": of(HIDDEN, WIDTH), f"l{layer}.fi.b": of(HIDDEN)}
        found |= {f"l{layer}.fo.w": of(WIDTH, HIDDEN), f"l{layer}.fo.b": of(WIDTH)}
        for name in ("aln", "oln"):
            found |= {f"l{layer}.{name}.w": of(WIDTH), f"l{layer}.{name}.b": of(WIDTH)}
    return found


def is_packed(name: str) -> bool:
    return name == "emb.word" or (name.endswith(".w") and "ln." not in name)


def content(given: dict[str, np.ndarray] | None = None) -> bytes:
    """The file's bytes."""
    given = given or tensors()
    shape = (WIDTH, LAYERS, HEADS, HIDDEN, len(PIECES) + 1, PLACES, 2)
    head = b"E5S1" + struct.pack("<I7ifi", 1, *shape, 1e-12, BLOCK)
    pieces = [piece.encode() for piece in PIECES]
    starts = np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes()
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, pieces)))
    head += starts + np.array(list(PIECES.values()), "<f4").tobytes() + b"".join(pieces)
    replaced = b"".join(
        struct.pack(f"<IB{len(by)}I", ord(char), len(by), *map(ord, by))
        for char, by in REPLACEMENTS.items()
    )
    head += struct.pack("<iI", len(REPLACEMENTS), len(replaced)) + replaced
    stored = {n: quantised(v) if is_packed(n) else v.tobytes() for n, v in given.items()}
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in given)
    listed = struct.pack("<i", len(given))
    for name, values in given.items():
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", is_packed(name), values.size, at, len(stored[name]))
        at += len(stored[name])
    return head + listed + b"".join(stored.values())


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
