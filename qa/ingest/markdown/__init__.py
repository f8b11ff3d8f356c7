"""Markdown -> `Document`: what a reader sees of it, and its front matter in every dialect."""
