import pytest

from qa.ingest.sniff import sniff


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"%PDF-1.7\n", ".pdf"),
        (b"\n\n%PDF-1.4", ".pdf"),
        (b'{"text": "x"}', ".json"),
        (b'\xef\xbb\xbf {\n  "text": "x"\n}', ".json"),
        (b'[{"text": "x"}]', ".json"),
        (b'{"text": "x"}\n{"text": "y"}\n', ".jsonl"),
        (b'{"broken\n{"text": "y"}\n', ".jsonl"),
        (b"{not json}", ".txt"),
        (b"[Applause] Thank you.", ".txt"),
        (b"<!DOCTYPE html><p>x", ".html"),
        (b"\n<html lang=en>", ".html"),
        (b"<?xml version='1.0'?><html>", ".html"),
        (b"<3 is a heart", ".txt"),
        (b"On <body> tags", ".txt"),
        (b"plain", ".txt"),
        (b"", ".txt"),
        (b"[" * 100_000, ".txt"),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(data, suffix):
    assert suffix == sniff(data)
