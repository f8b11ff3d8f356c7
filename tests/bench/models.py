"""Which model for whom: the tables of docs/models.md, for any models, questions and judged sets.

    .venv/bin/python -m tests.bench.models [MODEL…] [--questions FILE…] [--sets NAME…] [--sample N]
        [--misses] [--speed] [--keep FOLDER]

Question files lie beside their articles, in any languages: is the passage first, or among three,
and is what has an answer answered, and nothing else? `--misses` names each question that is not.
Judged sets, by name or folder: nDCG@10 of some N questions of each. `--speed`: processor time of
adding and of asking, by turns, of each model as a share of the first one's. Without any of these
the questions in five languages, the reported sets and those in Russian, and speed. Needs the
evaluation data beside the project, and an hour or two; with --keep the corpora are there the next
time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from embeddings import Encoder
from qa import Corpus
from qa.evaluation.judged import JudgedQuestion, JudgedSet, read_set
from qa.evaluation.measures import means, per_question
from qa.evaluation.outcomes import QuestionOutcome, ask_all, expected_places
from qa.ingest import Input, Limits, find_inputs, read_input, slug
from tests.bench.corpora import REPORTED, RETRIEVAL, SHARED, corpus_of

MODELS = (embeddings.DEFAULT_MODEL, embeddings.MULTILINGUAL)
SETS = ("xquad_ru", "xquad_en2ru", *REPORTED)
# Of the speed: articles in a round, rounds, questions.
ADDED, ROUNDS, ASKED = 100, 3, 60
SPEED_SET = RETRIEVAL / "squadshifts_wiki"
FIRST = 3


def main() -> None:
    given = _options()
    everything = not (given.questions or given.sets or given.speed)
    files = given.questions or (sorted((SHARED / "seeds").glob("questions*.jsonl")) * everything)
    sets = given.sets or SETS * everything
    encoders = [embeddings.load(name) for name in given.models]
    with tempfile.TemporaryDirectory() as temporary:
        home = given.keep or Path(temporary)
        for encoder in encoders:
            for file in files:
                beside = file.resolve().parent.parent.name  # there may be several called “seeds”
                _questions(file, encoder, _of(encoder, home) / beside, given.misses)
        for name in sets:
            for encoder in encoders:
                _set(name, encoder, _of(encoder, home), given.sample)
    if given.speed or everything:
        _speed(encoders)


def _of(encoder: Encoder, home: Path) -> Path:
    """The folder of an encoder's corpora; its name may be that of a hub, or a folder."""
    return home / slug(encoder.name)


def _questions(file: Path, encoder: Encoder, home: Path, misses: bool) -> None:
    """One line on the questions of a file, and with `misses` one on each that goes wrong."""
    with corpus_of(file.parent, encoder, home) as corpus:
        outcomes = _asked(corpus, read_set(file))
    with_ = [one for one in outcomes if one.question.answerable]
    without = [one for one in outcomes if not one.question.answerable]
    found = means(per_question(outcomes))
    print(
        f"{encoder.name:24} {file.name:26} first {found['success@1']:.2f}, "
        f"among {FIRST} {found[f'success@{FIRST}']:.2f}; answered {_count(with_)} of {len(with_)} "
        f"with an answer, {_count(without)} of {len(without)} without",
        flush=True,
    )
    for one in outcomes if misses else ():
        asked = one.question
        missed = asked.answerable and (one.first is None or one.first >= FIRST)
        if missed or one.answered != asked.answerable:
            rank = None if one.first is None else one.first + 1
            print(f"    {asked.id}: rank {rank}, confidence {one.confidence:.2f}: {asked.text}")


def _set(name: str, encoder: Encoder, home: Path, sample: int | None) -> None:
    """nDCG@10 of a judged set; the questions that have an answer, every n-th."""
    folder = Path(name) if Path(name).is_dir() else RETRIEVAL / name
    judged = read_set(folder)
    questions = [question for question in judged.questions if question.answerable]
    with corpus_of(folder, encoder, home) as corpus:
        outcomes = _asked(corpus, judged, _some(questions, sample or len(questions)))
        passages = corpus.counts()["passages"]
    scores = per_question(outcomes)["ndcg@10"]
    print(
        f"{encoder.name:24} {folder.name:26} nDCG@10 {scores.mean():.4f} of {len(scores)} "
        f"questions among {passages} passages",
        flush=True,
    )


def _some(questions: Sequence[JudgedQuestion], count: int) -> Sequence[JudgedQuestion]:
    """Every n-th, so that there are about so many."""
    return questions[:: max(1, round(len(questions) / count))]


def _asked(
    corpus: Corpus, judged: JudgedSet, questions: Sequence[JudgedQuestion] | None = None
) -> list[QuestionOutcome]:
    chosen = judged.questions if questions is None else questions
    pairs = [(q, expected_places(corpus, q, strict=judged.strict)) for q in chosen]
    return ask_all(corpus, pairs, "hybrid")


def _count(outcomes: Sequence[QuestionOutcome]) -> int:
    return sum(one.answered for one in outcomes)


def _speed(encoders: Sequence[Encoder]) -> None:
    """Processor time by turns, medians: what else the machine does slows all of them alike."""
    documents = list(islice(_documents(SPEED_SET), ADDED * ROUNDS))
    questions = [question.text for question in _some(read_set(SPEED_SET).questions, ASKED)]
    parts = [documents[start : start + ADDED] for start in range(0, len(documents), ADDED)]
    with ExitStack() as opened, tempfile.TemporaryDirectory() as temporary:
        corpora = [
            opened.enter_context(Corpus.open(_of(encoder, Path(temporary)), encoder=encoder))
            for encoder in encoders
        ]
        added = [[_seconds(_add, corpus, part) for corpus in corpora] for part in parts]
        asked = [[_seconds(_ask, corpus, text) for corpus in corpora] for text in questions]
    for what, took in (("adding", added), ("a question", asked)):
        seconds = np.median(took, axis=0)
        for encoder, ratio in zip(encoders, seconds / seconds[0], strict=True):
            print(f"{encoder.name:24} {what}: {ratio:.2f} times the processor time", flush=True)


def _add(corpus: Corpus, documents: Sequence[Any]) -> None:
    assert all(outcome.name == "added" for outcome in corpus.add(documents))


def _ask(corpus: Corpus, text: str) -> None:
    corpus.ask(text)


def _seconds(act: Callable[[Corpus, Any], None], corpus: Corpus, given: Any) -> float:
    started = time.process_time()
    act(corpus, given)
    return time.process_time() - started


def _documents(folder: Path) -> Iterator[Any]:
    for found in find_inputs([folder / "corpus.jsonl"]):
        if isinstance(found, Input):
            yield from read_input(found, Limits())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench.models", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--questions", nargs="*", type=Path, default=[])
    parser.add_argument("--sets", nargs="*", default=[])
    parser.add_argument("--sample", type=int)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
