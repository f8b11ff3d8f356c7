"""How a name sounds, whatever alphabet and spelling it is written in."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = """
    а=a б=b в=v г=g д=d е=e ж=z з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=c
    ч=c ш=s щ=s ъ= ы=i ь= э=e ю=iu я=ia ё=e ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz đ=dj ø=o ł=l
"""
# In this order: what shch becomes must be settled before sh is.
_SOUNDS = """
    kh=h shch=s sch=s sh=s tch=c ch=c ts=c ck=k zh=z ph=f x=ks w=v yu=iu ya=ia y=i j=i
"""
_BY_LETTER = str.maketrans(dict(pair.split("=") for pair in _LETTERS.split()))
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
