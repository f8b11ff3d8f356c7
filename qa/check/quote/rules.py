"""The rules by which a quote is judged: every threshold, its unit, its meaning and a case.

`RULES` holds the values in use. What a rule decides is measured by switching it off:
`python -m tests.bench.checking --without RULE`; docs/decisions/0013-what-counts-as-altered.md has
the counts.

"Words that say something" are those that are no function words. A word's weight is 2 when it says
something, else 1; "of the weight" counts by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from math import inf
from typing import Any, NamedTuple, TypeVar

from qa.text.words.tables import listed

T = TypeVar("T")
MANY = 1_000_000_000  # more than there ever are


def _rule(value: T, unit: str, meaning: str, *, off: T) -> T:
    """A field of `Rules`; with the value `off` the rule never applies."""
    return field(default=value, metadata={"unit": unit, "meaning": meaning, "off": off})


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of checking quotes."""

    # --- where in a corpus a quote is looked for (qa.check.sources) ---

    search_terms: int = _rule(
        32,
        "terms",
        "Passages are looked for by the quote's rarest terms: more of them find the same places, "
        "only slower.",
        off=MANY,
    )
    all_words_passages: int = _rule(
        60,
        "passages",
        "So many passages that have all of the quote's terms are looked through.",
        off=1_000,
    )
    in_order_passages: int = _rule(
        2_000,
        "passages",
        "When more have all of its terms, those of so many that have its words in a row come "
        "first: “in the first half of the game”.",
        off=60,
    )
    some_words_passages: int = _rule(
        24, "passages", "So many that have most of the quote's terms are looked through.", off=240
    )
    few_terms: int = _rule(
        2,
        "terms",
        "The texts themselves are searched for a quote with fewer terms than this and more words: "
        "“it is what it is” has none, a sentence in Chinese one.",
        off=0,
    )
    scanned_articles: int = _rule(
        24, "articles", "So many articles are found by searching the texts themselves.", off=MANY
    )
    common_terms: int = _rule(
        5,
        "terms",
        "Of a quote of so few terms BM25 knows too little, and the order of its words decides: "
        "“I've been using this for about 2 days”.",
        off=0,
    )
    common_passages: int = _rule(
        150, "passages", "So many passages are put in order by the order of their words.", off=24
    )
    searched_pieces: int = _rule(
        6,
        "pieces",
        "Of a quote with ellipses so many pieces are searched for one by one.",
        off=MANY,
    )
    halved_words: int = _rule(
        8,
        "words",
        "The halves of a quote of so many words are searched for one by one: they may stand in "
        "different articles.",
        off=MANY,
    )
    margin_chars: int = _rule(
        200,
        "characters",
        "So much around a passage is read, besides the length of the quote, which may reach over "
        "passages.",
        off=0,
    )
    whole_chars: int = _rule(
        50_000, "characters", "An article that is named is read whole up to this length.", off=MANY
    )
    min_share: float = _rule(
        0.3,
        "of the words",
        "A stretch is looked through when it has this share of the quote's words that say "
        "something.",
        off=0.0,
    )
    first_look_words: int = _rule(
        500, "words", "At that first look a sample of so many words stands for the quote.", off=MANY
    )
    unchanged_share: float = _rule(
        0.7,
        "of the words",
        "A quote stands unchanged only where this share of its words is found letter by letter; "
        "the others may be written otherwise, with a soft hyphen.",
        off=0.0,
    )
    aligned_stretches: int = _rule(
        8, "stretches", "So many that share most with the quote are aligned in full.", off=MANY
    )
    share_slack: float = _rule(
        0.2,
        "of the words",
        "No stretch is aligned any more whose share of words is by this below the similarity of a "
        "place that is found; function words are no part of that share.",
        off=inf,
    )

    # --- which part of a quote stands where (parts, in_parts) ---

    min_part_words: int = _rule(
        4,
        "words",
        "A part of a spliced quote is so long. “The port … sank” is not put together of any text "
        "with both words.",
        off=1,
    )
    min_set_apart_words: int = _rule(
        3,
        "words",
        "A part between punctuation marks may be this short: “We have influence. Given our …”. So "
        "many words put into a quote may be a part of their own.",
        off=4,
    )
    joining_cost: float = _rule(
        1.5,
        "parts",
        "A function word that joins two parts and stands in neither (“and”) costs so much, so that "
        "a part more is taken rather than two such words.",
        off=inf,
    )
    edge_discount: float = _rule(
        0.25,
        "parts",
        "A part that ends at punctuation costs by so much less: of equally many parts they are cut "
        "where the quote's sentences are.",
        off=0.0,
    )
    max_skipped_words: int = _rule(
        4,
        "words",
        "Parts follow on over whole sentences of fewer words together than this: “No.”, “He "
        "nodded.”",
        off=0,
    )
    negated_gap_words: int = _rule(
        8,
        "words",
        "An ellipsis for so few words may not hide a negation among them: “We did … receive any "
        "invitation”. One at either end of what is left out it may hide never.",
        off=0,
    )
    small_gap_words: int = _rule(
        3,
        "words",
        "An ellipsis for so few words may hide neither part of a number (“5 … euros” for 5 million "
        "euros) nor a word that takes back what is said (“far from safe”).",
        off=0,
    )
    weakening: frozenset[str] = _rule(
        listed("weakening"),
        "a list",
        "The words that take back what is said, of which a small gap hides none: far, rarely, "
        "failed.",
        off=frozenset[str](),
    )
    near_parts_chars: int = _rule(
        400,
        "characters",
        "A piece too short to be found by itself is looked for so near to the others: “35 hours” "
        "behind “The talks lasted …”.",
        off=MANY,
    )
    min_shared_near: int = _rule(
        1,
        "words",
        "There so many words that say something must be the same.",
        off=3,
    )

    # --- when a place says nearly the same (nearest, pairs, differences) ---

    min_similarity: float = _rule(
        0.6,
        "of the weight",
        "A place agrees in so much with the quote, in order; below, nothing says this.",
        off=0.1,
    )
    min_shared: int = _rule(
        3,
        "words",
        "So many words that say something are the same: “Resolution 1244 exists” alone makes no "
        "altered quote of another resolution's.",
        off=0,
    )
    few_shared: int = _rule(
        2,
        "words",
        "So many do when they are all that the quote has, or it is very similar: “It is on the "
        "first floor of it”.",
        off=3,
    )
    very_similar: float = _rule(
        0.75, "of the weight", "From here on a quote is very similar to a place.", off=2.0
    )
    alike_letters: float = _rule(
        0.7,
        "of the letters",
        "Two words that share so many letters in order are spelled alike, and differ by half: "
        "goverment, “modem” for modern.",
        off=1.0,
    )
    min_alike_letters: int = _rule(
        4,
        "letters",
        "Shorter words are never spelled alike, nor numbers: “cat” is not nearly “car”.",
        off=0,
    )
    replacing_cost: float = _rule(
        0.125,
        "of a weight",
        "To replace a word costs so much more than the heavier of the two, so that at the same "
        "cost a word is rather added or left out.",
        off=0.0,
    )
    max_edge_words: int = _rule(
        3,
        "words",
        "So many changed words at an end of the quote are held against the text's words there: "
        "“1245 exists until …”; more are added ones.",
        off=0,
    )

    # --- altered or spliced (find, findings) ---

    few_changed_words: int = _rule(
        4,
        "words",
        "When more differ, parts that stand apart word for word explain the quote better: spliced.",
        off=MANY,
    )
    clearly_similar: float = _rule(
        0.8,
        "of the weight",
        "A changed quote so similar is of that place; below, parts that stand apart explain it "
        "better.",
        off=0.0,
    )
    min_quoted_words: int = _rule(
        4,
        "words",
        "A quote of fewer words may stand anywhere: it means nothing, and is never altered.",
        off=0,
    )

    # --- what bounds the work ---

    max_places: int = _rule(20, "places", "So many are given of one stretch.", off=MANY)
    max_reread_chars: int = _rule(
        2_000_000,
        "characters",
        "Occurrences that cut a token are passed over up to this: “a” in “aaa…”.",
        off=MANY,
    )
    max_quote_words: int = _rule(
        2_500, "words", "A longer quote is found unchanged or not at all.", off=4_095
    )
    max_parts_words: int = _rule(
        600, "words", "A longer quote is not looked for in parts.", off=MANY
    )
    max_part_places: int = _rule(1_000, "places", "So many are looked at of one part.", off=MANY)
    max_chains: int = _rule(
        50,
        "chains",
        "So many ways to place the parts are tried for one that hides nothing.",
        off=MANY,
    )
    max_pieces: int = _rule(
        40,
        "pieces",
        "A quote with more, some of them changed, is not found: each takes milliseconds.",
        off=MANY,
    )
    max_cells: int = _rule(
        8_000_000,
        "pairs of words",
        "So many are compared to find the nearest stretch of a text.",
        off=12_000_000,
    )
    max_spelled_pairs: int = _rule(
        400_000, "pairs of words", "Among more it is not asked which are spelled alike.", off=MANY
    )
    max_table_pairs: int = _rule(
        20_000,
        "pairs of words",
        "For more what differs is found by the longest common sequence, which is nearly the same.",
        off=MANY,
    )

    def without(self, *names: str) -> Rules:
        """The rules with some of them switched off. Raises KeyError for a name that is none's."""
        off = {rule.name: rule.off for rule in self}
        return replace(self, **{name: off[name] for name in names})

    def __iter__(self) -> Iterator[Rule]:
        for found in fields(self):
            yield Rule(found.name, getattr(self, found.name), **found.metadata)


class Rule(NamedTuple):
    """One of the rules, to be printed or switched off."""

    name: str
    value: Any
    unit: str
    meaning: str
    off: Any


RULES = Rules()
