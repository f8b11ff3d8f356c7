"""How numbers are written, in plain text and lower case."""

from __future__ import annotations

import re

from qa.check.facts.lists import any_of
from qa.check.facts.numerals import ONES, ORDINALS, PARTS, SCALES, SHORT_SCALES, TEENS, TENS
from qa.check.facts.units import UNITS

TH, TO = "(?:st|nd|rd|th)", r"\ ?(?:-|to|and)\ ?"

_BEFORE = r"(?<![\w#])(?<![^\W\d]-)(?<!\d[.,])"
_CURRENCY = r"(?P<currency>us\$|[$€£¥]|(?:usd|eur|gbp)(?= ))? ?"

# 2/3; 1,000.5 or 1.000,5 or 1 000,5 or 1000.5; 3rd
_FRACTION = r"(?P<over>\d{1,9})/(?P<under>\d{1,9})(?!\d)"
_DIGITS = (
    r"(?P<digits>(?:minus |-)?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    rf"|\d{{1,3}}(?:[ ']\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d))(?P<th>{TH}(?!\w))?"
)

# two-thirds; twenty-first; two hundred and five thousand, half a million, a dozen
_PART = rf"(?P<top>an?|{any_of(ONES)})[ -](?P<part>{any_of(PARTS)})s?(?!\w)"
_ORDINAL = rf"(?P<tens>(?:{any_of(TENS)})-)?(?P<ordinal>{any_of(ORDINALS)})(?!\w)"
_SCALED = rf"[ -](?:{any_of(SCALES)})(?!\w)"
_TENS_AND_ONES = rf"(?:{any_of(TENS)})(?:[ -](?:{any_of(ONES)}))?"
_SMALL = rf"(?:{_TENS_AND_ONES}|{any_of(TEENS)}|{any_of(ONES)}|zero)"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?)[ -]hundred(?:(?: and |[ -]){_SMALL})?|{_SMALL})(?!\w)"
_SPELT = (
    rf"(?P<spelt>(?:{_HUNDREDS}|half(?: an?(?={_SCALED}))?(?!\w)|an?(?={_SCALED}))"
    rf"(?:{_SCALED}(?:(?: and |[ -]){_HUNDREDS})?)*)"
)

_SCALE = rf"(?:[ -]?(?P<scale>{any_of(SHORT_SCALES)})(?!\w))?"
_NAMES_OF_UNITS = any_of([*UNITS, "per cent"])
_UNIT = rf"(?:[ -]?(?P<power>square |cubic )?(?P<unit>{_NAMES_OF_UNITS})(?!\w))?(?!\w)"

NUMBER = re.compile(
    f"{_BEFORE}{_CURRENCY}(?:{_FRACTION}|{_DIGITS}|{_PART}|{_ORDINAL}|{_SPELT}){_SCALE}{_UNIT}"
)
