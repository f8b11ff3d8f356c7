"""The rules by which a quote is judged: every threshold, its unit, its meaning and a case.

`RULES` holds the values in use. What a rule decides is measured by switching it off, that is by a
value at which it never applies: `python -m tests.bench.checking --without RULE`. The counts stand
in docs/decisions/0013-what-counts-as-altered.md.

A word says something when it is no function word; it then weighs 2, and others 1. "Of the weight"
counts by that; "words alike" say something and are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from math import inf
from typing import Any, NamedTuple, TypeVar

from qa.text.words.tables import listed

T = TypeVar("T")
MANY = 1_000_000_000  # more than there ever are


def _rule(value: T, off: T, unit: str, meaning: str) -> T:
    """A field of `Rules`; with the value `off` the rule never applies."""
    return field(default=value, metadata={"off": off, "unit": unit, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds of checking quotes."""

    # --- where in a corpus a quote is looked for ---

    # More terms find the same places, only slower.
    search_terms: int = _rule(
        32, MANY, "terms", "A quote is searched by this many of its rarest terms."
    )
    all_words_passages: int = _rule(
        60, 1_000, "passages", "This many of the passages with all of its terms are read."
    )
    # "in the first half of the game" has no rare word: of 2,000 such passages few have it in a row.
    in_order_passages: int = _rule(
        2_000,
        60,
        "passages",
        "If there are more, this many are looked through for its words in a row.",
    )
    some_words_passages: int = _rule(
        24, 240, "passages", "This many of the passages with most of its terms are read."
    )
    # "It is what it is" has none, a sentence in Chinese one; “Compromise” has one of one.
    few_terms: int = _rule(
        2, 0, "terms", "The texts themselves are searched for a quote with fewer terms."
    )
    scanned_articles: int = _rule(
        24, MANY, "articles", "This many articles are found by searching the texts themselves."
    )
    # "I've been using this for about 2 days"
    common_terms: int = _rule(
        5, 0, "terms", "Up to this many terms the order of the words ranks the passages."
    )
    common_passages: int = _rule(
        150, 24, "passages", "This many passages are ranked by that order."
    )
    searched_pieces: int = _rule(
        6, MANY, "pieces", "This many pieces between ellipses are searched one by one."
    )
    # The halves may stand in different articles.
    halved_words: int = _rule(
        8, MANY, "words", "From this many words on, both halves of a quote are searched."
    )
    # A quote may reach over passages, and be altered at its ends.
    margin_chars: int = _rule(
        200, 0, "characters", "This much around a passage is read, besides the quote's length."
    )
    whole_chars: int = _rule(
        50_000, MANY, "characters", "An article that is named is read whole up to this much."
    )
    # “We are ready to govern” stands in a headline alone.
    titled_articles: int = _rule(
        24, MANY, "articles", "The titles of this many articles with its words are read."
    )
    min_share: float = _rule(
        0.3, 0.0, "of the words", "A stretch with a smaller share of the quote's words is not read."
    )
    first_look_words: int = _rule(
        500, MANY, "words", "That share is counted on a sample of this many words."
    )
    # The others may be written otherwise there, with a soft hyphen.
    unchanged_share: float = _rule(
        0.7, 0.0, "of the words", "One with a smaller share than this cannot have it unchanged."
    )
    aligned_stretches: int = _rule(
        8, MANY, "stretches", "This many of those that share most are compared word by word."
    )
    # Function words are no part of the share of words, but of the similarity.
    share_slack: float = _rule(
        0.2,
        inf,
        "of the words",
        "A stretch that shares this much less than the best place is passed over.",
    )

    # --- which part of a quote stands where ---

    # "The U.S. delegation signed the paper" is made of words of most texts.
    min_part_words: int = _rule(
        4, 1, "words", "A spliced quote is made of parts of this many words."
    )
    # "The port was closed all day. Why he left. No one …"
    min_set_apart_words: int = _rule(
        3, 4, "words", "A part may be this short if punctuation stands on both its sides."
    )
    # "No one signed the paper, so we never met again", where nobody wrote "so"; two such words cost
    # more than a part more.
    joining_cost: float = _rule(
        1.5, inf, "parts", "A function word between two parts costs as much as this many parts."
    )
    # Of equally many parts those are taken that are sentences of the quote.
    edge_discount: float = _rule(
        0.25, 0.0, "parts", "A part that ends at punctuation costs this much less."
    )
    # "No one signed the paper. [Why?] Mr Ilić did not say."
    max_skipped_words: int = _rule(
        4, 0, "words", "Parts follow on if whole sentences of fewer words are between them."
    )
    # "We did … receive any invitation"; a negation at either end of the gap it may never hide.
    negated_gap_words: int = _rule(
        8, 0, "words", "An ellipsis for this few words may not hide a negation."
    )
    # "5 … euros" for 5 million euros
    small_gap_words: int = _rule(
        3, 0, "words", "One for this few may hide no part of a number and no weakening word."
    )
    # "the vaccine is … safe" for "is far from safe"
    weakening: frozenset[str] = _rule(
        listed("weakening"), frozenset[str](), "words", "These words take back what is said."
    )

    # "The port was … shut all day": one word alike, but right there.
    near_parts_chars: int = _rule(
        400,
        MANY,
        "characters",
        "A short changed piece is looked for this near to the other pieces.",
    )
    min_shared_near: int = _rule(1, 3, "words alike", "So near, this many words alike will do.")

    # --- when a place says nearly the same ---

    min_similarity: float = _rule(
        0.6, 0.1, "of the weight", "An altered quote agrees with its place in this much, in order."
    )
    # "the new resolution exists" is not "the new agreement exists".
    min_shared: int = _rule(
        3, 0, "words alike", "An altered quote has this many words alike with its place."
    )
    # "we never met before"
    few_shared: int = _rule(
        2, 3, "words alike", "This many will do if the quote has no more or is very similar."
    )
    very_similar: float = _rule(
        0.75, 2.0, "of the weight", "A quote that agrees in this much is very similar."
    )
    # "goverment", and "modem" for modern: they differ by half.
    alike_letters: float = _rule(
        0.7, 1.0, "of the letters", "Two words with this many letters in order are spelled alike."
    )
    # "a cat" is not nearly "cats"; numbers are never alike.
    min_alike_letters: int = _rule(4, 0, "letters", "A shorter word is spelled like no other.")
    # "1245 exists until another agreement": 1245 is for 1244, and no word that is added.
    max_edge_words: int = _rule(
        3, 0, "words", "This many changed words at an end are held against the text's there."
    )

    # --- altered or spliced ---

    clearly_similar: float = _rule(
        0.8,
        0.0,
        "of the weight",
        "A quote that agrees in less is spliced, if its parts stand anywhere.",
    )
    # "and the port was" may stand anywhere.
    min_quoted_words: int = _rule(
        4, 0, "words", "A shorter quote is never altered: it may stand anywhere."
    )

    # --- what bounds the work ---

    max_places: int = _rule(20, MANY, "places", "This many places of one stretch are given.")
    # "a" in "aaa…" cuts a token everywhere.
    max_reread_chars: int = _rule(
        2_000_000,
        MANY,
        "characters",
        "Occurrences that cut a token are passed over up to this much.",
    )
    max_quote_words: int = _rule(
        2_500, 4_095, "words", "A longer quote is found unchanged or not at all."
    )
    max_parts_words: int = _rule(600, MANY, "words", "A longer quote is not looked for in parts.")
    max_part_places: int = _rule(
        1_000, MANY, "places", "This many places of one part are looked at."
    )
    max_chains: int = _rule(
        50, MANY, "chains", "This many chains of parts are tried for one that hides nothing."
    )
    max_pieces: int = _rule(
        40, MANY, "pieces", "A quote of more pieces is not found if one of them is changed."
    )
    max_cells: int = _rule(
        8_000_000,
        12_000_000,
        "pairs of words",
        "This many are compared to find the nearest stretch of a text.",
    )
    max_spelled_pairs: int = _rule(
        400_000, MANY, "pairs of words", "Among more it is not asked which are spelled alike."
    )
    # Beyond, the longest common sequence tells nearly the same.
    max_table_pairs: int = _rule(
        20_000, MANY, "pairs of words", "For more the longest common sequence tells what differs."
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
    off: Any  # at which it never applies
    unit: str
    meaning: str


RULES = Rules()
