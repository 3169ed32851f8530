# make run      everything on this machine: http://localhost:8080 (LOCAL_PORT), until Ctrl-C; with ONCE=1 it ends
#               after the last night
# make test     what must pass before a change goes in
# make browser  the manual, step by step in a real browser (part of make test); pictures in target/screenshots
# make crash    kills runs, mails, callbacks and disconnects at every call, and counts what comes of it
# make matrix   every route, as everybody who may come to it, and the answers that are wrong
# make bench    what nights, functions and pages cost, against limits (docs/performance.md); some rows only:
#               ROWS="unchanged planner"
# make sam-local  `sam local invoke` of every function against a stack on this machine (part of make test); says
#               "skipped" where there can be no Docker engine
# make invoke FUNCTION=workspace-sync EVENT=events/workspace-sync-preview.json   one `sam local invoke` with the code
#               here, against the stack of `make run`, whose line "AWS:" says what AWS_ENDPOINT_URL is
# make preflight STAGE=prod   what only AWS can give, and what is to be done, before a stage of samconfig.toml is deployed
# make smoke STAGE=staging COMPANY=CODE   one night on a deployed stage, and what came of it for a connected workspace;
#               both use the credentials of the AWS CLI
# make package  what is deployed as zips for both architectures, in target/packages, with their sizes
#
# Everything else is a cargo command (`cargo test` runs what needs no deployed stack) or a script in infra/tools.

TARGET := $(or $(CARGO_TARGET_DIR),target)
# As many at once as there are cores: some start a stack or a browser each (.cargo/config.toml has another number).
export RUST_TEST_THREADS ?= $(shell nproc)
FUNCTIONS := $(notdir $(wildcard functions/*))

# The test programs that need no browser, SAM or Docker. They are named because to exclude a package would compile the
# AWS SDK again, with other features.
TESTS := $(sort $(notdir $(basename $(filter-out tests/browser/% tests/operator/%, \
	$(wildcard */*/tests/*.rs tests/perf/*/tests/*.rs) $(patsubst %/main.rs,%,$(wildcard */*/tests/*/main.rs))))))

.PHONY: run test browser crash matrix bench sam-local invoke preflight smoke package build

run: build
	@$(TARGET)/debug/demo

test:
	infra/tools/install.sh system
	rm -rf $(TARGET)/permissions
	$(MAKE) -j2 --output-sync=line compiled installed
	# Half of them wait for a server at any time.
	RUST_TEST_THREADS=$$(($$(nproc) + 1)) cargo test --workspace --lib --bins $(TESTS:%=--test %)
	$(MAKE) -j3 --output-sync=line browser served operated
	infra/tools/check_permissions.py
	@infra/tools/advisories.sh # last, so that nobody misses that it could not look

# Lints while it compiles: `cargo clippy` would compile all dependencies a second time.
test: export RUSTC_WORKSPACE_WRAPPER = clippy-driver
test: export CLIPPY_ARGS = -Dwarnings__CLIPPY_HACKERY__

# Beside each other: the one waits for the compiler, the other for the network.
.PHONY: compiled installed
compiled:
	cargo fmt --all --check
	$(MAKE) build
	cargo test --workspace --all-targets --no-run
installed:
	infra/tools/install.sh browser tools
	infra/tools/template.sh
	infra/tools/deny.sh

# Beside the browser: all three wait for servers more than they compute. schemathesis runs against the demo of `make run`.
.PHONY: served operated
served:
	$(TARGET)/debug/bench dispatch console mails unchanged newcomers
	SCHEMATHESIS_EXAMPLES=2 tests/fuzz/schemathesis/run.sh
operated: sam-local
	cargo test --workspace --test runbook --test filter_patterns --test drill -- --nocapture

browser: build
	infra/tools/install.sh browser
	cargo test --workspace --test browser

# Each of these tests writes a line with its counts; the last line here is their sum.
CRASHES := $(TARGET)/crash-points.txt
crash:
	@mkdir -p $(TARGET)
	@cargo test --workspace --test runs --test connections -- --nocapture that_dies > $(CRASHES) || { cat $(CRASHES); exit 1; }
	@awk -F '[:,]' '/crash points:/ { sub(/.*crash points/, "crash points"); points += $$2; recovered += $$4; lost += $$6; twice += $$8 } \
		END { printf "crash points: %d, recovered: %d, lost: %d, mails twice: %d\n", points, recovered, lost, twice }' $(CRASHES)

# The test prints each wrong cell, and how many there are in all.
MATRIX := $(TARGET)/matrix.txt
matrix:
	@mkdir -p $(TARGET)
	@cargo test --workspace --test security matrix:: -- --nocapture > $(MATRIX) || { cat $(MATRIX); exit 1; }
	@grep -o 'cells: .*' $(MATRIX)

# The release profile, as deployed.
bench:
	infra/tools/install.sh system
	cargo build --release --bin bench --bin bare-function $(FUNCTIONS:%=--bin %)
	$(TARGET)/release/bench $(ROWS)

# An engine that cannot be had is a skipped test, everything else that fails is a failure.
sam-local: build
	infra/tools/install.sh tools
	cargo test --workspace --test docker
	cargo test --workspace --test sam_local --no-run
	tests/operator/docker.sh cargo test --workspace --test sam_local -- --nocapture

invoke: build
	infra/tools/install.sh tools
	@DOCKER_NEEDED=1 tests/operator/docker.sh $(TARGET)/debug/invoke $(FUNCTION) $(EVENT)

preflight:
	@infra/tools/install.sh tools
	@target/tools/bin/python infra/tools/preflight.py $(STAGE)

smoke:
	@infra/tools/install.sh tools
	@target/tools/bin/python infra/tools/smoke.py $(STAGE) $(COMPANY)

package:
	infra/tools/package.sh arm64
	infra/tools/package.sh x86_64

# Always the whole workspace, here and for tests: a part of it would compile the AWS SDK again, with other features.
build:
	infra/tools/install.sh system
	cargo build --workspace --bins
