# Two commands do all the set-up: `make demo` and `make test`. The rest is in `make help`.
# On the command line or in the environment: PORT, DATABASE_URL, PYTHON (which one makes .venv), ARGS (for pytest).

PY := .venv/bin/python
JOBS ?= 2
ENVIRONMENT = @python="$$(sh config/find-python.sh)" && exec "$$python" config/environment.py
UV_COMPILE = UV_NO_CONFIG=1 UV_PYTHON_DOWNLOADS=never $(PY) -m uv pip compile --quiet --universal --python-version 3.12 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help install demo run test lint lock tools browser

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install:  ## Make the environment in .venv
	$(ENVIRONMENT) runtime

demo: install  ## Start Hearsay with the sample desk and four accounts (PORT=8000)
	@exec $(PY) -m config.demo

run: install  ## Start the web server and the worker on an existing database (DATABASE_URL, PORT=8000)
	@exec $(PY) -m config.run

tools:
	$(ENVIRONMENT) dev

browser: tools
	@$(PY) -m config.chromium

test: tools browser  ## Run every test, those in the browser too (ARGS="-k word", JOBS=0 for one process)
	@exec $(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: tools  ## Check style, types, templates, the compose file and the production settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m djlint --quiet --lint templates
	$(PY) -m check_jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" ALLOWED_HOSTS=hearsay.example BEHIND_PROXY=1 \
		DATABASE_URL=postgresql://hearsay@db/hearsay HEARSAY_DEMO=0 DEBUG=0 HTTPS=1 \
		$(PY) manage.py check --deploy --fail-level WARNING

lock: tools  ## Write the locks anew (UPGRADE=--upgrade for the newest allowed versions)
	$(UV_COMPILE) $(UPGRADE) pyproject.toml -o requirements.lock
	$(UV_COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(UV_COMPILE) $(UPGRADE) --group pyproject.toml:environment -o requirements-uv.lock
