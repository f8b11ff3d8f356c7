"""Reading foreign formats in processes that can be ended: `pool` asks, `worker` reads, and what
passes between them are `frames`.

Parsers meet files that nobody tested them with; each is given so much time and memory, and one that
needs more costs its input and nothing else.
"""
