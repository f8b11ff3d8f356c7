"""Who watches an addition is told of every part that is encoded, of all bytes in the end."""

from rich.progress import Progress

from qa import Corpus
from qa.cli.progress import Adding
from qa.passages.prepare import WATCHED_CHUNKS
from qa.types import Refused
from tests.conftest import MakeDocument


def test_who_watches_is_told_of_each_part_of_a_batch(corpus: Corpus, document: MakeDocument):
    made = [document(f"a{n}", f"Text number {n}.") for n in range(150)]
    refused = Refused("x", "empty", "no text in it", 1000)
    told: list[float] = []
    outcomes = list(corpus.add([*made, refused], told.append))

    size = sum(one.size for one in made) + 1000
    assert len(outcomes) == 151
    assert len(told) == -(-150 // WATCHED_CHUNKS)
    assert round(sum(told)) == size
    assert round(told[0]) == round(size * WATCHED_CHUNKS / 150)


def test_what_is_stored_already_is_told_at_once(corpus: Corpus, document: MakeDocument):
    made = [document(f"a{n}", f"Text number {n}.") for n in range(150)]
    list(corpus.add(made))
    told: list[float] = []
    list(corpus.add(made, told.append))

    assert told == [sum(one.size for one in made)]


def test_the_estimate_follows_what_is_encoded():
    now = [0.0]
    progress = Progress(get_time=lambda: now[0], disable=True)
    adding = Adding(progress, 1000)
    [task] = progress.tasks
    progress.start_task(task.id)
    for _ in range(25):
        now[0] += 1
        adding.encoded(10)

    assert task.percentage == 25
    assert task.time_remaining == 75
