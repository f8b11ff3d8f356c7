"""A second reader of pages, as an alarm: it finds the articles that the first lost half of.

Of pages with several <article>, or with one cut in two by what is put between its paragraphs, the
first reader takes a part, and nothing in that part shows it.
"""

from __future__ import annotations

from qa.ingest.web.page import body_text, parse
from qa.ingest.web.shown import as_shown, prose_length

# The second text is so many times as long, and has so many more characters.
_TIMES, _MORE = 1.6, 800


def second_reading(text: str, prose: int, markup: str) -> tuple[str, tuple[str, ...]]:
    """The text, or the second reader's when that is far longer, and a note on which it is.

    It reads a page only when that has so much `prose` that it can find so much more.
    """
    enough = max(_TIMES * len(text), len(text) + _MORE)
    if prose <= enough:
        return text, ()
    other = _read(markup)
    if len(other) <= enough:
        return text, _left_over(markup, enough, len(text))
    size = f"{len(other):,} characters instead of {len(text):,}"
    if _holds(other, text):
        return other, (f"the main text was read by a second reader, which found more: {size}",)
    return text, (f"a second reader found a longer text, which is not this one: {size}",)


def _left_over(markup: str, enough: float, taken: int) -> tuple[str, ...]:
    """A note when the only <article> has far more prose than was taken, and no reader found it."""
    page, _ = parse(markup)
    articles = [] if page is None else list(page.iter("article"))
    if page is None or len(articles) != 1:
        return ()
    as_shown(page)
    length = prose_length(articles[0])
    note = f"its <article> has {length:,} characters of prose, of which {taken:,} were taken"
    return (note,) if length > enough else ()


def _read(markup: str) -> str:
    """What readability takes for the main text; "" where it finds none, or fails."""
    from trafilatura.readability_lxml import Document  # like the first reader: not for all runs

    page, _ = parse(markup)
    if page is None:
        return ""
    as_shown(page)
    try:
        found = Document(page).summary()
    except Exception:  # it meets pages that nobody tested it with; the first reading stands
        return ""
    tree, _ = parse(found)
    return body_text(tree) if tree is not None else ""


def _holds(longer: str, text: str) -> bool:
    """Whether most lines of a text stand in the longer one, which then is the same article."""
    lines = [line.strip() for line in text.split("\n") if len(line) >= 40]
    whole = " ".join(longer.split())
    found = sum(" ".join(line.split())[:200] in whole for line in lines[:50])
    return 2 * found >= len(lines[:50])
