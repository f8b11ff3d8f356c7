"""How well a corpus answers judged questions: `qa eval`.

judged         files -> questions, and what is expected of each
outcomes       every question asked through `Corpus.ask`, in one configuration
measures       what came back -> figures, with paired bootstrap intervals
result_tables  figures -> tables for the terminal
plots          figures -> SVG or PNG
run            all of it, for one judged set
"""

from qa.evaluation.run import evaluate

__all__ = ["evaluate"]
