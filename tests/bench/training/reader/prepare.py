"""Puts all examples together, in an order of chance, into a file."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import embeddings
from tests.bench.training.reader import questions, statements, topics
from tests.bench.training.reader.examples import Example, write
from tests.bench.training.reader.sources import Part

SEED = 1
QAMR, SQUAD_SENTENCES = 14_000, 11_877
AT_MOST, TIMES = {"squad_sents": 8_000}, {"squad2_reading": 2}
STATEMENTS = {
    "squad2_reading": 500,
    "squadshifts_reddit": 1_000,
    "squadshifts_amazon": 600,
    "scifact_train": 1_600,
    "fairytaleqa_train": 600,
}
TOPICS = {
    "squad2_reading": 400,
    "squadshifts_reddit": 1_000,
    "squadshifts_amazon": 1_000,
    "scifact_train": 3_000,
    "fairytaleqa_train": 800,
}


def prepare(path: Path, kept: Path | None, part: Part = Part.TRAINED) -> None:
    """Writes the examples of all sets; corpora are built in `kept`, and there the next time."""
    rng = random.Random(SEED)
    examples = list(_all(kept, part))
    rng.shuffle(examples)
    if part is Part.TRAINED:
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


def _all(kept: Path | None, part: Part) -> Iterator[Example]:
    encoder = embeddings.load()
    for share in questions.SPANS:
        rng = random.Random(share.name)
        yield from _told(share.name, questions.of_spans(share, encoder, kept, rng, part))
    rng = random.Random("qamr")
    yield from _told("qamr", questions.of_qamr(rng, QAMR, part))
    rng = random.Random("sents")
    found = questions.of_squad_sentences(rng, SQUAD_SENTENCES, part)
    yield from _told("squad_sents", found)
    yield from _told(
        "scifact", statements.of_scifact(encoder, kept, random.Random("scifact"), part)
    )
    yield from _told("fever", statements.of_fever(encoder, random.Random("fever"), part))
    for name, count in STATEMENTS.items():
        rng = random.Random(f"statements of {name}")
        texts = statements.texts_of(name, rng, part)
        found = statements.of_sentences(rng, texts, count, f"statements/{name}")
        yield from _told(f"statements of {name}", found)
    for name, count in TOPICS.items():
        rng = random.Random(f"topics of {name}")
        found = topics.of_topics(name, count, encoder, kept, rng, part)
        yield from _told(f"topics of {name}", found)


def _told(name: str, examples: Iterator[Example]) -> Iterator[Example]:
    count = 0
    for example in examples:
        count += 1
        yield example
    print(f"{name}: {count}", flush=True)
