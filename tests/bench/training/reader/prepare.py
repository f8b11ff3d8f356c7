"""Puts all examples together, in an order of chance, into a file."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import embeddings
from tests.bench.training.reader import questions, statements
from tests.bench.training.reader.examples import Example, write

SEED = 1
QAMR, SQUAD_SENTENCES = 14_000, 11_877
AT_MOST, TIMES = {"squad_sents": 8_000}, {"squad2_reading": 2}
STATEMENTS = {
    "squad2_reading": 500,
    "squadshifts_reddit": 800,
    "squadshifts_amazon": 500,
    "scifact_train": 1_200,
    "fairytaleqa_train": 600,
}


def prepare(path: Path, kept: Path | None) -> None:
    """Writes the examples of all sets; corpora are built in `kept`, and there the next time."""
    rng = random.Random(SEED)
    examples = list(_all(kept))
    rng.shuffle(examples)
    examples = balanced(examples)
    rng.shuffle(examples)
    write(path, examples)
    print(Counter(e.source for e in examples))
    print(len(examples), "examples,", sum(len(e.passages) for e in examples), "passages")


def balanced(examples: Sequence[Example]) -> list[Example]:
    """The examples with some sources cut short, and others twice."""
    seen: Counter[str] = Counter()
    found = []
    for example in examples:
        seen[example.source] += 1
        if seen[example.source] <= AT_MOST.get(example.source, len(examples)):
            found += [example] * TIMES.get(example.source, 1)
    return found


def _all(kept: Path | None) -> Iterator[Example]:
    encoder = embeddings.load()
    for share in questions.SPANS:
        yield from _told(
            share.name, questions.of_spans(share, encoder, kept, random.Random(share.name))
        )
    yield from _told("qamr", questions.of_qamr(random.Random("qamr"), QAMR))
    yield from _told(
        "squad_sents", questions.of_squad_sentences(random.Random("sents"), SQUAD_SENTENCES)
    )
    yield from _told("scifact", statements.of_scifact(encoder, kept, random.Random("scifact")))
    yield from _told("fever", statements.of_fever(encoder, random.Random("fever")))
    for name, count in STATEMENTS.items():
        rng = random.Random(f"statements of {name}")
        yield from _told(
            f"statements of {name}",
            statements.of_sentences(
                rng, statements.texts_of(name, rng), count, f"statements/{name}"
            ),
        )


def _told(name: str, examples: Iterator[Example]) -> Iterator[Example]:
    count = 0
    for example in examples:
        count += 1
        yield example
    print(f"{name}: {count}", flush=True)
