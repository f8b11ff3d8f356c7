"""Articles as records: JSON and JSON Lines, ours and those of other programs."""
