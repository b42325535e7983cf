# What people type: `make run` draws the default prompt, `make test` tests. Needs git, make and Python 3.11 or newer;
# Node and npm come with the Python packages of the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
PINS := pyproject.toml requirements.lock
NPM := web/npm.sh --no-audit --no-fund --loglevel=error
# Two at a time: much of a test is waiting. The tests of one file share what they start; what takes longest begins.
TOGETHER := -n 2 --dist loadfile --no-loadscope-reorder
MODULES := web/node_modules/.stamp

.PHONY: run test test-all check bench web browser clean

run: $(VENV)/run.stamp
	$(BIN)/promptograph run text-to-image --out out

test: $(VENV)/test.stamp $(MODULES) browser
	$(BIN)/python -m pytest $(TOGETHER)

test-all: $(VENV)/all.stamp $(MODULES) browser
	$(BIN)/python -m pytest --full $(TOGETHER)
	$(BIN)/python -m benchmarks.engine --quick
	$(BIN)/python -m benchmarks.sampling --quick
	$(BIN)/python -m benchmarks.start --quick
	$(BIN)/python -m models.bauklotz.evaluate --out out/evaluation.json

check: $(VENV)/test.stamp $(MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NPM) run check

bench: $(VENV)/all.stamp
	$(BIN)/python -m benchmarks.engine --check
	$(BIN)/python -m benchmarks.sampling --check
	$(BIN)/python -m benchmarks.start --check
	$(BIN)/python -m benchmarks.server --check

# The editor, from web/ into server/static: commit what it writes.
web: $(MODULES)
	$(NPM) run build

# A Chromium for the tests of the editor, where there is none.
browser: $(VENV)/test.stamp
	@$(BIN)/python -m tests.browser

clean:
	rm -rf $(VENV) web/node_modules out .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

# Each stamp is newer than what was installed from; the larger sets hold the smaller ones.
$(VENV)/run.stamp: $(PINS) | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/test.stamp: $(PINS) | $(BIN)/python
	$(PIP) --editable '.[test]'
	@touch $(VENV)/run.stamp $@

$(VENV)/all.stamp: $(PINS) | $(BIN)/python
	$(PIP) --editable '.[test,bench]'
	@touch $(VENV)/run.stamp $(VENV)/test.stamp $@

$(MODULES): web/package.json web/package-lock.json | $(VENV)/test.stamp
	$(NPM) ci
	@touch $@
