"""What a limit on processor time allows for where tests run beside one another."""

import os

# Tests beside it share caches and memory, and mostly a core: work takes up to twice as long.
BESIDE = 2 if os.environ.get("PYTEST_XDIST_WORKER") else 1
