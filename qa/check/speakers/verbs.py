"""The verbs by which somebody is said to say something, by language.

FINITE        said, says, erklärte
NEED_PLURAL   say
PARTICIPLES   saying
"""

from __future__ import annotations

from qa.check.speakers.vocabulary import listed

# Before the bar what every form begins with, behind it what the bare verb ends in besides, e, or
# the consonant that -ed and -ing double.
_ENGLISH = """
    acknowledg|e add| admit|t advis|e announc|e answer| argu|e assert| assess| boast| call| caution|
    claim| comment| complain| conced|e conclud|e confirm| consider| contend| convey| declar|e
    describ|e disclos|e emphasis|e emphasiz|e estimat|e exclaim| explain| express| fram|e highlight|
    hint| insist| jok|e lament| mention| not|e object| observ|e point| portray| predict| promis|e
    quip|p recall| reiterat|e remark| remind| repeat| report| respond| reveal| shout| signal| stat|e
    stress| suggest| underlin|e underscor|e urg|e vow| warn| whisper| wonder|
"""
_IRREGULAR = """
    asked asks believed believes denied denies replied replies said says tells thinks thought told
    writes wrote
"""
_OTHER_LANGUAGES = {
    "de": "betont betonte erklärt erklärte meint meinte sagt sagte",
    "fr": "affirme ajoute ajouté dit déclare déclaré expliqué souligne souligné",
    "sr": """
        dodala dodao istakao istakla izjavila izjavio kaže kazala kazao naglasila naglasio navela
        naveo ocenila ocenio poručila poručio rekao rekla
    """,
    "ru": """
        добавил добавила заявил заявила отметил отметила подчеркнул подчеркнула сказал сказала
        сообщил сообщила считает
    """,
}
_PLURAL = "ask believe deny reply say tell think write"
_ING = "believing denying replying saying telling thinking writing"
# Nouns as often as verbs: verbs behind a person's name alone.
NOUNS = listed(
    """
    boasts calls claims comments conveys estimates expresses frames highlights hints jokes notes
    objects points promises recalls remarks reports signals states stresses thought
    """
)
DENIES = listed("denied denies")


def _forms(stem: str) -> tuple[str, set[str], str]:
    """The bare verb, its finite forms and its participle: "quip|p" -> quip, {quips, quipped}, …"""
    base, _, end = stem.partition("|")
    doubled = base if end == "e" else base + end
    bare = base + "e" if end == "e" else base
    return bare, {bare + ("es" if bare.endswith("ss") else "s"), doubled + "ed"}, doubled + "ing"


_REGULAR = [_forms(stem) for stem in _ENGLISH.split()]
FINITE = listed(" ".join([_IRREGULAR, *_OTHER_LANGUAGES.values()])).union(
    *(finite for _, finite, _ in _REGULAR)
)
# "They say", not "she say".
NEED_PLURAL = listed(_PLURAL) | {bare for bare, _, _ in _REGULAR}
PARTICIPLES = listed(_ING) | {participle for _, _, participle in _REGULAR}
VERBS = FINITE | NEED_PLURAL | PARTICIPLES
