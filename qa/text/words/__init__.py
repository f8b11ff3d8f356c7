"""What a difference turns on: number, negation, name, unit or other word.

The lists are English, negations also German, French, Serbian and Russian; digits and capitals need
none. A word that no list knows is a plain word: reported all the same, without the louder label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from qa.types import DifferenceKind


class Word(NamedTuple):
    """A folded word, and whether it is written like a name."""

    folded: str
    name: bool


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Say little about where a text comes from: they weigh half.
FUNCTION_WORDS = _listed(
    """
    a about after all also although am an and any are as at be because been before being both but by
    can could did do does doing during each else even ever every for from further had has have
    having he her here hers him his how i if in into is it its just like may me might more most much
    must my of off on once only onto or other our out over own per rather same shall she should
    since so some such than that the their them then there these they this those though through thus
    to too under until up upon us very was we were what when where whether which while who whom
    whose why will with within would yet you your i'm i've i'd it's that's he's she's we're
    they're we've they've
    """
)

_NUMBERS = _listed(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred hundreds thousand thousands million millions billion billions trillion trillions dozen
    dozens half halves third thirds quarter quarters first second fourth fifth sixth seventh eighth
    ninth tenth eleventh twelfth hundredth thousandth once twice thrice
    + ± = ≠ < > ≤ ≥ ≈ ~ × ÷ 一 二 三 四 五 六 七 八 九 十 百 千 万 萬 億 亿 兆
    """
)

_NEGATIONS = _listed(
    """
    no not never none nor neither without cannot nobody nothing nowhere hardly scarcely barely non
    anti deny denies denied denying denial dont doesnt didnt isnt arent wasnt werent wont
    cant couldnt wouldnt shouldnt nicht kein keine keinen keinem keiner nie niemals niemand nichts
    ohne ne pas jamais aucun aucune sans nije nisu nisam nismo niste nema neće nikad nikada niko
    ništa bez не нет ни никогда никто ничего без није нису нема неће никад нико ништа
    """
)
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "anti")
_SHORTEST_STEM = 3
# What stands before a number is gone through in runs, so that no sign is where one may begin twice.
_GLUED = re.compile(r"((?:[^\d.,:/'-]|[.,:/'-]++(?!\d))*?)([-+]?[\d.,:/'-]*\d)([^\d]*)")
_UNITS = _listed(
    """
    percent percentage cent % ‰ ‱ ٪ points
    dollar dollars cents euro euros pound pounds pence yen yuan rouble roubles ruble rubles dinar
    dinars franc francs crown crowns lira rupee rupees usd eur gbp chf rsd rub $ € £ ¥ ₽
    millimetre millimetres millimeter millimeters centimetre centimetres centimeter centimeters
    metre metres meter meters kilometre kilometres kilometer kilometers mile miles yard yards foot
    feet inch inches hectare hectares acre acres mm cm km nm µm μm
    milligram milligrams gram grams gramme grammes kilogram kilograms kilo kilos ton tons tonne
    tonnes ounce ounces mg kg µg μg ng lb lbs oz
    litre litres liter liters millilitre millilitres milliliter milliliters gallon gallons barrel
    barrels ml dl µl μl
    watt watts kilowatt kilowatts megawatt megawatts gigawatt gigawatts kw mw gw kwh mwh gwh volt
    volts degree degrees celsius fahrenheit kelvin °c °f hertz mhz ghz byte bytes kilobytes
    megabytes gigabytes terabytes kb mb gb tb
    second seconds minute minutes hour hours day days week weeks fortnight month months quarter
    quarters year years decade decades century centuries millennium millennia ms
    sekunden minuten stunden tag tage tagen wochen monate monaten jahr jahre jahren prozent
    heures jours semaines mois ans années pourcent
    """
)


def is_content(word: str) -> bool:
    """Whether a folded word says something of its own."""
    return word not in FUNCTION_WORDS


def is_number(word: str) -> bool:
    """Digits anywhere, a number word, or a sign that compares numbers."""
    return word in _NUMBERS or any(char.isnumeric() or char.isdigit() for char in word)


def is_negation(word: str) -> bool:
    """A word that turns a statement round, n't included."""
    return word in _NEGATIONS or word.endswith("n't")


def is_unit(word: str) -> bool:
    """A word or sign that says what is counted: kilometres, per cent, euros, years."""
    return word in _UNITS


def negates(words: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a word negates one of the others by a prefix: unable and able, illegal and legal."""
    stems = [word for word in others if len(word) >= _SHORTEST_STEM]
    return not {prefix + stem for prefix in _PREFIXES for stem in stems}.isdisjoint(words)


def kind(quote: Sequence[Word], source: Sequence[Word]) -> DifferenceKind:
    """What changed between words of a quote and those of its source: the gravest that applies."""
    one, other = (parted(word.folded for word in side) for side in (quote, source))
    if _differ(is_number, one, other):
        return "number"
    if _differ(is_negation, one, other) or negates(one, other) or negates(other, one):
        return "negation"
    if _differ(is_unit, one, other):
        return "unit"
    names = [Counter(word.folded for word in side if word.name) for side in (quote, source)]
    return "word" if names[0] == names[1] else "name"


def parted(words: Iterable[str]) -> list[str]:
    """The words, with a number and the unit that is glued to it apart: 45km -> 45 km."""
    found: list[str] = []
    for word in words:
        glued = _GLUED.fullmatch(word)
        found += [part for part in glued.groups() if part] if glued else [word]
    return found


def _differ(test: Callable[[str], bool], quote: Sequence[str], source: Sequence[str]) -> bool:
    one, other = (Counter(filter(test, side)) for side in (quote, source))
    return one != other
