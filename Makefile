# Carnet: `make help` lists what can be done here.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## set up and print a real gap report
	@$(BIN)/carnet check examples/robotaxi-munich.yaml -m DE-BY --fail-on never

test: $(VENV)/.dev ## set up and run the whole test suite
	$(BIN)/python -m pytest

check: style test law ## everything that has to hold before a change goes in

style: $(VENV)/.dev ## formatting, lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

law: $(VENV)/.dev ## lint the bundled law and run the cases of its rules
	$(BIN)/carnet lint
	$(BIN)/carnet test

coverage: $(VENV)/.dev ## branch coverage of the engine, at least 95 %
	$(BIN)/python -m pytest -m "not slow" --cov=carnet --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

fuzz: $(VENV)/.dev ## the property tests with many more examples
	$(BIN)/python -m pytest tests/property --hypothesis-profile=fuzz

spark: $(VENV)/.dev ## the tests of fleets on a cluster: a master and two workers here (needs Java)
	$(BIN)/python -m pip install --quiet --editable ".[spark]"
	CARNET_SPARK_TESTS=1 $(BIN)/python -m pytest tests/fleet/test_spark.py

floor: $(VENV)/.dev ## the tests with the lowest versions of libraries that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/floor
	$(BIN)/uv pip install --quiet --resolution lowest-direct --python $(VENV)/floor/bin/python --editable ".[dev]"
	$(VENV)/floor/bin/python -m pytest -m "not slow"

openable: $(VENV)/.dev ## how far every market opens for ordinary operations, into tests/law/openable.yaml
	$(BIN)/python tests/law/opening.py

bench: $(VENV)/.dev ## measure beside the peers, in a few minutes: a table, and a plot in benchmarks/out (FULL=1: a million profiles)
	$(BIN)/python -m pip install --quiet --requirement benchmarks/requirements.txt
	$(BIN)/python benchmarks/run.py $(if $(FULL),,--quick)

same: $(VENV)/.dev ## 200,000 random profiles through the columnar and the native evaluator (half an hour)
	$(BIN)/python benchmarks/same_as_native.py 200000

docs: $(VENV)/.installed ## write the tables of the pages about the law
	$(BIN)/python tools/law_documents.py

readme: $(VENV)/.installed ## put today's report into the README
	$(BIN)/python tools/readme_report.py

clean: ## remove what was made here
	rm -rf $(VENV) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q engine/carnet
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ $(VENV)/.installed

.PHONY: help demo test check style law coverage fuzz spark floor openable bench same docs readme clean
