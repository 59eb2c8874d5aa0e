# Everything runs in `.venv`, which is made at need (tools/venv.sh; PYTHON=... chooses the interpreter).

PLAN = .venv/bin/plan

.PHONY: help demo test check docs bench clean

help:
	@echo 'make demo    check and draw the largest example into out/fairwater'
	@echo 'make test    run the tests'
	@echo 'make check   run all that CI runs'
	@echo 'make docs    write docs/kinds.md, docs/rules.md and docs/schemas anew from the code'
	@echo 'make bench   measure, and write benchmarks/RESULTS.md'
	@echo 'make clean   remove .venv and out'

.venv/ready: pyproject.toml planlang/__init__.py
	@tools/venv.sh

# The example states published figures that do not fit together, so its check fails by design, with 1.
demo: .venv/ready
	@echo '$$ plan check examples/quickstart.plan'
	@$(PLAN) check examples/quickstart.plan
	@echo
	@echo '$$ plan check examples/fairwater'
	@$(PLAN) check examples/fairwater || test $$? -eq 1
	@echo
	@echo '$$ plan render examples/fairwater -o out/fairwater'
	@$(PLAN) render examples/fairwater -o out/fairwater || test $$? -eq 1
	@echo
	@echo 'The files are in out/fairwater: diagrams (.svg), what they are drawn from (.dot), the bill of materials (bom.*).'
	@echo 'That fairwater fails in two places is by design: examples/README.md says why.'

test: .venv/ready
	@.venv/bin/python -m pytest

check:
	@.ci/run

docs: .venv/ready
	@.venv/bin/python tools/docs.py

bench: .venv/ready
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/requirements.txt \
	  || echo 'some of the tools to compare with cannot be installed here: they are left out' >&2
	@.venv/bin/python -m benchmarks

clean:
	rm -rf .venv out
