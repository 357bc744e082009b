# What can be done here, in the order a newcomer does it. `make` alone lists it.
#
# Each environment is installed from hash-locked requirements, and again only when they change: the stamp inside it
# is newer than them. `make setup` is called by the targets that need it.

PYTHON ?= python3
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := -m pip --disable-pip-version-check -qq install --no-compile --require-hashes

.PHONY: help
help: ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

# -- environments -----------------------------------------------------------------------------------------------

.PHONY: setup
setup: .venv/.stamp .venv-emulator/.stamp ## install the workbench (.venv) and the emulated cloud (.venv-emulator)

.venv/.stamp: requirements/layer.txt requirements/layer-no-deps.txt requirements/dev.txt pyproject.toml
	@$(call make_environment,.venv)
	@$(BIN)/python $(PIP) -r requirements/layer.txt -r requirements/dev.txt
	@$(BIN)/python $(PIP) --no-deps -r requirements/layer-no-deps.txt
	@$(BIN)/python -m pip --disable-pip-version-check -qq install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.bench-stamp: .venv/.stamp requirements/bench.txt
	@echo 'Installing what the benchmarks compare with …'
	@$(BIN)/python $(PIP) -r requirements/bench.txt
	@touch $@

.venv-training/.stamp: requirements/training.txt
	@$(call make_environment,.venv-training)
	@.venv-training/bin/python $(PIP) -r requirements/training.txt
	@touch $@

.venv-emulator/.stamp: requirements/emulator.txt
	@$(call make_environment,.venv-emulator)
	@.venv-emulator/bin/python $(PIP) -r requirements/emulator.txt
	@touch $@

# --no-deps: the lock is whole, and older pips refuse extras beside hashes.
.venv-sam/.stamp: requirements/sam.txt
	@$(call make_environment,.venv-sam)
	@.venv-sam/bin/python $(PIP) --no-deps -r requirements/sam.txt
	@touch $@

# Said before anything is made: too old a Python, or none, is the one thing that a newcomer's machine may lack.
define make_environment
command -v $(PYTHON) >/dev/null || { echo 'vigie needs Python 3.11 or later, and there is no $(PYTHON): install it, or name another: make PYTHON=/path/to/python' >&2; exit 2; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vigie needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another: make PYTHON=/path/to/python" >&2; exit 2; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'vigie needs the venv module of Python: on Debian and Ubuntu, apt-get install python3-venv' >&2; exit 2; }; \
echo 'Installing $(1) …' && $(PYTHON) -m venv $(1)
endef

# -- the local run ----------------------------------------------------------------------------------------------

.PHONY: run
run: setup ## feeds in, digests out, on this machine; Ctrl-C stops. See the variables below
# ONCE=1          stop after one full pass
# FEEDS=folder    a folder of feed files instead of the demo press, served on loopback
# SOURCES=file    an OPML or CSV list of real addresses instead
# WATCH='query'   one client more, with that watch
# PORT=4566       the emulator's port; it belongs to what .vigie/ keeps, so keep it
	@$(BIN)/python -m infra.local

.PHONY: run-clean
run-clean: ## forget everything the local runs kept (.vigie)
	rm -rf .vigie

# -- checks -----------------------------------------------------------------------------------------------------

.PHONY: test
test: setup ## run the tests, all but test-stacks; needs no network and nothing outside this folder
	@$(BIN)/pytest -n 2 --dist worksteal -q

.PHONY: test-stacks
test-stacks: setup ## deploy, update, roll back and destroy whole stacks side by side: a quarter of an hour
	@$(BIN)/pytest -q -m stacks

.PHONY: explore
explore: setup ## look for what breaks a property, on new cases each time
	@HYPOTHESIS_PROFILE=explore $(BIN)/pytest -n 2 --dist worksteal -q $(shell grep -rlE 'import .*given' tests)

.PHONY: lint
lint: setup .venv-sam/.stamp ## style, types, and the template (cfn-lint, sam validate)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@.venv-sam/bin/cfn-lint template.yaml
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-3 .venv-sam/bin/sam validate --lint --template template.yaml

.PHONY: bench
bench: .venv/.bench-stamp ## figures: cold imports and the rest of benchmarks/
	@$(BIN)/python -m benchmarks

# -- the classifier's heads ------------------------------------------------------------------------------------

# One thread: what linear algebra adds up in another order is not the same to the last bit.
TRAINING := OPENBLAS_NUM_THREADS=1 PYTHONPATH=shared .venv-training/bin/python -m training

.PHONY: train
train: .venv-training/.stamp ## rebuild the classifier's heads, byte for byte; says of each whether it is as it was
	@$(TRAINING) build $(HEADS) $(addprefix --corrections ,$(CORRECTIONS))

.PHONY: train-check
train-check: .venv-training/.stamp ## rebuild the heads without writing them: do they give the package's bytes?
	@$(TRAINING) check $(HEADS)

.PHONY: card
card: setup ## measure the classifier on what it was not trained on: docs/model-card.md
	@$(BIN)/python -m training card

# -- AWS --------------------------------------------------------------------------------------------------------

.PHONY: build
build: setup ## build the layer for AWS (arm64) and check it
	@$(BIN)/python -m infra.layer --target aws

# -- upkeep -----------------------------------------------------------------------------------------------------

# Needs uv (https://docs.astral.sh/uv). One lock serves Linux and macOS, Python 3.11 to 3.13: layer.txt first, as
# dev.in is constrained by it.
.PHONY: lock
lock: ## lock requirements/*.in anew, with hashes
	@command -v uv >/dev/null || { echo 'make lock needs uv: https://docs.astral.sh/uv' >&2; exit 2; }
	@set -e; for name in layer layer-no-deps dev bench emulator sam training; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    $$( [ $$name = layer-no-deps ] && echo --no-deps ) requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: clean
clean: ## remove environments, builds and caches (not what the local runs kept: make run-clean)
	rm -rf .venv .venv-emulator .venv-sam .venv-training build .mypy_cache .ruff_cache .pytest_cache .hypothesis shared/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
