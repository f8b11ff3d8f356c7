"""What writers may do to a quote without falsifying it, undone: marks, brackets, ellipses.

“[T]he talks … lasted [sic] hours.” -> "The talks", "lasted hours."
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from qa.check.quote.text import Text
from qa.text.notes import UNSEEN, blanked
from qa.text.tokens import QUOTATION_MARKS

# "> The port was closed\n> in May"
_FIRST_MARK = re.compile(r"\A(?:> ?)+(?=[^\W\d])")
_LINE_MARK = re.compile(r"\n {0,3}(?:> ?)+")
# "the *port* of __Senta__"
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_SPACES = re.compile(r"  +")
# "[T]he", "open[ing]", "[the port]"; not "20[5]", which is 205 to nobody
_BRACKETS = re.compile(r"(?<!\d)\[([^\[\]\n]*+)\](?<=[\w%.,!?]\])(?!\d)")
# "tests [4] show": of the source perhaps, perhaps put in.
_NUMBER = re.compile(r" ?\[\d{1,3}\]")
# "…", "[…]", "(. . .)", "...."
_ELLIPSIS = re.compile(
    r"\[ ?(?:…|\.(?: ?\.){1,3}) ?\]|\( ?(?:…|\.(?: ?\.){1,3}) ?\)|…|\.(?: ?\.){2,3}"
)


@dataclass(frozen=True)
class Quote:
    """A quote as it was given, and the forms in which it is looked for."""

    given: str

    @cached_property
    def core(self) -> str:
        """The quote without marks around it: what stands where it is verbatim."""
        return unquoted(self.given)

    def beside(self, text: str) -> Quote:
        """This quote without the marks between words that the text has too: “tests [4] show”."""
        marks = {mark for mark in _NUMBER.findall(self.given) if mark in text}
        if not marks:
            return self
        return Quote(_NUMBER.sub(lambda m: "" if m[0] in marks else m[0], self.given))

    @cached_property
    def forms(self) -> list[Text]:
        """The texts of which one stands where the quote does in other typography.

        The quote as it is; without marks; and without HTML's names of characters (&nbsp;), which
        some sources have in their text.
        """
        core = without_line_marks(self.core)
        forms = dict.fromkeys((core, self.words.text, unescape(self.words.text)))
        return [Text(form, quoted=True) for form in forms]

    @cached_property
    def words(self) -> Text:
        """The quote without marks, in one piece."""
        return Text(without_marks(without_line_marks(self.core)), quoted=True)

    @cached_property
    def searched(self) -> str:
        """The words by which it is looked for, without the numbers of notes; all if it has none."""
        return self.words.text if self.words.words.size else self.core

    @cached_property
    def pieces(self) -> list[Text]:
        """The pieces of the quote between its ellipses."""
        return [Text(piece, quoted=True) for piece in pieces(self.words.text)]


def unquoted(quote: str) -> str:
    """The quote without space around it, quotation marks around that, or a blockquote's >."""
    core = quote.strip()
    if len(core) > 1 and core[0] in QUOTATION_MARKS and core[-1] in QUOTATION_MARKS:
        core = core[1:-1].strip()
    return core


def without_line_marks(core: str) -> str:
    """A Markdown blockquote of several lines without the > before each of them."""
    further = core.split("\n")[1:]
    if not all(line.lstrip().startswith(">") for line in further):
        return core
    return _FIRST_MARK.sub("", _LINE_MARK.sub("\n", core))


def without_marks(core: str) -> str:
    """The quote without [sic], [1], [emphasis added] and *emphasis*, and without other brackets.

    "[T]he *port*[2] was closed [sic] [today]" -> "The port was closed today"
    """
    core = blanked(_EMPHASIS.sub("", core), quoted=True).replace(UNSEEN, "")
    return _SPACES.sub(" ", _BRACKETS.sub(r"\1", core)).strip()


def pieces(core: str) -> list[str]:
    """The pieces between ellipses, without those that are empty."""
    found = (piece.strip() for piece in _ELLIPSIS.split(core))
    return [piece for piece in found if Text(piece).words.size]
