# The one entry to everything: what a contributor runs is what CI runs.
# Needs python 3.11 or newer with venv, make and git. All else is set up below .venv.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
STAMPS := .venv/stamps
PACKAGES := survey pipeline dashboard

# The first interpreter that is new enough; `make PYTHON=/path/to/python ...` overrides it.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
WORKERS ?= 2
# Tests start some hundred programs; each would compile every module it imports if it might not keep that.
unexport PYTHONDONTWRITEBYTECODE
KILLS ?= 200
IN_PARALLEL := -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What decides a verdict, and who is hidden: every branch of it has a test.
WHOLLY_COVERED := 'pipeline/statistics/*,pipeline/disclosure/*'
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version 3.11

.PHONY: help demo test check fmt bench calibrate visibility mutants kills docs lock clean static style types contracts browser postgres nginx

help: ## say what each target does (the default)
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMPS)/run ## make the demo organisation and serve it until Ctrl-C
	$(BIN)/pmhealth demo
	@$(BIN)/pmhealth serve --demo || test $$? -eq 130 # Ctrl-C ends it well

test: static browser postgres nginx ## everything: contracts, types, style, all tests, coverage
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run $(IN_PARALLEL) -m "not browser and not slow"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --skip-covered
	@$(BIN)/coverage report --skip-covered --show-missing --fail-under=100 --include=$(WHOLLY_COVERED)
	$(BIN)/python $(IN_PARALLEL) -m "slow and not browser" # whole ways; counting their lines would double the time
	$(BIN)/python $(IN_PARALLEL) -m browser # apart: Playwright leaves an event loop running in its process

check: static ## the quick part of it, without coverage, in three minutes
	HYPOTHESIS_PROFILE=everyday $(BIN)/python $(IN_PARALLEL) -m "not browser and not slow and not thorough"

fmt: $(STAMPS)/dev ## put code and SQL into the house's form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/sqlfluff fix --quiet pipeline/sql

bench: $(STAMPS)/dev ## measure against plain DuckDB and write docs/benchmarks.md
	$(BIN)/python -m bench

calibrate: $(STAMPS)/dev ## hold the statistics against known truth and write docs/calibration.md
	$(BIN)/python -m bench.calibration

visibility: $(STAMPS)/dev ## simulate what a wave can show and write docs/visibility.md
	$(BIN)/python -m bench.visibility

mutants: $(STAMPS)/mutants ## change the disclosure rules in every small way; the tests must notice
	cd .venv/mutants/work && PATH="$$PWD/../bin:$$PATH" PYTHONHASHSEED=0 HYPOTHESIS_PROFILE=mutants \
		mutmut run --max-children $(WORKERS)
	$(BIN)/python -m bench.mutants .venv/mutants/work/mutants

kills: $(STAMPS)/dev ## kill the form 200 times in each kind of store and say what was found
	@rm -f .kills
	KILLS=$(KILLS) KILLS_REPORT=.kills $(BIN)/pytest -q tests/crash
	@cat .kills && rm .kills

docs: $(STAMPS)/dev ## write the pages that are made from the code
	$(BIN)/python docs/generate.py

lock: $(STAMPS)/run ## choose versions anew: requirements/*.txt
	$(COMPILE) --upgrade --group bootstrap --output-file requirements/uv.txt
	$(COMPILE) --upgrade pyproject.toml --group build --output-file requirements/run.txt
	$(COMPILE) --upgrade pyproject.toml --group dev --constraints requirements/run.txt \
		--output-file requirements/dev.txt
	$(COMPILE) --upgrade pyproject.toml --group dev --group mutants --constraints requirements/dev.txt \
		--output-file requirements/mutants.txt

clean: ## remove what can be made again; never data/home
	rm -rf .venv build *.egg-info .coverage .coverage.* data/demo data/bench
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(PACKAGES) bench tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

# The parts of test and check.

static: $(STAMPS)/dev
	@$(MAKE) --no-print-directory --jobs $(WORKERS) --output-sync contracts types style

contracts: $(STAMPS)/dev
	$(BIN)/lint-imports --no-cache

types: $(STAMPS)/dev
	$(BIN)/mypy
	$(BIN)/mypy docs/generate.py

style: $(STAMPS)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/sqlfluff lint --disable-progress-bar pipeline/sql

browser:
	@.ci/chromium

postgres:
	@.ci/postgres

nginx:
	@.ci/nginx

# The environment. A stamp is older than what it was made from exactly when it must be made again.

$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { echo "needs python 3.11 or newer: make PYTHON=/path/to/python"; exit 1; }
	"$(PYTHON)" -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/uv: requirements/uv.txt $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# Installing this much removes what only development needs, so its stamp goes too.
$(STAMPS)/run: requirements/run.txt pyproject.toml $(STAMPS)/uv
	@rm -f $(STAMPS)/dev
	$(BIN)/uv pip sync --quiet --require-hashes $<
	$(BIN)/uv pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# The development lock holds the run lock, so a later `make demo` finds all it needs.
$(STAMPS)/dev: requirements/dev.txt pyproject.toml $(STAMPS)/uv
	$(BIN)/uv pip sync --quiet --require-hashes $<
	$(BIN)/uv pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $(STAMPS)/run $@

# Mutation testing wants a tool and an environment of its own, and works on a copy.
$(STAMPS)/mutants: requirements/mutants.txt $(STAMPS)/dev $(shell find pipeline/disclosure tests/pipeline/disclosure -name '*.py')
	"$(PYTHON)" -m venv .venv/mutants
	$(BIN)/uv pip sync --quiet --require-hashes --python .venv/mutants/bin/python $<
	@rm -rf .venv/mutants/work && mkdir -p .venv/mutants/work
	@cp -r $(PACKAGES) bench tests pyproject.toml .venv/mutants/work/
	@touch $@
