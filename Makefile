# upoint: `make` lists what there is. The first target that needs it makes .venv from requirements.txt.

PYTHON ?= python3
CONFIG ?= config/config.json
KEYS ?= ~/.upoint
BIN := .venv/bin
READY := .venv/.ready
# Most tests wait for a clock, not for the processor.
TEST_JOBS ?= 8

.PHONY: help build run csms demo test power soak lint format docs size bench chip flash keys package clean
.DEFAULT_GOAL := help

help:
	@echo "make build   compile the firmware for the PC (build/host) and the board (build/esp32)"
	@echo "make run     run the charge point on this PC, simulated board; CONFIG=path for another config.json"
	@echo "make csms    run a central system on this PC for it to connect to"
	@echo "make demo    watch both of them go through a charging session"
	@echo "make test    check and test everything"
	@echo "make power   the tests of power cuts and of flash wear, with their figures"
	@echo "make soak    200 sessions in which everything fails, and long outages; SOAK_SEED=n repeats a run"
	@echo "make lint    check the style and the types only"
	@echo "make format  put the sources into the form that make lint wants"
	@echo "make docs    bring the tables in docs/ in line with the code"
	@echo "make size    memory the firmware takes, against its budget"
	@echo "make bench   speed, against a charge point on CPython"
	@echo "make flash   copy the firmware to the board at PORT=port; CONFIG=path for a board without config.json"
	@echo "make keys    make the keys that sign updates, in the folder KEYS, $(KEYS) if it is not given"
	@echo "make package make the signed update build/upoint-VERSION.bin; that of version.py if VERSION is not given"
	@echo "make chip    run it on an emulated ESP32, where there is one; RUNS=names of some runs only"
	@echo "make clean   remove what was built, and .venv"

$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is not Python 3.11 or newer; try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@$(BIN)/python tools/micropython32.py
	@touch $@

build: $(READY)
	@$(BIN)/python tools/build.py

# A reboot that OCPP asks for ends the process with status 75.
run: build
	@config=$$(realpath $(CONFIG)) && cd build/host && while :; do \
	  ../../$(BIN)/micropython main.py "$$config"; status=$$?; [ $$status = 75 ] || exit $$status; done

csms: $(READY)
	@$(BIN)/python tools/csms.py

demo: build
	@$(BIN)/python tools/demo.py

# What the formatter keeps in form; tables that a person has laid out say so with "fmt: skip".
FORMATTED := app config hal ocpp profiles transfers updates web x509 json_states.py strict_json.py _scan.py _scan_py.py

lint: $(READY)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet $(FORMATTED) || { echo "make format would change some files" >&2; exit 1; }
	@$(BIN)/python tools/check_types.py

format: $(READY)
	@$(BIN)/ruff format --quiet $(FORMATTED)

docs: $(READY)
	@$(BIN)/python tools/doc_tables.py

# What runs with the words of a board as well: sessions, all messages, offline, two connectors, the page.
CORE := $(addprefix tests/e2e/test_,boot.py calls.py cards.py delivery.py http.py largest.py remote.py session.py smart_charging.py)

# The runs of the unit tests under CPython measure the coverage, see tests/unit/conftest.py.
test: $(READY) lint
	@$(BIN)/python tools/build.py --quiet
	@$(BIN)/python tools/schemas.py --check
	@$(BIN)/python tools/json_states.py --check
	@rm -rf build/unit build/coverage && mkdir -p build/coverage
	@COVERAGE_FILE=build/coverage/data $(BIN)/pytest -q -n $(TEST_JOBS) --dist loadscope
	@COVERAGE_FILE=build/coverage/data $(BIN)/coverage combine -q
	@$(BIN)/coverage report --data-file build/coverage/data > build/coverage/report.txt || \
	  { cat build/coverage/report.txt; exit 1; }
	@if [ -e $(BIN)/micropython32 ]; then TEST_WORDS=32 $(BIN)/pytest -q -n $(TEST_JOBS) --dist loadscope $(CORE); \
	  else echo "no 32-bit MicroPython here: nothing runs with the words of a board"; fi

power: $(READY)
	@$(BIN)/pytest -q -rP -n $(TEST_JOBS) --dist loadfile tests/unit/power_cuts

# SOAK_SEED, SOAK_SESSIONS and SOAK_JOBS (charge points at a time) are read by tests/e2e/soak.py.
soak: build
	@$(BIN)/pytest -q -s -p no:cacheprovider tests/e2e/soak.py

size: build
	@$(BIN)/python tools/size.py
	@echo; echo "in an image of one's own, with the code in flash:"
	@$(BIN)/python tools/size.py --image

bench: build
	@$(BIN)/python tools/bench.py

chip: build
	@$(BIN)/python tools/chip.py $(RUNS)

# CONFIG only if it was given: a board's default is not that of a PC.
flash: build
	@[ "$(PORT)" ] || { echo "which port? for example: make flash PORT=/dev/ttyUSB0" >&2; exit 1; }
	@$(BIN)/python tools/flash.py $(PORT) $(if $(BUILD),--build $(BUILD)) $(if $(filter file,$(origin CONFIG)),,--config $(CONFIG))

keys: $(READY)
	@$(BIN)/python tools/keys.py $(KEYS)

package: $(READY)
	@$(BIN)/python tools/package.py $(KEYS) $(if $(VERSION),--version $(VERSION))

clean:
	@rm -rf build .venv
