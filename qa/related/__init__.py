"""Passages about the same matter as a passage or a text."""
