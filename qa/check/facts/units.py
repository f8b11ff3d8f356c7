"""Units and currencies: only what is of one class compares."""

from __future__ import annotations

# Class, factor, and how the unit is written.
_MEASURES = """
    %        1     % percent pct prozent posto procenata
    $        1     $ us$ usd dollar dollars
    €        1     € eur euro euros
    £        1     £ gbp pound pounds lb lbs
    ¥        1     ¥ yen yuan

    m        1     m metre metres meter meters
    m        1000  km kilometre kilometres kilometer kilometers
    m        .01   cm
    m        .001  mm
    mile     1     mile miles
    foot     1     foot feet ft
    hectare  1     hectare hectares ha
    acre     1     acre acres

    kg       1     kg kilo kilos kilogram kilograms
    kg       1000  t tonne tonnes ton tons
    kg       .001  g gram grams
    litre    1     litre litres liter liters

    year     1     year years
    month    1     month months
    week     1     week weeks
    day      1     day days
    hour     1     hour hours
    minute   1     minute minutes min
    second   1     second seconds

    degree   1     degree degrees °c °f °
    watt     1e3   kw kilowatts
    watt     1e6   mw megawatts
    watt     1e9   gw gigawatts
"""
UNITS: dict[str, tuple[float, str]] = {
    name: (float(factor), unit)
    for unit, factor, *names in map(str.split, filter(str.strip, _MEASURES.splitlines()))
    for name in names
}
# Classes of what is written without a unit of its own: 3rd, 5 p.m., 5:00.
ORDINAL, MORNING, AFTERNOON, CLOCK = "th", "am", "pm", "o'clock"
# A number without a unit is also found where the text counts one of these.
LOOSE = frozenset({"year", "$", "€", "£", "¥", ORDINAL, MORNING, AFTERNOON, CLOCK})
