import pytest

from qa.errors import InvalidInput, TooLarge
from qa.ingest.documents import attempt
from qa.types import Refused


def raises(error: BaseException):
    def read():
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (InvalidInput("no text in it", code="empty"), "empty", "no text in it"),
        (TooLarge("11 bytes"), "too_large", "11 bytes"),
        (KeyError("/Root"), "unreadable", "KeyError: '/Root'"),
        (RecursionError("too deep"), "unreadable", "RecursionError: too deep"),
    ],
)
def test_whatever_a_reader_raises_is_a_refusal_of_that_input(error, code, reason):
    assert Refused("a.pdf:3", code, reason, 7) == attempt(raises(error), "a.pdf:3", 7)


def test_what_is_no_error_is_not_caught():
    with pytest.raises(KeyboardInterrupt):
        attempt(raises(KeyboardInterrupt()), "a.txt", 0)
