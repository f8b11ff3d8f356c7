import json

import pytest

from qa.text.printable import visible, visible_json

HOSTILE = {
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "\x9b2J": r"\x9b2J",
    "a\rb\x08c\x00d\x7f": r"a\x0db\x08c\x00d\x7f",
    "ab\u202edcba\u202c": r"ab\u202edcba\u202c",
    "\u2066x\u2069\u200f\u061c\u2028": r"\u2066x\u2069\u200f\u061c\u2028",
}
PLAIN = "Zeile eins\n\tзвезда · يرشد · 引航员 · 👨‍👩‍👧 e\u0301 \xa0 \u200b \xad \\x1b"


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items())
def test_what_a_terminal_would_obey_is_written_out(text, shown):
    assert visible(text) == shown
    assert visible(shown) == shown


def test_everything_else_is_as_it_was():
    assert visible(PLAIN) == PLAIN


@pytest.mark.parametrize("text", [*HOSTILE, PLAIN, '"\\\u202e'])
def test_json_that_is_made_visible_says_the_same(text):
    shown = visible_json(json.dumps({text: [text]}, ensure_ascii=False))

    assert json.loads(shown) == {text: [text]}
    assert visible(shown) == shown
