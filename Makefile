# Every command of the project, for people and CI alike. `make` alone lists them.

SHELL := bash
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
PYTHON_CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
UPGRADE :=
REPETITIONS := 10
SEEDS := 5000
EXAMPLES := 30
# One more than processors: whoever has the servers waits for them half of the time.
WORKERS = $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

# Without what was compiled before, every process that is started compiles all of it again.
export PYTHONDONTWRITEBYTECODE :=

# Both stamps lie in the environment, so that it is made again together with them.
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed

# $(call step,NAME,COMMAND): run the command, and say how long it took.
step = @TIMEFORMAT='%5R s  $(1)'; time $(2)

# $(call side_by_side,TARGETS): all of them, also when one fails; where make can, it keeps the
# output of each together.
side_by_side = @TIMEFORMAT='%5R s  in all'; time $(MAKE) --no-print-directory --keep-going --jobs=2 \
	$(if $(filter output-sync,$(.FEATURES)),--output-sync=target) $(1)

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(RUNTIME) ## Play the cycle of 2021 by HTTP, print its tables, rebuild them from the facts
	@$(PYTHON) -m demo

.PHONY: up
up: $(RUNTIME) ## Serve all four services on one port
	@$(PYTHON) -m services up

.PHONY: demo-real
demo-real: $(RUNTIME) ## The same play on Kafka, PostgreSQL and MongoDB, every service in several processes
	@$(PYTHON) -m real demo

.PHONY: real
real: $(RUNTIME) ## Serve all that, each service at an address of its own
	@$(PYTHON) -m real up

.PHONY: restore-drill
restore-drill: $(RUNTIME) ## That play, saved, restored into an empty place, and compared with what was signed
	@$(PYTHON) -m real demo --then-drill --apis=1 --workers=1

.PHONY: servers
servers: $(RUNTIME) ## Install what Kafka, PostgreSQL and MongoDB need here, for the tests with them
	@$(PYTHON) -m real install

.PHONY: test
test: $(DEVELOPMENT) ## Check the code, then run every test
	$(call side_by_side,static)
	@$(PYTHON) -m pytest --numprocesses=$(WORKERS) --dist=loadgroup --durations=20

.PHONY: deep
deep: $(DEVELOPMENT) ## Everything ten times over: faults, seeds, requests; Keycloak, Kubernetes; takes hours
	@$(PYTHON) -m pytest tests/faults/test_real.py tests/faults/deep_cluster.py --repetitions=$(REPETITIONS)
	@SIMULATOR_SEEDS=$(SEEDS) KILL_SEEDS=$(REPETITIONS) $(PYTHON) -m pytest \
		tests/faults/test_simulation.py tests/faults/test_kill.py --numprocesses=auto
	@if docker version >/dev/null 2>&1; then \
		$(MAKE) --no-print-directory images && \
			$(PYTHON) -m pytest tests/deploy/test_built.py tests/faults/test_versions.py; \
	else echo 'No Docker engine answers: no image was built.'; fi
	@$(PYTHON) -m real install --deep
	@$(PYTHON) -m pytest tests/identity tests/deploy --override-ini=python_files='deep_*.py'
	@CONTRACT_EXAMPLES=$(EXAMPLES) $(PYTHON) -m pytest tests/api/test_documents_hold.py \
		--numprocesses=auto --dist=loadgroup

.PHONY: check
check: $(DEVELOPMENT) ## Check the code and run the fast tests, in seconds; before each commit
	$(call side_by_side,room-tests other-tests static)

.PHONY: fix
fix: $(DEVELOPMENT) ## Format the code, and repair what ruff can repair
	@$(PYTHON) -m ruff check --fix
	@$(PYTHON) -m ruff format

.PHONY: bench
bench: $(DEVELOPMENT) ## Measure speed, and print it
	@$(PYTHON) -m pytest tests/bench --override-ini=python_files='bench_*.py' --capture=no

.PHONY: pictures
pictures: $(DEVELOPMENT) ## Draw a trace and a dashboard of a real run, for deploy/observability
	@$(PYTHON) -m tests.telemetry.pictures

.PHONY: sbom
sbom: $(DEVELOPMENT) ## Write what the system is made of to var/sbom, as CycloneDX, from the locks
	@mkdir -p var/sbom
	@$(sbom) --output-file=var/sbom/runtime.cdx.json requirements.lock
	@$(sbom) --output-file=var/sbom/development.cdx.json requirements-dev.lock
	@ls var/sbom/*.cdx.json

# A lock says what there is and not who needs whom, which the tool warns of.
sbom = $(PYTHON) -W ignore::UserWarning -m cyclonedx_py requirements --pyproject=pyproject.toml --output-reproducible \
	--spec-version=1.6 --output-format=JSON --validate

.PHONY: audit
audit: $(DEVELOPMENT) ## Look for known vulnerabilities of what is pinned; says if it could ask nobody
	@$(PYTHON) -m tests.supply.audit

.PHONY: images
images: $(RUNTIME) ## Build the images of the services and of the command line with Docker
	@$(engine)
	@$(PYTHON) -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
		--dest=deploy/image/wheels -r requirements.lock
	@for service in $(SERVICES); do \
		$(build) --build-arg=SERVICE=$$service --tag=cchc/$$service:$(VERSION) . || exit; \
	done
	@$(build) --target=cli --tag=cchc/cli:$(VERSION) .
	@docker image ls --filter=reference='cchc/*:$(VERSION)' --format='{{.Repository}}:{{.Tag}}  {{.Size}}'

.PHONY: image-base
image-base: ## Make a base for images of Debian's packages, where no registry has one; needs mmdebstrap
	@$(engine)
	@mkdir -p var
	@mmdebstrap --variant=minbase --include=ca-certificates,python3,python3-venv $(DEBIAN) var/base.tar
	@docker import var/base.tar cchc/base:$(DEBIAN) >/dev/null
	@rm var/base.tar
	@echo 'make images BASE=cchc/base:$(DEBIAN)'

engine = docker version >/dev/null 2>&1 || { \
	echo 'Images need a Docker engine, and none answers here: see what docker version says.' >&2; exit 1; }
# Where its plugin buildx is missing, the client still builds as it did before there was one.
build = DOCKER_BUILDKIT=$$(docker buildx version >/dev/null 2>&1 && echo 1 || echo 0) \
	docker build --quiet --network=none --file=deploy/image/Dockerfile --build-arg=BASE=$(BASE) \
		--label=org.opencontainers.image.revision=$(REVISION)

.PHONY: deploy-trial
deploy-trial: $(RUNTIME) ## Deploy a trial on the cluster of kubectl, and try it; REGISTRY=... has the images
	@$(PYTHON) -m deploy.trial $(if $(REGISTRY),--registry=$(REGISTRY))

REGISTRY :=
SERVICES := submission appraisal survey ranking
# The wheels are those of the Python here, so the base has the same one.
BASE = python:$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-slim-bookworm
# Of the same Python: bookworm has 3.11, and trixie 3.13.
DEBIAN := bookworm
REVISION = $(shell git rev-parse HEAD 2>/dev/null)
VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)

.PHONY: lock
lock: $(DEVELOPMENT) ## Pin the requirements again; UPGRADE=1 takes newer versions
	@$(call compile,requirements.lock,requirements.in)
	@$(call compile,requirements-dev.lock,requirements-dev.in)
	@$(call compile,real/packages/secantusdb.lock,real/packages/secantusdb.in)
	@$(call compile,tests/bench/others.lock,tests/bench/others.in)
	@$(call compile,real/packages/postgres.lock,--no-deps real/packages/postgres.in)

# Hashes, and no address of a registry: whoever installs says where from.
compile = .venv/bin/uv pip compile --quiet --universal --python-version=3.11 --generate-hashes \
	--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) --output-file=$(1) $(2)

# --- The steps of check and test ---------------------------------------------------------------

.PHONY: static types format lint contracts room-tests other-tests
static: types format lint contracts

types:
	$(call step,$@,$(PYTHON) -m mypy --no-error-summary)

format:
	$(call step,$@,$(PYTHON) -m ruff format --quiet --diff)

lint:
	$(call step,$@,$(PYTHON) -m ruff check --quiet)

contracts: # import-linter has no quiet mode: its report is shown when a contract is broken.
	$(call step,$@,{ report=$$(.venv/bin/lint-imports --no-logo) || { echo "$$report"; exit 1; }; })

# In two halves that take about as long, so that two cores share them: the rooms of the services
# and the pure ones that they share; and what runs them, with the outside world.
room-tests:
	$(call step,$@,$(call fast,$(ROOM_TESTS)))

other-tests:
	$(call step,$@,$(call fast,tests/unit $(ROOM_TESTS:%=--ignore=%) --ignore=tests/unit/cli))

ROOM_TESTS := tests/architecture $(addprefix tests/unit/,kernel events ledger count \
	submission appraisal survey ranking)
fast = $(PYTHON) -m pytest $(1) --quiet -m 'not slow' --hypothesis-profile=check

# --- Set-up ------------------------------------------------------------------------------------

$(RUNTIME): requirements.lock | .venv/bin/pip
	@echo 'Cài những gì hệ thống cần (lần đầu khoảng một phút) / installing what the system needs (about a minute)'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo 'Cài những gì việc kiểm thử cần / installing what the tests need'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# pip comes last into a new environment, so one that was cut short is made again.
.venv/bin/pip:
	@echo 'Tạo môi trường Python trong .venv / making an environment for Python in .venv'
	@for python in $(PYTHON_CANDIDATES); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec $$python -m venv .venv; \
		fi; \
	done; \
	echo 'Python 3.11 or newer is needed, and none of these is: $(PYTHON_CANDIDATES).' >&2; \
	echo 'Install one, or name it: make PYTHON_CANDIDATES=/path/to/python3.12' >&2; \
	exit 1
