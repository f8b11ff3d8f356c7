"""How dates are written, in plain text and lower case; what an earlier pattern takes is taken.

Groups: y year, m month by name, n month by number, d day, e another day, o day or month, w weekday,
c century and z year of another year, s a decade's s.
"""

from __future__ import annotations

import re

from qa.check.facts.calendar import BEFORE_MONTH, FULL_MONTHS, MONTHS, WEEKDAYS
from qa.check.facts.lists import any_of
from qa.check.facts.number_pattern import TH, TO
from qa.check.facts.numerals import SHORT_SCALES
from qa.check.facts.units import UNITS

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH, _YEAR = rf"(?P<m>{any_of(MONTHS)})\.?(?!\w)", r"(?P<y>[12]\d{3})(?!\w)"
_UNIT = any_of({*UNITS, *SHORT_SCALES})

_ISO = r"(?<![\w.-])(?P<y>\d{4})-(?P<n>\d\d)-(?P<d>\d\d)(?:t[\d:.+-]+z?)?(?!\w)"
_DOTTED = rf"(?<![\w.])(?P<d>\d\d?)\. ?(?P<n>\d\d?)\. ?{_YEAR}"
_SLASHED = rf"(?<![\w/])(?P<d>\d\d?)/(?P<o>\d\d?)/{_YEAR}"
_DAY_FIRST = (
    rf"(?<![\w.,])(?<!\d:)(?:(?P<e>{_DAY}){TH}?{TO})?(?P<d>{_DAY})(?:{TH}|\.)?(?: of)? {_MONTH}"
    rf"(?: ?,? {_YEAR})?"
)
_MONTH_FIRST = (
    rf"(?<!\w){_MONTH} (?P<d>{_DAY}){TH}?(?:{TO}(?P<e>{_DAY}))?(?![\w:]|[.,]\d)(?: ?,? {_YEAR})?"
)
_OF_YEAR = rf"(?<!\w){_MONTH}(?: ?,)?(?: of)? {_YEAR}"
_ISO_MONTH = r"(?<![\w-])(?P<y>[12]\d{3})-(?P<n>0[1-9]|1[0-2])(?![\w-])"
_WEEKDAY = rf"(?<!\w)(?P<w>{any_of(WEEKDAYS)})s?(?!\w)"
_MONTH_ALONE = rf"(?<!\w)(?:{any_of(BEFORE_MONTH)})[ -](?P<m>{any_of(FULL_MONTHS)})(?!\w)"
_SEASON = r"(?<![\w.,/])(?P<y>(?P<c>1\d|20)\d\d)[-/](?P<z>\d\d)(?!\w)"
_YEAR_ALONE = (
    r"(?<![\d.,$€£¥/])(?<![^\W\d_])(?P<y>1\d{3}|20\d\d)(?P<s> ?'?s)?"
    rf"(?![\w%]|[.,]\d|[ -]?(?:{_UNIT})(?!\w))"
)

DATES = [
    re.compile(pattern)
    for pattern in (
        _ISO,
        _DOTTED,
        _SLASHED,
        _DAY_FIRST,
        _MONTH_FIRST,
        _OF_YEAR,
        _ISO_MONTH,
        _WEEKDAY,
        _MONTH_ALONE,
    )
]
YEARS = [re.compile(pattern) for pattern in (_SEASON, _YEAR_ALONE)]
