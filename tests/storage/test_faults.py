"""The disk fails at any moment: nothing acknowledged is lost, nothing is half there, it goes on."""

import errno

import pytest

from tests.faults import ERRORS, built, compiler, tried

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(compiler() is None, reason="needs gcc, and Linux, to make a disk fail"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return built(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize(("error", "every"), [(errno.ENOSPC, 17), (errno.EIO, 37)])
def test_a_disk_that_fails_at_any_operation_loses_nothing_and_heals(library, name, error, every):
    counted = tried(library, name, error, every)

    assert counted["failed"] >= 2
    assert counted["operations"] > 20  # the library counts what SQLite and tantivy do as well
