# The two commands to know: `make demo` and `make test`. Both do their own set-up.

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
READY := .venv/.ready
# Most tests wait for something, so four workers keep two cores busy; who is done takes from the rest.
PYTEST := $(BIN)/pytest -n 4 --dist worksteal -p no:benchmark

# A mirror that is set up for pip serves uv too.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
export UV_HTTP_TIMEOUT ?= 180

.PHONY: demo test check bench lock screenshots

demo: $(READY)
	@$(BIN)/dealthread demo

test: $(READY)
	@$(PYTEST)

# What CI runs. pytest is last, so that its summary is the last thing one sees; it runs
# `alembic check` too, on SQLite and on PostgreSQL (tests/architecture).
check: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(PYTEST)

# Benchmarks have the machine to themselves: no workers, and not among the tests. They take half
# an hour; BENCH_MILLION=1 adds a million opportunities, and some more.
bench: $(READY)
	@$(BIN)/pytest -p no:xdist -p no:benchmark tests/bench -s -q \
		-o 'python_files=bench_*.py' -o 'python_functions=bench_*'

screenshots: $(READY)
	@$(BIN)/python -m tests.e2e.screenshots

lock: $(READY)
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --upgrade --quiet --custom-compile-command 'make lock' \
		--output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Dealthread needs Python 3.11 or newer: make PYTHON=python3.12 …'; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@
