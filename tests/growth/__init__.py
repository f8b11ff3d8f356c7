"""No input makes work grow faster than itself: every pattern and every reader of text, pumped up.

`python -m tests.growth --seconds 120 --seed 1` searches for longer than the suite does, and prints
what it found.

units      what is pumped: nasty units, and such as a pattern itself would match
patterns   finds every compiled pattern of the packages, and how it is used
functions  finds every function that reads a text
growing    what of it grows faster than its input
"""
