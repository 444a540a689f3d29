# What a newcomer types. `make` alone lists it.
# PYTHON names the Python (3.11 or newer) that .venv is built with; PORT where the programme is served.

SHELL := /bin/sh
PORT ?= 8000
export PORT
# One more than the cores of a small machine: some tests wait for other processes.
WORKERS ?= 3
# What Python compiled is kept, whatever the machine says: tests start many processes, each of which would compile it all.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
# The locks are whole: nothing is resolved, so a newer release elsewhere changes nothing here, whatever the pip.
HASHED := $(INSTALL) --no-deps --require-hashes --only-binary :all: -r
# The project itself: flit-core comes from the lock, so nothing is fetched here.
ITSELF := $(INSTALL) --no-index --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help run demo test check rehearse soak bench lock clean
.DELETE_ON_ERROR:

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name says; do \
		printf '  make %-10s %s\n' "$$name" "$$says"; done

run: $(VENV)/ready ## set everything up and serve the demonstration at PORT (8000); data are kept
	@$(BIN)/programme demo
	@exec $(BIN)/programme serve --port $(PORT)

demo: $(VENV)/ready ## the same, with the demonstration begun afresh
	@$(BIN)/programme demo --fresh
	@exec $(BIN)/programme serve --port $(PORT)

test: $(VENV)/ready-dev ## the whole suite, on SQLite and PostgreSQL; BOTH=1 runs every test on each; ARGS go to pytest
	@BOTH=$(BOTH) $(BIN)/python -m pytest --numprocesses $(WORKERS) $(ARGS)

check: $(VENV)/ready-dev ## formatting, lint, types, imports, templates, locks, sizes
	@echo '· ruff format'; $(BIN)/ruff format --check --quiet .
	@echo '· ruff check'; $(BIN)/ruff check --quiet .
	@echo '· mypy'; $(BIN)/mypy --no-error-summary
	@echo '· lint-imports'; $(BIN)/lint-imports --no-cache --no-logo >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@echo '· djlint'; $(BIN)/djlint --quiet --lint templates
	@echo '· files, templates, locks'; $(BIN)/python -m pytest --quiet --no-header -p no:cacheprovider \
		tests/house/test_files.py tests/house/templates/test_templates.py tests/house/test_locks.py

rehearse: $(VENV)/ready-dev ## play the main job over HTTP and SMTP, on both databases, and print each step
	@$(BIN)/python -m tests.rehearsal $(ARGS)

soak: $(VENV)/ready-dev ## kill, stop and lie to dispatchers for a long time, on both databases
	@$(BIN)/python -m tests.soak $(ARGS)

bench: $(VENV)/ready-dev ## measure what the README's figures come from
	@$(BIN)/python -m benchmarks $(ARGS)

# uv lives in an environment of its own that is thrown away. UPGRADE=1 takes the newest that requirements*.in allow.
lock: $(BIN)/python ## write requirements*.txt from requirements*.in; UPGRADE=1 takes newer ones
	@set -e; place=$$(mktemp -d); trap 'rm -rf "$$place"' EXIT; \
	$(BIN)/python -m venv "$$place/venv"; "$$place/venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check uv; \
	for name in requirements requirements-dev; do \
		"$$place/venv/bin/uv" pip compile --quiet --generate-hashes --universal --python-version 3.11 \
			--no-header --no-annotate $(if $(UPGRADE),--upgrade) --output-file $$name.txt $$name.in; done

clean: ## remove the environment and what checks and tests left; .env and data stay
	rm -rf $(VENV) .coverage .coverage.* htmlcov test-results .hypothesis
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------------------ the environment

# A distribution's own Python goes first: it was compiled by what it had measured, which one compiled at home seldom was.
VERSIONS := python3.11 python3.12 python3.13 python3.14 python3
NAMES := $(addprefix /usr/bin/,$(VERSIONS)) $(VERSIONS) python

$(BIN)/python:
	@python=''; bare=''; \
	for name in $(if $(PYTHON),'$(PYTHON)',$(NAMES)); do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			if "$$name" -c 'import venv, ensurepip' >/dev/null 2>&1; then python="$$name"; break; fi; \
			bare="$${bare:-$$name}"; \
		fi; \
	done; \
	if [ -z "$$python$$bare" ]; then \
		echo 'Python 3.11 or newer is needed$(if $(PYTHON), and $(PYTHON) is none). Name yours: make run PYTHON=/path/to/python3.11' >&2; \
		exit 1; \
	fi; \
	if [ -z "$$python" ]; then \
		echo "$$bare has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi; \
	echo "Building $(VENV) with $$("$$python" --version) …"; \
	"$$python" -m venv --clear $(VENV)

$(VENV)/ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo 'Installing what the programme needs (once, about a minute) …'
	@$(HASHED) requirements.txt
	@$(ITSELF)
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@echo 'Installing what checks and tests need besides (once) …'
	@$(HASHED) requirements-dev.txt
	@touch $@
