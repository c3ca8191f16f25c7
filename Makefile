# Two commands are enough: `make demo` shows the system, `make test` proves it.
# Every target brings what it needs (Python packages, Node, a browser, database servers) and does so only once.
# What is done, and why so, stands in ops/setup/.

SETUP := ops/setup

# `make ARGS="--port 9000" demo` passes options on; `make PYTHON=python3.12 setup` takes another Python.
ARGS ?=
export PYTHON

.PHONY: help demo test check bench mutate nightly-rotas setup format lock screenshots clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

demo: ## the whole system on this machine, with simulated callers and staff, at http://127.0.0.1:8000
	@$(SETUP)/all.sh
	@exec .venv/bin/crisis-hub demo $(ARGS)

test: ## every test, on real databases and a real browser (ARGS="tests/domain -k risk" runs some)
	@$(SETUP)/all.sh
	@$(SETUP)/test.sh $(ARGS)

check: ## form, lint, types, import contracts, rules
	@$(SETUP)/all.sh --no-build
	@$(SETUP)/check.sh

bench: ## measure, each figure beside its limit (ARGS= goes to ops/bench/run.py)
	@$(SETUP)/all.sh
	@.venv/bin/python ops/bench/run.py $(ARGS)

mutate: ## break the heart in 1700 small ways and count what the tests notice; half an hour (ARGS= goes to ops/mutate/run.py)
	@$(SETUP)/all.sh --no-build
	@.venv/bin/python -m ops.mutate.run $(ARGS)

nightly-rotas: ## a million random rotas against a painter of minutes; CRISIS_HUB_SCHEDULES=10000 for fewer
	@$(SETUP)/all.sh --no-build
	@$(SETUP)/nightly_rotas.sh

setup: ## only set up: .venv/ and frontend/node_modules/
	@$(SETUP)/all.sh

format: ## put the code into form
	@$(SETUP)/all.sh --no-build
	@$(SETUP)/format.sh

lock: ## after a change of versions in pyproject.toml: write ops/requirements.lock anew
	@$(SETUP)/python.sh
	@$(SETUP)/lock.sh
	@$(SETUP)/python.sh

screenshots: ## take the pictures of the README anew
	@$(SETUP)/all.sh
	@CRISIS_HUB_CHROMIUM="$$($(SETUP)/chromium.sh)" .venv/bin/python ops/screenshots.py $(ARGS)

clean: ## remove all that the other targets made, but never var/ (the data)
	rm -rf .venv mutants frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find crisis_hub tests ops -name __pycache__ -type d -prune -exec rm -rf {} +
