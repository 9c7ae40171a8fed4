PYTHON ?= python3
VENV ?= .venv
PY ?= $(VENV)/bin/python
STAMP = $(VENV)/.installed

.PHONY: run test install check fix eval bench docs clean

run: install ## read data/raw, write data/processed
	$(PY) run_pipeline.py run

test: check ## every check and every test
	$(PY) -m pytest -n 2

install: $(STAMP) ## set up .venv once

$(STAMP): pyproject.toml requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Liqa needs Python 3.11 or newer; call: make PYTHON=python3.11")'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

check: install ## format, lint, types, import contracts
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

fix: install ## format and mend what ruff can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

eval: install ## scores on ../shared/gold, whole and by stage, with the mistakes in meetings and positions
	$(PY) -m pipeline.training.report_eval --errors meeting position --limit 60

bench: install ## words per second beside CAMeL's and stanza's taggers, and of the whole path
	$(PY) -m benchmarks.tagging
	$(PY) -m benchmarks.end_to_end

docs: install ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --quiet --strict
	@echo open site/index.html

clean:
	rm -rf $(VENV) data/processed/*
