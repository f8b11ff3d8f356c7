from pathlib import Path

import pytest

from tests.structure import Module, repeated

TEN = "one two three four five six seven eight nine ten"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f'words("{TEN}")', [10]),
        (f'"{TEN}".split()', [10]),
        (f'STEMS = "argu|e {TEN}"', [11]),
        (f"NUMBERS = {{{str(TEN.split())[1:-1]}}}", [10]),
        (f'PATTERN = r"\\b(?:{TEN.replace(" ", "|")})\\b"', [10]),
        ('words("one two three")', []),  # short enough to be read where it stands
        (f'"""{TEN}"""', []),  # a docstring
        (f'raise ValueError("{TEN}")', []),
        (f'X = f"{TEN} {{number}}"', []),
        (f'SQL = "SELECT {TEN}"', []),
        (f'X = "{TEN}, and more."', []),  # a sentence
    ],
)
def test_a_list_of_words_is_told_from_other_strings(code: str, expected: list[int], tmp_path: Path):
    path = tmp_path / "qa" / "numbers.py"
    path.parent.mkdir()
    path.write_text(code, "utf-8")

    assert [count for count, _ in Module(tmp_path, path).word_lists()] == expected


def test_what_has_the_same_name_is_listed_with_its_places():
    found = repeated([("links.py", "qa/web"), ("ids.py", "qa"), ("links.py", "qa/check")])

    assert found == {"links.py": ["qa/web", "qa/check"]}
