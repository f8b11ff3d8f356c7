"""Drafts written in Obsidian or for Jekyll: what no reader sees is no word of a quotation."""

import pytest

from qa.check.draft.dialects import as_plain_markdown
from qa.check.draft.reader import read_draft


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("“The ==ferry== sails at nine.”", "The ferry sails at nine."),
        ("“The ferry %%ask her%%sails at nine.”", "The ferry sails at nine."),
        ("“The ferry {% include x %}sails at nine.”", "The ferry sails at nine."),
        ("> [!quote]- Sol\n> The ferry sails at nine.", "The ferry sails at nine."),
        ("> [!quote]\n> The ferry sails at nine.", "The ferry sails at nine."),
    ],
)
def test_signs_of_dialects_are_no_words(draft, words):
    (quotation,) = read_draft(draft).quotations

    assert quotation.words == words
    written = draft[quotation.span.start : quotation.span.end]
    assert written.strip("“”").startswith("The ")
    assert written.strip("“”").endswith("sails at nine.")


def test_what_a_comment_quotes_is_not_in_the_draft():
    assert read_draft("%% “It was never said by anyone” %%\n\nThe ferry.").quotations == ()


@pytest.mark.parametrize("draft", ["`a == b` and `%%x%%`", "if a == b or c == d", "50%% of it", ""])
def test_code_and_sums_stay_as_they_are(draft):
    assert as_plain_markdown(draft) is None
