import math

import pytest

from qa.ask.calibration import made_for
from qa.ask.confidence import Confidence, Signals, coefficients

NOTHING = Signals(0.0, 0.0, 0.0, 0.0)


def test_a_scaled_confidence_is_the_logistic_of_scaled_log_odds():
    rule = Confidence(-2.0, {"sentence": 4.0, "coverage": 1.0})
    scaled = rule.scaled(0.5, 3.0)

    assert scaled == Confidence(2.0, {"sentence": 2.0, "coverage": 0.5})
    # -2 + 4 + 0.5 is 2.5, of which half and three more are 4.25.
    assert scaled(Signals(1.0, 0.5, 7.0, 7.0)) == pytest.approx(1 / (1 + math.exp(-4.25)))


@pytest.mark.parametrize(("odds", "expected"), [(-2000.0, 0.0), (2000.0, 1.0)])
def test_no_log_odds_are_too_large(odds, expected):
    assert Confidence(odds, {})(NOTHING) == expected


def test_coefficients_are_calibrated_for_one_depth():
    fitted = coefficients("hash")
    own = fitted.calibrated("fast", 0.5, 3.0)

    assert own.confidence["fast"] == fitted.confidence["fast"].scaled(0.5, 3.0)
    assert own.threshold["fast"] == 0.5
    for depth in ("deep", "off"):
        assert own.confidence[depth] == fitted.confidence[depth]
        assert own.threshold[depth] == fitted.threshold[depth]
    assert (own.ranking, own.reading) == (fitted.ranking, fitted.reading)


def test_whatever_a_calibration_depends_on_tells_it_apart():
    all_of_it = [
        made_for("hash", "digest", None, "off"),
        made_for("other", "digest", None, "off"),
        made_for("hash", "another digest", None, "off"),
        made_for("hash", "digest", None, "fast"),
        made_for("hash", "digest", "reader", "fast"),
        made_for("hash", "digest", "another reader", "fast"),
        made_for("all-MiniLM-L6-v2", "digest", None, "off"),
    ]

    assert len(set(all_of_it)) == len(all_of_it)
    assert made_for("hash", "digest", None, "off") == all_of_it[0]
