# jiesu · 接诉. `make run` and `make test` do everything they need first; `make` alone lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BOOTSTRAP = $(or $(PYTHON),$(error jiesu needs Python 3.11: apt-get install python3.11)) -B -m cli.bootstrap
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup tools run web rasa test lint lock clean

help: ## list what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## create .venv, build the web pages, train the language model
	@$(BOOTSTRAP) setup

run: setup ## serve a demo street on http://127.0.0.1:8000 (HOST=, PORT=)
	@exec .venv/bin/jiesu serve --demo --lively --host $(HOST) --port $(PORT)

test: tools ## lint, type-check and test everything
	@$(BOOTSTRAP) test

lint: tools ## only ruff, mypy and import-linter
	@$(BOOTSTRAP) lint

web: ## only build the web pages
	@$(BOOTSTRAP) web

rasa: ## install a real Rasa 3.6 in .venv-rasa (needs Python 3.10, takes minutes)
	@$(BOOTSTRAP) rasa

tools: ## setup, with the test and lint tools
	@$(BOOTSTRAP) tools

lock: tools ## compile the hashed locks anew
	@$(BOOTSTRAP) lock

clean: ## forget everything made here, but no data
	rm -rf .venv .venv-rasa .make handoff_console/static handoff_console/web/node_modules
