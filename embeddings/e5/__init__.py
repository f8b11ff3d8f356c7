"""The multilingual model, multilingual-e5-small, from the packed file of a package."""
