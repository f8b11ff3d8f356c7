import pytest

from qa.text.paragraphs import paragraph_at, paragraph_spans


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One.\n\nTwo,\nstill two.\n \t\nThree.", ["One.", "Two,\nstill two.", "Three."]),
        ("Roses are red,\nviolets are blue.", ["Roses are red,\nviolets are blue."]),
        (f"{'a ' * 150}\n{'b ' * 150}", ["a " * 150, "b " * 150]),
        ("", []),
    ],
)
def test_paragraphs(text, found):
    assert [text[span.start : span.end] for span in paragraph_spans(text)] == found


def test_a_place_is_in_the_paragraph_that_begins_last_before_it():
    assert [paragraph_at([2, 6], at) for at in (0, 2, 5, 6, 90)] == [1, 1, 1, 2, 2]
