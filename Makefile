# Everything a newcomer types. Needs Python 3.11 to 3.13 and a package registry; the rest goes into .venv.
#   make run     sets up, turns data/raw/ into data/processed/pesco.db, says what to type next
#   make test    sets up, runs the tests
# Another Python: make run PYTHON=python3.12

SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/python -m pytest -q
CODE := models extractors pipeline flows

.DEFAULT_GOAL := help
.PHONY: help setup run test lint lint-style lint-format lint-types lint-layers stress fuzz bench lock screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv from requirements.lock, if it is not up to date

run: $(READY) ## ingest data/raw/ into data/processed/pesco.db and print a summary
	@$(BIN)/python -m compileall -q $(CODE)
	@$(BIN)/pesco ingest data/raw; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ]

test: $(READY) ## run the tests, without the slow ones
	$(PYTEST) -m "not slow"

lint: lint-style lint-format lint-types lint-layers ## check style, format, types and layers

lint-style: $(READY)
	$(BIN)/ruff check .

lint-format: $(READY)
	$(BIN)/ruff format --check .

lint-types: $(READY)
	$(BIN)/mypy --strict

lint-layers: $(READY)
	$(BIN)/lint-imports

stress: $(READY) ## run the long tests: hostile files, kills, concurrent runs, Prefect's server
	$(PYTEST) -m slow --timeout 3600

fuzz: $(READY) ## feed mutated PDFs to the reader, a bounded number of minutes
	$(PYTEST) tests/fuzz --timeout 3600 -o "python_files=fuzz_*.py"

bench: $(READY) ## measure speed and write benchmarks/results.md
	$(BIN)/python -m benchmarks

# Set UPGRADE=--upgrade to take newer releases; without it only what pyproject.toml asks for changes.
lock: $(READY) ## write requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
		--no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock
	@{ echo '# Every package of the project and its tests, for Python 3.11 to 3.13, with hashes. Written by `make lock`.'; \
		cat requirements.lock; } > requirements.lock.new && mv requirements.lock.new requirements.lock

screenshots: $(READY) ## make the pictures of the README from the samples (needs chromium)
	$(BIN)/python -m docs.screenshots

clean: ## remove .venv and caches; the database stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# uv installs in a quarter of pip's time, so pip installs it first, at the version and hash of the lock. Where uv can't
# reach the registry that pip is set up for, pip does it all. Compiled at once, as some machines forbid Python to write
# byte code later, and every start would then take seconds longer. The project itself goes in last, without its own
# look-ups: its build tool came with the lock.
$(READY): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "No Python 3.11 to 3.13 found. Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making .venv with $(PYTHON)"; $(PYTHON) -m venv --clear .venv; } || \
		{ echo "$(PYTHON) can't make a virtual environment (on Debian and Ubuntu: apt install python3-venv)"; rm -rf .venv; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv (a minute or two, once)"
	@awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements.lock > .venv/uv.lock
	@uv=$$(command -v uv || true); \
	[ -n "$$uv" ] || { $(BIN)/python -m pip install --quiet --require-hashes -r .venv/uv.lock && uv=$(BIN)/uv; }; \
	"$$uv" pip install --python $(BIN)/python --quiet --compile-bytecode --require-hashes -r requirements.lock || \
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@
