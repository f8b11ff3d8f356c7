"""The numbers, dates and names that a sentence states, and which of them a passage lacks.

Numbers compare by value and unit, dates by the parts that are given, names by their words: without
regard to case, accents and kinds of dashes. The lists are English, months and weekdays in further
languages. A word that is capitalised only because it opens a sentence is no name.

>>> [fact.text for fact in missing("Vučić bought 45 tanks in May 2021.", "Vucic bought 40 tanks.")]
['45', 'May 2021']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any, Literal, NamedTuple

from qa.check.words import FUNCTION_WORDS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _numbered(lists: str, first: int = 1) -> dict[str, int]:
    """Each word's list: "a b|c" -> {a: 1, b: 1, c: 2}."""
    return {w: i for i, words in enumerate(lists.split("|"), first) for w in words.split()}


_SAME = {"ß": "ss", "đ": "dj", "Đ": "Dj", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae"}
_SAME |= {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "—": "|", "\n": "\n"}
_SAME |= dict.fromkeys("‘’ʼ´`", "'") | dict.fromkeys("–−‑‐‒", "-") | dict.fromkeys("“”„«»", '"')
_ONES = _numbered("one|two|three|four|five|six|seven|eight|nine")
_TEENS = _numbered(
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen", 10
)
_TENS = {
    w: 10 * n
    for w, n in _numbered("twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety", 2).items()
}
_SCALES = {"dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT = {"k": 1e3, "mn": 1e6, "mio": 1e6, "mln": 1e6, "bn": 1e9, "mrd": 1e9, **_SCALES}
_WORDS = {"zero": 0, "half": 0.5, "hundred": 100, **_ONES, **_TEENS, **_TENS, **_SCALES}
_ORDINALS = _numbered(
    """second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|
    fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth""",
    2,
) | {"first": 1}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
# Class, factor and how a unit is written: only what is of one class compares.
_MEASURES = """% 1 % percent pct prozent posto procenata|$ 1 $ us$ usd dollar dollars|€ 1 € eur euro
        euros|£ 1 £ gbp pound pounds lb lbs|¥ 1 ¥ yen yuan|m 1 m metre metres meter meters|m 1000
        km kilometre kilometres kilometer kilometers|m .01 cm|m .001 mm|mile 1 mile miles|foot 1
        foot feet ft|kg 1 kg kilo kilos kilogram kilograms|kg 1000 t tonne tonnes ton tons|kg .001
        g gram grams|year 1 year years|month 1 month months|week 1 week weeks|day 1 day days|hour 1
        hour hours|minute 1 minute minutes min|second 1 second seconds|degree 1 degree degrees °c
        °f °|hectare 1 hectare hectares ha|acre 1 acre acres|litre 1 litre litres liter liters|watt
        1e3 kw kilowatts|watt 1e6 mw megawatts|watt 1e9 gw gigawatts"""
_UNITS: dict[str, tuple[str, float]] = {
    name: (unit, float(factor))
    for unit, factor, *names in map(str.split, _MEASURES.split("|"))
    for name in names
}
# A number without a unit is also found where the text counts one of these.
_LOOSE = frozenset({"year", "th", "$", "€", "£", "¥"})
_MONTHS = _numbered(
    """jan january januar janvier januara января јануар|feb february februar fevrier februara
    февраля фебруар|mar march marz mars mart marta марта март|apr april avril aprila апреля април|
    may mai maj maja мая маи|jun june juni juin juna июня јун|jul july juli juillet jula июля јул|
    aug august aout avgust avgusta августа август|sep sept september septembre septembar septembra
    сентября септембар|oct october oktober octobre oktobar oktobra октября октобар|nov november
    novembre novembar novembra ноября новембар|dec december dezember decembre decembar decembra
    декабря децембар"""
)
_WEEKDAYS = _numbered(
    """monday montag lundi ponedeljak|tuesday dienstag mardi utorak|wednesday mittwoch mercredi
    sreda|thursday donnerstag jeudi cetvrtak|friday freitag vendredi petak|saturday samstag samedi
    subota|sunday sonntag dimanche nedelja"""
)
# Say of somebody what he is: compared by the name that follows.
_TITLES = _listed(
    """mr mrs ms dr prof professor sir dame lord lady president vice prime minister chancellor king
    queen prince princess pope general colonel captain judge senator governor mayor chief secretary
    director chairman ceo coach actor actress singer spokesman spokeswoman researcher researchers
    officials police scientists herr frau madame monsieur"""
)
_PARTICLES = _listed("of for the de la le du da di del van von der den bin ibn al el")
_OPENERS = FUNCTION_WORDS | _listed(
    """yesterday today tomorrow however meanwhile according last next former despite while many
    several most another people two three four five six seven eight nine ten first second third no
    not never one there"""
)
# Opening a sentence, these are names all the same; with the endings below they make adjectives.
_PLACES = _listed(
    """afghanistan albania algeria america american austria australia belarus belgium bosnia brazil
    britain british bulgaria canada china chinese croatia cuba cyprus czech danish denmark dutch
    egypt england english estonia europe finland france french germany greece greek hungary india
    iran iraq ireland irish israel italy italian japan kazakhstan kosovo korea latvia lebanon libya
    lithuania macedonia mexico moldova montenegro netherlands nigeria norway pakistan palestine
    philippines poland portugal romania russia scotland serbia slovakia slovenia spain spanish sudan
    sweden swedish switzerland swiss syria taiwan turkey turkish ukraine vietnam yemen"""
)
_ENDINGS = ("n", "s", "ns", "an", "i", "is", "ian", "ians", "ese", "y", "d")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_D, _TH, _TO = r"(?:0?[1-9]|[12]\d|3[01])", "(?:st|nd|rd|th)", r"\ ?(?:-|to|and)\ ?"
_M, _Y = rf"(?P<m>{_any(_MONTHS)})\.?(?!\w)", r"(?P<y>[12]\d{3})(?!\w)"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.-])(?P<y>\d{4})-(?P<n>\d\d)-(?P<d>\d\d)(?:t[\d:.+]+z?)?(?!\w)",
        rf"(?<![\w.])(?P<d>\d\d?)\. ?(?P<n>\d\d?)\. ?{_Y}",
        rf"(?<![\w/])(?P<d>\d\d?)/(?P<o>\d\d?)/{_Y}",
        rf"(?<![\w.,])(?:(?P<e>{_D}){_TH}?{_TO})?(?P<d>{_D})(?:{_TH}|\.)?(?: of)? {_M}"
        rf"(?: ?,? {_Y})?",
        rf"(?<!\w){_M} (?P<d>{_D}){_TH}?(?:{_TO}(?P<e>{_D}))?(?![\w:]|[.,]\d)(?: ?,? {_Y})?",
        rf"(?<!\w){_M}(?: ?,)?(?: of)? {_Y}",
        r"(?<![\w-])(?P<y>[12]\d{3})-(?P<n>0[1-9]|1[0-2])(?![\w-])",
        rf"(?<!\w)(?P<w>{_any(_WEEKDAYS)})s?(?!\w)",
        r"(?<!\w)(?:in|since|by|until|till|from|to|of|and|during|last|next|this|early|late|mid|"
        r"before|after|between|through)[ -](?P<m>january|february|march|april|may|june|july|august|"
        r"september|october|november|december)(?!\w)",
    )
]
_YEARS = [
    re.compile(pattern)
    for pattern in (
        r"(?<![\w.,/])(?P<y>(?P<c>1\d|20)\d\d)[-/](?P<z>\d\d)(?!\w)",
        r"(?<![\d.,$€£¥/])(?<![^\W\d_])(?P<y>1\d{3}|20\d\d)(?P<s> ?'?s)?"
        rf"(?![\w%]|[.,]\d|[ -]?(?:{_any({*_UNITS, *_SHORT})})(?!\w))",
    )
]
_SCALED = rf"[ -](?:{_any(_SCALES)})(?!\w)"
_SMALL = rf"(?:(?:{_any(_TENS)})(?:[ -](?:{_any(_ONES)}))?|{_any(_TEENS)}|{_any(_ONES)}|zero)"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?)[ -]hundred(?:(?: and |[ -]){_SMALL})?|{_SMALL})(?!\w)"
_NUMBER = re.compile(
    r"(?<![\w#])(?<![^\W\d]-)(?<!\d[.,])(?P<currency>us\$|[$€£¥]|(?:usd|eur|gbp)(?= ))? ?"
    r"(?:(?P<over>\d{1,9})/(?P<under>\d{1,9})(?!\d)"
    r"|(?P<digits>(?:minus |-)?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    rf"|\d{{1,3}}(?:[ ']\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d))(?P<th>{_TH}(?!\w))?"
    rf"|(?P<top>an?|{_any(_ONES)})[ -](?P<part>{_any(_PARTS)})s?(?!\w)"
    rf"|(?P<tens>(?:{_any(_TENS)})-)?(?P<ordinal>{_any(_ORDINALS)})(?!\w)"
    rf"|(?P<spelt>(?:{_HUNDREDS}|half(?: an?(?={_SCALED}))?(?!\w)|an?(?={_SCALED}))"
    rf"(?:{_SCALED}(?:(?: and |[ -]){_HUNDREDS})?)*))"
    rf"(?:[ -]?(?P<scale>{_any(_SHORT)})(?!\w))?"
    rf"(?:[ -]?(?P<power>square |cubic )?(?P<unit>{_any([*_UNITS, 'per cent'])})(?!\w))?(?!\w)"
)
# A footnote's number is none of the sentence's.
_CITATION = re.compile(r"\[\d+(?:[,–-] ?\d+)*\]")
_WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_](?!\w))+\.?|\w+(?:'\w+)*")
_OPENING = re.compile(r'[.!?:|"\n]')

Reading = tuple[float, float, str]  # of a number: value, factor and class of its unit
Day = tuple[str | None, int | None, int | None, int | None]  # year or decade, month, day, weekday


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or name that a sentence states."""

    kind: Literal["number", "name", "date"]
    text: str  # as written
    start: int  # in the sentence
    end: int


class _Found(NamedTuple):
    """A fact as it compares: any of these readings, or these words of a name."""

    kind: Literal["number", "name", "date"]
    start: int
    end: int
    value: frozenset[Any] | tuple[_Word, ...]


class _Word(NamedTuple):
    key: str
    start: int
    end: int
    capital: bool
    acronym: bool
    marked: bool  # a name by its look: NATO, iPhone, COVID-19
    opens: bool  # a sentence, or what stands between quotation marks
    joins: bool  # the word before it, as one name


def facts(sentence: str) -> list[Fact]:
    """What the sentence states, in order; what it states twice comes once.

    >>> [(fact.kind, fact.text) for fact in facts("Researchers met Ana in May 2021 at 5 pm.")]
    [('name', 'Ana'), ('date', 'May 2021'), ('number', '5')]
    """
    return [fact for fact, _ in _read(sentence)]


def missing(sentence: str, passage: str, *, context: str = "") -> list[Fact]:
    """Those of them that neither the passage nor its context (title, author, date) has."""
    known = _Known(f"{passage}\n{context}")
    return [fact for fact, found in _read(sentence) if not known.has(found)]


def _read(sentence: str) -> list[tuple[Fact, _Found]]:
    plain, places = _plain(_CITATION.sub(lambda m: "|" * len(m[0]), sentence))
    found, rest = _dates(plain, _DATES + _YEARS)
    stated, rest = _numbers(rest)
    found += [number for number in stated if not _vague(plain[number.start : number.end])]
    found += _names(_masked(plain, rest))
    distinct = {(f.kind, _comparable(f)): f for f in sorted(found, reverse=True, key=_start)}
    facts = []
    for f in sorted(distinct.values(), key=_start):
        start, end = places[f.start], places[f.end - 1] + 1
        while unicodedata.combining(sentence[end : end + 1] or " "):
            end += 1
        facts.append((Fact(f.kind, sentence[start:end], start, end), f))
    return facts


def _start(found: _Found) -> int:
    return found.start


def _comparable(found: _Found) -> object:
    return tuple(w.key for w in found.value) if isinstance(found.value, tuple) else found.value


def _vague(number: str) -> bool:
    """ "one" is mostly a pronoun, and "first" an adverb."""
    return number.lower() in ("one", "first")


def _plain(text: str) -> tuple[str, list[int]]:
    """Without accents and what nobody sees; and where each character was."""
    bases = {char: _base(char) for char in set(text)}
    places = [i for i, char in enumerate(text) for _ in bases[char]]
    return "".join(map(bases.__getitem__, text)), places


@lru_cache(maxsize=65_536)
def _base(char: str) -> str:
    if char in _SAME:
        return _SAME[char]
    if unicodedata.category(char) in ("Mn", "Cf"):
        return ""
    if char.isspace():
        return " "
    compatible = unicodedata.normalize("NFKD", char)
    return compatible if len(compatible) == 1 else unicodedata.normalize("NFD", char)[0]


def _masked(plain: str, rest: str) -> str:
    """The text with | for what a date or number was read from."""
    return "".join("|" if r == "|" else p for p, r in zip(plain, rest, strict=True))


# --- dates and numbers --------------------------------------------------------------------------


def _dates(plain: str, patterns: list[re.Pattern[str]]) -> tuple[list[_Found], str]:
    """The dates, and the text in lower case with | in their place."""
    low, found = plain.lower(), []
    for pattern in patterns:
        for match in pattern.finditer(low):
            parts = match.groupdict()
            # A month alone: its preposition is no part of it, and "in may" is no month.
            alone = parts.get("m") and not parts.keys() & {"d", "y"}
            start, end = match.span("m") if alone else match.span()
            if not alone or plain[start].isupper():
                found.append(_Found("date", start, end, frozenset(_days(parts))))
        low = pattern.sub(lambda match: "|" * len(match[0]), low)
    return found, low


def _days(parts: dict[str, str | None]) -> Iterator[Day]:
    """The readings of a date: 3/4/2020 has two, and so has 4-5 March."""
    year, month = parts.get("y"), int(parts.get("n") or 0) or _MONTHS.get(parts.get("m") or "")
    days: list[int | None] = [int(day) for day in map(parts.get, "de") if day] or [None]
    years = [year[:3] if year and parts.get("s") else year]
    if parts.get("z"):
        years.append(f"{parts['c']}{parts['z']}")
    for which, day in product(years, days):
        if parts.get("o"):
            yield which, int(parts["o"] or 0), day, None
            yield which, day, int(parts["o"] or 0), None
        else:
            yield which, month, day, _WEEKDAYS.get(parts.get("w") or "")


def _numbers(low: str) -> tuple[list[_Found], str]:
    """The numbers, and the text with | in their place."""
    found: list[_Found] = []
    matches = list(_NUMBER.finditer(low))
    readings = [set(_readings(match)) for match in matches]
    for i, match in enumerate(matches):
        if i + 1 < len(matches) and not (match["unit"] or match["currency"]):
            between = low[match.end() : matches[i + 1].start()]
            if re.fullmatch(_TO, between):  # 10 to 12 %
                readings[i] |= set(_readings(match, matches[i + 1]))
        start = match.end() - len(match[0].lstrip())
        found.append(_Found("number", start, match.end(), frozenset(readings[i])))
    return found, _NUMBER.sub(lambda match: "|" * len(match[0]), low)


def _readings(match: re.Match[str], measure: re.Match[str] | None = None) -> Iterator[Reading]:
    """What a number may mean, with the scale and unit of `measure`, else its own."""
    measure = measure or match
    scale = _SHORT.get(measure["scale"] or "", 1.0)
    unit, factor = _UNITS.get((measure["unit"] or "").replace(" ", ""), ("", 1.0))
    if measure["currency"]:
        unit, factor = _UNITS[measure["currency"]]
    elif match["ordinal"] or match["th"]:
        unit = "th"
    for value in _values(match):
        power = {"square ": 2, "cubic ": 3}.get(measure["power"] or "", 1)
        yield value * scale, factor**power, f"{measure['power'] or ''}{unit}"
        if match["part"] or match["spelt"] == "half":
            yield 100 * value, 1.0, "%"
        if match["top"] in ("a", "an"):  # a fifth season
            yield float(_PARTS[match["part"]]), 1.0, "th"
        if measure["unit"] == "m" and measure[0].endswith("m") and measure[0][-2:-1].isdigit():
            yield (
                value * 1e6,
                1.0,
                _UNITS[measure["currency"] or "$"][0] * bool(measure["currency"]),
            )


def _values(match: re.Match[str]) -> Iterator[float]:
    if match["over"]:
        yield float(match["over"]) / (float(match["under"]) or 1)
    elif match["digits"]:
        yield from _of_digits(match["digits"].replace("minus ", "-"))
    elif match["part"]:
        yield _ONES.get(match["top"], 1) / _PARTS[match["part"]]
    elif match["ordinal"]:
        yield _TENS.get((match["tens"] or "-")[:-1], 0) + _ORDINALS[match["ordinal"]]
    else:
        yield _of_words(match["spelt"])


def _of_digits(digits: str) -> Iterator[float]:
    """1,000 -> 1000; 1.500 -> 1500 and 1.5; 1,5 -> 1.5."""
    digits = re.sub("[ ']", "", digits)[:40]
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", digits):
        yield float(digits.replace(",", ""))
        return
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", digits):
        yield float(digits.replace(".", "").replace(",", "."))
    if digits.count(".") + digits.count(",") <= 1:
        yield float(digits.replace(",", "."))


def _of_words(words: str) -> float:
    """two hundred and five thousand -> 205000.0"""
    total, current = 0.0, 0.0
    for word in re.findall("[a-z]+", words):
        if word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0.0
        elif word == "hundred":
            current = (current or 1) * 100
        else:
            current += _WORDS.get(word, 0)
    return total + current


# --- names --------------------------------------------------------------------------------------


def _words(plain: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(plain):
        end = words[-1].end if words else 0
        gap, text = plain[end : match.start()], match[0]
        stem = text[:-2] if text.endswith(("'s", "'S")) else text
        before = words[-1] if words else None
        short = before is not None and (len(before.key) == 1 or before.key in _TITLES)
        joins = gap.strip(" ") in ("", "-") or (gap == ". " and short)
        glued = gap == "-" and before is not None and before.capital and text[0].isdigit()
        key = stem.replace(".", "").lower()
        words.append(
            _Word(
                key=key,
                start=match.start(),
                end=match.start() + len(stem),
                capital=glued or (any(map(str.isupper, stem)) and not re.match("i('|$)", key)),
                acronym=stem.isupper() and sum(map(str.isalpha, stem)) > 1,
                marked=any(c.isupper() or c.isdigit() for c in stem[1:]),
                opens=before is None or (not joins and bool(_OPENING.search(gap))),
                joins=before is not None and joins,
            )
        )
    return words


def _runs(words: list[_Word]) -> Iterator[tuple[_Word, ...]]:
    """Capitalised words in a row, particles between them included, without function words."""
    run: list[_Word] = []
    for word in [*words, None]:
        if word and word.joins and run and (word.capital or word.key in _PARTICLES):
            run.append(word)
            continue
        while run and not run[-1].capital:
            run.pop()
        first = next((i for i, w in enumerate(run) if not _is_opener(w)), len(run))
        if run[first:]:
            yield tuple(run[first:])
        run = [word] if word and word.capital else []


def _is_opener(word: _Word) -> bool:
    adverb = word.opens and word.key.endswith("ly") and word.key not in _PLACES
    return not word.acronym and (word.key in _OPENERS or adverb)


def _names(plain: str) -> Iterator[_Found]:
    words = _words(plain)
    if _is_headline(plain, words):
        return
    within = {word.key for word in words if word.capital and not word.opens}
    for run in _runs(words):
        core = _core(run)
        alone = len(core) == 1 and core[0].opens and not core[0].marked
        if core and not (alone and core[0].key not in within and not _is_place(core[0].key)):
            yield _Found("name", run[0].start, run[-1].end, run)


def _core(run: Iterable[_Word]) -> list[_Word]:
    return [word for word in run if word.capital and word.key not in _TITLES]


def _is_headline(plain: str, words: list[_Word]) -> bool:
    """Where every word is capitalised, capitals mean nothing."""
    telling = [word for word in words if word.key not in FUNCTION_WORDS]
    title = len(telling) > 4 and all(word.capital for word in telling)
    return plain.isupper() or (title and not plain.rstrip("'\" ").endswith((".", "!", "?")))


def _is_place(key: str) -> bool:
    return not _PLACES.isdisjoint(_variants(key))


def _variants(key: str) -> Iterator[str]:
    """Serbia, Serbian, Serbians and the like, each from each."""
    yield key
    for ending in _ENDINGS:
        if len(key) > 3:
            yield key + ending
        if len(key) - len(ending) > 3 and key.endswith(ending):
            yield key[: -len(ending)]


class _Known:
    """What a text has, looked up in constant time."""

    def __init__(self, text: str) -> None:
        plain, _ = _plain(text)
        dates, low = _dates(plain, _DATES)
        years, _ = _dates(low, _YEARS)
        numbers, _ = _numbers(low)
        self._index_numbers(numbers)
        self.days: set[tuple[object, ...]] = set()
        self.weekdays: set[int | None] = set()
        for found in (*dates, *years):
            for day in found.value:
                self._index_day(*day)
        self.days |= {
            (str(int(v)), None, None) for v in self.bare if 1000 <= v < 2100 and v % 1 == 0
        }
        self._index_names(_words(plain))

    def _index_numbers(self, numbers: Iterable[_Found]) -> None:
        known: list[Any] = [reading for number in numbers for reading in number.value]
        self.measured = {(_rounded(value * factor), unit) for value, factor, unit in known}
        self.bare = {_rounded(value) for value, _, unit in known if not unit}
        self.loose = {_rounded(value) for value, _, unit in known if unit in _LOOSE}

    def _index_day(self, y: str | None, m: int | None, d: int | None, w: int | None) -> None:
        """With every part left out; those without a year are told apart by None and ""."""
        self.weekdays |= {w, _weekday(y, m, d)}
        years = (y, y[:3], None) if y else ("", None)
        self.days |= set(product(years, (m, None), (d, None)))

    def _index_names(self, words: list[_Word]) -> None:
        self.words = {word.key for word in words}
        self.lower = {word.key for word in words if not word.capital}
        self.capital = {word.key for word in words if word.capital}
        self.initials: set[str] = set()
        self.before: dict[str, set[str]] = {}  # last word of a name -> the words before it
        for run in _runs(words):
            letters = "".join(word.key[0] for word in run if word.capital)
            for size in range(2, min(len(letters), 8) + 1):
                self.initials |= {letters[:size], letters[-size:]}
            if core := _core(run):
                keys = {word.key for word in core[:-1]}
                before = self.before.setdefault(core[-1].key, set())
                before |= keys | {f"{key[0]}." for key in keys} or {""}

    def has(self, found: _Found) -> bool:
        if isinstance(found.value, tuple):
            return self._has_name(found.value)
        has = self._has_number if found.kind == "number" else self._has_day
        return any(has(*reading) for reading in found.value)

    def _has_number(self, value: float, factor: float, unit: str) -> bool:
        raw = _rounded(value)
        measured = (_rounded(value * factor), unit) in self.measured
        return measured or raw in self.bare or (not unit and raw in self.loose)

    def _has_day(self, y: str | None, m: int | None, d: int | None, w: int | None) -> bool:
        if w:
            return w in self.weekdays
        elsewhere = m and ("", m, d) in self.days and (y, None, None) in self.days
        return (y, m, d) in self.days or bool(elsewhere)

    def _has_name(self, run: tuple[_Word, ...]) -> bool:
        core = _core(run)
        if len(core) > 1 and core[0].opens and core[0].key in self.lower:
            core = core[1:]
        *earlier, last = [word.key for word in core]
        letters = "".join(word.key[0] for word in run if word.capital)
        if not earlier and core[-1].acronym:
            return last in self.capital or last in self.initials
        if all(map(self._mentions, [*earlier, last])):
            return True
        if len(letters) > 1 and letters in self.capital:
            return True
        return not any(w.key in ("of", "for") for w in run) and self._ends(earlier, last)

    def _mentions(self, key: str) -> bool:
        return not self.words.isdisjoint(_variants(key))

    def _ends(self, earlier: list[str], last: str) -> bool:
        """Whether a name here ends alike, and has nothing before it that speaks against it."""
        before = self.before.get(last, set())
        fits = any(
            key in before or key[0] in before or (len(key) == 1 and f"{key}." in before)
            for key in earlier
        )
        return "" in before or fits


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")


def _weekday(y: str | None, m: int | None, d: int | None) -> int | None:
    try:
        return date(int(y or 0), m or 0, d or 0).isoweekday()
    except ValueError:
        return None
