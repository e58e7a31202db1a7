# Commands of the project; `make` alone lists them. Needs Python 3.11 or newer and nothing else: Node, PostgreSQL, the
# test browser and the fonts come as packages, into folders that git ignores (.venv, node_modules, .cache,
# web/static/vendor). PORT and DATABASE_URL, from the environment or as `make run PORT=8001`, reach every command.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
UV := uv==0.13.9

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard web/translations/*/LC_MESSAGES/*.po))
PACKAGES := .venv/.run
ASSETS := web/static/vendor/manifest.json
TOOLS := .venv/.tools
TEST_PACKAGES := node_modules/.test-packages

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup tools run test check format soak bench lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(PACKAGES) $(ASSETS) $(CATALOGUES) ## Install what the service needs; afterwards .venv/bin/jiuzhu is there

tools: setup $(TOOLS) $(TEST_PACKAGES)

run: setup ## Start web and scheduler (PORT, DATABASE_URL), with the sample district in an empty database
	@exec $(BIN)/jiuzhu run

test: tools ## Run the tests; ARGS="-k word" narrows them
	$(BIN)/python -m tests.parts
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: tools ## Lint, format, types, layers, definitions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir .cache/import-linter
	$(BIN)/jiuzhu definitions check --translations

format: tools ## Format the code and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: tools ## Run the long tests: kills, races, seeds at full count
	$(BIN)/python -m tests.parts
	$(BIN)/python -m pytest -m soak $(ARGS)

bench: tools ## Measure acts, sweeps and pages
	$(BIN)/python -m tests.bench $(ARGS)

lock: $(PACKAGES) ## Resolve the dependencies again, with hashes
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet $(UV)
	.cache/lock/bin/uv --no-config --cache-dir .cache/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		pyproject.toml --group setup --output-file requirements.lock
	.cache/lock/bin/uv --no-config --cache-dir .cache/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(BIN)/python -P web/assets.py lock

clean: ## Remove everything that setup and test made
	rm -rf .venv .cache node_modules web/static/vendor $(CATALOGUES)

# The files behind the commands: each is made again when what it comes from has changed.

$(PACKAGES): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: --requirement requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(ASSETS): web/assets.py package.json package-lock.json | $(PACKAGES)
	$(BIN)/python -P web/assets.py fetch

%.mo: %.po | $(PACKAGES)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(TOOLS): requirements-dev.lock $(PACKAGES)
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: --requirement requirements-dev.lock
	@touch $@

$(TEST_PACKAGES): $(ASSETS)
	$(BIN)/python -P web/assets.py fetch --with-tests
	@touch $@
