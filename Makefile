# make alone prints this help.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := .venv-spark
DEMO := work/demo/raw/.written

# Compiled bytecode is what makes six kernels start fast; a shell that forbids it would cost seconds each.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONHASHSEED := 0

.DEFAULT_GOAL := help
.PHONY: help report test test-thorough test-notebooks test-spark test-cluster lab lint format lock notebooks strip bench bench-scale schema clean

help: ## this help
	@echo "The retail CRM workbook:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not there; install Python 3.11 or newer with its venv module"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed; give it with PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --compile -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	$(BIN)/python -m compileall -q crmlib
	@touch $@

report: $(READY) ## the demo's raw files, all notebooks, the published report
	$(BIN)/crm demo
	$(BIN)/crm run params/demo.yaml

test: $(READY) ## all tests (what needs real data, Chromium or Spark skips aloud where it is missing)
	$(BIN)/python -m pytest -m "not spark and not cluster and not thorough" -n 2 --dist loadscope --no-loadscope-reorder

test-thorough: $(READY) ## all tests and the longest, twelve times the examples of properties, nothing remembered (each night)
	$(BIN)/python -m pytest -m "not spark and not cluster" -n 2 --dist loadscope --no-loadscope-reorder --hypothesis-profile thorough

test-notebooks: $(READY) ## nbval on all notebooks, one after another (make test compares their outputs with the demo's run)
	$(BIN)/python .ci/notebooks.py check

$(SPARK)/.ready: $(READY) requirements-spark.lock
	@command -v java >/dev/null || { echo "make: Java 17 is needed for Spark (Debian: openjdk-17-jre-headless)"; exit 1; }
	$(BIN)/python -m venv $(SPARK)
	$(BIN)/python -c 'import site; print(site.getsitepackages()[0])' > "$$($(SPARK)/bin/python -c 'import site; print(site.getsitepackages()[0])')/base.pth"
	echo "$(CURDIR)" >> "$$($(SPARK)/bin/python -c 'import site; print(site.getsitepackages()[0])')/base.pth"
	$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation --no-deps -r requirements-spark.lock
	@touch $@

test-spark: $(SPARK)/.ready ## the same expressions on a local Spark session, row by row against DuckDB
	$(SPARK)/bin/python -m pytest -m spark -n 2 --dist loadscope --no-loadscope-reorder tests

test-cluster: $(SPARK)/.ready ## preparation and questions on a real Spark cluster of two workers (each night)
	$(SPARK)/bin/python -m pytest -m cluster tests

lab: $(READY) ## JupyterLab in notebooks/
	test -d work/demo/raw || $(BIN)/crm demo
	cd notebooks && ../$(BIN)/jupyter lab

lint: $(READY) ## style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy crmlib
	$(BIN)/lint-imports

format: $(READY) ## lay the code out
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

notebooks: $(READY) ## run the notebooks on the demo and keep the outputs that are checked
	$(BIN)/crm demo
	$(BIN)/python .ci/notebooks.py keep

strip: $(READY) ## clear the notebooks' outputs that are not checked
	$(BIN)/python .ci/notebooks.py strip

schema: $(READY) ## params/schema.json, docs/figures.md, docs/features.md and the clean tables of docs/tables.md from the models
	$(BIN)/python .ci/schema.py

lock: $(READY) ## requirements.lock, requirements-spark.lock and environment.yml from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-header --no-annotate --extra dev -o requirements.lock pyproject.toml
	$(BIN)/python .ci/environment.py spark | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-spark.lock -
	$(BIN)/python .ci/environment.py

bench: $(READY) ## the figures, measured beside the peers (long: half an hour)
	$(BIN)/python benchmarks/run_all.py

bench-scale: $(READY) ## the whole report from 1 to 10 million lines (BENCH_SCALE=1,3,10,30,100), into docs/scale_figures.md
	$(BIN)/python benchmarks/scale.py docs/scale_figures.md

clean: ## remove what set-up and runs made
	rm -rf $(VENV) $(SPARK) work reports/*/
