# make brief [FILE=path]   brief an article (default: the first of seeds/)
# make test                ruff, mypy and the tests
# make bench               speed and memory, into bench/report.json
PYTHON ?= python3.11
FILE ?= $(firstword $(sort $(filter-out %/README.md,$(wildcard seeds/*))))
VENV := .venv
RUN := $(VENV)/bin

.PHONY: brief test check bench checks train evaluate clean

brief: $(VENV)/ready
	$(RUN)/mujaz brief "$(FILE)"

test: check
	$(RUN)/pytest

check: $(VENV)/ready-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

bench: $(VENV)/ready-dev
	$(RUN)/python -m bench.run

# torch first and alone: its CPU build; afterwards nothing asks for another one.
$(VENV)/ready: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11) and "Mujaz needs Python 3.11")'
	$(PYTHON) -m venv $(VENV)
	$(RUN)/pip install --quiet --disable-pip-version-check $(shell grep '^torch==' requirements.txt)
	$(RUN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(RUN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
