"""Who says what in a text, as its own words show: said X, according to X, X: …

A text is read in this order:

quoted        what stands between quotation marks is blanked, and the sentences are found
people        who is named or described, and where; of
  capitals      names, by their capitals
  roles         descriptions: the former Russian ambassador to Serbia
  appositions   a role beside a name: the envoy Ann Lee
  person        somebody, and how it shows that they are a person
cues          words that say who speaks, and of what
  said          with a say-verb: Ann Lee said that …
  phrases       without one: according to Ann Lee
  pronouns      whom he and she stand for
covering      which cue covers a place
speakers      who says a stretch of a text; the one way in
agreement     whether that is who is said to have said it

Beside them:

names         two names compared: Dr A. Vučić is Aleksandar Vucic
spelling      how a name sounds
vocabulary    titles, roles, bodies, given names
verbs         say-verbs by language
"""

from qa.check.speakers.agreement import agrees
from qa.check.speakers.names import same_name
from qa.check.speakers.people import People
from qa.check.speakers.speakers import Attribution, Speakers

__all__ = ["Attribution", "People", "Speakers", "agrees", "same_name"]
