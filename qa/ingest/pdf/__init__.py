"""Reading PDFs: `glyphs` gives the lines of a page with their places, `order` that of columns,
`furniture` what belongs to the page alone, `flow` the paragraphs, `assembly` the text.

`legible` and `omissions` tell what could not be read, `pdf_files` puts it all together.
"""

from qa.ingest.pdf.pdf_files import read, read_text

__all__ = ["read", "read_text"]
