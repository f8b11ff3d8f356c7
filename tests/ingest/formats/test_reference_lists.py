"""What lists of references state of the files beside them, and of those that are not there."""

import json

import pytest

from qa.ingest import find_inputs, stated_in_lists
from qa.ingest.stated.bibtex_lists import in_letters, read_bibtex
from qa.ingest.stated.ris_lists import read_ris
from qa.types import STATED, Refused

RIS = """TY  - JOUR
TI  - The ferry
  of Northport
AU  - Petrić, Ana
AU  - Kos, Ivan, Jr.
DA  - 2024/03/05/
PY  - 2024
T2  - Harbour Review
PB  - Sea Press
DO  - 10.1000/ferry
LA  - en
KW  - sea
L1  - files/1/a.pdf
ER  -
"""
BIBTEX = r"""@string{hr = "Harbour"}
@article{petric2024,
  title = {The {ferry} of {\v C}a{\v{c}}ak -- M{\"u}ller \& {\dj}ak},
  author = "Petri{\'c}, Ana and {Food and Drink Board} and Kos, Jr., Ivan and others",
  journal = hr # { Review}, year = 2024, month = mar, doi = {10.1000/ferry},
  file = {Full Text:files/12/Petric 2024.txt:text/plain;C\:\\papers\\gone.pdf:application/pdf}
}
@book{kos2023, title = {Tides, and "more"}, date = {2023-05}, publisher = {Sea Press}}
"""
CSL = [
    {
        "id": "kos2023",
        "type": "article-journal",
        "title": "Tides",
        "abstract": "Of the moon.",
        "author": [{"family": "Kos", "given": "Ivan"}, {"literal": "Food Board"}],
        "issued": {"date-parts": [[2023, 5]]},
        "container-title": "Harbour Review",
        "publisher": "Sea Press",
        "DOI": "10.1000/tides",
    }
]
STATED_BY_RIS = {
    "title": "The ferry of Northport",
    "url": "https://doi.org/10.1000/ferry",
    "publisher": "Harbour Review",
    "author": "Ana Petrić, Ivan Kos Jr.",
    "authors": ("Ana Petrić", "Ivan Kos Jr."),
    "published": "2024-03-05",
    "language": "en",
}


def beside(folder, **files):
    for name, written in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, "utf-8")
    found, stated = stated_in_lists(find_inputs([folder]))
    said = {path.name: meta.stated() for path, meta in stated.items()}
    return said, [one for one in found if isinstance(one, Refused)]


def test_a_list_that_is_called_as_a_file_states_it(tmp_path):
    stated, (said,) = beside(tmp_path, a_dot_txt="The ferry sails.", a_dot_ris=RIS)

    assert stated == {"a.txt": STATED_BY_RIS}
    assert (said.code, said.skipped) == ("not_meant", True)
    assert said.reason == (
        "states something of other files: 1 of its 1 entries; "
        "1 files that it names are not here: a.pdf"
    )


def test_a_list_states_the_files_that_it_names_by_path_or_key(tmp_path):
    stated, (said,) = beside(
        tmp_path,
        library_dot_bib=BIBTEX,
        files__12__Petric_2024_dot_txt="other",
        kos2023_dot_txt="The tides.",
        x_dot_txt="Nothing states this.",
    )
    assert list(stated) == ["kos2023.txt"]
    (tmp_path / "files" / "12" / "Petric 2024.txt").write_text("The ferry.")
    stated, (said,) = beside(tmp_path)

    assert set(stated) == {"kos2023.txt", "Petric 2024.txt"}
    assert stated["Petric 2024.txt"] == {
        **dict.fromkeys(STATED),
        "title": "The ferry of Čačak – Müller & đak",
        "url": "https://doi.org/10.1000/ferry",
        "publisher": "Harbour Review",
        "author": "Ana Petrić, Food and Drink Board, Ivan Kos Jr.",
        "authors": ("Ana Petrić", "Food and Drink Board", "Ivan Kos Jr."),
        "published": "2024-03",
    }
    assert stated["kos2023.txt"]["title"] == 'Tides, and "more"'
    assert said.reason.endswith("2 of its 2 entries; 1 files that it names are not here: gone.pdf")


def test_csl_beside_papers_states_them_and_is_no_article(tmp_path):
    csl = json.dumps(CSL)
    stated, (said,) = beside(tmp_path, kos2023_dot_txt="The tides.", all_dot_json=csl)

    assert stated["kos2023.txt"] == {
        **dict.fromkeys(STATED),
        "title": "Tides",
        "url": "https://doi.org/10.1000/tides",
        "publisher": "Harbour Review",
        "author": "Ivan Kos, Food Board",
        "authors": ("Ivan Kos", "Food Board"),
        "published": "2023-05",
    }
    assert said.skipped


def test_json_with_texts_of_its_own_states_nothing_of_others(tmp_path):
    own = json.dumps({"type": "article", "title": "Ferry", "text": "The ferry sails."})

    assert beside(tmp_path, a_dot_txt="Another text.", a_dot_json=own) == ({}, [])


def test_two_files_of_one_name_are_not_told_apart_by_it(tmp_path):
    list_ = "@misc{k, title = {Minutes}, file = {old/minutes.txt}}"
    stated, (said,) = beside(
        tmp_path, a__minutes_dot_txt="One.", b__minutes_dot_txt="Two.", l_dot_bib=list_
    )
    assert stated == {}
    assert (said.code, said.skipped) == ("unknown_type", False)


def test_a_list_without_papers_is_refused_with_what_to_do(tmp_path):
    _, (said,) = beside(tmp_path, a_dot_txt="The ferry.", l_dot_ris="no list at all")

    assert (said.skipped, said.reason) == (
        False,
        ".ris: a list of references has no texts: add the papers, with the list beside them",
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"\'{E}mile Zol\`a", "Émile Zolà"),
        (r"{\L}{\'o}d{\'z}, stra{\ss}e", "Łódź, straße"),
        (r"\c{S}i\c{s}li \H{o}~\textit{x}", "Şişli ő x"),
        (r"50\% \& \$3", "50% & $3"),
    ],
)
def test_what_tex_writes_in_signs_is_read_in_letters(written, printed):
    assert in_letters(written) == printed


def test_abbreviations_do_not_grow_by_being_made_of_each_other():
    lines = ['@string{a0 = "xxxxxxxxxx"}']
    lines += [f"@string{{a{n + 1} = a{n} # a{n}}}" for n in range(60)]
    (record,) = read_bibtex("\n".join([*lines, "@misc{k, title = a60 # {Port}}"]))

    assert len(record["title"]) < 400


@pytest.mark.parametrize(
    "broken", ["", "ER  -", "TI  - x", "  y\nTI  - x\n\n  z", "@", "@a{", "@a{b,c={", '@a{b,c="}']
)
def test_a_broken_list_raises_nothing(broken):
    assert isinstance(read_ris(broken), list)
    assert isinstance(read_bibtex(broken), list)
