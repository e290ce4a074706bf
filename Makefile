# Everything that a newcomer needs; each target does its own set-up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
UNITS  ?= 3000
PACKAGES := baocao expectations tasks flows portal deployments

# The tests start this program by the hundred: what it and they are compiled to is kept, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test test-slow test-long check serve bench screenshots clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q $(PACKAGES)
	touch $@

demo: setup
	$(BIN)/baocao demo

test: setup
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder

# The longest first, so that no worker is left with one of them at the end.
test-slow: setup
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder -m "slow and not long" --timeout 900 tests/serving tests/flows tests/integration tests/portal tests/browser tests/unit

test-long: setup
	$(BIN)/python -m pytest -m long --timeout 1800 tests/serving

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/python -m pytest tests/unit/test_layout.py

serve: setup
	$(BIN)/baocao serve

bench: setup
	$(BIN)/python benchmarks/national.py --units $(UNITS) --json

# The pictures of the README; needs Chromium, LibreOffice and pdftoppm.
screenshots: setup
	$(BIN)/python -m tools.screenshots

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
