import pytest

from qa.errors import InvalidInput
from qa.keys import Key, read_keys

A, B = "0123456789abcdef", "fedcba9876543210"


def test_keys_have_names_and_may_read_or_write():
    assert read_keys([f"desk:ro:{A}", f"news.room-1:rw:{B}", f"{A}{B}"]) == [
        Key("desk", A.encode(), False),
        Key("news.room-1", B.encode(), True),
        Key("key3", f"{A}{B}".encode(), True),
    ]


def test_a_named_key_may_hold_colons():
    assert read_keys([f"desk:ro:{A}:b:c"]) == [Key("desk", f"{A}:b:c".encode(), False)]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["0123456789abcde"], "key 1 has 15 characters and needs 16; make one with: python -c"),
        ([A, "desk:ro:short"], "key 2 has 5 characters"),
        ([f"desk:r0:{A}"], "key 1 is not of the form NAME:ro:KEY or NAME:rw:KEY"),
        ([f"desk:{A}"], "key 1 is not of the form"),
        ([f":rw:{A}"], "key 1 is not of the form"),
        ([f"a b:rw:{A}"], "key 1 is not of the form"),
        ([f"{'x' * 41}:rw:{A}"], "key 1 is not of the form"),
        ([f"local:rw:{A}"], "no key may be called 'local'"),
        ([f"a:rw:{A}", f"a:ro:{B}"], "two keys have the same name"),
        ([f"key2:rw:{A}", B], "two keys have the same name"),
        ([f"a:rw:{A}", f"b:ro:{A}"], "two keys have the same secret"),
    ],
)
def test_what_nobody_can_have_meant_is_refused_without_showing_a_key(given, reason):
    with pytest.raises(InvalidInput) as caught:
        read_keys(given)
    assert caught.value.code == "invalid_keys"
    assert caught.value.message.startswith(f"QA_API_KEYS: {reason}")
    assert A not in caught.value.message
    assert B not in caught.value.message


def test_a_key_is_not_shown():
    assert A not in repr(read_keys([A]))
