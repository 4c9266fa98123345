# On a Debian machine with the Swift toolchain, `make weekly` and `make test` do everything.
# The logic is in scripts/; this file says what calls what, and which Debian packages each step needs.

BUILD_PACKAGES := git g++ libexpat1-dev libsqlite3-dev libxlsxwriter-dev libyajl-dev libzip-dev
TEST_PACKAGES  := $(BUILD_PACKAGES) chromium-headless-shell default-jre-headless faketime fonts-liberation libreoffice-calc-nogui python3 python3-venv strace systemd
DIST_PACKAGES  := $(BUILD_PACKAGES) binutils
BENCH_PACKAGES := $(BUILD_PACKAGES) binutils python3 sqlite3 valgrind

.DEFAULT_GOAL := help
.PHONY: help build weekly test lint dist mutants bench race bounded nights soak fuzz clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s  %s\n", $$1, $$2 }' Makefile

build: ## build the release executable
	@scripts/need.sh $(BUILD_PACKAGES)
	@scripts/build.sh

weekly: build ## build, make the weekly set of the sample export in out/, and show it
	@scripts/weekly.sh

test: build ## build and run the tests
	@scripts/need.sh $(TEST_PACKAGES)
	@scripts/venv.sh
	@CARDS_EXECUTABLE=$(CURDIR)/.build/release/cards scripts/test.sh

lint: ## check format, scripts and house rules
	@scripts/lint.sh

dist: ## make dist/cards, which runs without installing, and try it as an ordinary user
	@scripts/need.sh $(DIST_PACKAGES)
	@scripts/dist.sh
	@scripts/test-dist.sh

mutants: ## plant each fault of Tests/Mutants/mutants.tsv; each must turn a test red
	@scripts/need.sh $(TEST_PACKAGES)
	@scripts/venv.sh
	@scripts/mutants.py

bench: build ## time the parts, and compare their instruction counts with the committed ones
	@scripts/need.sh $(BENCH_PACKAGES)
	@scripts/bench.sh

race: build ## race `cards weekly` against DuckDB, Polars and pandas, and check that they agree
	@scripts/need.sh $(TEST_PACKAGES)
	@scripts/race.sh

bounded: build ## run `cards weekly` on 10 GB with 6 GB of memory
	@scripts/need.sh $(BUILD_PACKAGES) python3
	@scripts/bounded.sh

nights: build ## time nights, and a large first one beside the sqlite3 shell
	@scripts/need.sh $(BENCH_PACKAGES)
	@scripts/nights.sh

soak: build ## kill 200 nightly runs at random moments; each must be completed by the next
	@scripts/need.sh $(TEST_PACKAGES)
	@scripts/venv.sh
	@CARDS_SOAK=200 CARDS_EXECUTABLE=$(CURDIR)/.build/release/cards scripts/test.sh --filter LedgerTests

fuzz: ## fuzz the readers of exports, each until it finds nothing new
	@scripts/need.sh $(BUILD_PACKAGES) python3
	@scripts/fuzz.sh

clean: ## remove everything that was built
	rm -rf .build .build-* Benchmarks/.build out dist .venv-*
