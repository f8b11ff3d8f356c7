import threading

import numpy as np
import pytest

from embeddings import HashEncoder
from embeddings.coalesce import Coalescer


class Calls:
    """Doubles numbers; from the second call on each waits until it is let go."""

    def __init__(self):
        self.batches = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)

    def __call__(self, numbers):
        self.batches.append(numbers)
        self.begun.release()
        assert self.go.acquire(timeout=10)
        if 13 in numbers:
            raise ValueError(f"of {numbers}")
        return [2 * n for n in numbers]


class Asked(threading.Thread):
    """A call from a thread of its own."""

    def __init__(self, coalescer, item):
        super().__init__(daemon=True)
        self.coalescer, self.item = coalescer, item
        self.result = self.error = None
        self.start()

    def run(self):
        try:
            self.result = self.coalescer(self.item)
        except ValueError as error:
            self.error = str(error)

    def ended(self):
        self.join(10)
        assert not self.is_alive()
        return self.error or self.result


def arrived(coalescer, calls, items):
    """The first is under way, and the others wait in this order."""
    first, *others = items
    threads = [Asked(coalescer, first)]
    assert calls.begun.acquire(timeout=10)
    for n, item in enumerate(others, 1):
        threads.append(Asked(coalescer, item))
        while len(coalescer._waiting) < n:
            pass
    return threads


def test_alone_it_is_called_at_once_and_alone():
    batches = []
    coalescer = Coalescer(lambda items: batches.append(items) or [2 * n for n in items])

    assert [coalescer(n) for n in (1, 2, 3)] == [2, 4, 6]
    assert batches == [[1], [2], [3]]


def test_what_comes_meanwhile_goes_together_in_the_order_it_came():
    calls = Calls()
    coalescer = Coalescer(calls)
    threads = arrived(coalescer, calls, range(1, 6))
    calls.go.release(2)

    assert [t.ended() for t in threads] == [2, 4, 6, 8, 10]
    assert calls.batches == [[1], [2, 3, 4, 5]]


def test_a_batch_is_bounded():
    calls = Calls()
    coalescer = Coalescer(calls, most=2)
    threads = arrived(coalescer, calls, range(1, 7))
    calls.go.release(4)

    assert [t.ended() for t in threads] == [2, 4, 6, 8, 10, 12]
    assert calls.batches == [[1], [2, 3], [4, 5], [6]]


def test_a_batch_is_bounded_by_its_longest_item():
    calls = Calls()
    coalescer = Coalescer(calls, size=lambda n: n, room=9)
    threads = arrived(coalescer, calls, [1, 3, 2, 3, 2, 100, 4, 5])
    calls.go.release(6)

    assert [t.ended() for t in threads] == [2, 6, 4, 6, 4, 200, 8, 10]
    assert calls.batches == [[1], [3, 2, 3], [2], [100], [4], [5]]


def test_an_error_reaches_the_callers_of_its_batch_and_no_others():
    calls = Calls()
    coalescer = Coalescer(calls, most=2)
    threads = arrived(coalescer, calls, [1, 13, 2, 3, 4])
    calls.go.release(3)

    assert [t.ended() for t in threads] == [2, "of [13, 2]", "of [13, 2]", 6, 8]
    calls.go.release()
    assert coalescer(5) == 10


def test_many_threads_get_each_its_own_and_in_fewer_calls():
    encoder, counted = HashEncoder(), []
    gate = threading.Event()

    def encode(texts):
        counted.append(len(texts))
        gate.wait(10)
        return encoder.encode_queries(texts)

    coalescer = Coalescer(encode)
    texts = [f"question {n} of many" for n in range(200)]
    threads = [Asked(coalescer, text) for text in texts]
    gate.set()
    for thread, text in zip(threads, texts, strict=True):
        alone = encoder.encode_queries([text])[0]
        found = thread.ended()
        assert np.array_equal(found.vector, alone.vector)
        assert np.array_equal(found.tokens.vectors, alone.tokens.vectors)
    assert sum(counted) == 200
    assert len(counted) < 100
    assert max(counted) <= 16


@pytest.mark.parametrize("workers", [2, 8])
def test_it_never_stands_still(workers):
    coalescer = Coalescer(lambda items: items, most=3)
    threads = [
        threading.Thread(target=lambda n=n: [coalescer((n, i)) for i in range(300)], daemon=True)
        for n in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert not coalescer._busy


def test_many_are_called_for_together_those_of_a_size_beside_one_another():
    calls = []

    def lengths(words):
        calls.append(list(words))
        return [len(word) for word in words]

    lengths_of = Coalescer(lengths, most=3, size=len, room=9)
    words = ["ferry", "a", "harbour", "ab", "quay", "abc", "tide"]

    assert lengths_of.many(words) == [5, 1, 7, 2, 4, 3, 4]
    # Three at a time, less where the longest leaves no room for three.
    assert calls == [["a", "ab", "abc"], ["quay", "tide"], ["ferry"], ["harbour"]]
    assert lengths_of.many([]) == []
    assert lengths_of("ferry") == 5


def test_one_that_comes_meanwhile_waits_for_one_call_of_many():
    calls = Calls()
    coalescer = Coalescer(calls, most=2)
    many = threading.Thread(target=lambda: coalescer.many([1, 2, 3, 4]), daemon=True)
    many.start()
    assert calls.begun.acquire(timeout=10)
    other = Asked(coalescer, 9)
    while len(coalescer._waiting) < 1:
        pass
    for _ in range(3):
        calls.go.release()
    many.join(10)

    assert other.ended() == 18
    assert calls.batches[0] == [1, 2]
    assert 9 in calls.batches[1]


def test_the_error_of_one_call_of_many_is_raised():
    calls = Calls()
    calls.go = threading.Semaphore(10)

    with pytest.raises(ValueError, match=r"of \[13\]"):
        Coalescer(calls, most=1).many([1, 13])
    assert Coalescer(calls, most=1).many([1, 2]) == [2, 4]
