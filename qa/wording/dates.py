"""Dates, moments and numbers, as the language that is spoken writes them."""

from __future__ import annotations

from qa.wording.catalogue import marked, say, say_in

MONTHS = (
    *(marked("January"), marked("February"), marked("March"), marked("April")),
    *(marked("May"), marked("June"), marked("July"), marked("August")),
    *(marked("September"), marked("October"), marked("November"), marked("December")),
)

# Contexts in which months and dates are written otherwise.
OF_A_DAY, BEFORE_COMMA = "a day in", "before a comma"
DAY = marked("%(day)s %(month)s %(year)s")
MONTH = marked("%(month)s %(year)s")
YEAR = marked("%(year)s")


def number(value: int) -> str:
    """A whole number: "1,204"."""
    return f"{value:,}".replace(",", say_in("between thousands", ","))


def decimal(value: float, places: int = 2) -> str:
    """A number with decimals: "0.83"."""
    return f"{value:.{places}f}".replace(".", say_in("before decimals", "."))


def month(which: int) -> str:
    """The name of a month, by its number."""
    return say(MONTHS[which - 1])


def date(iso: str, context: str = "") -> str:
    """A date in words, as precise as it is.

    >>> date("2024-05-02T10:00:00Z"), date("2024-05"), date("2024")
    ('2 May 2024', 'May 2024', '2024')
    """
    year, *rest = iso[:10].split("-")
    if not all(part.isdecimal() for part in (year, *rest)):
        return iso
    if not rest:
        return say_in(context, YEAR) % {"year": year}
    if not 1 <= int(rest[0]) <= 12:
        return iso
    name = MONTHS[int(rest[0]) - 1]
    if len(rest) == 1:
        return say_in(context, MONTH) % {"month": say(name), "year": year}
    named = {"day": int(rest[1]), "month": say_in(OF_A_DAY, name), "year": year}
    return say_in(context, DAY) % named


def date_before_comma(iso: str) -> str:
    """The same, where a comma follows: Serbian leaves out the full stop that it ends with."""
    return date(iso, BEFORE_COMMA)


def moment(iso: str) -> str:
    """A moment in words, to the minute; it is in UTC.

    >>> moment("2024-05-02T10:04:33.123Z")
    '2 May 2024, 10:04 UTC'
    """
    return say("%(date)s, %(time)s UTC", date=date(iso), time=iso[11:16])


def size(count: int) -> str:
    """A number of bytes in words.

    >>> size(10 * 1024 * 1024), size(300)
    ('10 MB', '300 bytes')
    """
    for unit, name in ((1024 * 1024, "MB"), (1024, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}".replace(".", say_in("before decimals", "."))
    return say("%(number)s bytes", number=count)
