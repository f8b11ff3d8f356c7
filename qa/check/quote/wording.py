"""What words of a text say where it differs from another: names, negations, numbers, one value."""

from __future__ import annotations

from qa.check.facts import same_value
from qa.check.quote.kinds import Word, difference_kind, one_negates
from qa.check.quote.text import Ints, Text
from qa.check.types import Difference, DifferenceOp
from qa.text.tokens import is_unspaced
from qa.text.words import is_negation, is_number


def difference(quote: Text, said: Ints, source: Text, there: Ints) -> Difference:
    """What differs between tokens of a quote and those of its source; one side may have none."""
    ops: dict[tuple[bool, bool], DifferenceOp] = {(True, False): "insert", (False, True): "delete"}
    op = ops.get((said.size > 0, there.size > 0), "replace")
    kind = difference_kind(_words(quote, said, source), _words(source, there, source))
    if kind in ("name", "word") and one_negates(_unparted(quote, said), _unparted(source, there)):
        kind = "negation"
    one, other = quote.slice(said), source.slice(there)
    return Difference(op, one, other, kind, op == "replace" and same_value(one, other))


def negates(text: Text, tokens: Ints) -> list[bool]:
    """Whether each of these tokens of a text turns round what is said."""
    folded = zip(tokens.tolist(), text.folded(tokens), strict=True)
    return [is_negation(word) and not _counts(text, token) for token, word in folded]


def _words(text: Text, tokens: Ints, source: Text) -> list[Word]:
    """Tokens as words; one that opens a sentence is a name when it is one in the source."""
    return [_word(text, token, source) for token in tokens.tolist()]


def _word(text: Text, token: int, source: Text) -> Word:
    if _counts(text, token):
        return Word("№", is_name=False)
    folded = text.tokens.folded
    after_number = token > 0 and is_number(folded[token - 1])
    return Word(folded[token], _is_name(text, token, source), after_number)


def _counts(text: Text, token: int) -> bool:
    """Whether a word is the No. of No. 5, and negates nothing."""
    stop, number = (*text.tokens.folded[token + 1 : token + 3], "", "")[:2]
    return _written(text, token) in ("No", "Nos") and stop == "." and is_number(number)


def _is_name(text: Text, token: int, source: Text) -> bool:
    written = _written(text, token)
    if written == written.lower():  # of most differences no name need be looked for
        return False
    if text.is_of_name[token]:
        return True
    is_capitalised = written[0].isupper() or written[0].istitle()
    return is_capitalised and text.tokens.folded[token] in source.names


def _unparted(text: Text, tokens: Ints) -> str:
    """Tokens with those beside them, in a script without spaces: せ of しません whole."""
    if not tokens.size or not is_unspaced(text.tokens.folded[int(tokens[0])]):
        return ""
    return "".join(text.tokens.folded[max(0, int(tokens[0]) - 2) : int(tokens[-1]) + 3])


def _written(text: Text, token: int) -> str:
    return text.text[text.tokens.starts[token] : text.tokens.ends[token]]
