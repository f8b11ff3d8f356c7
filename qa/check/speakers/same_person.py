"""Whether two names are one person's, and whether a name is a person's at all."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from qa.text.tokens import tokenize
from qa.text.words.tables import alternatives, listed

_ROLES = listed("roles")
_HONORIFICS = listed("honorifics")
_ARTICLES = listed("articles")
_PARTICLES = listed("particles") - listed("place_of")  # of is no person's: Bank of England
_NOT_A_PERSON = listed("words_of_bodies")

# --- how a name sounds ---

# Letters that are no Latin ones, or that are no letter and mark: đ does not come apart.
_LETTERS_OF = """
    а=a б=b в=v г=g д=d е=e ж=z з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c
    ч=c ш=s щ=s ъ= ы=i ь= э=e ю=iu я=ia ё=e ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz đ=dj ø=o ł=l
"""
# In this order: what shch becomes must be settled before sh is.
_SOUNDS = """
    kh=h shch=s sch=s sh=s tch=c ch=c ts=c ck=k zh=z ph=f x=ks w=v yu=iu ya=ia y=i j=i
"""
_BY_LETTER = str.maketrans(dict(pair.split("=") for pair in _LETTERS_OF.split()))
_BY_SOUND = [tuple(pair.split("=")) for pair in _SOUNDS.split()]


def sound(word: str) -> str:
    """A folded word in plain letters, one for each sound: "vučić" and "вучић" -> "vucic"."""
    word = word.removesuffix("'s").replace("'", "")
    if not word.isascii():
        decomposed = unicodedata.normalize("NFD", word.translate(_BY_LETTER))
        word = "".join(char for char in decomposed if not unicodedata.combining(char))
    for spelling, plain in _BY_SOUND:
        word = word.replace(spelling, plain)
    return re.sub(r"(.)\1+", r"\1", word)


# --- two names compared ---

_LONGEST = 200  # characters: nobody's name is longer
# Given names of which each may stand for the others, by their sound: bill, will and william.
_FAMILIES: defaultdict[str, set[int]] = defaultdict(set)
for _family, _names in enumerate(sorted(listed("nicknames"))):
    for _name in _names.split():
        _FAMILIES[sound(_name)].add(_family)
_GIVEN_NAMES = frozenset(map(sound, listed("given_names")))
_WOMEN = frozenset(map(sound, listed("women_names")))
_EITHER = frozenset(map(sound, listed("names_of_either")))
_LETTERS = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)?")
_AFTER_ROLE = re.compile(rf"\s*(?:(?:{alternatives('role_of', 'en')})\s+(?:the\s+)?\S+)?[\s,]*")
_SERVES = re.compile(
    rf"(?:{alternatives('servants')})\s+(?:{alternatives('role_of', 'en')})\s", re.IGNORECASE
)
# An initial, and any shorter form of a given name that is more than a syllable: Alex, Christo.
_SHORT_FORMS = (1, 3, 4, 5, 6, 7, 8)


def same_name(one: str, other: str) -> bool | None:
    """Whether two names are one person's; None where that cannot be known.

    "Dr A. Vučić", "Aleksandar Vucic" -> True; "Peter Smith", "Anna Smith" -> False; "Anna",
    "Anna Smith" -> None
    """
    a, b = sorted((name_words(one), name_words(other)), key=len)
    if not a:
        return None
    if a == b[-len(a) :] or sorted(a) == sorted(b):
        return True
    last = _same_surname(a[-1], b[-1])
    if last is False or len(a) == 1:
        return last or (None if _overlap(a, b) else False)
    first = _same_given(a[0], b[0])
    if first is None:
        return None
    return None if first and not _middles_agree(a, b) else first and last


def surely_same(one: str, other: str) -> bool:
    """Whether two names of one text are one person's, however alike others are spelt.

    "George W. Vell", "George Vell" -> True; "Eric Vell", "Erica Vell" -> False, and so are
    "George W. Vell", "George H. W. Vell": who writes both means two.
    """
    a, b = sorted((name_words(one), name_words(other)), key=len)
    if not a or same_name(one, other) is not True:
        return False
    if len(a) == 1 or a == b[-len(a) :] or sorted(a) == sorted(b):
        return True
    given = a[0] == b[0] or 1 in (len(a[0]), len(b[0])) or _is_nickname(a[0], b[0])
    return given and a[-1] == b[-1]


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a surname of one name is anywhere in the other, or a lone name is."""
    if len(a) == 1:
        return a[0] in b
    return bool(set(a[1:]) & set(b) or set(a) & set(b[1:]))


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether all that one name has in its middle the other has: not W. and H. W."""
    if len(a) > 2 and len(b) > len(a) and len(a[1]) == len(b[1]) == 1 and a[1] != b[1]:
        return False
    return all(any(_same_given(x, y) for y in b[1:]) for x in a[1:-1])


def _same_surname(one: str, other: str) -> bool | None:
    if one == other:
        return True
    return None if min(len(one), len(other)) > 3 and _likeness(one, other) >= 0.8 else False


def _same_given(one: str, other: str) -> bool | None:
    """Whether two given names are one; None for Maria and Mario, alike but for the ending."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if _is_nickname(one, other) or (len(short) == 1 and long.startswith(short)):
        return True
    genders = {_gender(one), _gender(other)}
    if genders == {"m", "f"}:  # Eric is not Erica
        return False
    if long.startswith(short) and len(short) in _SHORT_FORMS:
        return True
    if len(short) <= 3 or _likeness(one, other) < 0.75:
        return False
    return True if one[-1] == other[-1] and len(short) > 4 else None


def _is_nickname(one: str, other: str) -> bool:
    return bool(_FAMILIES.get(one, set()) & _FAMILIES.get(other, set()))


def _gender(given: str) -> str:
    """The gender of a given name as it sounds: "anna" -> "f", "kim" and "xyz" -> ""."""
    if given in _EITHER or given not in _GIVEN_NAMES:
        return ""
    return "f" if given in _WOMEN else "m"


def _likeness(one: str, other: str) -> float:
    return float(Levenshtein.normalized_similarity(one, other))


# --- the words of a name ---


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, without titles: "Dr. Vučić-Khan" -> ("vucic", "han")."""
    return _name_words(name[:_LONGEST])


@lru_cache(maxsize=16_384)
def _name_words(name: str) -> tuple[str, ...]:
    folded = tokenize(_without_role(name)).folded
    if folded[:1] == ["the"]:
        folded = folded[1:]
    plain = [sound(word) for word in folded if word[0].isalpha() and word not in _HONORIFICS]
    return tuple(word for word in plain if word)


def _without_role(name: str) -> str:
    """A name without its role: "the envoy to Serbia Ivan Ivanov" -> "Ivan Ivanov"."""
    name = _BRACKETS.sub(" ", name[:_LONGEST])
    first, comma, _ = name.partition(",")
    if comma and not describes(first):
        return first
    roles = [word for word in _LETTERS.finditer(name) if word[0].lower() in _ROLES]
    if not roles:
        return name
    if _SERVES.match(name, roles[-1].start()):  # a spokeswoman for Ann Lee is nobody named
        return ""
    after = _AFTER_ROLE.match(name, roles[-1].end())
    return name[after.end() if after else roles[-1].end() :]


def describes(words: str) -> bool:
    """Whether a role is among the words: "the Russian ambassador" -> True, "Ann Lee" -> False."""
    return any(word in _ROLES for word in _LETTERS.findall(words[:_LONGEST].lower()))


# --- whether it is a person's ---


def is_full_name(name: str) -> bool:
    """Whether this is written as a person's name is: "Dr Anna Smith" -> True, "Moscow" -> False."""
    words = _without_role(name).split()
    words = [word for word in words if word.strip(".").lower() not in _HONORIFICS]
    if words and words[0].lower() in _ARTICLES:  # The Guardian, Le Monde
        return False
    return 2 <= len(words) <= 4 and all(map(may_be_name, words))


def may_be_name(word: str) -> bool:
    """Whether a word can be in a person's name: "Lee", "van" -> True; "Bank", "EU" -> False."""
    plain = word.strip(".,").lower()
    if plain in _NOT_A_PERSON or any(char.isdigit() for char in word):
        return False
    return plain in _PARTICLES or (word[0].isalpha() and not (word.isupper() and "." not in word))


def has_given_name(name: str) -> bool:
    """Whether a name begins with one often given: "Anna Xyz" -> True, "Goldman Sachs" -> False."""
    if name.partition(" ")[0].lower() in _ARTICLES:  # Le Monde, which sounds like Lee
        return False
    return not _GIVEN_NAMES.isdisjoint(name_words(name)[:1])


def gender_by_name(name: str) -> str:
    """Of a name, by the given name that it begins with: "Anna Xyz" -> "f", "Kim Xyz" -> ""."""
    words = name_words(name)
    return _gender(words[0]) if has_given_name(name) else ""
