"""Written language: tokens, sentences, names, words. No corpus, no vectors."""
