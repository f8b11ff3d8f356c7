"""A quote held against one text: pure functions, no I/O. To be read in this order:

rules        every threshold, with its unit, its meaning and a case
forms        what writers may do to a quote, undone: marks, brackets, ellipses
text         a text and what aligning needs of it; without `marks` and, joined, without `speech`
exact        in one piece and unchanged: word for word, or but for typography
parts        which parts of a quote stand where, and whether they follow on
in_parts     in unchanged parts: shortened, altered by what is left out, or spliced
nearest      the stretch of a text that fewest changes turn into a quote
pairs        its words beside the quote's
differences  how alike the two are, and what differs (`wording`, `kinds`: what that says)
altered      in changed words, in one piece or in several
find         all of it: the way in
"""
