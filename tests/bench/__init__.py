"""Benchmarks: what the documents claim, printed by a command."""
