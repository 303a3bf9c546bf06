# `make demo` and `make test` are all one needs to know. They want Python 3.11 or newer and a package
# index; whatever else there is to install goes into .venv/, whatever there is to keep into .daana/.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
RUN := .venv/bin/python
UV := .venv/.uv/bin/uv
TEMPLATES = find templates -name '*.html' -print0 | sort -z | xargs -0

# Settings as on a server, for the checks that look at them; nothing is started or connected to.
AS_ON_A_SERVER := env DATABASE_URL=postgres://daana@localhost/daana REDIS_URL=redis://localhost/0 \
	SECRET_KEY=an-example-of-0123456789-letters-that-nobody-has-to-guess ALLOWED_HOSTS=daana.example

# Translations, compiled.
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

export PORT

.PHONY: demo test check format bench web worker stop

demo: .venv/ready $(MESSAGES)
	@$(RUN) -m config.demo $(ARGS)

# Files of tests are shared out among processes, the longest first (tests/conftest.py); each process
# has a database and a Redis of its own. One more than there are cores, for a test that waits, for a
# page or for a worker that was killed, needs none.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(min((os.cpu_count() or 1) + 1, 4))')

test: .venv/ready $(MESSAGES)
	@$(RUN) -m tests.browser.chromium
	@$(RUN) -m pytest --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/ready
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) .venv/bin/lint-imports
	$(AS_ON_A_SERVER) $(RUN) -m mypy
	$(TEMPLATES) .venv/bin/djade --check --target-version 5.2
	$(RUN) manage.py makemigrations --check --dry-run
	$(AS_ON_A_SERVER) $(RUN) manage.py check --deploy --fail-level WARNING

format: .venv/ready
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(TEMPLATES) .venv/bin/djade --target-version 5.2

bench: .venv/ready
	@$(RUN) -m bench $(ARGS)

web: .venv/ready $(MESSAGES)
	@$(RUN) -m config.static
	@$(RUN) -m gunicorn --config python:config.gunicorn config.wsgi

worker: .venv/ready $(MESSAGES)
	@$(RUN) -m config.worker $(ARGS)

stop: .venv/ready
	@$(RUN) -m config.embedded stop

%.mo: %.po | .venv/ready
	@$(RUN) -m config.translations $<

# uv installs what uv.lock says, hash for hash. Where pip is told to use another index than the one in
# the lock, which uv does not know of, pip installs the same versions from there.
.venv/ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("daana: Python 3.11 or newer is needed, and %s is %d.%d: make PYTHON=python3.12 ..." % ("$(PYTHON)", v[0], v[1]))'
	@test -x $(UV) || { \
		echo "Preparing .venv/ ..."; \
		{ $(PYTHON) -m venv .venv >.venv.log 2>&1 || $(PYTHON) -m venv --without-pip .venv >>.venv.log 2>&1; } && \
		{ $(RUN) -m pip install --quiet --target .venv/.uv 'uv~=0.9' >>.venv.log 2>&1 || \
		  $(PYTHON) -m pip install --quiet --target .venv/.uv 'uv~=0.9' >>.venv.log 2>&1; } && rm .venv.log || { \
		tail -n 3 .venv.log; \
		echo "daana: $(PYTHON) can make no virtual environment (on Debian: apt-get install python3-venv)"; exit 1; }; }
	@echo "Installing what uv.lock lists ..."
	@$(UV) sync --frozen --quiet || { \
		$(UV) export --frozen --quiet --output-file .venv/requirements.txt && \
		$(RUN) -m pip install --quiet --require-hashes --requirement .venv/requirements.txt; }
	@touch $@
