# One command per intention; each sets up what it needs the first time.
PY := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run train test eval bench chaos check lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup:
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

run: setup ## everything, embedded: shop with chat, agent console, API
	@exec $(PY) -m bot run

train: setup ## the assistant's model, if its sources changed
	@$(PY) -m bot train

test: setup-dev ## all tests, conversations and browser included
	@$(PY) -m bot train
	@$(PY) -m knowledge_base build
	$(PY) -m pytest

eval: setup ## how well it understands and finds answers: reports/eval.json and plots
	@$(PY) -m bot train
	@$(PY) -m knowledge_base build
	@$(PY) -m bot.evaluation quality

bench: setup ## speed beside plain Rasa, in a crowd and over time: reports/bench.json
	@$(PY) -m bot train
	@$(PY) -m knowledge_base build
	@$(PY) -m bench speed

chaos: setup ## kills parts under load and looks for what is lost: reports/chaos.json
	@$(PY) -m bot train
	@$(PY) -m knowledge_base build
	@$(PY) -m bench chaos

check: setup-dev ## lint, types, data validation, a training run that fails on contradictions
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy bot actions shop knowledge_base bench
	@$(PY) -m bot train --validate

lock: setup-dev ## pin requirements/*.in into requirements/*.txt
	@for name in installer run; do \
		.venv/bin/uv pip compile --quiet --python $(PY) --generate-hashes --no-emit-index-url \
			--no-header requirements/$$name.in -o requirements/$$name.txt; \
	done
	@.venv/bin/uv pip compile --quiet --python $(PY) --generate-hashes --no-emit-index-url \
		--no-header -c requirements/run.txt requirements/dev.in -o requirements/dev.txt
