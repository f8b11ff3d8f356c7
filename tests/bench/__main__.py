"""`make bench`."""

from tests.bench.short import main

main()
