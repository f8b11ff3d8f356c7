"""Who says a stretch of an article, by the words that say so: said X, according to X, X: …

What stands between quotation marks is blanked first, so nobody quoted is taken for a speaker. Then
every say-verb with a subject beside it is a cue, and each cue covers what it reports: what follows
"X said that", what goes before "…, said X". What no cue covers is nobody's. Linear time: each verb
and mention is looked at once, through windows of bounded length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from qa.check.names import (
    BODIES,
    UPPER,
    Mention,
    People,
    Person,
    describes,
    is_full_name,
    name_words,
    same_name,
)
from qa.check.quotations import quotations
from qa.normalize import normalize
from qa.sentences import sentences
from qa.types import Span

_BLANK = "\ue000"  # each character of a quotation, its marks included
_FAR = 160  # how far a subject may be from its verb
_MANY = 60  # sentences: further nothing is looked for

_STEMS = """
    acknowledg|e add| admit|t advis|e announc|e answer| argu|e assert| assess| boast| call| caution|
    claim| comment| complain| conced|e conclud|e confirm| consider| contend| convey| declar|e
    describ|e disclos|e emphasis|e emphasiz|e estimat|e exclaim| explain| express| fram|e
    highlight| hint| insist| joke| lament| mention| not|e object| observ|e point| portray|
    predict| promis|e quip|p recall| reiterat|e remark| remind| repeat| report| respond|
    reveal| shout| signal| stat|e stress| suggest| underlin|e underscor|e urg|e vow| warn| whisper|
    wonder|
"""
_IRREGULAR = """
    said says told tells asked asks thinks thought believes believed writes wrote denied denies
    replied replies
    sagte sagt erklärte erklärt betonte betont meinte meint
    dit affirme déclare déclaré souligne souligné ajoute ajouté expliqué
    rekao rekla kazao kazala izjavio izjavila istakao istakla naveo navela dodao dodala poručio
    poručila ocenio ocenila naglasio naglasila kaže
    сказал сказала заявил заявила отметил отметила подчеркнул подчеркнула добавил добавила
    сообщил сообщила считает
"""
_ALSO_NOUNS = """
    boasts calls claims comments conveys estimates expresses frames highlights hints jokes notes
    objects points promises recalls remarks reports signals states stresses thought
"""
_PLURAL = "say tell ask think believe write deny reply"
_ING = "saying telling denying replying thinking believing writing"


def _verbs() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Finite verbs, those of them that need a plural subject, and participles."""
    finite, plural, participles = set(_IRREGULAR.split()), set(_PLURAL.split()), set(_ING.split())
    for stem in _STEMS.split():
        base, _, end = stem.partition("|")
        double = end if end in ("p", "t") else ""
        word = base + ("e" if end == "e" else "")
        plural.add(word)
        finite |= {word + ("es" if word.endswith("ss") else "s"), base + double + "ed"}
        participles.add(base + double + "ing")
    return frozenset(finite), frozenset(plural), frozenset(participles)


_FINITE, _NEED_PLURAL, _PARTICIPLES = _verbs()
_VERBS = _FINITE | _NEED_PLURAL | _PARTICIPLES
# Nouns as often as verbs: verbs behind a person's name alone.
_NOUNS = frozenset(_ALSO_NOUNS.split())
_DENIES = frozenset({"denied", "denies"})
_WORD = re.compile(r"[\w’'-]+")
_ADVERB = (
    r"(?:also|then|later|further|again|once|himself|herself|has|had|have|repeatedly|already"
    r"|reportedly|meanwhile|however|openly|clearly|recently|earlier|today|yesterday|a|je|hat"
    r"|went on to|[a-z]{3,12}ly)"
)
_SUBJECT_GAP = re.compile(
    r"(?:,? \([^()]{1,60}\))?"
    r"(?:, (?:who|whose|which|the|a|an|speaking|aged|\d)[^.;:\n]{0,120},|,)?"
    rf"(?: {_ADVERB},?){{0,3}} "
)
_AFTER_INVERSION = re.compile(
    r"\s*(?:[,.;:!?)–—-]|\Z|(?:in|on|at|to|during|after|when|while|as|with|from|who|for|last|this"
    r"|yesterday|today|am|im|à|lors|u|na|в|на)\b)"
)
_UNREAL = re.compile(
    r"\b(?:if|whether|what|whatever|unless|before|until|never|not|nor)(?: the)? \Z", re.I
)
_CLAUSE_BEGINS = re.compile(
    rf"(?:\A|[,;:–—(\n{_BLANK}.!?]|\b(?:and|but|while|as|because|although|though|since|when)) ?\Z",
    re.I,
)
_THAT = re.compile(r"[^,.;:]{0,60}?(?:\bthat\b|\bdass\b|\bque\b|\bda\b|\bчто\b|:)")
_OBJECT = re.compile(
    r"\b(?:according to|as per|in the words of|(?:remarks|comments|statements?|words)"
    r" (?:attributed to|from|by|of|made by)|laut|selon|d[’']après|prema rečima"
    r"|по словам) ",
    re.I,
)
_OBJECT_WORDS = ["ccording", "s per ", "words", "emarks", "omments", "tatement", "opinion", "view"]
_OBJECT_WORDS += ["assessment", "aut ", "elon ", "après", "rečima", "словам"]
_ADMITS = re.compile(r"’s |'s |[,.;:!?)–—\n]| (?:as|on|in|that|when|during|who|which)\b|\Z")
_WORDS_OF = re.compile(
    r"(?<!\w)(?:[Ii]n|[Ff]rom) (?=[^\n]{2,80}? (?:words|opinion|view|viewpoint|assessment)\b)"
)
_OWN_WORDS = re.compile(r"(?:['’]s?)? (?:own )?(?:words|opinion|view|viewpoint|assessment)\b")
_CONTINUES = re.compile(
    r"(?:,|–|—)(?: (?:while|at|the|same|time|also|and|but|thereby|further|all))* \Z"
)
_OPENS = re.compile(r"(?:While |By |In |After )?")
_DEPENDS = re.compile(
    r"\b(?:of|for|from|with|by|against|to|between|about|near|behind|than|on|at)(?: the)? \Z", re.I
)
_JOINED = re.compile(r"(?: and| or| und| et| i| и) \Z")
_AUXILIARY = re.compile(r" (?:a|ont|hat|haben) \Z")
_HAS_WORDS = re.compile(rf"[\w{_BLANK}]")
_PRONOUNS = {
    "en": r"[Hh]e|[Ss]he|him|her|[Hh]is|[Hh]er",
    "de": r"[Ee]r|[Ss]ie",
    "fr": r"[Ii]l|[Ee]lle",
    "sr": r"[Oo]n|[Oo]na",
    "ru": r"[Оо]на?",
}
_SHE = frozenset({"she", "her", "sie", "elle", "ona", "она"})
_OBJECTS = frozenset({"him", "his", "her"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a stretch of a text, and the words that show it."""

    name: str  # in full where the article has it so, else the description: "the ambassador"
    span: Span  # of "said Botsan-Kharchenko", "he emphasized", "According to the ambassador"
    names: tuple[str, ...]  # every form by which the article calls them, descriptions included
    is_person: bool  # whether it is a named person, and no body, place or mere description
    others: tuple[str, ...] = ()  # the other people whom the article names


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that say who speaks, and whether of what goes before, what follows, or a next line."""

    start: int
    end: int
    who: Person | None
    before: bool = False
    after: bool = False
    leads: bool = False
    shown: Span | None = None  # where its subject speaks, if it has none of its own


@dataclass(slots=True)
class _Sentence:
    start: int
    end: int
    quoted: bool  # nothing but a quotation
    line: int
    cues: list[_Cue]


class Speakers:
    """The people who speak in a text.

    Speakers("“No,” said Ann Lee.").of(1, 3) -> Ann Lee, by "said Ann Lee" at [6:18]
    """

    def __init__(self, text: str, language: str | None = None, author: str | None = None) -> None:
        language = (language or "en")[:2]
        self._quotes = _quotes(text)
        self._plain = _blanked(text, self._quotes)
        self._people = People(self._plain)
        self._sentences = self._cut(text, language)
        self._starts = [sentence.start for sentence in self._sentences]
        self._find_cues(language)

    def of(self, start: int, end: int) -> Attribution | None:
        """Who says text[start:end]; None where the text does not say, or not clearly."""
        first = max(0, bisect_right(self._starts, start) - 1)
        shown: _Cue | None = None
        for i in range(first, len(self._sentences)):
            sentence = self._sentences[i]
            if sentence.start >= end:
                break
            clip = max(start, sentence.start), min(end, sentence.end)
            if clip[0] >= clip[1] or not _HAS_WORDS.search(self._plain, *clip):
                continue
            cue = self._cue_of(i, *clip) if i - first < _MANY else None
            if cue is None or cue.who is None or (shown and shown.who is not cue.who):
                return None
            shown = shown or cue
        return self._attribution(shown) if shown else None

    def _attribution(self, cue: _Cue) -> Attribution:
        who = cue.who
        assert who is not None
        others = {
            form
            for mention in self._people.mentions
            if mention.who and mention.who.is_person and mention.who is not who
            for form in [mention.who.name]
        }
        span = cue.shown or Span(cue.start, cue.end)
        return Attribution(who.name, span, tuple(who.forms), who.is_person, tuple(sorted(others)))

    # --- which cue covers a place ---

    def _cue_of(self, i: int, start: int, end: int) -> _Cue | None:
        sentence = self._sentences[i]
        if sentence.cues:
            return _covering(sentence.cues, start, end)
        return self._nearby(i) if sentence.quoted else None

    def _nearby(self, i: int) -> _Cue | None:
        """The cue of a quotation that stands for itself: of its paragraph, or of those around."""
        first, last = self._paragraph(i)
        cues = [cue for sentence in self._sentences[first:last] for cue in sentence.cues]
        led = self._led(i)
        if led:
            return led
        if not cues:
            return self._carried(first, last) or self._between(first, last)
        if len({id(cue.who) for cue in cues}) == 1:
            return cues[0]
        before = self._sentences[i - 1].cues if i > first else []
        return before[-1] if before and before[-1].before else None

    def _paragraph(self, i: int) -> tuple[int, int]:
        first, last = i, i + 1
        line = self._sentences[i].line
        while first > max(0, i - _MANY) and self._sentences[first - 1].line == line:
            first -= 1
        while last < min(len(self._sentences), i + _MANY) and self._sentences[last].line == line:
            last += 1
        return first, last

    def _led(self, i: int) -> _Cue | None:
        """The cue before a colon that a quotation follows, on its line or the next."""
        before = self._sentences[i - 1].cues if i else []
        return before[-1] if before and before[-1].leads else None

    def _carried(self, first: int, last: int) -> _Cue | None:
        """The cue of a quotation that goes on over paragraphs, or of a next line: “…” / said X."""
        for i in range(last, min(last + _MANY, len(self._sentences))):
            if not self._goes_on(i - 1):
                break
            following = self._sentences[i].cues
            if following:
                return following[0] if following[0].before else None
        for i in range(first - 1, max(-1, first - _MANY), -1):
            if not self._goes_on(i):
                break
            previous = self._sentences[i].cues[-1] if self._sentences[i].cues else self._led(i)
            if previous:
                return previous
        if last < len(self._sentences) and self._sentences[last].cues:
            cue, sentence = self._sentences[last].cues[0], self._sentences[last]
            alone = cue.start - sentence.start <= 3 and sentence.end - cue.end <= 2
            return cue if alone else None
        return None

    def _goes_on(self, i: int) -> bool:
        """Whether the quotation that ends a sentence is left open, for the next line to go on."""
        return self._sentences[i].end in self._open_ends

    def _between(self, first: int, last: int) -> _Cue | None:
        """The cue before a lone quotation, when the one after it is the same person's."""
        before = next(
            (s.cues[-1] for s in self._sentences[max(0, first - 5) : first][::-1] if s.cues), None
        )
        after = next((s.cues[0] for s in self._sentences[last : last + 4] if s.cues), None)
        if before is None or before.who is None or not before.who.is_person:
            return None
        upto = after.end if after else self._sentences[last - 1].end
        between = self._mentioned(before.end, upto)
        if any(who is None or (who.is_person and who is not before.who) for who in between):
            return None
        if after is None:
            return (
                before
                if self._only_speaker(before.who) and self._sentences[first - 1].cues
                else None
            )
        return before if after.who is before.who else None

    def _only_speaker(self, who: Person) -> bool:
        return all(cue.who is who for sentence in self._sentences for cue in sentence.cues)

    def _mentioned(self, start: int, end: int) -> list[Person | None]:
        mentions = self._people.mentions
        at = bisect_right(mentions, start, key=lambda mention: mention.start)
        found = []
        while at < len(mentions) and mentions[at].start < end:
            found.append(mentions[at].who)
            at += 1
        return found

    # --- sentences ---

    def _cut(self, text: str, language: str) -> list[_Sentence]:
        marked = _with_ends(text, self._plain, self._quotes)
        found, line, at = [], 0, 0
        for span in sentences(marked, language):
            line += self._plain.count("\n", at, span.start)
            at = span.start
            words = self._plain[span.start : span.end]
            quoted = _BLANK in words and not re.search(r"\w", words)
            found.append(_Sentence(span.start, span.end, quoted, line, []))
        self._open_ends = {quote.end for quote in self._quotes if quote.is_open}
        return found

    # --- cues ---

    def _find_cues(self, language: str) -> None:
        mentions = self._with_pronouns(language)
        finder, memory = _Finder(self._plain, mentions), _Memory()
        at = 0
        for sentence in self._sentences:
            found = finder.cues(sentence.start, sentence.end)
            subjects = {mention.start for mention, _ in found if mention}
            known: dict[int, Person | None] = {}
            memory.next_sentence()
            while at < len(mentions) and mentions[at].start < sentence.end:
                mention = mentions[at]
                word = self._plain[mention.start : mention.end]
                known[mention.start] = memory.hear(mention, word, mention.start in subjects)
                at += 1
            sentence.cues = _resolved(found, known)

    def _with_pronouns(self, language: str) -> list[Mention]:
        pattern = _PRONOUNS.get(language, _PRONOUNS["en"])
        pronouns = re.finditer(rf"(?<![\w’'-])(?:{pattern})(?![\w-])", self._plain)
        found = [_Pronoun(match.start(), match.end(), None) for match in pronouns]
        return sorted([*self._people.mentions, *found], key=lambda mention: mention.start)


class _Pronoun(Mention):
    """He, she, him: somebody that was mentioned before."""

    __slots__ = ()


_Found = tuple[
    Mention | None, _Cue
]  # a cue and its subject; a participle has that of its neighbour
_UNCLEAR = Mention(-1, -1, None)


def _resolved(found: list[_Found], known: dict[int, Person | None]) -> list[_Cue]:
    """The cues of a sentence with who speaks."""
    own = [
        (known.get(mention.start), Span(cue.start, cue.end)) for mention, cue in found if mention
    ]
    cues, told = [], 0
    for mention, cue in found:
        told += mention is not None
        if own:
            who, span = own[max(0, told - 1)]
            cues.append(replace(cue, who=who, shown=None if mention else span))
    return cues


def _covering(cues: list[_Cue], start: int, end: int) -> _Cue | None:
    """The cue that covers a stretch of its sentence: within it, or the nearest on either side."""
    inner = [cue for cue in cues if cue.start < end and cue.end > start]
    if not inner:
        previous = [cue for cue in cues if cue.end <= start][-1:]
        following = [cue for cue in cues if cue.start >= end][:1]
        inner = [cue for cue in previous if cue.after] + [cue for cue in following if cue.before]
    inner.sort(key=lambda cue: cue.shown is not None)
    return inner[0] if len({id(cue.who) for cue in inner}) == 1 else None


class _Memory:
    """Whom he and she may be: the last who spoke, unless others were named since."""

    def __init__(self) -> None:
        self._last: Person | None = None
        self._since: dict[int, Person | None] = {}
        self._recent: list[set[Person]] = [set(), set()]

    def next_sentence(self) -> None:
        self._recent = [self._recent[1], set()]

    def hear(self, mention: Mention, word: str, speaks: bool) -> Person | None:
        """Who a mention is, and remember them."""
        if isinstance(mention, _Pronoun):
            return self._recall(word.lower()) if speaks else None
        who = mention.who
        if speaks and who and (_is_human(who) or self._last is None):
            self._speaks(who)
        elif who is None or (who is not self._last and (speaks or _is_human(who))):
            self._since[id(who)] = who
        if who and _is_human(who):
            self._recent[1].add(who)
        return who

    def _speaks(self, who: Person) -> None:
        self._last, self._since = who, {}

    def _recall(self, word: str) -> Person | None:
        gender, other = ("f", "m") if word in _SHE else ("m", "f")
        if None in self._since.values():
            may_be = set()
        elif self._last:
            may_be = {self._last, *(who for who in self._since.values() if who)}
        else:
            may_be = self._recent[0] | self._recent[1]
        may_be = {who for who in may_be if who.gender != other}
        if len(may_be) != 1:
            self._last = None
            return None
        who = may_be.pop()
        who.gender = gender
        self._speaks(who)
        return who


def _is_human(who: Person) -> bool:
    return who.is_person or (not who.named and who.roles[0].head not in BODIES)


class _Finder:
    """Finds the cues of a sentence, each with the mention that is its subject."""

    def __init__(self, text: str, mentions: list[Mention]) -> None:
        self._text = text
        self._mentions = mentions
        self._by_start = {mention.start: mention for mention in mentions}
        self._starts = [mention.start for mention in mentions]
        self._ends = {mention.end for mention in mentions}

    def cues(self, start: int, end: int) -> list[_Found]:
        """The cues between two places, in the order of the text."""
        found = self._objects(start, end) + self._label(start, end)
        for word in _WORD.finditer(self._text, start, end):
            if word[0] not in _VERBS:
                continue
            verb = word.start(), word.end()
            if word[0] in _PARTICIPLES:
                cue = self._participle(start, end, *verb, bool(found))
            else:
                cue = self._subject(start, end, *verb) or self._inverted(start, end, *verb)
            if cue:
                found.append(cue)
        return sorted(found, key=lambda pair: pair[1].start)

    def _before(self, at: int, least: int, far: int = 30) -> str:
        return self._text[max(least, at - far) : at]

    # Ann Lee said

    def _subject(self, start: int, end: int, at: int, stop: int) -> _Found | None:
        mention = self._subject_of(start, at)
        if mention is None or not self._may_say(mention, at, stop):
            return None
        before = self._before(mention.start, start)
        tail = self._text[stop:end]
        that = _THAT.match(tail)
        begins = _CLAUSE_BEGINS.search(before) or that or tail.lstrip(" ,")[:1] in ("", _BLANK, ".")
        if _UNREAL.search(before) or _DEPENDS.search(before) or not begins:
            return None
        content = before.rstrip()
        quoted = content.rstrip(" ,.–—-").endswith(_BLANK)
        aside = quoted or content.endswith((",", "–", "—", "-"))
        covers = aside and not that and (quoted or bool(_AFTER_INVERSION.match(tail)))
        after = bool(that or _BLANK in tail or not covers) and bool(_HAS_WORDS.search(tail))
        after = after and self._text[at:stop] not in _DENIES
        leads = tail.rstrip().endswith(":")
        who = _UNCLEAR if self._joined(mention) else mention
        return who, _Cue(mention.start, stop, None, covers, after, leads)

    def _subject_of(self, start: int, at: int) -> Mention | None:
        last = bisect_right(self._starts, at) - 1
        for mention in self._mentions[max(0, last - 3) : last + 1][::-1]:
            if mention.start < start or at - mention.end > _FAR:
                return None
            gap = self._text[mention.end : at]
            if gap and _SUBJECT_GAP.fullmatch(gap):
                return mention
        return None

    def _may_say(self, mention: Mention, at: int, stop: int) -> bool:
        words = self._text[mention.start : mention.end]
        if isinstance(mention, _Pronoun) and words.lower() in _OBJECTS:
            return False
        verb = self._text[at:stop]
        if verb in _NOUNS and not isinstance(mention, _Pronoun):
            return bool(mention.who and mention.who.is_person)
        return verb in _FINITE or (verb in _NEED_PLURAL and words.endswith("s"))

    def _joined(self, mention: Mention) -> bool:
        """Whether two speak: Ann Lee and Bob Ray said."""
        joined = _JOINED.search(self._before(mention.start, 0, 6))
        return joined is not None and mention.start - len(joined[0]) in self._ends

    # said Ann Lee

    def _inverted(self, start: int, end: int, at: int, stop: int) -> _Found | None:
        gap = 4 if self._text.startswith(" je ", stop) else 1
        mention = self._by_start.get(stop + gap)
        content = _AUXILIARY.sub("", self._before(at, start)).rstrip()
        aside = content.endswith((",", "–", "—", "-", "!", "?", _BLANK))
        if mention is None or not aside or not self._may_say(mention, at, stop):
            return None
        tail = self._text[mention.end : end]
        if not _AFTER_INVERSION.match(tail):
            joined = re.match(" (?:and|und|et|i|и) ", tail)
            if not joined or mention.end + len(joined[0]) not in self._by_start:
                return None
            mention = replace(_UNCLEAR, end=mention.end)
        after = bool(_THAT.match(tail) or _BLANK in tail)
        return mention, _Cue(at, mention.end, None, True, after, tail.rstrip().endswith(":"))

    # , adding that

    def _participle(self, start: int, end: int, at: int, stop: int, follows: bool) -> _Found | None:
        subject = (
            self._mentions[max(0, bisect_right(self._starts, at) - 1)] if self._mentions else None
        )
        if subject and start <= subject.start and subject.end == at - 1:
            return subject, _Cue(subject.start, stop, None, after=True)
        if follows and _CONTINUES.search(self._before(at, start, 40)):
            return None, _Cue(at, stop, None, after=True, leads=self._text[stop:end].endswith(":"))
        if at - start < 8 and _OPENS.fullmatch(self._text, start, at):
            return None, _Cue(at, stop, None, after=True)
        return None

    # according to Ann Lee; in her words; Ann Lee: …

    def _objects(self, start: int, end: int) -> list[_Found]:
        found: list[_Found] = []
        sentence = self._text[start:end]
        if not any(word in sentence for word in _OBJECT_WORDS):  # most sentences are done here
            return found
        for match in _OBJECT.finditer(self._text, start, end):
            mention = self._by_start.get(match.end())
            if mention is None or _UNREAL.search(self._before(match.start(), start)):
                continue
            if _ADMITS.match(self._text, mention.end):
                before = bool(_HAS_WORDS.search(self._text, start, match.start()))
                before = before and "ccording" in match[0]
                after = not before or self._text.startswith(",", mention.end)
                found.append((mention, _Cue(match.start(), mention.end, None, before, after)))
        for match in _WORDS_OF.finditer(self._text, start, end):
            mention = self._by_start.get(match.end())
            words = _OWN_WORDS.match(self._text, mention.end) if mention else None
            if mention and words:
                found.append((mention, _Cue(match.start(), words.end(), None, after=True)))
        return found

    def _label(self, start: int, end: int) -> list[_Found]:
        mention = self._by_start.get(start)
        if mention is None or not mention.who or not mention.who.is_person:
            return []
        begins = start == 0 or self._text[start - 1] == "\n"
        if not begins or not self._text.startswith(":", mention.end):
            return []
        leads = not _HAS_WORDS.search(self._text, mention.end, end)
        return [(mention, _Cue(start, mention.end + 1, None, after=True, leads=leads))]


# --- quotations ---


@dataclass(frozen=True, slots=True)
class _Quote:
    start: int  # of the opening mark
    end: int  # behind the closing one
    is_open: bool = False  # none closes it: the next paragraph goes on


_OPENING = re.compile('(?<![^\\s(–—-])[“„«"](?=\\S)')
_MARKS = frozenset('"“”„‟«»‹›')


def _quotes(text: str) -> list[_Quote]:
    """The quotations with their marks, and those that are left open at a paragraph's end."""
    closed = [_with_marks(text, span) for span in quotations(text)]
    found, at, line_start = list(closed), 0, 0
    for line in re.finditer(r"[^\n]+", text):
        line_start = line.start()
        while at < len(closed) and closed[at].end <= line.end():
            line_start = max(line_start, closed[at].end)
            at += 1
        opening = _OPENING.search(text, line_start, line.end())
        if opening and not (at < len(closed) and closed[at].start < line.end()):
            goes_on = re.compile(r"\s*[“„«\"]").match(text, line.end())
            if goes_on:
                found.append(_Quote(opening.start(), line.end(), True))
    return sorted(found, key=lambda quote: quote.start)


def _with_marks(text: str, span: Span) -> _Quote:
    start, end = span.start, span.end
    while start and text[start - 1] in " \xa0":
        start -= 1
    while end < len(text) and text[end] in " \xa0":
        end += 1
    if start and text[start - 1] in _MARKS and end < len(text) and text[end] in _MARKS:
        return _Quote(start - 1, end + 1)
    return _Quote(span.start, span.end)


def _blanked(text: str, quotes: list[_Quote]) -> str:
    """The text, of the same length, with what is quoted made one character over and over."""
    parts, at = [], 0
    for quote in quotes:
        parts += [text[at : quote.start], _BLANK * (quote.end - quote.start)]
        at = quote.end
    return ("".join(parts) + text[at:]).replace("\xa0", " ")


def _with_ends(text: str, plain: str, quotes: list[_Quote]) -> str:
    """The blanked text, with a full stop for the end of a quotation that ends a sentence."""
    parts, at = [], 0
    for quote in quotes:
        if _ends_sentence(text, plain, quote):
            parts += [plain[at : quote.end - 1], "."]
            at = quote.end
    return "".join(parts) + plain[at:]


def _ends_sentence(text: str, plain: str, quote: _Quote) -> bool:
    inside = text[max(quote.start, quote.end - 10) : quote.end].rstrip(' \xa0"“”„‟«»‹›')
    following = re.compile(rf" +(?=[{UPPER}{_BLANK}])").match(plain, quote.end)
    if inside[-1:] not in (".", "!", "?", "…") or not following:
        return False
    clause = re.compile(rf"[^.,;:\n{_BLANK}]{{0,120}}").match(plain, following.end())
    words = clause[0] if clause else ""
    verbs = [word.end() for word in _WORD.finditer(words) if word[0] in _FINITE]
    # “Yes.” Ann Lee said. – her words; “Yes.” Ann Lee said that… – another sentence.
    return not verbs or not _AFTER_INVERSION.match(words[verbs[0] :])


# --- whether it is they ---


def agrees(speaker: str, attribution: Attribution | None) -> bool | None:
    """Whether a speaker is the one who says it; None where that cannot be known.

    "A. Lee" or "the envoy", whom the article calls the envoy Ann Lee -> True; "Bob Ray" -> False
    """
    if attribution is None or not speaker.strip():
        return None
    wanted = _plain_words(speaker)
    if any(_plain_words(name) == wanted for name in attribution.names):
        return True
    if describes(speaker) and not name_words(speaker):
        return None
    own = [same_name(speaker, name) for name in attribution.names if not _only_describes(name)]
    if True in own:
        return True
    if not attribution.is_person or None in own or not own:
        return None
    known = any(same_name(speaker, other) for other in attribution.others)
    return False if known or is_full_name(speaker) else None


def _only_describes(name: str) -> bool:
    return describes(name) and not name_words(name)


def _plain_words(words: str) -> str:
    folded = normalize(words[:300])
    return re.sub(r"^(?:the|this|that|an?) ", "", folded)
