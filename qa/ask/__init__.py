"""A question becomes an answer: ranked, marked, with how sure it is."""
