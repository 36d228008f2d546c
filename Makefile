# Journey: `make run` and `make test` need Python 3.11 or newer, make and, for the browser tests, Chromium.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test bench screenshots

HOST ?= 127.0.0.1
PORT ?= 8501
SHARE ?=
ROWS ?= 1000000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

python := .venv/bin/python
# A stamp carries the hash of what it stands for: nothing is installed again until the requirements change.
hash_of = $(shell cat $(1) | sha256sum | cut -c1-16)
installed := .venv/.installed-$(call hash_of,requirements.txt)
installed_dev := .venv/.installed-dev-$(call hash_of,requirements.txt requirements-dev.txt)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: $(installed) ## Serve the app on http://127.0.0.1:8501 (PORT and HOST change where; SHARE=0.0.0.0:8600 publishes links)
	@HOST='$(HOST)' PORT='$(PORT)' SHARE='$(SHARE)' exec $(python) app.py

test: $(installed_dev) ## Set up, then lint, check types and run every test, the browser tests included
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@$(python) -m pytest

bench: $(installed_dev) ## Measure speed and memory (ROWS=10000000 for more)
	@$(python) -m benchmarks --rows $(ROWS)

screenshots: $(installed_dev) ## Make the pictures in docs/ again, from the running app
	@$(python) docs/make_screenshots.py

.venv/bin/pip:
	@for candidate in python3.11 python3; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Journey needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Setting up .venv with $$($$found --version)"; \
	$$found -m venv .venv

$(installed): | .venv/bin/pip
	@echo "Installing what Journey needs (once, and when requirements.txt changes)"
	@$(python) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(installed_dev): | .venv/bin/pip
	@echo "Installing what the tests need (once, and when the requirements change)"
	@$(python) -m pip install --quiet --requirement requirements-dev.txt
	@touch $(installed) $@
