"""The default model, all-MiniLM-L6-v2, by layers of our own, with 8-bit weights."""
