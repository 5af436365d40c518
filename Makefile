# One word per job. Each makes what it needs: the environment, the pinned packages, the models.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SITE ?=
BENCH ?= fetch
ARGS ?=
# A whole run has three workers a core, because tests wait for what they start (two take a minute more); each takes some
# 400 MB with its servers, and up to 1.6 GB by the end, when it has imported everything and collected little.
# Where ARGS names a path, one process, which a debugger can stop, and what fails is not run again.
WORKERS ?= $(if $(findstring tests/,$(ARGS)),0,$(shell expr 3 '*' "$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)"))

MOMENT ?=

.PHONY: help run setup test calendar check models lock rules bench clean

help: ## list the jobs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp $(VENV)/models.stamp ## inspect the bundled demo site, or SITE=https://www.example.gov.cn; more options in ARGS
	@if [ -n "$(SITE)" ]; then $(BIN)/sitehealth inspect "$(SITE)" $(ARGS); else $(BIN)/sitehealth demo $(ARGS); fi

setup: $(VENV)/run.stamp ## make a system service of this checkout, as root; ARGS=--dry-run shows what is missing
	@$(BIN)/sitehealth setup --system $(ARGS)

test: $(VENV)/test.stamp $(VENV)/models.stamp ## run all tests, three workers a core, and what failed once more by itself; options for pytest in ARGS
	@$(BIN)/python $(if $(filter-out 0,$(WORKERS)),tools/run_tests.py,-m pytest) -n $(WORKERS) --dist worksteal $(ARGS)

calendar: $(VENV)/test.stamp $(VENV)/models.stamp ## run the tests that depend on the calendar at another moment, drawn anew; or MOMENT="2028-02-29 04:00", or MOMENT=all
	@$(BIN)/python tools/moments/run.py $(if $(MOMENT),"$(MOMENT)") $(ARGS)

check: $(VENV)/test.stamp ## what a reviewer should not have to say: format, lint, types, imports, dependencies, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m reports.rules | diff -u docs/rules.md - || { echo "docs/rules.md is old: make rules"; exit 1; }

models: $(VENV)/run.stamp ## install the language models of the typo check, or repair them
	@$(BIN)/sitehealth models install
	@touch $(VENV)/models.stamp

lock: $(VENV)/test.stamp ## write the locks anew from pyproject.toml; ARGS=--upgrade takes newer versions
	$(PIP) install uv
	PATH="$(BIN):$$PATH" tools/lock.sh $(ARGS)

rules: $(VENV)/run.stamp ## write docs/rules.md and the checks in config.yaml anew from the checks
	$(BIN)/python -m reports.rules > docs/rules.md
	$(BIN)/python -m monitor.settings.example config.yaml

bench: $(VENV)/test.stamp ## measure: BENCH=all (writes docs/performance.md), browser, compare (two checkouts), console, crawl, disk, fetch, fleet, fleet_sim, foreign, fuzz, growth, large_report, ledger, ocr, official, scale, soak, store or typos; ARGS=--help says what each needs
	$(BIN)/python bench/$(BENCH).py $(ARGS)

clean: ## remove the environment and everything made; data/ stays
	rm -rf $(VENV) dist build htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sitehealth needs Python 3.11 or later"; exit 3; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || tools/install-debian.sh python3-venv
	@echo "sitehealth: making $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv $(VENV)

# The locks are complete, so pip must not look for more: pycorrector declares what we left out (see pyproject.toml).
$(VENV)/run.stamp: requirements.lock pyproject.toml monitor/__init__.py | $(BIN)/python
	@echo "sitehealth: installing the packages of $<"
	@$(PIP) install --no-deps --require-hashes --requirement $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What tests start for themselves, and what sets their clock. A test that misses its server says so and is skipped.
SERVERS := postgresql faketime libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils libpango-1.0-0 libpangoft2-1.0-0 chromium chromium-headless-shell fonts-noto-cjk fonts-wqy-zenhei fonts-arphic-ukai

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/run.stamp
	@tools/install-debian.sh $(SERVERS) || echo "sitehealth: tests that need $(SERVERS) will be skipped"
	@echo "sitehealth: installing the packages of $<"
	@$(PIP) install --no-deps --require-hashes --requirement $<
	@touch $@

# What the models' tables are made with, as checks/typos/lm/made_with.py names it: tables of before are not used.
MADE_WITH := $(addprefix checks/typos/lm/,likely_pairs.py prepare.py symbols.py table.py wordgrams.py) $(wildcard checks/typos/data/official*.npz)

# Without a network the rest still works, and the next `make` tries again.
$(VENV)/models.stamp: $(VENV)/run.stamp $(MADE_WITH)
	@echo "sitehealth: installing the language models of the typo check"
	@$(BIN)/sitehealth models install && touch $@ || \
		echo "sitehealth: no language models; typos are found by lexicon and form only (later: make models)"
