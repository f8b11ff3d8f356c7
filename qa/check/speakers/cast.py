"""The cast of a text: who is named in it, by name or by role.

No list of people is needed: a person is a name of two to four words that holds no word of an
organisation or a place, or one with a title or a role beside it. Linear time: each capitalised
word and each role is looked at a fixed number of times.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from qa.check.speakers.descriptions import description_start
from qa.check.speakers.people import (
    PERHAPS_NOT_A_PERSON,
    Cast,
    Mention,
    Person,
    outermost,
    shows_person,
    with_role,
)
from qa.check.speakers.roles import Apposition, Role, appositions, find_roles
from qa.check.speakers.same_person import (
    gender_by_name,
    has_given_name,
    may_be_name,
    name_words,
    surely_same,
)
from qa.check.speakers.titled_names import TitledName, titled_names
from qa.text.words.tables import alternatives, listed

# How many are held against a name or a role: more that share a surname are no text, but an attack.
_MOST_NAMED = 12
_MOST_WITH_ROLES = 50
_FAR_MORE_OFTEN = 3  # times: then a surname is theirs, of several who have it
_THE = re.compile(r"(?<!\w)[Tt]he \Z")
_DETERMINERS = listed("determiners")
_WHO = (", who ", " who ")
_SOMEBODY = re.compile(rf"(?:{alternatives('some', 'en')}) ", re.I)
_MEN, _WOMEN = listed("men"), listed("women")


def cast(text: str) -> Cast:
    """The cast of a text.

    "The envoy, Ann Lee, came. Lee left." -> Ann Lee, at [0:18] ("The envoy, Ann Lee") and [26:29]
    """
    names, capital = titled_names(text)
    roles, names = find_roles(text, names, capital)
    return told_apart(text, names, roles)


def told_apart(text: str, names: Iterable[TitledName], roles: Iterable[Role]) -> Cast:
    """Who is who among the names and roles of a text, in whatever order these come."""
    names = sorted(names, key=lambda name: name.start)
    roles = sorted(roles, key=lambda role: role.start)
    return _Casting(text, appositions(text, names, roles)).of(names, roles)


class _Casting:
    """Tells who is who: the names first, the full ones before the short, and then the roles."""

    def __init__(self, text: str, beside: Mapping[int, Apposition]) -> None:
        self._text, self._beside = text, beside
        self._people: list[Person] = []
        self._forms: list[dict[str, None]] = []
        self._by_surname: defaultdict[str, list[int]] = defaultdict(list)
        self._described: list[int] = []
        self._named_in_full: Counter[int | None] = Counter()
        self._namesakes: dict[str, int] = {}

    def of(self, names: Sequence[TitledName], roles: Sequence[Role]) -> Cast:
        """The cast of these names and roles, both in their order."""
        found = [*self._named(names), *self._by_role(roles)]
        mentions = outermost(found)
        people = (
            replace(who, forms=tuple(forms))
            for who, forms in zip(self._people, self._forms, strict=True)
        )
        return Cast(tuple(people), tuple(mentions))

    def _add(self, who: Person) -> int:
        self._people.append(who)
        self._forms.append({who.name: None})
        return len(self._people) - 1

    # --- by name ---

    def _named(self, names: Sequence[TitledName]) -> list[Mention]:
        """The names in the text: the full ones are read first, for the short ones to join them."""
        full = [name for name in names if self._is_full(name)]
        known = {name.start: self._full(name) for name in full}
        self._named_in_full.update(known.values())
        short = [name for name in names if name.start not in known]
        known |= {name.start: self._short(name) for name in sorted(short, key=self._titled_first)}
        return [self._mention(name, known[name.start]) for name in names]

    def _titled_first(self, name: TitledName) -> tuple[bool, int]:
        plain = name.start not in self._beside and not name.title
        return plain, name.start - name.end

    def _mention(self, name: TitledName, who: int | None) -> Mention:
        if who is not None:
            self._learn(who, name)
        beside = self._beside.get(name.start)
        if beside:
            return Mention(beside.span.start, beside.span.end, who)
        if name.title:
            return Mention(description_start(self._text, name.first), name.end, who)
        is_body = who is not None and not self._people[who].may_be_person
        the = len("The ") if is_body and self._has_the(name) else 0
        return Mention(name.first - the, name.end, who)

    def _words(self, name: TitledName) -> str:
        return self._text[name.start : name.end]

    def _has_the(self, name: TitledName) -> bool:
        return _THE.search(self._text, max(0, name.start - 5), name.start) is not None

    def _is_full(self, name: TitledName) -> bool:
        words = self._words(name).split()
        if name.is_label:
            words = [word.title() for word in words]
        return 2 <= len(words) <= 4 and not self._has_the(name) and all(map(may_be_name, words))

    def _full(self, name: TitledName) -> int | None:
        words = self._words(name)
        sound = name_words(words)
        same = self._same(words, sound)
        if len(same) > 1:
            return None
        if not same:
            person = Person(words, named=True, may_be_person=True, gender=gender_by_name(words))
            return self._call(sound, person)
        who = same[0]
        if len(sound) > len(name_words(self._people[who].name)):
            self._people[who] = replace(self._people[who], name=words)
        return who

    def _short(self, name: TitledName) -> int | None:
        words = self._words(name)
        sound = name_words(words)
        if not sound:
            return None
        same = self._of_gender(self._same(words, sound), name.title)
        if len(same) > 1 and any(self._people[who].may_be_person for who in same):
            return self._namesake(words, sound, same)
        if same:
            return same[0]
        titled = bool(name.title) or name.start in self._beside
        titled = titled or (self._text.startswith(_WHO, name.end) and not words.isupper())
        called = f"the {words}" if self._has_the(name) and not titled else words
        return self._call(sound, Person(called, named=True, may_be_person=titled))

    def _of_gender(self, people: list[int], title: str) -> list[int]:
        """Those of the people who may have a title: Mrs. Lee is not Bob Lee."""
        other = "f" if title in _MEN else "m" if title in _WOMEN else "-"
        fit = [who for who in people if self._people[who].gender != other]
        return fit or people

    def _namesake(self, words: str, sound: tuple[str, ...], same: Sequence[int]) -> int | None:
        """Whoever has a surname that several have: Lee, of Ann Lee and Bob Lee."""
        if len(sound) != 1:
            return None
        often = Counter({who: self._named_in_full[who] for who in same}).most_common(2)
        if often[0][1] >= _FAR_MORE_OFTEN * often[1][1]:
            return often[0][0]
        if words not in self._namesakes:
            persons = any(has_given_name(self._people[who].name) for who in same)
            lee = Person(words, named=True, may_be_person=True, is_person=persons, namesakes=True)
            self._namesakes[words] = self._add(lee)
        return self._namesakes[words]

    def _call(self, sound: tuple[str, ...], person: Person) -> int:
        who = self._add(person)
        self._by_surname[sound[-1] if sound else ""].append(who)
        return who

    def _same(self, words: str, sound: tuple[str, ...]) -> list[int]:
        """The people known whose name this may be a form of."""
        known = self._by_surname[sound[-1] if sound else ""][:_MOST_NAMED]
        names = {who: self._people[who].name for who in known}
        return [who for who, name in names.items() if words == name or surely_same(words, name)]

    def _learn(self, who: int, name: TitledName) -> None:
        """Remember what a name's place shows of somebody: a form, a role, a gender, a person."""
        known, beside = self._people[who], self._beside.get(name.start)
        self._forms[who][self._words(name)] = None
        titles = {name.title, beside.role.head if beside else ""}
        if beside:
            self._forms[who][self._with_name(beside.role, name)] = None
        roles = with_role(known.roles, beside.role) if beside else known.roles
        titled = "m" if titles & _MEN else "f" if titles & _WOMEN else ""
        gender = titled or known.gender
        is_person = known.is_person or (
            known.may_be_person
            and (shows_person(self._text, name, beside) or self._is_surname(known, name))
        )
        if (roles, gender, is_person) != (known.roles, known.gender, known.is_person):
            self._people[who] = replace(known, roles=roles, gender=gender, is_person=is_person)

    def _is_surname(self, who: Person, name: TitledName) -> bool:
        """Whether somebody is called by a last name alone: firms are, if at all, by their first."""
        words, full = self._words(name), who.name.split()
        if self._has_the(name) or len(full) < 2 or words != full[-1]:
            return False
        return not PERHAPS_NOT_A_PERSON.intersection(map(str.lower, full))

    def _with_name(self, role: Role, name: TitledName) -> str:
        """The role, or the role and the name where one would not stand without the other."""
        words = self._description(role)
        bare = words.lower() == role.head and role.end == name.start - 1
        return self._text[role.start : name.end] if bare else words

    def _description(self, role: Role) -> str:
        words = self._text[role.start : role.end]
        first = words.split()[0]
        return first.lower() + words[len(first) :] if first.lower() in _DETERMINERS else words

    # --- by role ---

    def _by_role(self, roles: Sequence[Role]) -> Iterator[Mention]:
        """The mentions by a role alone: no name stands beside it."""
        beside = {apposition.role.start for apposition in self._beside.values()}
        people = [who for who, one in enumerate(self._people) if one.roles][:_MOST_WITH_ROLES]
        for role in roles:
            if role.start not in beside:
                yield Mention(role.start, role.end, self._whose(role, people))

    def _whose(self, role: Role, people: Sequence[int]) -> int | None:
        described: Sequence[int] = self._described[:_MOST_WITH_ROLES]
        if _SOMEBODY.match(self._text, role.start):
            people = described = ()  # a spokesman is nobody who was named before
        fits = [who for who in people if _fits(role, self._people[who])]
        fits = fits or [who for who in described if _fits(role, self._people[who])][:1]
        if len(fits) > 1:
            return None
        words = self._description(role)
        if fits:
            self._forms[fits[0]][words] = None
            return fits[0]
        who = self._add(Person(words, named=False, may_be_person=False, roles=(role,)))
        self._described.append(who)
        return who


def _fits(role: Role, who: Person) -> bool:
    """Whether a role says nothing of somebody that the text has not said."""
    if not any(role.may_be(known) for known in who.roles):
        return False
    return role.places <= {place for known in who.roles for place in known.places}
