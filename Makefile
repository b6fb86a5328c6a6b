# make install | demo | test | lab | check | lock       VENV=.venv-studio CONSTRAINTS=constraints/studio.txt for the other set;
# with JupyterLab 4.5: make test VENV=.venv-studio-4.5 CONSTRAINTS=constraints/studio-4.5.txt TESTS=tests/widgets/lab
VENV        ?= .venv
CONSTRAINTS ?= constraints/newest.txt
PYTHON      ?= python3
TESTS       ?=
OUT         ?= demo-out
BIN         := $(VENV)/bin
STAMP       := $(VENV)/.installed

.PHONY: install demo test lab check lock clean
.DELETE_ON_ERROR:

install: $(STAMP)

$(STAMP): $(CONSTRAINTS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "a2i_al needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 install"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)
	$(BIN)/a2i-al demo --out $(OUT)

test: $(STAMP)
	$(BIN)/python -m pytest $(TESTS)

lab: $(STAMP)
	$(BIN)/jupyter lab --notebook-dir notebooks

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs uv. Hashes and no host names: pip takes the packages from wherever it is set up to.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra notebook --group dev --group peers \
	  pyproject.toml --output-file constraints/newest.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra notebook --group dev \
	  --constraints constraints/studio.in pyproject.toml --output-file constraints/studio.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra notebook --group dev \
	  --constraints constraints/studio-4.5.in pyproject.toml --output-file constraints/studio-4.5.txt

clean:
	rm -rf .venv .venv-studio .venv-studio-4.5 demo-out build dist .pytest_cache .mypy_cache .ruff_cache
