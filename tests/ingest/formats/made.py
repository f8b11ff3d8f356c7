"""Files of every kind that newsrooms have, each with one sentence in it, made here."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import plistlib
import zipfile

SAID = "The ferry sails on Monday at nine, said Rita Sol."
MAIL = (
    b"From: Ana Petric <ana@x.org>\r\nTo: b@x.org\r\nSubject: =?utf-8?q?Ferry_=C4=8Das?=\r\n"
    b"Date: Mon, 6 May 2024 10:00:00 +0200\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + SAID.encode() + b"\r\n"
)
RTF = (
    rb"{\rtf1\ansi\ansicpg1250{\info{\title Ferry}{\author Ana Petric}}"
    rb"{\fonttbl{\f0 Arial;}}\f0 " + SAID.encode() + rb"\par Zavr\'9ai.\par}"
)
SRT = (
    b"1\r\n00:00:01,000 --> 00:00:03,000\r\n<i>The ferry sails on Monday</i>\r\n\r\n"
    b"2\r\n00:12:31,500 --> 00:12:35,000\r\nat nine, said Rita Sol.\r\n"
)
VTT = b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\n<v Rita Sol>" + SAID.encode() + b"</v>\n"
PAGE = f"<html><head><title>Ferry</title></head><body><p>{SAID}</p></body></html>"
RSS = (
    '<?xml version="1.0"?><rss xmlns:content="c" xmlns:dc="d"><channel><title>Harbour News</title>'
    "<item><title>Ferry</title><link>https://ex.org/d</link><dc:creator>Ana Petric</dc:creator>"
    "<pubDate>Mon, 06 May 2024 10:00:00 +0200</pubDate><category>sea</category>"
    "<description>short</description>"
    f"<content:encoded><![CDATA[<p>{SAID}</p>]]></content:encoded></item></channel></rss>"
).encode()
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title><entry><title>Ferry</title>'
    '<link href="https://ex.org/f"/><published>2024-05-06T10:00:00Z</published>'
    f'<author><name>Ana Petric</name></author><content type="html">&lt;p&gt;{SAID}&lt;/p&gt;'
    "</content></entry></feed>"
).encode()
MHTML = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://ex.org/a\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="bb"\r\n\r\n--bb\r\n'
    f"Content-Type: text/html; charset=utf-8\r\n\r\n{PAGE}\r\n--bb--\r\n"
).encode()


def packed(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, part in parts.items():
            zipped.writestr(name, part)
    return file.getvalue()


def docx() -> bytes:
    import docx as word

    document, file = word.Document(), io.BytesIO()
    document.add_heading("Ferry report", 1)
    document.add_paragraph(SAID)
    document.core_properties.author, document.core_properties.title = "Ana Petric", "Ferry"
    document.save(file)
    return file.getvalue()


def odt() -> bytes:
    content = (
        '<d xmlns:office="o" xmlns:text="t"><office:body><office:text><text:tracked-changes>'
        "<text:p>gone</text:p></text:tracked-changes><text:h>Head</text:h><text:p>The ferry"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Port report."
        "</text:p></text:note-body></text:note> sails<text:s/>on Monday at nine, said Rita Sol."
        "</text:p></office:text></office:body></d>"
    )
    meta = (
        '<m xmlns:dc="d" xmlns:meta="x"><meta:initial-creator>Ana Petric</meta:initial-creator></m>'
    )
    kind = "application/vnd.oasis.opendocument.text"
    return packed({"mimetype": kind, "content.xml": content, "meta.xml": meta})


def epub() -> bytes:
    package = (
        '<package xmlns:dc="d"><metadata><dc:title>Ferry</dc:title><dc:creator>Ana Petric'
        "</dc:creator><dc:date>2021-03-04</dc:date><dc:language>en</dc:language></metadata><manifest>"
        '<item id="n" href="n.xhtml" properties="nav"/><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="a"/></spine></package>'
    )
    container = '<c><rootfiles><rootfile full-path="O/c.opf"/></rootfiles></c>'
    parts = {"O/a.xhtml": PAGE, "O/n.xhtml": "<p>toc</p>", "O/c.opf": package}
    kind = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    return packed({**kind, **parts})


def pptx() -> bytes:
    slide = "<s xmlns:a='a'><a:p><a:r><a:t>{}</a:t></a:r></a:p></s>"
    return packed(
        {
            "ppt/slides/slide10.xml": slide.format("The end."),
            "ppt/slides/slide2.xml": slide.format(SAID),
        }
    )


def xlsx() -> bytes:
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["title", "text", "published"])
    book.active.append(["Ferry", SAID, datetime.datetime(2024, 5, 6)])
    book.save(file)
    return file.getvalue()


def warc() -> bytes:
    page = PAGE.replace("Sol", "Šol").encode("cp1250")
    answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=windows-1250\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://ex.org/c\r\n"
        "WARC-Date: 2024-05-06T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


def webarchive() -> bytes:
    main = {"WebResourceData": PAGE.encode(), "WebResourceURL": "https://ex.org/b"}
    archive = {"WebMainResource": {**main, "WebResourceTextEncodingName": "UTF-8"}}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def as_json(record: object) -> bytes:
    return json.dumps(record).encode()


READ = {
    "a.docx": docx,
    "a.odt": odt,
    "a.epub": epub,
    "a.pptx": pptx,
    "a.xlsx": xlsx,
    "a.warc.gz": warc,
    "a.webarchive": webarchive,
    "a.rtf": lambda: RTF,
    "a.eml": lambda: MAIL,
    "a.mbox": lambda: b"From a@x Mon May  6 10:00:00 2024\n" + MAIL.replace(b"\r", b""),
    "a.mhtml": lambda: MHTML,
    "a.rss": lambda: RSS,
    "a.atom": lambda: ATOM,
    "a.csv": lambda: f'title;text;published\nFerry;"{SAID}";2024-05-06\n'.encode(),
    "a.tsv": lambda: f"title\ttext\nFerry\t{SAID}\n".encode(),
    "a.srt": lambda: SRT,
    "a.vtt": lambda: VTT,
    "a.txt": lambda: SAID.encode(),
    "a.md": lambda: f"# Ferry\n\n{SAID}".encode(),
    "a.html": lambda: PAGE.encode(),
    "a.xhtml": lambda: PAGE.encode(),
    "a.json": lambda: as_json({"text": SAID}),
    "a.jsonl": lambda: as_json({"text": SAID}) + b"\n",
}
REFUSED = (
    *(
        "doc",
        "ppt",
        "xls",
        "pages",
        "msg",
        "zip",
        "html.gz",
        "7z",
        "jpg",
        "png",
        "mp3",
        "mp4",
        "tex",
    ),
    *("rst", "org", "adoc", "mobi", "djvu", "bib", "ris", "log", "yaml", "abc", "php", "aspx"),
)
PASSED_OVER = ("css", "js", "py", "sqlite", "woff2")
