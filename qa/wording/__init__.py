"""The words that a reader sees, in the reader's language: all of them pass here.

spoken_languages   which there are, and which a browser asks for
catalogue          a message of ours in the language that is spoken, with what is filled in
counts             a number with its noun, by the language's plural forms
dates              dates, moments and numbers as the language writes them
service_sentences  what the service says in English, known again and said in another language
catalogues/        gettext: a `.po` for each language that is written, and the `.mo` made of it

English is what stands in the code. Serbian in Cyrillic is the Serbian in Latin letters, in the
other script (`qa.text.spelling`).
"""
