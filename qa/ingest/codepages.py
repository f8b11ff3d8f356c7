"""Which encoding the bytes of a text are in that says nothing of it: told by its letters."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from math import log

_SAMPLE = 65536  # bytes
_HIGH = re.compile(rb"[\x80-\xff]+")
_RUN = 4  # bytes that are not ASCII, one behind another: no word of Latin script has as many
_FEW = 8  # letters; of fewer nothing can be told, and the Western default stands
_FEW_BYTES = 16  # one word of Cyrillic would be two signs of Chinese
_LIKELY = 0.03  # how often, at least, the letters seen are to be expected in some language
_OTHER_SCRIPTS = [
    *("cp1251", "iso8859_5", "koi8_r", "cp1253", "koi8_u", "cp866", "mac_cyrillic", "cp855"),
    *("iso8859_7", "cp1256", "iso8859_6", "cp1255", "iso8859_8"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]
_KANA = re.compile("[\u3041-\u30ff]")
_PUNCTUATION = frozenset("“”„‘’‚–—…«»‹›•°§©®™€£¡¿·½ªº\xa0")

# Where a byte is surely a letter: "© 2026 »Vjesnik«" is not "Š 2026 ťVjesnikŤ".
_INSIDE = re.compile(rb"(?<=[A-Za-z\xc0-\xff])[\x80-\xff](?=[A-Za-z\xc0-\xff])")

# Latin script: every byte is a letter in several, "č" in cp1250 and "è" in cp1252, so only the
# company that it keeps tells. Each language is a row of its accented letters with their frequency
# among 100,000 letters of its running text, rounded (after Wikipedia, "Letter frequency"); the row
# that makes the letters seen most likely wins.
_CENTRAL = (
    "č1000 ć700 š1000 ž650 đ200",  # Croatian, Serbian; Slovene
    "á870 č460 ď20 é630 ě1220 í1640 ň10 ó20 ř380 š690 ť10 ú50 ů200 ý1000 ž720",  # Czech
    "á1600 ä100 č1000 ď150 é900 í1100 ľ400 ň100 ô200 š800 ť600 ú800 ý1100 ž800",  # Slovak
    "ą700 ć740 ę1040 ł2110 ń360 ó1140 ś810 ź80 ż710",  # Polish
    "á3440 é4250 í470 ó820 ö820 ő880 ú220 ü620 ű150",  # Hungarian
    "ă2800 â500 î1000 ş800 ţ800",  # Romanian
)
_WESTERN = (
    "à490 â50 ç90 è270 é1500 ê220 ë10 î50 ï10 ô20 œ20 ù60 û60",  # French
    "á500 é430 í730 ñ310 ó830 ú170 ü10",  # Spanish
    "ã730 á120 à70 â60 ç530 é340 ê450 í130 ó300 ô60 õ40 ú210",  # Portuguese
    "à640 è260 é50 ì30 ò100 ù170",  # Italian
    "æ870 ø940 å1190 é50",  # Danish, Norwegian
    "å1340 ä1800 ö1310",  # Swedish; Finnish
    "ä580 ö440 ü1000 ß310",  # German
    "á1800 æ870 é650 í1570 ð4390 ó990 ö780 ú610 ý230 þ1450",  # Icelandic
)
_TURKISH = ("ç1160 ğ1130 ı5110 ö780 ş1780 ü1850 i̇20 â20",)
_BALTIC = (
    "ą650 č400 ę200 ė1700 į600 š1200 ų1300 ū450 ž800",  # Lithuanian
    "ā4000 č100 ē1700 ģ100 ī1800 ķ100 ļ300 ņ600 š800 ū500 ž200",  # Latvian
    "ä1500 ö300 õ1100 ü900 š20 ž20",  # Estonian
)
# In the order in which they are taken where nothing tells.
_ROWS = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "iso8859_2": _CENTRAL,
    "cp850": _WESTERN,
    "mac_roman": _WESTERN,
    "cp852": _CENTRAL,
    "mac_latin2": _CENTRAL,
}
_UNSEEN = 0.5  # stands for letters outside a row: names and loan words, not impossible


def code_page(data: bytes) -> str | None:
    """The likeliest encoding; None when the letters fit none.

    Without a single accented letter it is cp1252, the Western default.
    """
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:  # not within a character of two bytes
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b" ")) + 1] or sample
        if not _HIGH.search(sample):
            first = _HIGH.search(data)
            sample = data[first.start() : first.start() + _SAMPLE] if first else sample
    runs = [len(run) for run in _HIGH.findall(sample)]
    if 2 * sum(run for run in runs if run >= _RUN) > sum(runs):
        return _other_script(sample)
    return _latin(sample)


def _other_script(data: bytes) -> str | None:
    if _is_euc_jp(data):
        return "euc_jp"
    few = sum(map(len, _HIGH.findall(data))) < _FEW_BYTES
    pages = _OTHER_SCRIPTS[:4] if few else _OTHER_SCRIPTS
    from charset_normalizer import from_bytes  # takes 16 ms, and most files are UTF-8

    found = from_bytes(data, cp_isolation=pages).best()
    return found.encoding if found else None


def _is_euc_jp(data: bytes) -> bool:
    """Whether a sixth of what these bytes are as EUC-JP is kana, which Korean has none of."""
    try:
        text = data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    return 6 * len(_KANA.findall(text)) > sum(not character.isascii() for character in text)


def _latin(data: bytes) -> str | None:
    seen = Counter(byte for run in _HIGH.findall(data) for byte in run)
    if not seen:
        return "cp1252"
    likelihoods = {name: _likelihood(seen, name) for name in _ROWS}
    best = max(likelihoods, key=likelihoods.__getitem__)
    if not _is_likely(seen, best):
        return None
    if best in ("cp1250", "iso8859_2") and not any(byte in seen for byte in range(0x80, 0xA0)):
        within = Counter(b"".join(_INSIDE.findall(data)))
        windows, iso = (_likelihood(within, name) for name in ("cp1250", "iso8859_2"))
        return best if windows == iso else "cp1250" if windows > iso else "iso8859_2"
    return best


def _is_likely(seen: Counter[int], name: str) -> bool:
    """Whether some language has the letters seen; what is no quotation mark or the like is one."""
    signs = {b for b in seen if bytes((b,)).decode(name, "replace") in _PUNCTUATION}
    letters = Counter({byte: count for byte, count in seen.items() if byte not in signs})
    return letters.total() < _FEW or _likelihood(letters, name) > log(_LIKELY) * letters.total()


def _likelihood(seen: Counter[int], name: str) -> float:
    letters: Counter[str] = Counter()
    for byte, count in seen.items():
        letters[bytes((byte,)).decode(name, "replace").lower()] += count
    return max(_log_probability(letters, row) for row in _tables()[name])


def _log_probability(letters: Counter[str], row: dict[str, float]) -> float:
    total = sum(row.values())
    return sum(count * log(_share(letter, row, total)) for letter, count in letters.items())


def _share(letter: str, row: dict[str, float], total: float) -> float:
    if letter in row:
        return row[letter] / total
    if letter in _PUNCTUATION:
        return 0.02
    return _UNSEEN / total if letter.isalpha() else 1e-5


@cache
def _tables() -> dict[str, list[dict[str, float]]]:
    return {name: [_table(row) for row in rows] for name, rows in _ROWS.items()}


def _table(row: str) -> dict[str, float]:
    return {
        entry.rstrip("0123456789"): float(re.sub(r"[^0-9]", "", entry)) for entry in row.split()
    }
