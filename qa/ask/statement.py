"""Hits and interactions -> supporting sentences, the statement that answers, or why none does.

The supporting sentence of a passage is the statement nearest to the question: by late interaction
within the passage, by the mean of its tokens, and by the rare words they share. Headings and
bylines support only where there is no statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten

import numpy as np

from qa.ask.request import Request
from qa.retrieval.late_interaction import Interaction, Question, SentenceInteraction, mean, union
from qa.retrieval.reading import Floats, shares
from qa.retrieval.reading import words as words_of
from qa.text.language import stated_or_told
from qa.text.words import asks_for_sentence, continues
from qa.text.words.tables import alternatives
from qa.types import Hit, Span, Statement, Words

# Chosen on training sets, where the judged passage is given (docs/quality.md).
COSINE_WEIGHT = 0.45
COVERAGE_WEIGHT = 0.08
# What the logarithm of a sentence's share of the answer counts beside nearness.
READER_WEIGHT, LEAST_SHARE = 0.1, 1e-4
# How probable the words have to be for them to be marked.
SURE_OF_WORDS = 0.05
# How much nearer, in the mean, a further sentence has to bring the question's words to be marked.
FURTHER = 0.1
MAX_MARKED = 3
# From how many words on a line without a full stop is a statement, and no heading.
LONG_LINE = 16
# Characters of a sentence that a reason quotes.
LONG_REASON = 200
# Words and numbers: "Petrović’s", "1,204.5", "T-72MS".
_WHOLE = re.compile(r"\w+(?:['’.,/-]\w+)*+")
LONGEST_WORD = 40
_WORD = re.compile(r"\w+")
_STATEMENT_ENDS = tuple(".!?…\"'”’“»)")
# "By Ana Petrović", "Source: Tanjug"; but "By 1990 it had two million" and "Source code is" state.
# The names are a word and what may follow one by turns, each held to once read: were words parted
# anywhere ("SIGNING" as S and IGNING), a line in capitals would have 2**n ways to be read.
_NAME = r"[^\W\d_a-z][\w.'’-]*+"
_BYLINE = re.compile(
    r"(?:(?:[Ww]ritten (?>for .* (?=[Bb]y [^\W\d_a-z]))?)?[Bb]y|BY) "
    rf"{_NAME}(?:(?:,(?: and | )?| and | ){_NAME})*+,?(?: and | )?\.?"
    rf"|(?i:{alternatives('bylines')})\s?:.*"
)


def mark(hits: Sequence[Hit], interactions: Sequence[Interaction]) -> list[Hit]:
    """The hits with their supporting sentences marked, the best one first."""
    return [
        replace(hit, highlights=_supporting(hit, interaction))
        for hit, interaction in zip(hits, interactions, strict=True)
    ]


def statement(question: str, hit: Hit, interaction: Interaction) -> Statement:
    """The first supporting sentence of a hit, as an answer, with the words that answer.

    Where a reader read, one that goes on from the sentence before brings that one with it.
    """
    passage, best = hit.passage, hit.highlights[0]
    start = best.start
    if interaction.reading is not None:
        start = passage.start + _beginning(hit, interaction, best.start - passage.start)
    text = passage.text[start - passage.start : best.end - passage.start]
    words = _words(question, hit, interaction)
    return Statement(
        text=text,
        article_id=passage.article_id,
        passage_id=passage.id,
        start=start,
        end=best.end,
        words=words,
        language=stated_or_told(hit.source.language, passage.text),
    )


def _beginning(hit: Hit, interaction: Interaction, start: int) -> int:
    """Where the sentence begins that the one beginning at `start` goes on from, if it does."""
    spans = [sentence.span for sentence in interaction.sentences]
    number = next((n for n, span in enumerate(spans) if span.start == start), 0)
    if number and continues(hit.passage.text[start : spans[number].end]):
        before = interaction.sentences[number - 1]
        if _states(hit, before):
            return before.span.start
    return start


def _words(question: str, hit: Hit, interaction: Interaction) -> Words | None:
    """None where the whole sentence is the answer: to yes or no, and to why."""
    if interaction.reading is None or asks_for_sentence(question):
        return None
    at, first = hit.passage.start, hit.highlights[0]
    sentence = Span(first.start - at, first.end - at)
    found = words_of(interaction.reading, sentence)
    if found is None or found[1] < SURE_OF_WORDS:
        return None
    text, span = hit.passage.text, _whole_words(hit.passage.text, found[0], sentence)
    return Words(text[span.start : span.end], at + span.start, at + span.end)


def _whole_words(text: str, span: Span, sentence: Span) -> Span:
    """Tokens that may begin or end in a word, "204" of "1,204", made whole in their sentence."""
    start, end = span.start, span.end
    for match in _WHOLE.finditer(text, max(0, start - LONGEST_WORD), end + LONGEST_WORD):
        if match.start() < span.end and match.end() > span.start:
            start, end = min(start, match.start()), max(end, match.end())
    return Span(max(start, sentence.start), min(end, sentence.end))


def reason(
    question: Question,
    hits: Sequence[Hit],
    interactions: Sequence[Interaction],
    request: Request | None = None,
    *,
    filtered: bool = False,
) -> str:
    """One sentence on why the question counts as not answered.

    Where a reader read, and all of its words are there, it says what comes nearest. That nothing
    mentions a word is only said where question and passages are in English: “Србије” is not there,
    and Serbia may be.
    """
    if not hits:
        return _nothing_found(request, " and passes the filters" if filtered else "")
    absent = question.absent
    # Words on the time are read as such: that nothing mentions “latest” is no reason.
    timed = {word for one in request.times for word in _WORD.findall(one.text)} if request else ()
    missing = [
        word
        for word, terms in question.words.items()
        if len(word) > 2 and word not in timed and terms and absent.issuperset(terms)
    ]
    if missing:
        words = _listed(missing)
        if question.in_other_forms:
            return f"No passage has {words} in this form; these are the nearest passages."
        return f"Nothing here mentions {words}; these are the nearest passages."
    title = hits[0].source.title or hits[0].source.article_id
    if interactions[0].reading is not None:
        return f"No passage answers this; the nearest, in “{title}”, says: “{_said(hits[0])}”"
    return f"No passage answers this closely enough; the nearest are about “{title}”."


def below(least: float, best: float) -> str:
    """One sentence that says that no passage scores as much as is asked for."""
    return f"No passage has a score of at least {least:g}; the nearest has {best:.2f}."


def _nothing_found(request: Request | None, passing: str) -> str:
    phrases = [phrase.text for phrase in request.wording.required] if request else []
    if phrases:
        return f"No passage was found that has {_listed(phrases, 'and')} word for word{passing}."
    if request and request.wording.excluded:
        without = [phrase.text for phrase in request.wording.excluded]
        return f"No passage was found that is without {_listed(without)}{passing}."
    since = [one.text for one in request.times if one.effect == "filter"] if request else []
    if since:
        return f"No passage was found of an article that is dated {', '.join(since)}{passing}."
    return "No passage was found: the collection is empty, or the filters leave nothing."


def _said(hit: Hit) -> str:
    """The first supporting sentence on one line, cut at a word where it is long."""
    span, at = hit.highlights[0], hit.passage.start
    return shorten(hit.passage.text[span.start - at : span.end - at], LONG_REASON, placeholder=" …")


def nearest(hit: Hit, interaction: Interaction) -> SentenceInteraction:
    """The statement of the passage that answers, as far as nearness and a reader tell."""
    scores, candidates = sentence_scores(hit, interaction)
    return candidates[_best(scores)]


def sentence_scores(hit: Hit, interaction: Interaction) -> tuple[Floats, list[SentenceInteraction]]:
    """The statements of a passage, with nearness and logarithm of the answer's share of each.

    Shape (statements, 2). Without a reading all shares are equal.
    """
    candidates = _statements(hit, interaction)
    near = np.array([_nearness(candidate) for candidate in candidates], np.float32)
    share = np.ones_like(near)
    if interaction.reading is not None:
        share = shares(interaction.reading, [c.span for c in candidates])
    return np.stack([near, np.log(share + LEAST_SHARE)], axis=1), candidates


def _best(scores: Floats) -> int:
    return int((scores[:, 0] + READER_WEIGHT * scores[:, 1]).argmax())


def _supporting(hit: Hit, interaction: Interaction) -> tuple[Span, ...]:
    scores, candidates = sentence_scores(hit, interaction)
    first = candidates[_best(scores)]
    marked, near = [first], first.near
    nears = np.array([s.near for s in candidates])  # shape (sentences, tokens of the question)
    weights = interaction.question.weights / interaction.question.weights.sum()
    while len(marked) < MAX_MARKED:
        # Summed, not a matrix product: of five columns OpenBLAS (0.3.31, AVX-512) multiplies what
        # lies behind them too, and NumPy warns of an invalid value that is in no sum.
        gains = ((np.maximum(nears, near) - near) * weights).sum(axis=1)
        further = int(gains.argmax())
        if gains[further] < FURTHER:
            break
        marked.append(candidates[further])
        near = union([near, nears[further]])
    start = hit.passage.start
    return tuple(Span(start + s.span.start, start + s.span.end) for s in marked)


def _nearness(sentence: SentenceInteraction) -> float:
    words = COVERAGE_WEIGHT * sentence.coverage
    return mean(sentence.near) + COSINE_WEIGHT * sentence.cosine + words


def _statements(hit: Hit, interaction: Interaction) -> list[SentenceInteraction]:
    """The sentences that state something; all of them when none does."""
    found = [s for s in interaction.sentences if _states(hit, s)]
    return found or list(interaction.sentences)


def _states(hit: Hit, sentence: SentenceInteraction) -> bool:
    text = hit.passage.text[sentence.span.start : sentence.span.end]
    if text == hit.source.title:
        return False
    words = len(text.split())
    if words < LONG_LINE and _BYLINE.fullmatch(text):
        return False
    return text.endswith(_STATEMENT_ENDS) or words >= LONG_LINE


def _listed(words: Sequence[str], joined: str = "or") -> str:
    quoted = [f"“{word}”" for word in words[:4]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joined} {quoted[-1]}"
