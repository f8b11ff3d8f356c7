"""What kinds of files are read, by suffix, and what to do with those that are not."""

from __future__ import annotations

import re
from pathlib import PurePath

# How each is read (qa.ingest.read); of "lines", "json" and `MANY` come many articles.
KINDS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mkd": "markdown",
    ".mdown": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".pptx": "pptx",
    ".epub": "epub",
    ".eml": "eml",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".webarchive": "webarchive",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".mbox": "mbox",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
}
SUFFIXES = tuple(KINDS)
MANY = ("mbox", "warc", "feed", "csv", "xlsx")

_INSTEAD = {
    ".doc .dot .wpd .wps .pages": "save it as .docx, PDF or HTML",
    ".xls .xlsb .ods .numbers": "save it as .csv, with a column called text",
    ".ppt .key .odp": "save it as PDF",
    ".msg .oft .pst .ost": "save the messages as .eml",
    ".zip .gz .tgz .tar .bz2 .xz .zst .7z .rar": "unpack it, and add the folder",
    ".jpg .jpeg .png .gif .tif .tiff .webp .heic .bmp": (
        "a picture: recognise its text first (ocrmypdf), and add the PDF"
    ),
    ".mp3 .m4a .wav .ogg .flac .mp4 .mov .avi .mkv .webm": (
        "a recording: transcribe it, and add the text"
    ),
    ".tex .rst .org .adoc .wiki .textile .docbook": "convert it to HTML or Markdown (pandoc)",
    ".mobi .azw .azw3 .fb2 .djvu .ps .eps .xps": "convert it to PDF or HTML",
    ".bib .ris": "a list of references has no texts: add the papers, with the list beside them",
    ".enw .nbib": "a list of references has no texts: save it as .ris, beside the papers",
    ".yaml .yml .toml .ini .log": "no article; if it is one, name it .txt",
    ".php .asp .aspx .jsp .cfm .cgi": "a program: save the page that it makes, as .html",
    ".ics .vcf": "no article in it",
    ".mdx": "a program in part: save what it shows as .html or .md",
    ".ass .ssa .sbv .ttml": "save the subtitles as .srt or .vtt",
    ".svg": "a picture with no text of its own",
    "": "no suffix: give it one that says what it is, .txt or .html",
}
# What servers make pages of, old offices call whatever they save, and nothing at all.
_BY_BYTES = frozenset(("", ".php", ".asp", ".aspx", ".jsp", ".cfm", ".cgi", ".doc", ".dot", ".wps"))
_TO_DO = {suffix: said for many, said in _INSTEAD.items() for suffix in many.split() or [""]}
# What lies beside articles and holds none: pages are saved with it, datasets come with it.
_NO_DOCUMENT = re.compile(
    r"\.(?:css|[cm]?js|map|tsx?|jsx|py|pyc|sh|[ch]|rs|go|java|rb|exe|dll|so|bin|lock|ico|woff2?|ttf|otf"
    r"|db|sqlite|pickle|np[yz]|parquet)"
)


def suffix_of(name: str) -> str:
    """The end of a file's name that says what kind it is, in lower case; "" where none does.

    "a.html.gz" -> ".html.gz"; what programs save of an address, "a.php?id=7.5" -> ".php".
    """
    path = PurePath(PurePath(name).name.lower().partition("?")[0])
    inner = PurePath(path.stem).suffix if path.suffix == ".gz" else ""
    return f"{inner}.gz" if inner and kind_of(inner) else path.suffix


def kind_of(suffix: str) -> str:
    """How files with a suffix are read; "" for those that are not."""
    return KINDS.get(suffix) or KINDS.get(suffix.removesuffix(".gz"), "")


def tells_nothing(suffix: str) -> bool:
    """Whether files with a suffix may be of any kind: their bytes say it."""
    known = suffix in _TO_DO or kind_of(suffix) or is_no_document(suffix)
    return suffix in _BY_BYTES or not known


def instead(suffix: str) -> str:
    """What to do with a file that is not read: "save it as .docx, PDF or HTML"."""
    if suffix in _TO_DO:
        return f"{suffix}: {_TO_DO[suffix]}" if suffix else _TO_DO[suffix]
    return f"{suffix}: not one of {' '.join(SUFFIXES)}; convert it to one of them"


def is_no_document(suffix: str) -> bool:
    """Whether such a file is passed over in a folder, as it holds no article of anybody's."""
    return _NO_DOCUMENT.fullmatch(suffix) is not None
