import pytest

from qa.ingest.markdown.markdown_text import rendered
from qa.types import Removed

URL = "https://example.org/r.pdf"
# Some Markdown, and the text that a reader sees.
SHOWN = {
    "strong": ("On **Monday evening** it began.", "On Monday evening it began."),
    "emphasis": ("On _Monday_ *evening*.", "On Monday evening."),
    "both": ("It was ***very*** late.", "It was very late."),
    "within a word": ("The **bo**ld one.", "The bold one."),
    "code": ("The `p` value, ``a`b``.", "The p value, a`b."),
    "link": (f"See [their long report]({URL}) of May.", "See their long report of May."),
    "link with a title": (f'See [it]({URL} "A (b) title").', "See it."),
    "reference": (f"See [it][2] and [b].\n\n[2]: {URL}\n[b]: {URL}", "See it and b."),
    "reference that leads nowhere": ("See [the report][2].", "See the report."),
    "numbers are no link": ("The tests [4][5] show it.", "The tests [4][5] show it."),
    "autolink": (f"See <{URL}> now.", f"See {URL} now."),
    "wikilink": ("The [[Port Authority]] left.", "The Port Authority left."),
    "wikilink, other words": ("The [[Port Authority|harbour]] left.", "The harbour left."),
    "wikilink, part": ("See [[Ports#Split]].", "See Ports > Split."),
    "footnote": (
        "He left[^1] early.[^b]\n\n[^1]: Table 3.\n\nMore.",
        "He left early.\n\nMore.\n\nTable 3.",
    ),
    "footnotes, one by one": (
        "He left[^1].\n\n[^1]: At *ten*.\n[^2]: So.",
        "He left.\n\nAt ten.\n\nSo.",
    ),
    "footnote with a target": ("He left[^1^](#x) early.", "He left early."),
    "linked mark": (f"He left[[4]]({URL}) early.", "He left[4] early."),
    "inline footnote": (
        "He left^[At noon, see [it](x).] early.",
        "He left early.\n\nAt noon, see it.",
    ),
    "highlight": ("It ==will not== pay ==for **all**==.", "It will not pay for all."),
    "no highlight": ("Where a == b and c == d.", "Where a == b and c == d."),
    "escapes": (r"\*Not\* 5\_000 \[sic\] \# \$5.", "*Not* 5_000 [sic] # $5."),
    "entities": ("Bread &amp; salt&nbsp;&#8211; &eacute;.", "Bread & salt \u2013 é."),
    "tags": (
        'The <em>old</em> <span class="x">port</span><br>of <u>Bar</u>.',
        "The old port\nof Bar.",
    ),
    "marks of tags": (
        "He said <q>no</q> to 10<sup>6</sup> of them.",
        "He said “no” to 10⁶ of them.",
    ),
    "raised and unclosed": ("It has 10<sup>6<sup>2", "It has 10⁶²"),
    "raised": ("It has 10^6^ of H~2~O, 2^32 and ~5 km.", "It has 10⁶ of H2O, 2^32 and ~5 km."),
    "comment": ("He <!-- ask\nAnn --> left %%or not%% then.", "He left then."),
    "comment of blocks": ("One.\n\n%%\n\nHidden *x*.\n\n%%\n\nTwo.", "One.\n\nTwo."),
    "comment in code": ("Use `%%a%%` and `<!-- b -->`.", "Use %%a%% and <!-- b -->."),
    "blockquote": ("> It will not pay\n> that was caused.", "It will not pay that was caused."),
    "lazy blockquote": ("> It will not pay\nfor the storm.", "It will not pay for the storm."),
    "blockquote in a blockquote": ("> a one\n>\n> > b two\n> > goes on", "a one\n\nb two goes on"),
    "callout": ("> [!warning]- Of storms\n> It will\n> not pay.", "Of storms\n\nIt will not pay."),
    "table": (
        "| Port | Ships |\n|---|--:|\n| *Bar* | 12 |\n| [Ulcinj](u.md) | 4 |",
        "Port\tShips\nBar\t12\nUlcinj\t4",
    ),
    "table in HTML": ("<table><tr><td>Bar<td>12<tr><td>Ulcinj<td>4</table>", "Bar\t12\nUlcinj\t4"),
    "heading": ("## The *port* {#port .wide}\n\nText.", "The port\n\nText."),
    "Setext heading": (
        "The port\n=====\n\nIts ships\n---\nText.",
        "The port\n\nIts ships\n\nText.",
    ),
    "backslash": ("He left\\\nat noon.", "He left\nat noon."),
    "two spaces": ("Roses  \nViolets", "Roses\nViolets"),
    "wrapped": ("The pilot boards\nthe ship at dawn.", "The pilot boards the ship at dawn."),
    "lines": ("Photo: Ann Lee\nThe pilot boards.", "Photo: Ann Lee\nThe pilot boards."),
    "list": (
        "- The first,\n  going on\n- [x] *done*\n  - inner\n\n+ other",
        "The first, going on\ndone\ninner\n\nother",
    ),
    "numbers": ("3. Three\n4. Four\n\n   More.", "3. Three\n\n4. Four\n\nMore."),
    "definition": ("Pilot\n: Who *boards*.", "Pilot\nWho boards."),
    "code block": ("```py\na = {{ x }}\n    b_c_\n```", "a = {{ x }}\n    b_c_"),
    "Jekyll": ('He {% include a_b.html x="*" %}left {{ page.x }}.{: .note}', "He left ."),
    "Jekyll, comment": ("One.{% comment %} two {% x %} {% endcomment %} Three.", "One. Three."),
    "Jekyll, raw": ("{% raw %}Kept.{% endraw %}", "Kept."),
    "Hugo": ('{{< figure src="a_b_.png" >}}\n\n{{% notice %}}Kept.{{% /notice %}}', "Kept."),
    "Pandoc": ("::: {.note}\nKept [small]{.smallcaps}.\n:::", "Kept small."),
    "block id": ("The port is shut. ^a1b2c3\n\nMore.", "The port is shut.\n\nMore."),
    "rule": ("One.\n\n---\n\nTwo.\n\n***", "One.\n\nTwo."),
    "block in HTML": (
        "<div>\nOne\n</div>\n\n<details><summary>Two</summary>\n\n*Three*\n</details>",
        "One\n\nTwo\n\nThree",
    ),
    "script": ("One.\n\n<script>var x;</script>\n\n<style>p {}</style>\n\nTwo.", "One.\n\nTwo."),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_text_is_what_a_reader_sees(name):
    source, shown = SHOWN[name]

    assert rendered(source).text == shown


@pytest.mark.parametrize(
    ("source", "text", "removed"),
    [
        ("A.\n\n![The *old* port|300](p.png)", "A.", Removed("caption", "The old port")),
        ("A ![[port.png]] b.", "A b.", Removed("caption", "port.png")),
        ('A <img src=p alt="The port"> b.', "A b.", Removed("caption", "The port")),
        ("It takes ~~five~~ six hours.", "It takes six hours.", Removed("struck out", "five")),
        ("A <s>five</s> six.", "A six.", Removed("struck out", "five")),
        ("See {{ site.x }}.", "See .", Removed("template", "{{ site.x }}")),
    ],
)
def test_what_is_shown_and_is_none_of_the_words_is_told(source, text, removed):
    shown = rendered(source)

    assert (shown.text, shown.removed) == (text, (removed,))


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("Intro\n\n```\n# no heading\n```\n\n# The *pilot* #\n\n# Another", "The pilot"),
        ("The pilot\n===\n\nText.", "The pilot"),
        ("<h1 align=center>The pilot</h1>\n\nText.", "The pilot"),
        ("## The pilot", None),
        ("#pilot", None),
    ],
)
def test_the_first_heading_is_found(source, heading):
    assert rendered(source).heading == heading
