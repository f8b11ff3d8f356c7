"""Who is named in a text, by name or by role.

No list of people is needed: a person is a name of two to four words that holds no word of an
organisation or a place, or one with a title or a role beside it. Linear time: each capitalised
word and each role is looked at a fixed number of times.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.check.speakers.appositions import appositions
from qa.check.speakers.capitals import Name, capitalised
from qa.check.speakers.names import may_be_name, name_words, same_name
from qa.check.speakers.person import Mention, Person, shows_person
from qa.check.speakers.roles import Role, find_roles
from qa.check.speakers.vocabulary import DETERMINERS, MEN, WOMEN

# How many are held against a name or a role: more that share a surname are no text, but an attack.
_MOST_NAMED = 12
_MOST_WITH_ROLES = 50
_THE = re.compile(r"(?<!\w)[Tt]he \Z")


class People:
    """Those a text names or describes, and where.

    People("The envoy, Ann Lee, came. Lee left.").mentions
    -> Ann Lee at [0:18] ("The envoy, Ann Lee") and [26:29]
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._by_surname: defaultdict[str, list[Person]] = defaultdict(list)
        self._described: list[Person] = []
        names, capital = capitalised(text)
        roles, names = find_roles(text, names, capital)
        self._beside = appositions(text, names, roles)
        found = [*self._named(names), *self._by_role(roles)]
        self.mentions = sorted(found, key=lambda mention: mention.start)

    # --- by name ---

    def _named(self, names: Sequence[Name]) -> list[Mention]:
        """The names in the text: the full ones are read first, for the short ones to join them."""
        full = [name for name in names if self._is_full(name)]
        known = {name.start for name in full}
        found = [(name, self._full(name)) for name in full]
        short = [name for name in names if name.start not in known]
        found += [(name, self._short(name)) for name in sorted(short, key=self._titled_first)]
        found.sort(key=lambda pair: pair[0].start)
        return [self._mention(name, who) for name, who in found]

    def _titled_first(self, name: Name) -> tuple[bool, int]:
        plain = name.start not in self._beside and not name.title
        return plain, name.start - name.end

    def _mention(self, name: Name, who: Person | None) -> Mention:
        if who:
            self._learn(who, name)
        beside = self._beside.get(name.start)
        if beside:
            return Mention(beside.span.start, beside.span.end, who)
        with_the = who and not who.may_be_person and self._has_the(name)
        return Mention(name.first - 4 if with_the else name.first, name.end, who)

    def _words(self, name: Name) -> str:
        return self._text[name.start : name.end]

    def _has_the(self, name: Name) -> bool:
        return _THE.search(self._text, max(0, name.start - 5), name.start) is not None

    def _is_full(self, name: Name) -> bool:
        words = self._words(name).split()
        return 2 <= len(words) <= 4 and not self._has_the(name) and all(map(may_be_name, words))

    def _full(self, name: Name) -> Person | None:
        words = self._words(name)
        sound = name_words(words)
        same = self._same(words, sound)
        if len(same) > 1:
            return None
        if not same:
            same = [Person(words, named=True, may_be_person=True)]
            self._by_surname[sound[-1] if sound else ""].append(same[0])
        elif len(sound) > len(name_words(same[0].name)):
            same[0].name = words
        return same[0]

    def _short(self, name: Name) -> Person | None:
        words = self._words(name)
        sound = name_words(words)
        if not sound:
            return None
        same = self._same(words, sound)
        if len(same) > 1 and any(one.may_be_person for one in same):
            return None
        if not same:
            titled = bool(name.title) or name.start in self._beside
            called = f"the {words}" if self._has_the(name) and not titled else words
            same = [Person(called, named=True, may_be_person=titled)]
            self._by_surname[sound[-1]].append(same[0])
        return same[0]

    def _same(self, words: str, sound: tuple[str, ...]) -> list[Person]:
        """Those known whose name this may be a form of."""
        known = self._by_surname[sound[-1] if sound else ""][:_MOST_NAMED]
        return [one for one in known if words == one.name or same_name(words, one.name) is True]

    def _learn(self, who: Person, name: Name) -> None:
        who.forms[self._words(name)] = None
        beside = self._beside.get(name.start)
        titles = {name.title, beside.role.head if beside else ""}
        if beside:
            who.add_role(beside.role)
            who.forms[self._with_name(beside.role, name)] = None
        who.gender = who.gender or ("m" if titles & MEN else "f" if titles & WOMEN else "")
        who.is_person |= who.may_be_person and shows_person(self._text, name, beside)

    def _with_name(self, role: Role, name: Name) -> str:
        """The role, or the role and the name where one would not stand without the other."""
        words = self._description(role)
        bare = words.lower() == role.head and role.end == name.start - 1
        return self._text[role.start : name.end] if bare else words

    def _description(self, role: Role) -> str:
        words = self._text[role.start : role.end]
        first = words.split()[0]
        return first.lower() + words[len(first) :] if first.lower() in DETERMINERS else words

    # --- by role ---

    def _by_role(self, roles: Sequence[Role]) -> Iterator[Mention]:
        """The roles that no name stands beside."""
        beside = {apposition.role.start for apposition in self._beside.values()}
        known = {id(who): who for same in self._by_surname.values() for who in same if who.roles}
        people = list(known.values())[:_MOST_WITH_ROLES]
        for role in roles:
            if role.start not in beside:
                yield Mention(role.start, role.end, self._whose(role, people))

    def _whose(self, role: Role, people: Sequence[Person]) -> Person | None:
        described = self._described[:_MOST_WITH_ROLES]
        fits = [who for who in people if _fits(role, who)]
        fits = fits or [who for who in described if _fits(role, who)][:1]
        if len(fits) > 1:
            return None
        if fits:
            fits[0].forms[self._description(role)] = None
            return fits[0]
        who = Person(self._description(role), named=False, may_be_person=False)
        who.add_role(role)
        self._described.append(who)
        return who


def _fits(role: Role, who: Person) -> bool:
    """Whether a role says nothing of somebody that the text has not said."""
    if not any(role.may_be(known) for known in who.roles):
        return False
    return role.places <= {place for known in who.roles for place in known.places}
