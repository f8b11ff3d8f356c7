"""The canonical form of a text: the one that every offset counts in."""

from __future__ import annotations

import re
import unicodedata

# Concatenated and re-saved files carry byte order marks in the middle too. They are invisible and
# keep a quote from matching, so they go wherever they stand.
_BYTE_ORDER_MARK = "\ufeff"
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
# C0 and C1 without tab and line feed. A space, and not nothing: a form feed or a vertical tab
# stands between words, which would otherwise be glued together.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Sorting a long run of combining marks is quadratic. An invisible joiner after every thirty is what
# Unicode's Stream-Safe Text Format (UAX 15) asks for; no language stacks as many.
_MARKS = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0e38-\u0e3a\u1ab0-\u1abd"
)
_MARKS += "\u1dc0-\u1dff\u20d0-\u20dc\u3099\u309a\ufe20-\ufe2f"
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{30}})(?=[{_MARKS}])")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")  # JSON can spell them, UTF-8 cannot


def canonical(text: str) -> str:
    """The text in NFC, with LF line ends, without controls or surrounding white space; idempotent.

    NFC comes after the replacements, which may bring a letter and its accent together; it makes no
    control characters, and every part of an NFC text is in NFC, so that stripping is safe at last.
    """
    text = text.replace(_BYTE_ORDER_MARK, "")
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub(" ", text)
    text = storable(text)
    text = _TOO_MANY_MARKS.sub("\\1\u034f", text)
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """The canonical text with each run of white space as one space: as titles and names are."""
    return " ".join(canonical(text).split())


def storable(text: str) -> str:
    """The text without lone surrogates, which no database and no response can hold."""
    return _LONE_SURROGATES.sub("\ufffd", text)
