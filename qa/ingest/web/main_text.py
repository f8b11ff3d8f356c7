"""The main text of a page, as trafilatura finds it."""

from __future__ import annotations

import logging
from typing import Any

from qa.ingest.canonical_text import one_line
from qa.ingest.web.page import Tree, body_text

# Its remarks on pages without a main text are answered here, by falling back; unasked they go to
# standard error.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)

_SHORT = 250  # characters; trafilatura's own MIN_EXTRACTED_SIZE


def main_text(tree: Tree) -> str:
    """The text of a page without menus, forms and comments; "" where none is found."""
    from trafilatura.settings import use_config

    found = _extracted(tree)
    if len(found) >= _SHORT:
        return found
    found = _extracted(tree, favor_recall=True)
    # From what it takes to be too short it returns to the whole page, menus and all, with a line
    # feed at every <b>. A short article is an article.
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "1")
    own = _extracted(tree, favor_recall=True, config=config)
    return own if 2 * len(own) >= len(found) else body_text(tree)


def _extracted(tree: Tree, **options: Any) -> str:
    # Here, because it takes half a second to load and most runs have no HTML.
    from trafilatura import bare_extraction
    from trafilatura.utils import normalize_unicode
    from trafilatura.xml import xmltotxt

    # Without its metadata, and so without htmldate, which searches pages for likely dates.
    found = bare_extraction(
        tree, include_comments=False, output_format="txt", with_metadata=False, **options
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return ""
    _without_signs(found.body)
    return normalize_unicode(xmltotxt(found.body, False))


def _without_signs(body: Any) -> None:
    """Items of lists without "- ", rows of tables without "|": browsers show no such signs."""
    for row in list(body.iter("row")):
        cells = [one_line(" ".join(cell.itertext())) for cell in row.iter("cell")]
        for cell in list(row):
            row.remove(cell)
        row.tag, row.text = "p", "\t".join(cells).strip()
    for item in list(body.iter("item")):
        item.tag = "p"
