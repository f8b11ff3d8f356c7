"""Web pages -> `Document`: their main text, and what they state in markup and metadata."""
