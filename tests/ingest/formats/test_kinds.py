"""One folder with a file of every kind that people have: read, or named with its reason."""

import gzip
import json
import sys

import pytest

from qa.cli import main
from tests.ingest.formats.made import MAIL, PAGE, READ, SAID, as_json, warc
from tests.ingest.formats.test_formats import RECORDS
from tests.ingest.printed import printed, set_in

PLAIN = SAID.encode()
TAKEN = {
    **{name: made() for name, made in READ.items()},
    **{f"{program}.json": as_json(record) for program, (record, _) in RECORDS.items()},
    "a.pdf": printed(set_in([SAID])),
    "a.htm": PAGE.encode(),
    "a.markdown": PLAIN,
    "a.ndjson": as_json({"text": SAID}) + b"\n",
    "a.warc": gzip.decompress(warc()),
    "a.xml": READ["a.rss"](),
    "a.text": PLAIN,
    "a.qmd": b"---\ntitle: Ferry\n---\n\n" + PLAIN,
    "a.shtml": PAGE.encode(),
    "a.php": PAGE.encode(),
    "a.aspx": PAGE.encode(),
    "a.html.gz": gzip.compress(PAGE.encode(), mtime=0),
    "page": PAGE.encode(),
    "mail": MAIL,
    "utf16.txt": SAID.encode("utf-16"),
    "tweets.js.json": b"window.YTD.tweets.part0 = " + as_json(RECORDS["tweets"][0]),
}
NAMED = {
    "b.doc": (b"\xd0\xcf\x11\xe0 old", ".doc: save it as .docx, PDF or HTML"),
    "b.ppt": (b"\xd0\xcf\x11\xe0 old", ".ppt: save it as PDF"),
    "b.xls": (b"\xd0\xcf\x11\xe0 old", ".xls: save it as .csv, with a column called text"),
    "b.msg": (b"x", ".msg: save the messages as .eml"),
    "b.zip": (b"PK\x05\x06" + b"\0" * 18, ".zip: unpack it, and add the folder"),
    "b.rst": (PLAIN, ".rst: convert it to HTML or Markdown (pandoc)"),
    "b.org": (PLAIN, ".org: convert it to HTML or Markdown (pandoc)"),
    "b.tex": (PLAIN, ".tex: convert it to HTML or Markdown (pandoc)"),
    "b.adoc": (PLAIN, ".adoc: convert it to HTML or Markdown (pandoc)"),
    "b.mdx": (PLAIN, ".mdx: a program in part: save what it shows as .html or .md"),
    "b.log": (PLAIN, ".log: no article; if it is one, name it .txt"),
    "b.bib": (b"@misc{k, title={Ferry}}", ".bib: a list of references has no texts:"),
    "b.ris": (b"TY  - JOUR\nER  - \n", ".ris: a list of references has no texts:"),
    "b.jpg": (b"\xff\xd8\xff", ".jpg: a picture: recognise its text first (ocrmypdf)"),
    "noext": (PLAIN, "no suffix: give it one that says what it is, .txt or .html"),
    "sitemap.xml": (b"<urlset><url/></urlset>", "<urlset> is neither a feed nor a page"),
    "locked.docx": (b"\xd0\xcf\x11\xe0 locked", "no Word file: File is not a zip file"),
}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_MODEL", "hash")

    def called(*arguments):
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        return caught.value.code or 0, capsys.readouterr().out

    return called


def test_a_folder_of_every_kind_is_added_and_the_rest_is_named(run, tmp_path):
    folder = tmp_path / "n"
    folder.mkdir()
    for name, data in TAKEN.items():
        (folder / name).write_bytes(data)
    for name, (data, _) in NAMED.items():
        (folder / name).write_bytes(data)
    assert len(TAKEN) + len(NAMED) >= 57
    code, out = run("add", "n", "--json")
    report = json.loads(out)

    assert code == 1
    # What is the same text of the same address in two files is one article.
    twice = len(("a.ndjson", "a.warc", "a.xml", "tweets.js.json"))
    counts = {"added": len(TAKEN) - twice, "unchanged": twice, "refused": len(NAMED)}
    assert report["counts"] == counts
    said = {item["origin"].removeprefix("n/"): item["reason"] for item in report["problems"]}
    assert said.keys() == NAMED.keys()
    assert {n: said[n] for n, (_, why) in NAMED.items() if not said[n].startswith(why)} == {}
    for row in json.loads(run("list", "--json")[1])["articles"]:
        text = json.loads(run("show", row["id"], "--json")[1])["article"]["text"]
        assert SAID in text.replace("Šol", "Sol"), row["id"]


def test_a_folder_of_what_is_read_alone_ends_well(run, tmp_path):
    folder = tmp_path / "n"
    folder.mkdir()
    for name in ("a.docx", "a.eml", "a.srt", "page"):
        (folder / name).write_bytes(TAKEN[name])

    assert run("add", "n") == (0, "4 added\n")
