"""Names of people: whether two are one person's, and who is named in a text, by name or by role.

No list of people is needed: a person is a name of two to four words that holds no word of an
organisation or a place, or one with a title or a role beside it. Linear time: each capitalised
word and each role is looked at a fixed number of times.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from qa.check.words import FUNCTION_WORDS
from qa.normalize import tokenize


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


HONORIFICS = _listed(
    "mr mrs ms miss mister dr doctor prof sir dame lord lady st sen rep gov gen col capt herr frau"
    " monsieur madame m mme gospodin gospodja господин госпожа"
)
ROLES = _listed(
    """
    ambassador analyst attaché author captain ceo chair chairman chairwoman chancellor chief coach
    colonel commander commissioner congressman congresswoman consul deputy diplomat director
    economist editor envoy expert founder general governor head historian journalist judge king
    lawmaker lawyer leader manager mayor minister officer official president prince princess
    professor prosecutor queen representative researcher scientist secretary senator sergeant
    speaker spokesman spokesperson spokeswoman
    botschafter botschafterin kanzler kanzlerin präsident präsidentin sprecher sprecherin
    ambassadeur ambassadrice ministre président présidente
    ambasador ministar ministarka predsednik predsednica portparol
    посол министр президент
    """
)
BODIES = _listed(
    """
    agency analysts army bank club committee company council court department embassy experts firm
    government ministry observers office officials parliament party police prosecutors report
    researchers statement study team union university
    """
)
_NOT_A_PERSON = _listed(
    """
    academy act affairs agency agreement alliance army assembly association bank board bureau
    center centre chamber charter church city club college commission committee company conference
    congress convention corp corporation council country court daily department division embassy
    europe european federation forces foundation front fund government group herald hospital house
    inc institute international journal league limited ltd media ministry movement museum nation
    national nations network news office online organisation organization parliament party police
    post press republic resolution reuters school security senate service society state states
    street summit team television times treaty tribunal tribune tv union united university war
    watch
    """
) | _listed("africa america asia balkans east eastern new north northern south southern west")
_DAYS_AND_SUCH = _listed(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december yesterday today tomorrow meanwhile however later
    earlier now then still instead according asked when speaking commenting similarly nevertheless
    laut selon prema по
    """
)
_NO_NAME = FUNCTION_WORDS | _DAYS_AND_SUCH
_TITLES = ROLES | HONORIFICS
_HEADS = ROLES | BODIES
_ALSO_ADJECTIVES = _listed("official general expert chief")
_PREFIXES = _listed("prime vice deputy")
_ADJECTIVES = _PREFIXES | _listed(
    """
    acting chief current defence defense economic executive federal finance foreign former general
    interior leading local military national new official opposition permanent political press
    regional ruling senior special state then-serving top
    """
)
_DETERMINERS = _listed("the this that a an der die das le la l’ ovaj taj")
# A word for a role that says less than another: this diplomat may be the ambassador.
_WIDER = {"diplomat": {"ambassador", "consul", "envoy", "attaché", "diplomat"}}
_MEN = _listed("mr herr monsieur sir lord spokesman chairman congressman king prince президент")
_WOMEN = _listed("mrs ms miss frau madame mme dame lady spokeswoman chairwoman queen princess")

# --- one person or two ---

_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгдезийклмнопрстуфыэђјљњћџ",
            [*"abvgdeziiklmnoprstufie", "dj", "j", "lj", "nj", "c", "dz"],
            strict=True,
        )
    )
    | {"ж": "z", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ь": "", "ю": "iu"}
    | {"я": "ia", "ё": "e", "đ": "dj", "ø": "o", "ł": "l"}
)
_SOUNDS = [("kh", "h"), ("shch", "s"), ("sch", "s"), ("sh", "s"), ("tch", "c"), ("ch", "c")]
_SOUNDS += [("ts", "c"), ("ck", "k"), ("zh", "z"), ("ph", "f"), ("x", "ks"), ("w", "v")]
_SOUNDS += [("yu", "iu"), ("ya", "ia"), ("y", "i"), ("j", "i")]


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
    last = _same_word(a[-1], b[-1])
    if last is False or len(a) == 1:
        return last or (None if _overlap(a, b) else False)
    first = _same_given(a[0], b[0])
    return None if first and not _middles_agree(a, b) else first and last


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a surname of one is somewhere in the other, or a lone name anywhere."""
    if len(a) == 1:
        return a[0] in b
    return bool(set(a[1:]) & set(b) or set(a) & set(b[1:]))


def _middles_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return all(any(_same_given(x, y) for y in b[1:]) for x in a[1:-1])


def _same_word(one: str, other: str) -> bool | None:
    if one == other:
        return True
    return None if min(len(one), len(other)) > 3 and _ratio(one, other) >= 0.8 else False


def _same_given(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and len(short) in (1, 3, 4, 5, 6, 7, 8):
        return True
    if any(one in names and other in names for names in _NICKNAMES):
        return True
    return len(short) > 3 and _ratio(one, other) >= 0.75


def _ratio(one: str, other: str) -> float:
    return float(Levenshtein.normalized_similarity(one, other))


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they sound, without titles: "Dr. Vučić-Khan" -> ("vucic", "han")."""
    folded = tokenize(_person_part(name)[:200]).folded
    plain = [_sound(word) for word in folded if word[0].isalpha() and word not in HONORIFICS]
    return tuple(word for word in plain if word)


def _sound(word: str) -> str:
    word = word.removesuffix("'s").replace("'", "").translate(_CYRILLIC)
    decomposed = unicodedata.normalize("NFD", word)
    word = "".join(char for char in decomposed if not unicodedata.combining(char))
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return re.sub(r"(.)\1+", r"\1", word)


_NICKNAMES = [
    set(map(_sound, names.split()))
    for names in (
        "william bill will",
        "robert bob rob",
        "joseph joe",
        "michael mike",
        "anthony tony",
        "james jim",
        "aleksandr aleksander aleksandar sasa sasha",
        "elizabeth liz beth",
        "vladimir volodymyr",
    )
]
_AFTER_ROLE = re.compile(r"\s*(?:(?:to|in|of|for|at)\s+(?:the\s+)?\S+)?[\s,]*")


def _person_part(name: str) -> str:
    """A name without its role: "the envoy to Serbia Ivan Ivanov" -> "Ivan Ivanov"."""
    name = re.sub(r"\([^()]*\)?", " ", name[:200])
    first, comma, _ = name.partition(",")
    if comma and not describes(first):
        return first
    roles = [word for word in re.finditer(r"[^\W\d_]+", name) if word[0].lower() in ROLES]
    if not roles:
        return name
    after = _AFTER_ROLE.match(name, roles[-1].end())
    return name[after.end() if after else roles[-1].end() :]


def describes(words: str) -> bool:
    """Whether a role is among the words: "the Russian ambassador" -> True."""
    return any(word in ROLES for word in re.findall(r"[^\W\d_]+", words[:200].lower()))


def is_full_name(name: str) -> bool:
    """Whether this is clearly a person's name: "Dr Anna Smith" -> True, "Moscow" -> False."""
    words = _person_part(name).split()
    words = [word for word in words if word.strip(".").lower() not in HONORIFICS]
    return 2 <= len(words) <= 4 and all(_may_be_name(word) for word in words)


def _may_be_name(word: str) -> bool:
    plain = word.strip(".,").lower()
    if plain in _NOT_A_PERSON or any(char.isdigit() for char in word):
        return False
    return plain in PARTICLES or (word[0].isalpha() and not (word.isupper() and "." not in word))


# --- who is named in a text ---

PARTICLES = _listed("de da di del della der den van von ten bin ibn al el la le du dos")
UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper())
# A capital first, and only then what stands before it: the search is for capitals alone.
_WORD = (
    rf"[{UPPER}](?<![\w’'-][{UPPER}])(?:[\w’'-]*\w)?"
    r"(?:(?:(?<=\b\w)|(?<=\b[MDS][rt])|(?<=\bMrs)|(?<=\bMs)|(?<=\bProf)|(?<=\b(?:Sen|Gov|Gen)))\.)?"
)
_NAME = re.compile(rf"{_WORD}(?: (?:(?:{'|'.join(PARTICLES)}) ){{0,2}}{_WORD}){{0,7}}")
_SMALL = re.compile(r"[\w’'-]+")
_PREPOSITION = re.compile(r" (?:to|in|of|for|at|from) (?:the )?")
_TWO_WORD_PLACE = _listed("united new north south east west great saudi sri costa el san foreign")


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, or some body, that a text speaks of."""

    name: str
    named: bool  # else only described
    is_person: bool
    forms: dict[str, None] = field(default_factory=dict)  # in the order of the text
    roles: list[Role] = field(default_factory=list)
    gender: str = ""  # m, f or not known

    def __post_init__(self) -> None:
        self.forms[self.name] = None


@dataclass(frozen=True, slots=True)
class Role:
    """A description: "the former Russian ambassador to Serbia"."""

    start: int
    end: int
    head: str
    modifiers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def may_be(self, other: Role) -> bool:
        """Whether this says no more than the other does of the same role."""
        heads = _WIDER.get(self.head, {self.head})
        past = {"former"} & self.modifiers == {"former"} & other.modifiers
        return other.head in heads and self.modifiers <= other.modifiers and past


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that speaks of somebody; nobody when it cannot be told whom."""

    start: int
    end: int
    who: Person | None


@dataclass(slots=True)
class _Name:
    start: int
    end: int
    title: str = ""
    role: Role | None = None


class People:
    """Those a text names or describes, and where.

    "The envoy, Ann Lee, came. Lee left." -> Ann Lee at [0:17] ("The envoy, Ann Lee") and [24:27]
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._roles: list[Role] = []
        self._names: list[_Name] = []
        self._by_last: defaultdict[str, list[Person]] = defaultdict(list)
        self._described: list[Person] = []
        for match in _NAME.finditer(text):
            self._split(match)
        self._names_at = {name.start: name for name in self._names}
        self._add_roles()
        self._names_at = {name.start: name for name in self._names}
        linked = self._linked()
        self.mentions = sorted(self._named(linked), key=lambda mention: mention.start)
        self.mentions += self._by_role(linked)
        self.mentions.sort(key=lambda mention: mention.start)

    # names and roles, as they are written

    def _split(self, match: re.Match[str]) -> None:
        """Cut capitalised words into roles and names; a possessive ends a name."""
        run: list[tuple[int, int]] = []
        for word in re.finditer(r"\S+", match[0]):
            start, end = match.start() + word.start(), match.start() + word.end()
            plain = re.sub(r"['’]s?\Z", "", word[0])
            if not run and plain.lower() in _NO_NAME:
                continue
            run.append((start, start + len(plain)))
            if len(plain) < end - start:
                self._add(run)
                run = []
        self._add(run)

    def _add(self, run: list[tuple[int, int]]) -> None:
        if not run:
            return
        words = [self._text[start:end].rstrip(".").lower() for start, end in run]
        cut = max((i + 1 for i, word in enumerate(words) if word in _TITLES), default=0)
        if cut and words[cut - 1] in ROLES:
            self._roles.append(self._role(run[0][0], run[cut - 1][1]))
        if cut < len(run):
            title = words[cut - 1] if cut else ""
            self._names.append(_Name(run[cut][0], run[-1][1], title))

    def _add_roles(self) -> None:
        """The roles in small letters, and what stands behind each: to Serbia, of the Union."""
        words = [word for word in _SMALL.finditer(self._text) if word[0] in _HEADS]
        small = [self._leftward(word.start(), word.end()) for word in words if self._is_noun(word)]
        capital = [self._leftward(role.start, role.end) for role in self._roles]
        self._roles = [self._rightward(role) for role in sorted(small + capital, key=_start)]
        taken = {i for role in self._roles for i in range(role.start, role.end)}
        self._names = [name for name in self._names if name.start not in taken]

    def _is_noun(self, word: re.Match[str]) -> bool:
        """Whether a role is meant: not in "an official invitation"."""
        following = _SMALL.match(self._text, word.end() + 1)
        if word[0] not in _ALSO_ADJECTIVES or not following or not following[0].islower():
            return True
        return following[0] in FUNCTION_WORDS or following[0].endswith(("s", "ed", "id", "ld"))

    def _leftward(self, start: int, end: int) -> Role:
        for _ in range(6):
            space = self._text.rfind(" ", max(0, start - 30), max(0, start - 1)) + 1
            word = (
                self._text[space : start - 1]
                if space
                else self._text[max(0, start - 30) : start - 1]
            )
            if start < 2 or self._text[start - 1] != " " or not word or len(word) > 28:
                break
            lines = word.rsplit("\n", 1)
            word = lines[-1]
            at = start - 1 - len(word)
            if word.lower() in _DETERMINERS or re.search(r"\w['’]s?\Z", word):
                start = at
                break
            capital = word[:1].isupper() and re.fullmatch(r"[\w-]+", word)
            if not (capital or word in _ADJECTIVES) or word.lower() in FUNCTION_WORDS:
                break
            start = at
            if len(lines) > 1:
                break
        return self._role(start, end)

    def _role(self, start: int, end: int) -> Role:
        words = re.findall(r"[\w-]+(?:['’]s)?", self._text[start:end].lower())
        head, rest = words[-1], [word for word in words[:-1] if word not in _DETERMINERS]
        if rest and rest[-1] in _PREFIXES:
            head = f"{rest.pop()} {head}"
        return Role(start, end, head, frozenset(rest))

    def _rightward(self, role: Role) -> Role:
        preposition = _PREPOSITION.match(self._text, role.end)
        name = self._names_at.get(preposition.end()) if preposition else None
        if name is None:
            return role
        words = list(re.finditer(r"\S+", self._text[name.start : name.end]))
        count = self._place_length([word[0].lower() for word in words])
        end = name.start + words[count - 1].end()
        if count < len(words):
            self._names.append(_Name(name.start + words[count].start(), name.end))
        if self._text[end : end + 1] in ("'", "’"):  # of Russia’s Ministry
            end += 2
            ministry = self._names_at.get(end + 1)
            end = ministry.end if ministry else end
        of = re.compile(r" (?:of|for) (?:the )?").match(self._text, end)
        more = self._names_at.get(of.end()) if of else None
        if more and count == len(words):
            end = more.end
        places = re.findall(r"[\w-]+", self._text[name.start : end].lower())
        return Role(role.start, end, role.head, role.modifiers, frozenset(places))

    @staticmethod
    def _place_length(words: list[str]) -> int:
        """How many of the words are the place: a person's name may follow it at once."""
        body = max((i + 1 for i, word in enumerate(words) if word in _NOT_A_PERSON), default=0)
        place = max(body, 2 if words[0] in _TWO_WORD_PLACE else 1)
        return place if len(words) - place >= 2 else len(words)

    # who they are

    def _linked(self) -> dict[int, tuple[int, int]]:
        """Each name that stands beside its role: where both together begin and end."""
        starts = {name.start: name for name in self._names}
        ends = {name.end: name for name in self._names}
        linked: dict[int, tuple[int, int]] = {}
        for role in self._roles:
            if role.head in BODIES:
                continue
            right = starts.get(role.end + 1) if self._text[role.end : role.end + 1] == " " else None
            right = right or self._behind_comma(role, starts)
            left = None if right else self._before_comma(role, ends)
            if right:
                right.role = role
                linked[right.start] = (role.start, right.end)
            elif left:
                left.role = role
                linked[left.start] = (left.start, role.end)
        return linked

    def _behind_comma(self, role: Role, starts: dict[int, _Name]) -> _Name | None:
        name = starts.get(role.end + 2) if self._text.startswith(", ", role.end) else None
        if name is None or self._text[name.end : name.end + 1] in (",", ".", ";"):
            return name
        # After meeting the envoy, Ann Lee said: no envoy is she.
        begins = re.search(
            r"(?:^|[\n,–—\ue000.]) ?\Z", self._text[max(0, role.start - 2) : role.start]
        )
        return name if begins and " " in self._text[name.start : name.end] else None

    def _before_comma(self, role: Role, ends: dict[int, _Name]) -> _Name | None:
        says_more = role.modifiers or role.places
        ended = self._text[role.end : role.end + 1] in ("", ",", ".", ";", "\n")
        if not (says_more and ended and self._text[role.start - 2 : role.start] == ", "):
            return None
        return ends.get(role.start - 2)

    def _named(self, linked: dict[int, tuple[int, int]]) -> Iterator[Mention]:
        """The names in the text: the full ones are read first, for the short ones to join them."""
        full = [name for name in self._names if self._is_full(name)]
        known = {name.start for name in full}
        found = [(name, self._full(name)) for name in full]
        short = [name for name in self._names if name.start not in known]
        short.sort(key=lambda name: (name.role is None and not name.title, -name.end + name.start))
        found += [(name, self._short(name)) for name in short]
        for name, who in sorted(found, key=lambda pair: pair[0].start):
            start, end = linked.get(name.start, (name.start, name.end))
            if who:
                self._learn(who, name)
            yield Mention(start, end, who)

    def _is_full(self, name: _Name) -> bool:
        words = self._text[name.start : name.end].split()
        after_the = self._text[max(0, name.start - 4) : name.start].lower() == "the "
        return 2 <= len(words) <= 4 and not after_the and all(map(_may_be_name, words))

    def _full(self, name: _Name) -> Person | None:
        words = self._text[name.start : name.end]
        last = (name_words(words) or ("",))[-1]
        same = [one for one in self._by_last[last][:20] if self._same(words, one.name)]
        if len(same) > 1:
            return None
        if not same:
            same = [Person(words, True, True)]
            self._by_last[last].append(same[0])
        elif len(name_words(words)) > len(name_words(same[0].name)):
            same[0].name = words
        return same[0]

    @staticmethod
    def _same(words: str, name: str) -> bool:
        return words == name or same_name(words, name) is True

    def _short(self, name: _Name) -> Person | None:
        words = self._text[name.start : name.end]
        plain = name_words(words)
        if not plain:
            return None
        same = [one for one in self._by_last[plain[-1]][:20] if self._same(words, one.name)]
        if len(same) > 1 and any(one.is_person for one in same):
            return None
        if same:
            return same[0]
        person = bool(name.role or name.title)
        self._by_last[plain[-1]].append(Person(words, True, person))
        return self._by_last[plain[-1]][-1]

    def _learn(self, who: Person, name: _Name) -> None:
        who.forms[self._text[name.start : name.end]] = None
        titles = {name.title}
        if name.role:
            who.roles.append(name.role)
            who.forms[self._beside(name, name.role)] = None
            titles.add(name.role.head)
        who.gender = who.gender or ("m" if titles & _MEN else "f" if titles & _WOMEN else "")

    def _beside(self, name: _Name, role: Role) -> str:
        """The role, or the role and the name where one would not stand without the other."""
        words = self.description(role)
        bare = words.lower() == role.head and role.end == name.start - 1
        return self._text[role.start : name.end] if bare else words

    def description(self, role: Role) -> str:
        words = self._text[role.start : role.end]
        first = words.split()[0]
        return first.lower() + words[len(first) :] if first.lower() in _DETERMINERS else words

    def _by_role(self, linked: dict[int, tuple[int, int]]) -> Iterator[Mention]:
        beside = {name.role.start for name in self._names if name.role}
        people = {id(who): who for known in self._by_last.values() for who in known if who.roles}
        for role in self._roles:
            if role.start not in beside:
                yield Mention(role.start, role.end, self._described_as(role, list(people.values())))

    def _described_as(self, role: Role, people: list[Person]) -> Person | None:
        fits = [who for who in people[:50] if self._fits(role, who)]
        if not fits:
            fits = [who for who in self._described[:50] if self._fits(role, who)][:1]
        if not fits:
            who = Person(self.description(role), False, False)
            who.roles.append(role)
            self._described.append(who)
            return who
        if len(fits) > 1:
            return None
        fits[0].forms[self.description(role)] = None
        return fits[0]

    @staticmethod
    def _fits(role: Role, who: Person) -> bool:
        places = {place for known in who.roles for place in known.places}
        return role.places <= places and any(role.may_be(known) for known in who.roles)


def _start(role: Role) -> int:
    return role.start
