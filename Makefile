# Two commands do everything on a machine with Python 3.11, make and git: `make demo` and `make test`.
# `make check` is the part of `make test` for each commit.

PYTHON ?= python3.11
VENV := .venv
STAMP := $(VENV)/.installed
WORKERS ?= auto

.PHONY: help install demo demo-check check test lint bench bench-quick docs lock clean

help:            ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

install: $(STAMP) ## Install everything into .venv, from the lock file

$(STAMP): requirements.lock pyproject.toml install.py web/assets/desk.scss web/assets/package-lock.json
	@$(PYTHON) install.py $(VENV)
	@touch $@

demo: install    ## Load an invented area, run the first ticks, and serve; Ctrl-C stops it
	$(VENV)/bin/mappa demo

demo-check: install ## The same without serving
	$(VENV)/bin/mappa demo --check

lint: install    ## Style, types, and which room may import which
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

check: lint       ## For each commit: lint, the rules, and one test of each kind of thing (under 90 seconds)
	$(VENV)/bin/python -m pytest -n $(WORKERS) -m check

test: install    ## Every test, on SQLite and PostgreSQL
	$(VENV)/bin/python -m pytest -n $(WORKERS) --durations 40

bench: install   ## Every measurement three times, beside what was promised (two hours and more)
	$(VENV)/bin/python -m bench

bench-quick: install ## A tenth of every size, once
	$(VENV)/bin/python -m bench --quick --rounds 1

docs: install    ## Write the generated reference pages anew
	$(VENV)/bin/python -m docs.generate

lock:            ## Choose the versions anew (needs pip-tools or uv): names, versions and hashes alone
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --extra dev --extra pdf --extra notify pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --extra pdf --extra notify --constraint requirements.lock pyproject.toml --output-file requirements.run.lock
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --constraint requirements.lock bench/rivals/requirements.in --output-file requirements.bench.lock

clean:           ## Forget the installation and the demo's data
	rm -rf $(VENV) .venv-bench var web/assets/built web/assets/node_modules
