"""The packaged reader: which words of a passage answer, and what it says of a statement."""
