"""How well a corpus answers judged questions: `qa eval`.

judged.py   files -> questions, and what is expected of each
outcomes.py every question asked through `Corpus.ask`, in one configuration
measures.py what came back -> figures, with paired bootstrap intervals
tables.py   figures -> tables for the terminal
plots.py    figures -> SVG or PNG
run.py      all of it, for one judged set
"""

from qa.evaluation.run import evaluate

__all__ = ["evaluate"]
