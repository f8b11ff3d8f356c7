"""A checked draft that is handed over: what was found, what a person noted, in one file.

verdict_labels   verdicts in words
reviewer_marks   what a person ticked off, noted and rated
handed           the items of a report with their marks, as every format shows them
carried          what a page or a report carries along, so that a later check goes on from it
report_html      one file to be read and printed, which can be handed in again
report_markdown  for texts
report_csv       for tables
claim_review     for fact-checkers: schema.org ClaimReview
formats          which of them a name means
"""
