import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.passages.ahead import ahead


def test_the_next_is_begun_before_it_is_asked_for():
    begun = threading.Event()

    def work(item):
        if item == 2:
            begun.set()
        return item * 10

    with ThreadPoolExecutor(2) as threads:
        results = ahead(work, [1, 2, 3], threads)

        assert next(results) == 10
        assert begun.wait(10)
        assert list(results) == [20, 30]


def test_no_more_than_one_is_begun_ahead():
    begun = []

    with ThreadPoolExecutor(1) as threads:
        results = ahead(begun.append, range(100), threads)
        next(results)
        results.close()  # type: ignore[attr-defined]

    assert len(begun) <= 2


def test_an_error_comes_where_its_item_stands():
    with ThreadPoolExecutor(2) as threads:
        results = ahead(lambda n: 12 // n, [3, 0, 4], threads)

        assert next(results) == 4
        with pytest.raises(ZeroDivisionError):
            next(results)
