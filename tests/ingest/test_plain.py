import pytest

from qa.errors import InvalidInput, TooLarge
from qa.ingest.documents import Blob
from qa.ingest.limits import Limits
from qa.ingest.plain import read, stated
from qa.ingest.stated.fields import Metadata


def test_a_text_is_cleaned_and_keeps_its_bytes():
    data = "\ufeffHarbour news\r\n\r\nFoto: X\r\nThe pilot boards at dawn.\r\n".encode()
    document = read(Blob(data, Limits(), "harbour", "harbour.txt"))

    assert document.article.text == "Harbour news\n\nThe pilot boards at dawn."
    assert (document.article.id, document.article.title) == ("harbour", "Harbour news")
    assert (data, "text/plain", "utf-8") == (document.raw, document.media_type, document.encoding)
    assert ("harbour.txt", len(data)) == (document.origin, document.size)


def test_the_publisher_is_the_source_that_is_stated():
    text = "Title\n\nBody.\n\nSource:\xa0 Vecernje novosti"

    assert Metadata(title="Title", publisher="Vecernje novosti") == stated(text)


def test_a_source_that_is_a_link_is_the_url():
    assert Metadata(title="T", url="https://x.org/a") == stated("T\nSource: https://x.org/a\nBody.")


def test_a_source_in_the_middle_of_a_long_text_is_that_of_a_table():
    text = "\n".join(["Title", *["Body."] * 20, "Source: World Bank", *["Body."] * 20])

    assert Metadata(title="Title") == stated(text)


@pytest.mark.parametrize(
    ("line", "author", "extra"),
    [
        ("Written for Kosovo Online by Zeljko Sajn, Correspondent", "Zeljko Sajn", "Correspondent"),
        ("Written for Kosovo Online by Zeljko Sajn.", "Zeljko Sajn", None),
    ],
)
def test_a_byline_names_publisher_author_and_role(line, author, extra):
    meta = stated(f"Title\n{line}\nBody.")

    assert ("Kosovo Online", author) == (meta.publisher, meta.author)
    assert ({"author_role": extra} if extra else {}) == meta.extra


@pytest.mark.parametrize(
    ("line", "published", "notes"),
    [
        ("Date: 2021-03-03", "2021-03-03", ()),
        ("Published: March 3, 2021", "2021-03-03", ()),
        ("Date: 03/04/2021", None, ("date not understood: 03/04/2021",)),
    ],
)
def test_a_date_line_is_read_or_said_not_to_be_understood(line, published, notes):
    meta = stated(f"Title\n{line}\nBody.")

    assert (published, notes) == (meta.published, meta.notes)


def test_nothing_is_guessed():
    text = "Title\n\nOn 3 March 2021 John Smith of Reuters wrote from Paris. Sources: many."

    assert Metadata(title="Title") == stated(text)


def test_a_line_that_states_a_source_is_not_the_title():
    assert Metadata(publisher="Tanjug") == stated("Source: Tanjug\nBody of the text.")


def test_a_first_sentence_says_that_it_is_one():
    meta = stated("The pilot boards at dawn. Then he sleeps.\nMore.")

    assert (
        Metadata(title="The pilot boards at dawn", extra={"title_from": "first sentence"}) == meta
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b" \n\xef\xbb\xbf ", "empty"), (b"0 comments", "empty"), (b"\0", "binary")],
)
def test_what_holds_no_text_is_refused(data, code):
    with pytest.raises(InvalidInput) as info:
        read(Blob(data, Limits()))

    assert code == info.value.code


def test_a_text_over_the_limit_is_refused_naming_both():
    with pytest.raises(TooLarge, match=r"^the text has 12 bytes; the limit is 11 bytes$"):
        read(Blob("đđđđđđ".encode(), Limits(article_bytes=11)))
