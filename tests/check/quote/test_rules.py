"""Every rule of judging a quote, with a case that moves when it is switched off."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.check.quote.exact import Alignment
from qa.check.quote.find import find
from qa.check.quote.rules import RULES

TEXT = (
    "The talks lasted, it seems, 3.5 hours. No one signed the paper. The port was closed all day. "
    "Mr Ilić did not say why he left. The U.S. delegation flew home, and we never met again."
)
FLOOR = "It is on the first floor of it."

# What a quote is with all rules, and what without one.
CASES = {
    "min_part_words": (
        "The U.S. delegation signed the paper",
        TEXT,
        "not found",
        "spliced: The U.S. delegation / signed the paper",
    ),
    "min_set_apart_words": (
        "The port was closed all day. Why he left. No one signed the paper.",
        TEXT,
        "spliced: The port was closed all day / why he left / No one signed the paper",
        "not found",
    ),
    "joining_cost": (
        "No one signed the paper, so we never met again",
        TEXT,
        "spliced: No one signed the paper / we never met again",
        "not found",
    ),
    "edge_discount": (
        "No one has signed the paper. The port was open.",
        "No one has signed the paper. They talked for hours and hours. He saw the paper. "
        "The port was open.",
        "spliced: No one has signed the paper / The port was open",
        "spliced: No one has signed / the paper. The port was open",
    ),
    "max_skipped_words": (
        "No one signed the paper … Mr Ilić did not say",
        "No one signed the paper. Why? Mr Ilić did not say.",
        "normalized: No one signed the paper / Mr Ilić did not say",
        "spliced: No one signed the paper / Mr Ilić did not say",
    ),
    "negated_gap_words": (
        "Mr Ilić did … say why he left",
        "Mr Ilić did, it seems, not at first say why he left.",
        "altered: -it seems, not at first",
        "normalized: Mr Ilić did / say why he left",
    ),
    "small_gap_words": (
        "They paid 5 … euros for it",
        "They paid 5 million euros for it.",
        "altered: -million",
        "normalized: They paid 5 / euros for it",
    ),
    "weakening": (
        "the vaccine is … safe",
        "the vaccine is far from safe",
        "altered: -far from",
        "normalized: the vaccine is / safe",
    ),
    "near_parts_chars": (
        "No one signed the paper. The port was … shut all week",
        TEXT + " The ships waited." * 30 + " The town opened all week.",
        "altered: +shut all week",
        "altered: shut > opened",
    ),
    "min_shared_near": (
        "The port was … shut all day",
        TEXT,
        "altered: shut > closed",
        "not found",
    ),
    "min_similarity": (
        "No one signed anything but the bill for the ships",
        TEXT,
        "not found",
        "altered: +anything but, bill for > paper, ships > port",
    ),
    "min_shared": (
        "the new resolution exists",
        "the new agreement exists",
        "not found",
        "altered: resolution > agreement",
    ),
    "few_shared": ("we never met before", TEXT, "altered: before > again", "not found"),
    "very_similar": (
        "It stands on the first floor of it",
        FLOOR,
        "altered: stands > is",
        "not found",
    ),
    "alike_letters": (
        "The goverment has signed",
        "The government has signed",
        "altered: goverment > government",
        "not found",
    ),
    "min_alike_letters": (
        "A cat and a dog ran home",
        "Cats and dogs ran home.",
        "not found",
        "altered: A cat > Cats, a dog > dogs",
    ),
    "max_edge_words": (
        "1245 exists until another agreement is reached",
        "Resolution 1244 exists until another agreement is reached.",
        "altered: 1245 > 1244",
        "altered: +1245",
    ),
    "clearly_similar": (
        "Mr Ilić did not say why he left. The port was closed",
        TEXT,
        "spliced: Mr Ilić did not say why he left / The port was closed",
        "altered: port was closed > U.S. delegation flew",
    ),
}


@pytest.mark.parametrize(
    ("rule", "quote", "text", "expected", "without"),
    [(rule, *case) for rule, case in CASES.items()],
    ids=CASES.keys(),
)
def test_a_case_moves_when_its_rule_is_switched_off(
    rule: str, quote: str, text: str, expected: str, without: str
) -> None:
    assert _told(find(quote, text)) == expected
    assert _told(find(quote, text, rules=RULES.without(rule))) == without


def _told(found: Sequence[Alignment]) -> str:
    """The kind, with what differs or with the parts: +added, -left out, this > for that."""
    if not found:
        return "not found"
    shown = {"insert": "+{}{}", "delete": "-{}{}", "replace": "{} > {}"}
    changed = [shown[d.op].format(d.quote, d.source) for d in found[0].differences]
    parts = " / ".join(part.text for part in found[0].parts)
    return f"{found[0].kind}: {', '.join(changed) or parts}"


def test_every_rule_has_a_value_at_which_it_never_applies() -> None:
    for rule in RULES:
        assert rule.unit
        assert rule.meaning
        assert rule.off != rule.value
        assert getattr(RULES.without(rule.name), rule.name) == rule.off


def test_several_rules_are_switched_off_together() -> None:
    fewer = RULES.without("min_shared", "weakening")

    assert (fewer.min_shared, fewer.weakening) == (0, frozenset())
    assert fewer.min_similarity == RULES.min_similarity


def test_a_rule_that_there_is_not_is_not_switched_off() -> None:
    with pytest.raises(KeyError, match="no_rule"):
        RULES.without("no_rule")
