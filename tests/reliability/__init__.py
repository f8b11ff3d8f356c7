"""Reliability: what docs/reliability.md claims, tried by a command, bounded in count and time."""
