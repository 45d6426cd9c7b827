# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements
DEV_STAMP := $(VENV)/.requirements-dev

.PHONY: demo setup test test-quick lint bench clean

demo: setup
	$(BIN)/streamlit run app.py

setup: $(STAMP)
	$(BIN)/python -m mmrec_core setup

test: $(DEV_STAMP) setup browser
	$(BIN)/pytest

test-quick: $(DEV_STAMP)
	$(BIN)/pytest -m "not weights and not catalogue and not browser"

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP) setup
	$(BIN)/python -m mmrec_core bench encode
	$(BIN)/python -m mmrec_core bench query
	$(BIN)/python -m mmrec_core bench explain

# The end-to-end tests drive Debian's Chromium.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; } \
		|| echo "Chromium is not installed: the end-to-end tests will be skipped. Install it with: sudo apt-get install chromium"

# Where python3-venv is missing, an interpreter without pip would be left behind and taken for a finished environment.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || { rm -f $@; exit 1; }

$(STAMP): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -r requirements.txt
	touch $@

$(DEV_STAMP): requirements-dev.txt requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -r requirements-dev.txt
	touch $(STAMP) $@

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache .mypy_cache
