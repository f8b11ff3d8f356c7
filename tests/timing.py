"""What a limit on processor time allows for where tests run beside one another."""

import os

# Two tests share caches, memory and mostly a core, and coverage is counted: 3.3 times was measured.
# What the limits are there to catch takes minutes.
BESIDE = 4 if os.environ.get("PYTEST_XDIST_WORKER") else 1
