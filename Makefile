# make demo          the demo network on http://127.0.0.1:8000 (PORT=... for another port), Ctrl-C stops it
# make test          every test, those in the browser included (ARGS="-k matrix" for some)
# make setup         only what both need; after it .venv/bin/python manage.py ... works by itself
# make bench         how fast the matrix page, its PDF and the import of a long list are
# make messages      gather the words to translate into clcnet/locale
# make lock          fit requirements.lock to pyproject.toml (ARGS=--upgrade for the newest packages)
# make screenshots   renew the pictures in the README

.PHONY: demo test setup bench messages lock screenshots
.DEFAULT_GOAL := help
SETUP := @python3 clcnet/bootstrap.py
PYTHON := .venv/bin/python

.PHONY: help
help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup:
	$(SETUP)

demo:
	$(SETUP)
	@exec $(PYTHON) manage.py demo --serve

test:
	$(SETUP) --tests
	@exec .venv/bin/pytest -n 2 --liveserver 127.0.0.1 $(ARGS)

bench:
	$(SETUP)
	@exec $(PYTHON) manage.py bench

screenshots:
	$(SETUP) --tests
	@exec .venv/bin/pytest -q --liveserver 127.0.0.1 tests/browser/screenshots.py

messages:
	$(SETUP) --tests
	$(PYTHON) manage.py makemessages --locale ru --locale kk --ignore .venv --ignore .data --ignore tests --add-location file --no-wrap
	$(SETUP)

# Hashes of every package for every platform, and no addresses of package hosts.
lock:
	$(SETUP)
	UV_CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/uv pip compile --quiet --universal --generate-hashes \
	  --python-version 3.11 --extra dev --build-constraints build-constraints.txt --no-emit-index-url $(ARGS) \
	  pyproject.toml --output-file requirements.lock
