# `make` alone prints what there is.
.DEFAULT_GOAL := help
.PHONY: help up test law without-boards without-sites faults walk browser swarm bench fix docs words lock
BIN := .venv/bin
DEVICES ?= 500
ALL := --ignore-glob='*/test_alert_faults_*' tests  # those have a target of their own: faults
ENGLISH := src/nguon/locale/en/LC_MESSAGES/django

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## start the whole server here; installs what is missing first (NGUON_PORT, NGUON_DATA)
	@tools/bootstrap run
	@exec $(BIN)/nguon up

test: ## every check and every test; installs what they need first
	@tools/bootstrap test
	@bad=0; $(BIN)/ruff check . || bad=1; $(BIN)/ruff format --check . || bad=1; $(BIN)/mypy src/nguon tests || bad=1; \
	$(BIN)/pytest $(ALL) -n 2 --dist loadfile || { \
	echo "Some keep time, and had a neighbour: once more, alone, what failed"; \
	$(BIN)/pytest $(ALL) --last-failed --last-failed-no-failures none; } || bad=1; exit $$bad

law: ## what the code must hold about itself
	@tools/bootstrap test
	@$(BIN)/pytest tests/law

without-boards: ## the same without the line of boards in the settings: all but the tests of boards must still pass
	@tools/bootstrap test
	@NGUON_CHANNELS='nguon.channels.speaker.Speaker nguon.channels.site.Site' \
	$(BIN)/pytest -n 2 --dist loadfile -m 'not boards' tests/unit tests/app

without-sites: ## the same without the line of websites
	@tools/bootstrap test
	@NGUON_CHANNELS='nguon.channels.speaker.Speaker nguon.channels.board.Board' \
	$(BIN)/pytest -n 2 --dist loadfile -m 'not sites' tests/unit tests/app

faults: ## an alert while services are killed, disks fill, clocks jump and networks are cut (needs root, a quarter of an hour)
	@tools/bootstrap test
	@$(BIN)/pytest tests/walks -k alert_faults

walk: ## whole stories, keyboard to loudspeaker, with real services
	@tools/bootstrap test
	@$(BIN)/pytest tests/walks

browser: ## the pages in a real browser
	@tools/bootstrap test
	@$(BIN)/pytest tests/browser

swarm: ## many simulated devices against the running server (DEVICES=500)
	@tools/bootstrap run
	@exec $(BIN)/nguon swarm --devices $(DEVICES)

bench: ## how text is read beside two libraries; a site in a storm of readers; time to every loudspeaker beside the bare broker (DEVICES=500)
	@tools/bootstrap run
	@$(BIN)/python -c 'import sea_g2p, vietnormalizer' 2>/dev/null || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[bench]'
	@$(BIN)/nguon bench reading
	@$(BIN)/nguon bench portal
	@exec $(BIN)/nguon bench fanout --devices $(DEVICES)

fix: ## put the code in its form
	@tools/bootstrap test
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

docs: ## write what is generated: docs/protocol.md, docs/schema, golden examples
	@tools/bootstrap run
	@$(BIN)/python -m nguon.wire.docs

words: ## collect the sentences of the interface and compile their English (fill what it names as lacking)
	@tools/bootstrap words
	@cd src/nguon && ../../$(BIN)/python -m django makemessages -l en --no-location --no-obsolete --no-wrap -v 0
	@sed -i '/^"POT-Creation-Date/d' $(ENGLISH).po
	@msgfmt --check-format --statistics -o $(ENGLISH).mo $(ENGLISH).po
	@msgattrib --untranslated --no-wrap $(ENGLISH).po; msgattrib --only-fuzzy --no-wrap $(ENGLISH).po

pictures: ## take the pictures of README and manual again: docs/images
	@tools/bootstrap test
	@$(BIN)/python tools/pictures

lock: ## find exact versions again: requirements.lock
	@tools/bootstrap test
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --no-header --all-extras --universal --upgrade -o requirements.lock pyproject.toml
