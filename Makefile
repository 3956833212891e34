# `make` lists what there is to type. Nothing is needed beforehand but Python 3.11 or newer, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH := .venv-bench
PAGE := _build/html/index.html

# Small recurrent steps are many times slower with several threads; and several processes run side by side.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1
export VECLIB_MAXIMUM_THREADS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# On all cores, but not more than eight; a notebook or a test file stays in one process.
SIDE_BY_SIDE := -n logical --maxprocesses 8 --dist loadfile

.PHONY: help book test unit outputs chapters portable site lab lint notebooks picture pdf experiments bench repo clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'

book: $(STAMP) ## build the book into _build/html (runs only the chapters that changed)
	@$(BIN)/jupyter-book build . -W -n --keep-going
	@if grep -rl --include='*.html' 'class="output traceback' _build/html; then echo "These pages show a cell that failed."; exit 1; fi
	@test -f $(PAGE) && echo "The book is built. Open $(PAGE) in a browser."

test: unit book outputs site ## run every test: functions, chapters, the built pages, JupyterLab
	@echo "All tests passed."

unit: $(STAMP)
	$(BIN)/pytest $(SIDE_BY_SIDE) tests --ignore=tests/book

# Every cell of every chapter, its text outputs compared with those that are stored: nbval judges the run from which the
# book was built. The same run drew the pages.
outputs: book
	PYTHONPATH=tools:book/_ext $(BIN)/pytest -p nbval -p kept_outputs --nbval --nbval-sanitize-with tools/nbval.cfg book

chapters: $(STAMP) ## run the chapters without the book; their outputs must be those that are stored
	TQDM_DISABLE=1 $(BIN)/pytest $(SIDE_BY_SIDE) -p nbval --nbval --nbval-cell-timeout=600 --nbval-sanitize-with tools/nbval.cfg book

# torch and OpenBLAS choose their kernels by the processor. With their plainest ones, which every x86 processor has,
# the chapters must print the same.
portable: ## run the chapters as on the plainest processor; their outputs must be the same
	ATEN_CPU_CAPABILITY=default OPENBLAS_CORETYPE=Nehalem $(MAKE) chapters

# No test of the site needs another one, and some take a hundred times as long as others.
site: $(STAMP)
	@chromium=$$($(BIN)/python tools/chromium.py) && set -x && CHROMIUM=$$chromium $(BIN)/pytest $(SIDE_BY_SIDE) --dist worksteal tests/book

# Jupyter refuses to start for root, whom a container often has, unless it is told to.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

lab: $(STAMP) ## open the chapters in JupyterLab
	$(BIN)/jupyter lab $(AS_ROOT) --notebook-dir=. book/index.ipynb

lint: $(STAMP) ## check the style, the layers of helpers/ and the conventions of the chapters
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/check_notebooks.py

notebooks: $(STAMP) ## run the chapters in place and keep what is committed of them
	$(BIN)/python tools/notebooks.py $(NOTEBOOKS)

picture: book ## take the README's picture from the built book
	@$(BIN)/python tools/picture.py

pdf: book ## print the book as one PDF, _build/unrolled.pdf
	@chromium=$$($(BIN)/python tools/chromium.py) && CHROMIUM=$$chromium $(BIN)/python tools/pdf.py

# The libraries that these compare with are no requirements of the book, so they have an environment of their own.
APART := bench/word2vec.py bench/decoding.py bench/gpt.py bench/subwords.py bench/ngram.py bench/text_scores.py bench/ctc_search.py

# Each script makes one table of helpers/data/results; two modules are what they share. An interrupted one goes on.
TABLES ?= $(filter-out recall_networks result_table,$(basename $(notdir $(wildcard experiments/*.py))))

experiments: $(STAMP) ## make again the tables of results that chapters read: make experiments TABLES=counting_cell
	@set -e; for table in $(TABLES); do $(BIN)/python -m experiments.$$table; done

bench: $(STAMP) $(BENCH)/.installed ## measure the speed against torch, gensim and transformers, and the weight of the figures
	@set -e; for script in $(filter-out $(APART) bench/in_turn.py,$(wildcard bench/*.py)); do echo "$$script"; $(BIN)/python $$script; done
	@set -e; for script in $(APART); do echo "$$script"; PYTHONPATH=. $(BENCH)/bin/python $$script; done

repo: $(STAMP) ## set the address of the repository everywhere: make repo URL=https://github.com/owner/name
	@$(BIN)/python tools/repository.py "$(URL)"

clean: ## remove what was built, the environment included
	rm -rf _build $(VENV) $(BENCH) .pytest_cache .hypothesis .ruff_cache .import_linter_cache *.egg-info

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed, and $(PYTHON) is not: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make an environment: install its venv module (Debian: apt-get install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

$(BENCH)/.installed: bench/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --no-deps --requirement bench/requirements.txt
	@touch $@
