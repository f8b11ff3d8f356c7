"""Cues that are no more than a name: “Ann Lee: It rains.”; “It rains.” – Ann Lee; Q: … A: …"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.speakers.cues import HAS_WORDS, Cue, Scene
from qa.check.speakers.people import Mention
from qa.check.speakers.quoted_text import BLANK, Sentence
from qa.text.words.tables import alternatives

# **Ann Lee:** …; **Ann Lee**: …
_BOLD = re.compile(r"(?:[*_]{1,3})?:(?:[*_]{1,3})?(?=\s|\Z)")
_MARKED = re.compile(r"[*_]{0,3}\Z")
# “…” | – Ann Lee
_DASH = re.compile(rf"(?<={BLANK}) ?\n{{0,2}} ?(?:[–—―]|--?) ?\Z")
_SIGNED = re.compile(r"(?:,[^\n.!?;:]{0,80})?[.\s]*(?:\n|\Z)")
# Q: … ⏎ A: …
_ANSWER = re.compile(rf"(?:{alternatives('answer_labels')})[:.] ", re.I)
_QUESTION = re.compile(rf"^(?:{alternatives('question_labels')})[:.] ", re.I | re.M)
_INTERVIEW = re.compile(rf"\b(?i:{alternatives('interview_with')}):? ")


def labels(scene: Scene, sentence: Sentence) -> Iterator[Cue]:
    """The cues that names at the ends of a statement are.

    "Ann Lee: It rains." -> "Ann Lee:"; "“It rains.” – Ann Lee, 45" -> "Ann Lee, 45"
    """
    start, end = sentence.start, sentence.end
    for mention in scene.mentions_within(start, end):
        if not _is_person(scene, mention):
            continue
        if _begins(scene.text, start, mention) and (mark := _BOLD.match(scene.text, mention.end)):
            leads = not HAS_WORDS.search(scene.text, mark.end(), end)
            yield Cue("label", mention.start, mark.end(), mention, after=True, leads=leads)
        elif _DASH.search(scene.before(mention.start, 0)) and _SIGNED.match(
            scene.text, mention.end
        ):
            yield Cue("label", mention.start, max(mention.end, end), mention, before=True)


def _is_person(scene: Scene, mention: Mention) -> bool:
    who = scene.person(mention)
    return who is not None and who.may_be_person


def _begins(text: str, start: int, mention: Mention) -> bool:
    """Whether a mention begins a line, or is what is marked in a sentence: **Ann Lee:** …"""
    before = text[max(0, mention.start - 3) : mention.start]
    marked = _MARKED.search(before)
    at = mention.start - len(marked[0] if marked else "")
    if at == 0 or text[at - 1] == "\n":
        return True
    return at >= start and mention.start - at > 1


def interviewee(scene: Scene) -> Mention | None:
    """Whom a text of questions and answers is an interview with: Interview with Ann Lee."""
    if not _QUESTION.search(scene.text):
        return None
    for match in _INTERVIEW.finditer(scene.text):
        mention = scene.mention_at(match.end())
        if mention and _is_person(scene, mention):
            return mention
    return None


def answer(scene: Scene, sentence: Sentence, mention: Mention) -> Cue | None:
    """The cue that “A:” is at the beginning of a line, for whoever is interviewed."""
    begins = sentence.start == 0 or scene.text[sentence.start - 1] == "\n"
    label = _ANSWER.match(scene.text, sentence.start) if begins else None
    if label is None:
        return None
    return Cue("label", sentence.start, label.end() - 1, mention, after=True)
