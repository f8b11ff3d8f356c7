"""A quote held against one text. Pure functions, no I/O."""
