"""Text -> tokens that compare equal when only the typography differs, each with its exact place.

Equal: kinds of quotation marks, of dashes and of spaces, letter case, Unicode form (é however it is
encoded, ﬁ, full width), … and ..., spaces beside punctuation, and what nobody sees (soft hyphens,
zero width). A dash between two words reads as a space, so Botsan-Kharchenko is Botsan Kharchenko.

Kept apart: all that a number is made of. Sign, separators, per cent, currency and glued units are
part of its token, and ², ½ and ① are not 2, 1/2 and 1. So 10² is not 102, -5 not 5, 3.5 not 35,
1,000 not 1000, and 20% not 20.

Tokens are cut out of the text itself and folded afterwards, so a token's span is exact by
construction, however many characters its folded form has.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SINGLE_MARKS = "'‘’‚‛`´ʼ′‵"  # may stand inside a word: don’t
DOUBLE_MARKS = '"“”„‟«»‹›″‶〝〞〟❝❞'
HYPHENS = "-‐‑‒–−⁃֊־"  # those that may be a minus sign
_DASHES = "—―⸺⸻"
QUOTATION_MARKS = frozenset(SINGLE_MARKS + DOUBLE_MARKS + "＇＂")
# Letters that are no other letter with a mark, in those that plain spelling has for them.
PLAIN_LETTERS = {
    **{"ß": "ss", "đ": "dj", "Đ": "Dj", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"},
    **{"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"},
}

# Characters that fold to something which Unicode's own tables do not say.
_SAME = {
    **dict.fromkeys(SINGLE_MARKS + DOUBLE_MARKS, "'"),
    **dict.fromkeys(HYPHENS + _DASHES + "﹘﹣－", "-"),
    "…": "...",
    "‥": "..",
    "℃": "°c",
    "℉": "°f",
}
_CLASSES = {
    **dict.fromkeys(SINGLE_MARKS + "＇", "'"),
    **dict.fromkeys(DOUBLE_MARKS + "＂", '"'),
    **dict.fromkeys(HYPHENS + "﹣－", "-"),
    **dict.fromkeys(_DASHES + "﹘", "="),
    **dict.fromkeys(".", "."),
    **dict.fromkeys("…‥", "e"),
    **dict.fromkeys(",،٫٬", ","),
    **dict.fromkeys(":", ":"),
    **dict.fromkeys("/⁄∕", "/"),
    **dict.fromkeys("%‰‱٪°", "%"),
    **dict.fromkeys("+±∓", "+"),
    **dict.fromkeys("|¦", "p"),
}
_BY_CATEGORY = {
    **{"Cc": " ", "Z": " ", "L": "a", "M": "m", "N": "9"},
    **{"P": "p", "Sk": "p", "Sc": "$"},
}
_VISIBLE_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Scripts that put no space between words: there every character is a token.
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u0f40-\u0fff\u1000-\u109f\u1780-\u17d3\u2e80-\u2fdf\u3005-\u30fa\u30fc-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)

# A text's shape has one letter for each of its characters: a letter, A one that folds to several
# characters (ß, Ⅷ, é with its mark apart), which is no initial, m combining mark, 9 digit,
# c character of an unspaced script, ' and " quotation marks, - hyphen, = dash, e ellipsis,
# $ currency, p other punctuation, x other symbol; . , : / % + and space stand for themselves and
# their kin. The expressions below take linear time.
# A dash first, and only then whether one is before it: no run is gone through twice.
_DASH_BEFORE_WORD = re.compile("[-=](?<![-=][-=])[-=]*+ *+(?=[aAc])")
_MARKS = 30  # in a row, as in Unicode's stream-safe format: normalising a run takes quadratic time
_MORE_MARKS = re.compile(f"(?<=m{{{_MARKS}}})m+")
_MARKS_ON_NOTHING = re.compile("(?<![aAm9c])m+")
_TOKEN = re.compile(
    r"""a (?: \.a )+ \.? (?![aAm9'])                                            # U.S.
      | [aA][aAm9]* (?: '[aAm9]+ )*
      | (?: (?<![aAm9c%]) [-+] )? (?: \$\ * [-+]? )? (?: (?<![aAm9c.,%]) \. )?  # -5  €5  .5
        9[9m]* (?: (?: [-.,:/'] | \ *-\ + | \ *(?:=|[-=]{2,})\ * ) 9[9m]* )*  # 1,000.5  10–12
        [aAm9]* (?: '[aAm][aAm9]* )*                                          # 5th  20km  1990's
        (?: \ *% [aAm]* | \ *\$ (?!\ *[-+]?\ *9) )?                         # 20 %  5°C  5 €
      | c m*
      | % [aAm]*
      | [.e] (?: \ *[.e] )+ | e
      | ['"]+ | [-=]+
      | [^\ ] n*
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The folded tokens of a text; the i-th one stands at ``text[starts[i]:ends[i]]``."""

    folded: list[str]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]


def tokenize(text: str) -> Tokens:
    """Cut a text into tokens: words, numbers and punctuation.

    "Prices rose 3.5 % – 'sharply'." -> prices rose 3.5% - ' sharply ' .  (3.5% stands at 12:17)
    """
    alphabet = set(text)
    unseen = {char for char in alphabet if _unseen(char)}
    places = None
    if unseen:
        places = np.array([i for i, char in enumerate(text) if char not in unseen], dtype=np.int32)
        text = text.translate(dict.fromkeys(map(ord, unseen)))
    shape = text.translate({ord(char): _class(char) for char in alphabet})
    spans = [match.span() for match in _TOKEN.finditer(_settled(shape))]
    cuts = [text[start:end] for start, end in spans]
    folds = {cut: fold(cut) for cut in set(cuts)}
    edges = np.array(spans, dtype=np.int32).reshape(-1, 2)
    starts, ends = edges[:, 0], edges[:, 1]
    if places is not None:
        starts, ends = places[starts], places[ends - 1] + 1
    return Tokens([folds[cut] for cut in cuts], starts, ends)


def _settled(shape: str) -> str:
    """The shape with its marks and dashes told apart by what they stand beside.

    Marks past the 30th in a row are symbols, marks on what is no letter or digit are n, and a dash
    between two words is a space.
    """
    if "m" * (_MARKS + 1) in shape:
        shape = _MORE_MARKS.sub(lambda marks: "x" * len(marks[0]), shape)
    if "m" in shape:
        shape = _MARKS_ON_NOTHING.sub(lambda marks: "n" * len(marks[0]), shape)

    def spaced(dash: re.Match[str]) -> str:
        before = dash.start() - 1
        while before > 0 and shape[before] == " ":
            before -= 1
        between_words = before >= 0 and shape[before] in "aAm9c%"
        return " " * len(dash[0]) if between_words else dash[0]

    return _DASH_BEFORE_WORD.sub(spaced, shape)


def normalize(text: str) -> str:
    """The folded tokens with a space between them: the same for all typographic variants."""
    return " ".join(tokenize(text).folded)


def visible(text: str) -> str:
    """The text without what nobody sees: soft hyphens, zero width."""
    return "".join(char for char in text if not _unseen(char))


def fold(token: str) -> str:
    """What a token is compared by: "Straße" -> strasse, "20 %" -> 20%, "“" -> ', "——" -> -."""
    if token.isascii() and token.isalnum():
        return token.lower()
    chars = unicodedata.normalize("NFD", "".join(token.split()))
    folded = unicodedata.normalize("NFC", "".join(map(_fold, chars)))
    return folded[:1] if set(folded) in ({"'"}, {"-"}) else folded


def is_word(token: str) -> bool:
    """Whether a folded token is more than punctuation; symbols such as + and € count as words."""
    return token.isalnum() or any(_class(char) in "aAm9cx$%+" for char in token)


def is_unspaced(token: str) -> bool:
    """Whether a token is of a script that puts no space between words."""
    return _UNSPACED.match(token) is not None


@lru_cache(maxsize=65_536)
def _fold(char: str) -> str:
    """One character of a decomposed text, folded; of the same class, so that twice is once."""
    if char in _SAME:
        return _SAME[char]
    if unicodedata.category(char)[0] == "M":
        return char
    if not unicodedata.decomposition(char) and char.casefold() == char:
        return char
    compatible, same = (_casefold(unicodedata.normalize(form, char)) for form in ("NFKD", "NFD"))
    if _is_compatible(char, compatible) and _is_one_token(compatible):
        return compatible
    return same if _is_one_token(same) else char


def _casefold(chars: str) -> str:
    folded = unicodedata.normalize("NFD", chars.casefold())
    return "".join(_SAME.get(char, char) for char in folded)


def _is_one_token(folded: str) -> bool:
    """Whether a character's folded form is cut like the character: ﬁ is, ⁉ is not."""
    return re.fullmatch("[am]+|[^ ]m*", "".join(map(_plain_class, folded))) is not None


def _is_compatible(char: str, folded: str) -> bool:
    """Whether Unicode's compatible form says the same: ﬁ and Ａ yes, ² ½ ① ⒈ and № no."""
    tag = unicodedata.decomposition(char).split(" ")[0]
    if tag in ("<super>", "<sub>") or char == "№" or len(folded) > 4:
        return False
    return tag in ("<wide>", "<font>") or not any(c.isnumeric() for c in folded)


@lru_cache(maxsize=65_536)
def _class(char: str) -> str:
    """The letter that stands for a character in a text's shape."""
    if char in _CLASSES:
        return _CLASSES[char]
    folded = _fold(char)
    found = _plain_class(folded[0])
    return "A" if found == "a" and len(folded) > 1 else found


def _plain_class(char: str) -> str:
    if char in _CLASSES:
        return _CLASSES[char]
    category = unicodedata.category(char)
    if category[0] == "L" and _UNSPACED.match(char):
        return "c"
    return _BY_CATEGORY.get(category) or _BY_CATEGORY.get(category[0], "x")


@lru_cache(maxsize=65_536)
def _unseen(char: str) -> bool:
    """Whether nobody sees a character: soft hyphen, zero width, direction, variant."""
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMAT
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char == "\u034f"
