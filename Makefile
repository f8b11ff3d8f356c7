# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run install dev test check format bench bench-quality bench-checking bench-growth bench-peers clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## Set up, fill an empty corpus from seeds/, serve on 127.0.0.1:8000
	@$(BIN)/qa add --if-empty seeds
	@$(BIN)/qa serve

install: $(RUNTIME) ## Make .venv with everything the service needs

dev: $(DEV)

test: dev ## Set up and run the tests
	@$(BIN)/python -m pytest

check: dev ## Format, lint, types, import layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: dev ## Measure speed in a few minutes, against the last recorded run (needs the evaluation data)
	@$(BIN)/python -m tests.bench

bench-quality: dev ## Print every figure of docs/quality.md (half an hour; needs the evaluation data)
	@$(BIN)/python -m tests.bench.quality

bench-checking: dev ## Print the figures of docs/checking.md (twenty minutes; needs the evaluation data)
	@$(BIN)/python -m tests.bench.checking --passages 100000
	@$(BIN)/python -m tests.bench.support
	@$(BIN)/python -m tests.bench.related

bench-peers: dev ## Race txtai, chroma, haystack and llama-index (forty minutes, 2.2 GB in .peers/; needs the evaluation data)
	@$(BIN)/python -m tests.bench.peers --rounds 3 --plot build/peers.svg --json build/peers.json

bench-growth: dev ## Print the figures of growth (half an hour, 22 GB of disk; needs the evaluation data)
	@$(BIN)/python -m tests.bench.growth

clean: ## Remove the environment and caches; the corpus in data/ stays
	@rm -rf $(VENV) .peers *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found: install it, or name it: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, '$(PYTHON)' is older: name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { echo "cannot make $(VENV) in $(CURDIR): is the folder writable?"; exit 1; }

$(RUNTIME): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing (the first time takes a few minutes)…"
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(DEV): $(RUNTIME)
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $@
