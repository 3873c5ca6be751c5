# Every habit of the house is one word; `make` alone prints them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench chaos seed pictures regulation chromium

VENV := .venv
BIN := $(VENV)/bin
# PYTHON=… names another interpreter; otherwise the newest that is known to work.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The lock file is complete, so nothing is resolved: an older pip would take the newest of whatever is asked for with an extra.
INSTALL := $(PIP) install --progress-bar on --require-hashes --no-deps

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

setup: $(VENV)/.installed ## install from the lock file into .venv, nothing else
	@:

run: setup ## start everything on this machine and print the address; Ctrl-C stops it
	@$(BIN)/otklik run

test: $(VENV)/.tested chromium lint ## check everything: linters, then the tests, those in a browser included
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -ra

lint: $(VENV)/.tested ## ruff, mypy and the directions of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## measure the portal beside its floor
	@$(BIN)/python -m tests.bench

chaos: $(VENV)/.tested ## let the kill storm pass and count what it cost (ten minutes)
	@$(BIN)/python -m tests.storms.chaos

pictures: $(VENV)/.tested ## take the pictures of the README from the running portal
	$(BIN)/python -m tests.pictures

regulation: $(VENV)/.tested ## write docs/regulation.md anew: clause, rule, code, pages, letters, tests
	@$(BIN)/python -m tests.regulation

seed: setup ## fill in the demo town (DATABASE_URL; `make run` does it by itself)
	@$(BIN)/otklik seed

chromium: $(VENV)/.tested
	@.ci/chromium $(BIN)/playwright

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name yours with PYTHON=/path/to/python."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11; name a newer one with PYTHON=/path/to/python."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) …"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python requirements.lock pyproject.toml
	@$(PIP) --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@echo "Installing the packages of requirements.lock; the first time this takes a minute …"
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements-test.lock
	@echo "Installing the packages of requirements-test.lock …"
	@$(INSTALL) -r requirements-test.lock
	@touch $@
