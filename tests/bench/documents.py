"""How well web pages are read, beside plain trafilatura, readability-lxml and newspaper4k.

    .venv/bin/python -m tests.bench.documents FOLDER [--half held] [--every 4] [--only NAME…]

A table of the text's precision, recall and F1, and of the precision and recall of each field:
right or near (one contains the other, a day off, some of several authors), of those that are
stated, and of those that the set has. What each set is: page_sets.py.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.web.html import read
from tests.bench.page_sets import Known, pages

Read = dict[str, str | None]
FIELDS = ("title", "author", "date", "site", "language")


def footnote(data: bytes) -> Read:
    article = read(Blob(data, Limits())).article
    return {
        **{"text": article.text, "title": article.title, "author": article.author},
        **{"date": article.published, "site": article.publisher, "language": article.language},
    }


def trafilatura(data: bytes) -> Read:
    from trafilatura import bare_extraction

    found = bare_extraction(data, include_comments=False, with_metadata=True)
    if found is None:
        return {}
    stated = {"title": found.title, "author": found.author, "date": found.date}
    return {"text": found.text, **stated, "site": found.sitename, "language": found.language}


def readability(data: bytes) -> Read:
    import lxml.html
    from readability import Document

    page = Document(data)
    text = "\n".join(lxml.html.fromstring(page.summary()).itertext())
    return {"text": text, "title": page.short_title()}


def newspaper4k(data: bytes) -> Read:
    from newspaper import Article

    article = Article("http://localhost/", fetch_images=False)
    article.download(input_html=data.decode("utf-8", "replace"))
    article.parse()
    stated = {"title": article.title, "author": "; ".join(article.authors)}
    published = article.publish_date and str(article.publish_date)
    site, language = article.meta_site_name, article.meta_lang
    return {"text": article.text, **stated, "date": published, "site": site, "language": language}


READERS: dict[str, Callable[[bytes], Read]] = {
    reader.__name__: reader for reader in (footnote, trafilatura, readability, newspaper4k)
}


# --- texts ---


def text_score(known: Known, found: str) -> tuple[float, float] | None:
    """Precision and recall of a text; of pieces that are in it, where only these are known."""
    if known.text is not None:
        size = 4 if known.set == "benchmark" else 1
        true, ours = _shingles(known.text, size), _shingles(found, size)
        both = (true & ours).total()
        return both / max(1, ours.total()), both / max(1, true.total())
    if not known.wanted:
        return None
    got = sum(_plain(piece) in _plain(found) for piece in known.wanted)
    wrong = sum(_plain(piece) in _plain(found) for piece in known.unwanted)
    return got / max(1, got + wrong), got / len(known.wanted)


def _shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def _plain(text: str) -> str:
    return " ".join(text.split())


# --- fields ---


def verdict(name: str, gold: str, found: str | None) -> str:
    """How a field compares with what the set says: right, near, wrong or missing."""
    if not found:
        return "missing"
    one, other = _folded(gold), _folded(found)
    if name == "date":
        return _days(gold, found)
    if name == "language":
        one, other = one[:2], other[:2]
    if one == other:
        return "right"
    if one in other or other in one:
        return "near"
    if name == "author" and set(_people(gold)) & set(_people(found)):
        return "right" if set(_people(gold)) == set(_people(found)) else "near"
    return "wrong"


def _days(gold: str, found: str) -> str:
    try:
        apart = abs((date.fromisoformat(gold[:10]) - date.fromisoformat(found[:10])).days)
    except ValueError:
        return "near" if gold.startswith(found) else "wrong"
    return "right" if apart == 0 else "near" if apart == 1 else "wrong"


def _people(names: str) -> list[str]:
    return [_folded(name) for name in re.split(r"[;,]| and | und ", names) if name.strip()]


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", text))


# --- the table ---


def measure(known: Sequence[Known], reader: Callable[[bytes], Read], show: set[str]) -> Any:
    """The scores of texts by set, and the verdicts by field and set."""
    texts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    verdicts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for page in known:
        try:
            found = reader(page.data)
        except Exception:  # some reader gives up on some page: it has found nothing
            found = {}
        if score := text_score(page, found.get("text") or ""):
            texts[page.set].append(score)
            if "text" in show and score[1] < 0.6:
                print(f"text {page.set} {page.name}: {score[0]:.2f} {score[1]:.2f}")
        for name in FIELDS:
            gold, value = page.fields.get(name), found.get(name)
            how = verdict(name, gold, value) if gold else "not in the set" if value else ""
            verdicts[name, page.set][how] += 1
            if name in show and (how in ("wrong", "missing") or (how[:3] == "not" and page.fields)):
                print(f"{name} {how} {page.set} {page.name}: {gold!r} {value!r}")
    return texts, verdicts


def rows(results: dict[str, Any]) -> Iterator[str]:
    """The table in Markdown."""
    yield f"| | {' | '.join(results)} |"
    yield "|---" * (len(results) + 1) + "|"
    first = next(iter(results.values()))
    for name in first[0]:
        count = len(first[0][name])
        cells = [_text_cell(texts[name]) for texts, _ in results.values()]
        yield f"| text, {name} ({count}): P / R / F1 | {' | '.join(cells)} |"
    for key in sorted(first[1], key=lambda key: FIELDS.index(key[0])):
        count = sum(n for how, n in first[1][key].items() if how and how[:3] != "not")
        if count:
            cells = [_field_cell(verdicts[key]) for _, verdicts in results.values()]
            yield f"| {key[0]}, {key[1]} ({count}): P / R | {' | '.join(cells)} |"


def _text_cell(scores: list[tuple[float, float]]) -> str:
    precision, recall = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    return f"{precision:.3f} / {recall:.3f} / {2 * precision * recall / (precision + recall):.3f}"


def _field_cell(counts: Counter[str]) -> str:
    good = counts["right"] + counts["near"]
    stated = good + counts["wrong"]
    if not stated:
        return "–"
    recall = good / (stated + counts["missing"])
    extra = counts["not in the set"]
    return f"{good / stated:.3f} / {recall:.3f}" + (f" (+{extra})" if extra else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("shown", "held", "all"), default="held")
    parser.add_argument("--every", type=int, default=1, help="only every n-th page")
    parser.add_argument("--only", nargs="+", choices=READERS, default=list(READERS))
    parser.add_argument("--sets", nargs="+", help="only these sets")
    parser.add_argument("--show", nargs="+", default=[], help="fields whose faults are listed")
    options = parser.parse_args()
    known = list(pages(options.folder, options.half))[:: options.every]
    known = [page for page in known if not options.sets or page.set in options.sets]
    results = {}
    for name in options.only:
        start = time.process_time()
        results[name] = measure(known, READERS[name], set(options.show))
        print(f"{name}: {time.process_time() - start:.0f} s of CPU")
    print("\n".join(rows(results)))


if __name__ == "__main__":
    main()
