# Self-service assistant for a mobile operator's customers. Everything runs from .venv, which scripts/setup makes.

.DEFAULT_GOAL := help
BIN := .venv/bin
WORKERS ?= 2

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## make .venv and install what is locked (every other target does this first)
	@scripts/setup

.PHONY: run
run: setup ## set everything up and serve http://127.0.0.1:5005 (BOTKIT_PORT)
	@$(BIN)/botkit serve

.PHONY: demo
demo: setup ## the demo customers and plans
	@$(BIN)/botkit demo

.PHONY: chat
chat: setup ## talk to the bot in the terminal
	@$(BIN)/botkit chat

.PHONY: train
train: setup ## train the model, if the content changed
	@$(BIN)/botkit train

.PHONY: db
db: setup ## bring the database to the newest revision
	@$(BIN)/botkit db upgrade

.PHONY: test
test: setup ## all tests; what was skipped, and why, stands at the end (ARGS="-k bill" for some; WORKERS=0: one by one)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

.PHONY: check
check: setup ## format, lint, types, import contracts, content
	$(BIN)/ruff format --check --quiet || { echo "Run 'make format'." >&2; exit 1; }
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/botkit content check

.PHONY: format
format: setup ## format the code, and mend what the linter can mend
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format

.PHONY: bench
bench: setup ## measure the time to an answer, beside a baseline in the same run
	@$(BIN)/botkit bench

.PHONY: evaluate
evaluate: setup ## hold the model against labelled messages (FILE=tests/heldout/development.jsonl)
	@$(BIN)/botkit evaluate $(FILE)

.PHONY: table
table: setup ## docs/channels-table.md anew: the same ten conversations on every channel
	@$(BIN)/python -m pytest -q tests/channels/same --write-table

.PHONY: pictures
pictures: setup ## docs/images anew: the chat and the desk as the guides show them
	@$(BIN)/python -m pytest -q tests/pages/test_pictures.py --write-pictures

.PHONY: experiments
experiments: setup ## compare intent classifiers, table in docs/understanding.md; an hour and a half (ARGS="--only diet" for one)
	@$(BIN)/botkit experiments $(ARGS)

.PHONY: lock
lock: setup ## requirements.in -> requirements.txt (ARGS=--upgrade for the newest versions)
	scripts/lock $(ARGS)

.PHONY: clean
clean: ## remove .venv and caches; var/ with the database and the models stays
	rm -rf .venv .venv.lock .uv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build src/*.egg-info
	find actions channels src tests -name __pycache__ -type d -prune -exec rm -rf {} +
