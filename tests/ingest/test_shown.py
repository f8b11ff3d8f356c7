import pytest

from qa.ingest.web.html import read_page
from qa.ingest.web.page import parse
from qa.ingest.web.shown import prose_length


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup> tickets", "10⁶ tickets"),
        ("10<sup>−6</sup> metres", "10⁻⁶ metres"),
        ("1 of 2<sup>1/2</sup>", "1 of 2¹⁄₂"),
        ("2<sup>1</sup>/<sub>2</sub> days", "2¹/₂ days"),
        ("10<sup>2.5</sup> days", "10^2.5 days"),
        ("101<sub>2</sub> is 5", "101₂ is 5"),
        ("H<sub>2</sub>O on the 5<sup>th</sup>", "H2O on the 5th"),
        ("said<sup>[4]</sup> it<sup><a href='#n'>12</a></sup> now", "said[4] it¹² now"),
        ("He said <q>we <q>all</q> go</q> and left", "He said “we ‘all’ go” and left"),
    ],
)
def test_what_browsers_raise_lower_and_quote_is_written_out(markup, text):
    assert read_page(f"<p>{markup}.</p>").text == f"{text}."


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>No pilot</p>",
        "<div hidden=''><p>No pilot</p></div>",
        "<p style='display : none'>No pilot</p>",
        "<span style='color:red;VISIBILITY:hidden'>No pilot</span>",
    ],
)
def test_what_is_hidden_is_no_text(hidden):
    assert read_page(f"<p>The pilot boards at dawn.</p>{hidden}<p>He leaves.</p>").text == (
        "The pilot boards at dawn.\nHe leaves."
    )


@pytest.mark.parametrize(
    "markup",
    [
        "<div hidden><p>The pilot boards at dawn.</p></div>",
        "<body style='visibility:hidden'><p>The pilot boards at dawn.</p></body>",
        "<p hidden=until-found>The pilot boards at dawn.</p>",
    ],
)
def test_what_scripts_show_when_they_are_done_is_read(markup):
    assert read_page(markup).text == "The pilot boards at dawn."


def test_what_is_hidden_may_be_stated():
    page = read_page("<h1>The port</h1><span hidden itemprop=author>Ann Lee</span><p>It opens.</p>")

    assert (page.meta.author, page.text) == ("Ann Lee", "The port\nIt opens.")


def test_lists_have_their_numbers_and_no_signs():
    items = "<ol start=3><li>Flour<li><p>Milk</p><li><b>Eggs</b>, two<ul><li>big</ul></ol>"
    bare = "<ol style='list-style: none'><li>Salt</ol>"

    text = read_page(f"<p>Buy:</p>{items}{bare}<ul><li>Tea</ul>").text
    assert text == "Buy:\n3. Flour\n4. Milk\n5. Eggs, two\nbig\nSalt\nTea"


def test_rows_of_tables_are_lines_with_tabs():
    rows = "<tr><th>Ships<th>12<tr><td>Pilots, <b>all</b><td><td>3"

    text = read_page(f"<p>The port in numbers:</p><table>{rows}</table>").text
    assert text == "The port in numbers:\nShips\t12\nPilots, all\t\t3"


def test_prose_is_neither_links_nor_labels_nor_hidden_menus():
    line = "The pilot boards at dawn and leaves."
    tree, _ = parse(
        f"<nav>{line}</nav><p>{line}<a>{line}</a> more</p><div>{line}<b>Label</b></div>"
        f"<footer>{line}</footer>"
    )
    assert prose_length(tree) == 2 * len(line)
