"""Quotes that are known to be true, changed, put together or invented, made of real sentences."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from qa.text.sentences import sentences

Truth = Literal["true", "altered", "spliced", "misattributed", "not_found"]

ANTONYMS = """
    increase decrease|increased decreased|increases decreases|increasing decreasing|higher lower
    high low|more fewer|most least|before after|above below|early late|earlier later|first last
    best worst|better worse|large small|larger smaller|largest smallest|long short|longer shorter
    strong weak|stronger weaker|old young|new former|good bad|win lose|won lost|begin end
    began ended|start stop|started stopped|open closed|public private|male female
    positive negative|rise fall|rose fell|accept reject|accepted rejected|allow forbid
    always rarely|all some|many few|north south|northern southern|east west|eastern western
    hot cold|support oppose|supported opposed|buy sell|bought sold|import export
    internal external|major minor|maximum minimum|rich poor|same different|success failure
    true false|up down|left right|inside outside|day night|love hate|easy difficult|common rare
    active passive|reduced raised|reduces raises|improve worsen|improved worsened
"""
UNITS = """
    percent permille|% ‰|miles kilometres|meters feet|metres feet|kg tonnes|tons kilograms
    pounds grams|hours minutes|days weeks|months years|dollars euros|km miles|mg kg
    hectares acres|degrees radians|centuries decades|seconds minutes|mm cm|ml litres
    year month|week day|hour minute
"""
OCR = str.maketrans(
    {"m": "rn", "l": "1", "e": "c", "h": "b", "i": "l", "a": "o", "u": "n", "t": "f"}
)


def _words(listed: str) -> list[str]:
    return listed.split()


AUXILIARIES = _words("is are was were has have had can could will would should does did do may")
NUMBERS = _words("two three four five six seven eight nine ten twelve hundred million billion")
NAMES = _words("Belgrade Petrović Toronto Hughes Danish Amazonia Kowalski Fujitsu")
ADDED = _words("allegedly reportedly entirely supposedly famously partly")
NEGATIONS = _words("not never no none nor neither nothing nobody without cannot hardly far zero")


def _pairs(listed: str) -> dict[str, str]:
    pairs = (
        pair.split() for line in listed.split("\n") for pair in line.split("|") if pair.strip()
    )
    found: dict[str, str] = {}
    for one, other in pairs:
        found.setdefault(one, other)
        found.setdefault(other, one)
    return found


_ANTONYM, _UNIT = _pairs(ANTONYMS), _pairs(UNITS)


@dataclass(frozen=True, slots=True)
class Case:
    """A quote, what is true of it, and where it stands."""

    kind: str
    truth: Truth
    quote: str
    article: str  # the id of the article it is from; for wrong articles, of the one it is not from
    named: bool = False  # the article is named when the quote is checked
    place: str = ""  # the source's own words
    said: str = ""  # the differing words of the quote
    source: str = ""  # and those of the source


@dataclass(frozen=True, slots=True)
class Text:
    """An article in sentences."""

    id: str
    sentences: tuple[str, ...]
    joined: tuple[str, ...]  # what stands between each and the next


Make = Callable[[random.Random, Text, int], Case | None]


def text_of(id_: str, text: str) -> Text:
    spans = sentences(text)
    between = [text[a.end : b.start] for a, b in pairwise(spans)]
    return Text(id_, tuple(text[s.start : s.end] for s in spans), tuple(between))


def cases(texts: Sequence[Text], absent: Sequence[str], each: int, seed: int) -> Iterator[Case]:
    """`each` cases of every kind; `absent` are sentences that stand in no text."""
    rng = random.Random(seed)
    places = [
        (text, i)
        for text in texts
        for i, sentence in enumerate(text.sentences)
        if _is_usable(sentence)
    ]
    for kind, make in KINDS.items():
        found = 0
        for text, i in rng.sample(places, len(places)):
            case = make(rng, text, i)
            if case and found < each:
                found += 1
                yield replace(case, kind=kind)
            if found == each:
                break
    yield from _of_other_articles(rng, places, each)
    for quote in rng.sample(list(absent), min(each, len(absent))):
        yield Case("absent", "not_found", quote, "")


def _of_other_articles(
    rng: random.Random, places: Sequence[tuple[Text, int]], each: int
) -> Iterator[Case]:
    for text, i in rng.sample(list(places), each):
        other = rng.choice(places)[0]
        quote = text.sentences[i]
        if all(quote[:40] not in sentence for sentence in other.sentences):
            yield Case("wrong article", "misattributed", quote, other.id, named=True, place=quote)


def _is_usable(sentence: str) -> bool:
    words = sentence.split()
    plain = not re.search(r"\.\.|…|[\[\]\n]|--|``|''", sentence)
    return 8 <= len(words) <= 40 and plain and sentence[-1] in ".!" and sentence[0].isupper()


# --- true ---


def _true(change: Callable[[random.Random, str], str | None]) -> Make:
    def make(rng: random.Random, text: Text, i: int) -> Case | None:
        sentence = text.sentences[i]
        quote = change(rng, sentence)
        if quote is None or quote == sentence:
            return None
        return Case("", "true", quote, text.id, place=sentence)

    return make


def _cut(rng: random.Random, text: Text, i: int) -> Case:
    words = text.sentences[i].split(" ")
    size = rng.randint(6, len(words))
    first = rng.randint(0, len(words) - size)
    quote = " ".join(words[first : first + size])
    return Case("", "true", quote, text.id, place=quote)


def _marks(rng: random.Random, s: str) -> str | None:
    if not re.search("['\"’“”]", s):
        return None
    return s.translate(str.maketrans("'\"’“”", '’”\'""'))


def _dashes(rng: random.Random, s: str) -> str | None:
    return re.sub(r"(?<=[a-z])-(?=[a-z])", "‑", s).replace(" - ", " – ").replace("–", "—")


def _spaces(rng: random.Random, s: str) -> str:
    words = s.split(" ")
    return "".join(w + rng.choice([" ", "\u00a0", "  ", "\n", "\u2009"]) for w in words).strip()


def _case(rng: random.Random, s: str) -> str:
    return rng.choice([s.upper(), s[0].lower() + s[1:], s.title() if "'" not in s else s.upper()])


def _unicode(rng: random.Random, s: str) -> str | None:
    return unicodedata.normalize("NFD", s)


def _ligatures(rng: random.Random, s: str) -> str:
    return s.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ")


def _soft_hyphens(rng: random.Random, s: str) -> str:
    return re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", lambda m: rng.choice(["", "", "\u00ad"]), s)


def _line_breaks(rng: random.Random, s: str) -> str | None:
    places = [m.start() for m in re.finditer(r"(?<=[a-z]{3})(?=[a-z]{3})", s)]
    if not places:
        return None
    at = rng.choice(places)
    return f"{s[:at]}-\n{s[at:]}"


def _bracket(rng: random.Random, s: str) -> str | None:
    return f"[{s[0].lower()}]{s[1:]}" if s[1].islower() else None


def _sic(rng: random.Random, s: str) -> str:
    words = s.split(" ")
    at = rng.randint(2, len(words) - 2)
    return " ".join([*words[:at], "[sic]", *words[at:]])


def _stop(rng: random.Random, s: str) -> str | None:
    words = s.split(" ")
    end = rng.randint(6, len(words) - 1)
    core = " ".join(words[:end]).rstrip(".,;:")
    return core + rng.choice([".", ","]) if core[-1].isalnum() else None


def _ellipsis(rng: random.Random, text: Text, i: int) -> Case | None:
    """Words left out in the middle of a sentence, none of them a negation."""
    words = text.sentences[i].split(" ")
    if len(words) < 14:
        return None
    first, last = rng.randint(4, 6), rng.randint(8, len(words) - 5)
    if _negates(words[first:last]):
        return None
    mark = rng.choice(["…", "...", "[…]", "[...]", ". . ."])
    quote = f"{' '.join(words[:first])} {mark} {' '.join(words[last:])}"
    return Case("", "true", quote, text.id, place=text.sentences[i])


def _next_sentence(rng: random.Random, text: Text, i: int) -> Case | None:
    """The end of a sentence left out, and the beginning of the next."""
    if i + 1 == len(text.sentences) or not _is_usable(text.sentences[i + 1]):
        return None
    one, other = (text.sentences[n].split(" ") for n in (i, i + 1))
    if _negates(one[6:]) or _negates(other[:-5]):
        return None
    quote = f"{' '.join(one[:6])} {rng.choice(['…', '[...]'])} {' '.join(other[-5:])}"
    place = text.sentences[i] + text.joined[i] + text.sentences[i + 1]
    return Case("", "true", quote, text.id, place=place)


def _negates(words: Sequence[str]) -> bool:
    return any(w.lower().strip(".,;") in NEGATIONS or w.endswith(("n't", "n’t")) for w in words)


# --- altered ---


def _replaced(text: Text, i: int, old: str, new: str) -> Case | None:
    """The sentence with one word changed."""
    sentence = text.sentences[i]
    found = re.search(rf"(?<![\w$.,-]){re.escape(old)}(?![\w%-])", sentence)
    if not found or len(re.findall(rf"\b{re.escape(old)}\b", sentence)) > 1:
        return None
    quote = sentence[: found.start()] + new + sentence[found.end() :]
    return Case("", "altered", quote, text.id, place=sentence, said=new, source=old)


def _number(rng: random.Random, text: Text, i: int) -> Case | None:
    found = re.findall(r"(?<![\w.,$£€-])\d+(?![\w.,%-])", text.sentences[i])
    if not found:
        return None
    old = rng.choice(found)
    at = rng.randrange(len(old))
    digit = rng.choice([d for d in "123456789" if d != old[at]])
    return _replaced(text, i, old, old[:at] + digit + old[at + 1 :])


def _number_word(rng: random.Random, text: Text, i: int) -> Case | None:
    found = [w for w in text.sentences[i].split(" ") if w in NUMBERS]
    if not found:
        return None
    return _replaced(text, i, found[0], rng.choice([n for n in NUMBERS if n != found[0]]))


def _negation_added(rng: random.Random, text: Text, i: int) -> Case | None:
    sentence = text.sentences[i]
    found = re.search(rf" ({'|'.join(AUXILIARIES)}) (?=[a-z])", sentence)
    if not found or _negates(sentence.split()):
        return None
    quote = sentence[: found.end()] + "not " + sentence[found.end() :]
    return Case("", "altered", quote, text.id, place=sentence, said="not", source="")


def _negation_left_out(rng: random.Random, text: Text, i: int) -> Case | None:
    sentence = text.sentences[i]
    if len(re.findall(r"\b(?:not|never)\b", sentence)) != 1:
        return None
    word = re.findall(r"\b(?:not|never)\b", sentence)[0]
    quote = re.sub(rf" {word}(?= )", "", sentence)
    if quote == sentence:
        return None
    return Case("", "altered", quote, text.id, place=sentence, said="", source=word)


def _negation_hidden(rng: random.Random, text: Text, i: int) -> Case | None:
    sentence = text.sentences[i]
    words = sentence.split(" ")
    if words.count("not") != 1 or not 3 < words.index("not") < len(words) - 4:
        return None
    quote = sentence.replace(" not ", " … ")
    return Case("", "altered", quote, text.id, place=sentence, said="", source="not")


def _name(rng: random.Random, text: Text, i: int) -> Case | None:
    found = re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?= [a-z])", text.sentences[i])
    if not found:
        return None
    return _replaced(text, i, found[0], rng.choice([n for n in NAMES if n != found[0]]))


def _paired(pairs: dict[str, str], after: str = "") -> Make:
    def make(rng: random.Random, text: Text, i: int) -> Case | None:
        words = text.sentences[i].rstrip(".").split(" ")
        found = [
            w
            for at, w in enumerate(words)
            if w in pairs and (not after or (at and re.search(after, words[at - 1])))
        ]
        return _replaced(text, i, found[0], pairs[found[0]]) if found else None

    return make


def _dropped(rng: random.Random, text: Text, i: int) -> Case | None:
    sentence = text.sentences[i]
    places = re.finditer(r"(?<=[a-z] )([a-z]{5,}) (?=[a-z])", sentence)
    found = [place for place in places if sentence.split().count(place[1]) == 1]
    if not found:
        return None
    at = rng.choice(found)
    quote = sentence[: at.start()] + sentence[at.end() :]
    return Case("", "altered", quote, text.id, place=sentence, said="", source=at[1])


def _added(rng: random.Random, text: Text, i: int) -> Case | None:
    sentence = text.sentences[i]
    found = list(re.finditer(r"(?<=[a-z] )(?=[a-z]{4,} [a-z])", sentence))
    word = rng.choice(ADDED)
    if not found or word in sentence:
        return None
    at = rng.choice(found).start()
    quote = f"{sentence[:at]}{word} {sentence[at:]}"
    return Case("", "altered", quote, text.id, place=sentence, said=word, source="")


def _ocr(rng: random.Random, text: Text, i: int) -> Case | None:
    """Every tenth letter or so of the longer words misread."""
    words = text.sentences[i].split(" ")
    changed = 0
    for at, word in enumerate(words):
        if len(word) > 4 and word.isalpha() and word.islower() and rng.random() < 0.25:
            place = rng.randrange(len(word))
            misread = word[place].translate(OCR)
            changed += misread != word[place]
            words[at] = word[:place] + misread + word[place + 1 :]
    if not changed:
        return None
    return Case("", "altered", " ".join(words), text.id, place=text.sentences[i], said="*")


def _shortened(rng: random.Random, text: Text, i: int) -> Case | None:
    """Words left out of a sentence without a sign that they are."""
    words = text.sentences[i].split(" ")
    if len(words) < 16:
        return None
    quote = " ".join([*words[:7], *words[10:]])
    return Case("", "altered", quote, text.id, place=text.sentences[i], said="*")


# --- spliced ---


def _apart(rng: random.Random, text: Text, i: int) -> int | None:
    """Another sentence of the text, two or more away."""
    others = [j for j, s in enumerate(text.sentences) if abs(i - j) > 2 and _is_usable(s)]
    return rng.choice(others) if others else None


def _spliced(join: Callable[[random.Random, list[str], list[str]], str]) -> Make:
    def make(rng: random.Random, text: Text, i: int) -> Case | None:
        j = _apart(rng, text, i)
        if j is None:
            return None
        quote = join(rng, text.sentences[i].split(" "), text.sentences[j].split(" "))
        return Case("", "spliced", quote, text.id, place=text.sentences[i])

    return make


def _reversed(rng: random.Random, text: Text, i: int) -> Case | None:
    """Two sentences that stand side by side, the second one first."""
    if i + 1 == len(text.sentences) or not _is_usable(text.sentences[i + 1]):
        return None
    mark = rng.choice([" … ", " "])
    quote = text.sentences[i + 1] + mark + text.sentences[i]
    return Case("", "spliced", quote, text.id, place=text.sentences[i])


KINDS: dict[str, Make] = {
    "cut out": _cut,
    "quotation marks": _true(_marks),
    "dashes": _true(_dashes),
    "spaces": _true(_spaces),
    "case": _true(_case),
    "Unicode form": _true(_unicode),
    "ligatures": _true(_ligatures),
    "soft hyphens": _true(_soft_hyphens),
    "line-break hyphen": _true(_line_breaks),
    "[t]he": _true(_bracket),
    "[sic]": _true(_sic),
    "stop moved inside": _true(_stop),
    "ellipsis": _ellipsis,
    "ellipsis, next sentence": _next_sentence,
    "number": _number,
    "number word": _number_word,
    "negation added": _negation_added,
    "negation left out": _negation_left_out,
    "negation hidden by …": _negation_hidden,
    "name": _name,
    "unit": _paired(_UNIT, r"\d|^(two|three|four|five|six|seven|ten|several|few|many)$"),
    "antonym": _paired(_ANTONYM),
    "word dropped": _dropped,
    "word added": _added,
    "words dropped": _shortened,
    "OCR noise": _ocr,
    "splice: two sentences": _spliced(lambda _, a, b: " ".join([*a, *b])),
    "splice: … between": _spliced(lambda _, a, b: " ".join([*a, "…", *b])),
    "splice: halves": _spliced(lambda _, a, b: " ".join([*a[: len(a) // 2], *b[len(b) // 2 :]])),
    "splice: reversed": _reversed,
}
