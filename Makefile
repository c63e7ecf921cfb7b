# Carnet: `make help` lists what can be done here.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist worksteal
# What is installed is what constraints.txt names, build tools included, so that these commands do next year what they do
# today; `CONSTRAINTS=` leaves it out.
CONSTRAINTS ?= constraints.txt
PIP := $(if $(CONSTRAINTS),PIP_CONSTRAINT=$(CONSTRAINTS) PIP_BUILD_CONSTRAINT=$(CONSTRAINTS)) \
	$(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## set up and print a real gap report
	@$(BIN)/carnet check examples/robotaxi-munich.yaml -m DE-BY --fail-on never

test: $(VENV)/.dev ## set up and run the tests, in parallel, without the slow ones
	$(PYTEST) -m "not slow"

every-test: $(VENV)/.dev ## the whole test suite: wheels are built, spreadsheets opened, clusters started
	$(PYTEST)

check: style every-test law ## everything that has to hold before a change goes in

style: $(VENV)/.dev ## formatting, lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

law: $(VENV)/.dev ## lint the bundled law and run the cases of its rules
	$(BIN)/carnet lint
	$(BIN)/carnet test

coverage: $(VENV)/.dev ## branch coverage of the engine, at least 95 %
	$(PYTEST) -m "not slow" --cov=carnet --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=95

fuzz: $(VENV)/.dev ## the property tests with many more examples
	$(PYTEST) tests/property --hypothesis-profile=fuzz

load: $(VENV)/.dev ## fifty people who ask what-ifs of a server, with one process and with two: figures (MIXED=1: an hour of all sorts)
	$(BIN)/python benchmarks/load.py $(if $(MIXED),--mixed --seconds 3600 --workers 2,--workers 1,2)

fuzz-api: $(VENV)/.dev ## the HTTP API against its own document with many more requests (some minutes)
	CARNET_FUZZ_API=$(or $(EXAMPLES),300) $(BIN)/python -m pytest tests/serve/test_contract.py

postgres: $(VENV)/.dev ## the tests of kept work on a real PostgreSQL server, which has to be installed
	CARNET_POSTGRES_TESTS=1 $(BIN)/python -m pytest tests/serve/test_work.py

hunt: $(VENV)/.dev ## ten minutes of random attempts to break what SECURITY.md promises (SEED=n repeats a run)
	$(BIN)/python tests/hunt/hunting.py --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

mutants: $(VENV)/.dev ## does the suite notice small changes to engine/carnet/verdict? (an hour; MUTANTS="--module judge" or "--sample 50")
	$(PIP) install --editable ".[mutants]"
	$(BIN)/python tools/mutants.py $(MUTANTS)

browser: $(VENV)/.dev ## the tests of pages in the system's Chromium; fails where there is none
	$(PIP) install --editable ".[browser]"
	CARNET_BROWSER_TESTS=1 $(BIN)/python -m pytest tests/browser

spark: $(VENV)/.dev ## the tests of fleets on a cluster: a master and two workers here (needs Java)
	$(PIP) install --editable ".[spark]"
	CARNET_SPARK_TESTS=1 $(BIN)/python -m pytest tests/fleet/test_spark.py

newest: ## the whole suite with the newest versions of all libraries, in an environment of its own
	$(MAKE) --no-print-directory every-test VENV=$(VENV)-newest CONSTRAINTS=

floor: $(VENV)/.dev ## the tests with the lowest versions of libraries that pyproject.toml allows
	$(PIP) install uv
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/floor
	$(BIN)/uv pip install --quiet --resolution lowest-direct --python $(VENV)/floor/bin/python --editable ".[dev]"
	$(VENV)/floor/bin/python -m pytest -n $(JOBS) --dist worksteal -m "not slow"

constraints: $(VENV)/.dev ## write constraints.txt anew: the newest versions of today, for Python 3.11 and up
	$(PIP) install uv
	printf 'setuptools\nuv\nwheel\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
		--no-annotate --no-header --no-emit-index-url --all-extras --output-file constraints.txt pyproject.toml -

openable: $(VENV)/.dev ## how far every market opens for ordinary operations, into tests/law/openable.yaml (MARKETS="US CN": only these)
	$(BIN)/python tests/law/opening.py $(MARKETS)

bench: $(VENV)/.dev ## measure beside the peers, in a few minutes: a table, and a plot in benchmarks/out (FULL=1: a million profiles)
	$(PIP) install --requirement benchmarks/requirements.txt
	$(BIN)/python benchmarks/run.py $(if $(FULL),,--quick)

same: $(VENV)/.dev ## 200,000 random profiles through the columnar and the native evaluator (half an hour)
	$(BIN)/python benchmarks/same_as_native.py 200000

law-next: $(VENV)/.installed ## what of the law is to be read next
	$(BIN)/carnet law status --verbose

messages: $(VENV)/.dev ## put what the engine says into the catalogues of report/locale, and list what is not translated
	@$(BIN)/python tools/messages.py

translations: $(VENV)/.installed ## how much of the law is translated, and which texts are not into Chinese (`make -s`)
	@$(BIN)/carnet law locale
	@$(BIN)/carnet law locale zh --missing

docs: $(VENV)/.installed ## write the tables of the pages about the law
	$(BIN)/python tools/law_documents.py
	$(BIN)/python tools/glossary_page.py

readme: $(VENV)/.installed ## put what commands print today into the README and the pages
	$(BIN)/python tools/readme_report.py

clean: ## remove what was made here
	rm -rf $(VENV) $(VENV)-newest build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(PIP) install --editable .
	@$(BIN)/python -m compileall -q engine/carnet
	@touch $@

$(VENV)/.dev: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	$(PIP) install --editable ".[dev]"
	@touch $@ $(VENV)/.installed

.PHONY: help demo test every-test check style law coverage fuzz load fuzz-api postgres hunt mutants browser spark newest floor constraints openable bench same messages translations docs readme clean
