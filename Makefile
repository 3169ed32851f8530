# make run      everything on this machine: http://localhost:8080 (LOCAL_PORT), until Ctrl-C
# make test     what must pass before a change goes in
# make browser  the manual, step by step in a real browser (the last part of make test); pictures in
#               target/screenshots
# make lint     formatting and clippy only
# make template  cfn-lint, sam validate and checkov on infra/template.yaml (part of make test)
# make deny     licences, sources and advisories of everything that comes from elsewhere
# make sbom     what each function is made of (CycloneDX), in target/sbom
# make schemathesis  the running product against its OpenAPI document, with SCHEMATHESIS_EXAMPLES=20 for each
#               operation (part of make test, with 2)
# make fuzz     libFuzzer on what comes from outside, FUZZ_SECONDS=60 for each of FUZZ_TARGETS
# make crash    kill runs, mails, callbacks and disconnects at every call, and count what comes of it
# make matrix   every route, as everybody who may come to it, and the answers that are wrong
# make build    the binaries that `make run` and the tests deploy
# make sam-local  `sam local invoke` of every function against a stack on this machine (part of make test);
#               says "skipped" where there can be no Docker engine
# make runbook  the commands of docs/runbook.md, against a stack on this machine (part of make test)
# make sam-build  what `sam deploy` deploys; ARCHITECTURE=x86_64 for that
# make package  the same as zips for both architectures, in target/packages, with their sizes
# make package-check  builds the zips again elsewhere and by `sam build`, and compares them; of some functions
#               only: FUNCTIONS="night-watch first-login"
# make bench    what nights, functions and pages cost, against limits: docs/performance.md (make test counts
#               requests and writes only)
# make openapi  writes functions/admin-api/openapi.json from the code
# make cost     counts what nights use, times list prices

FUNCTIONS := nightly-sync workspace-sync mail-delivery mail-feedback night-watch oauth-callback admin-api first-login provision
BINARIES := $${CARGO_TARGET_DIR:-target}/debug

CRASH_REPORT := $${CARGO_TARGET_DIR:-target}/crash-points.txt
MATRIX_REPORT := $${CARGO_TARGET_DIR:-target}/matrix.txt

# Installs the Debian packages in $$missing.
INSTALL = if [ -n "$$missing" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -q && \
		$$sudo apt-get install -y -q --no-install-recommends $$missing; \
	fi

.PHONY: openapi schemathesis template deny sbom fuzz run test browser lint crash matrix build package system browser-tools runbook sam-local sam-build package-check cost bench

run: build
	@$(BINARIES)/local

test: lint template build
	cargo test --workspace --exclude browser --exclude operator
	@ONCE=1 LOCAL_PORT=0 $(BINARIES)/local
	$(BINARIES)/bench dispatch console unchanged newcomers
	SCHEMATHESIS_EXAMPLES=2 $(MAKE) schemathesis
	$(MAKE) runbook
	$(MAKE) sam-local
	$(MAKE) browser

browser: build browser-tools
	cargo test -p browser

lint: system
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# What checkov is not asked, and why, is in infra/checkov.yaml and beside the resource.
template: target/tools/requirements.txt target/template/requirements.txt
	target/template/bin/cfn-lint infra/template.yaml
	SAM_CLI_TELEMETRY=0 target/tools/bin/sam validate --lint --region ap-northeast-1 --template infra/template.yaml
	target/template/bin/checkov --config-file infra/checkov.yaml

# Installs a cargo subcommand at the version that is known to work, unless there is one.
CARGO_TOOL = command -v $(1) >/dev/null || cargo install $(1) --version $(2) --locked $(3)

# Advisories need RustSec's database, which is fetched; where it cannot be, that is said.
deny:
	@! grep -L '^\[lints\]' functions/*/Cargo.toml shared/*/Cargo.toml infra/local/Cargo.toml tests/*/Cargo.toml tests/perf/*/Cargo.toml | grep . \
		|| { echo 'these crates do not have the lints of the workspace, which forbid unsafe code'; exit 1; }
	@$(call CARGO_TOOL,cargo-deny,0.20.2)
	cargo deny check --hide-inclusion-graph bans licenses sources
	@if cargo deny fetch db >/dev/null 2>&1; then cargo deny check --hide-inclusion-graph advisories; \
		else echo 'advisories: NOT CHECKED, the database could not be fetched'; fi

sbom:
	@$(call CARGO_TOOL,cargo-cyclonedx,0.5.9)
	@mkdir -p target/sbom
	@cargo cyclonedx --quiet --format json --describe binaries --target aarch64-unknown-linux-gnu
	@for function in $(FUNCTIONS); do \
		mv functions/$$function/$${function}_bin.cdx.json target/sbom/$$function.cdx.json; \
	done
	@rm -f infra/*/*_bin.cdx.json tests/*/*_bin.cdx.json tests/perf/*/*_bin.cdx.json shared/*/*_bin.cdx.json
	@ls target/sbom/*.cdx.json

openapi: system
	WRITE_OPENAPI=1 cargo test -p admin-api --lib the_document_that_is_served

schemathesis: build
	@tests/fuzz/schemathesis/run.sh

# Starts from the samples and keeps what reaches new code in target/fuzz; stops at the first broken promise
# and names the input, which then becomes a sample. The stable compiler is told to let coverage be counted.
FUZZ_SECONDS := 60
FUZZ_TARGETS := crews callback api csv_cells mails email_address employee_code headers
fuzz: system
	@missing=; command -v c++ >/dev/null || missing=g++; $(INSTALL)
	@$(call CARGO_TOOL,cargo-bolero,0.13.5,--no-default-features --features libfuzzer)
	@for target in $(FUZZ_TARGETS); do \
		corpus="$$PWD/target/fuzz/corpus/$$target"; mkdir -p "$$corpus" && \
		cp tests/fuzz/samples/$$target/* "$$corpus" && \
		cargo bolero test -p fuzz $$target --engine libfuzzer --sanitizer NONE --rustc-bootstrap \
			-T $(FUZZ_SECONDS)s --corpus-dir "$$corpus" --crashes-dir "$$PWD/target/fuzz/crashes/$$target" || exit 1; \
	done

# Each of these tests writes a line with its counts; the last line here is their sum.
crash: system
	@mkdir -p "$${CARGO_TARGET_DIR:-target}"
	@cargo test -p testkit -p connection --test kill --test kill_mails --test links -- --nocapture that_dies > $(CRASH_REPORT) || { cat $(CRASH_REPORT); exit 1; }
	@awk -F '[:,]' '/crash points:/ { sub(/.*crash points/, "crash points"); points += $$2; recovered += $$4; lost += $$6; twice += $$8 } \
		END { printf "crash points: %d, recovered: %d, lost: %d, mails twice: %d\n", points, recovered, lost, twice }' $(CRASH_REPORT)

# The test tells each wrong cell, and how many there are in all.
matrix: system
	@mkdir -p "$${CARGO_TARGET_DIR:-target}"
	@cargo test -p security --test security matrix:: -- --nocapture > $(MATRIX_REPORT) || { cat $(MATRIX_REPORT); exit 1; }
	@grep -o 'cells: .*' $(MATRIX_REPORT)

# Always the whole workspace: a part of it would compile the AWS SDK with other features, anew.
build: system
	cargo build --workspace --bins

# An engine that cannot be had is a skipped test, everything else that fails is a failure.
sam-local: build target/tools/requirements.txt
	cargo test -p operator --no-run
	cargo test -p operator --test engine
	tests/operator/engine.sh cargo test -p operator --test sam_local -- --nocapture

runbook: build target/tools/requirements.txt
	cargo test -p operator --test runbook -- --nocapture

# Builds are the same wherever they are made: no paths of this machine get into the binaries. Functions are
# built in their own folders, so that the target's path must not depend on where one is.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
RELEASE = PATH="$(CURDIR)/target/tools/bin:$$PATH" CARGO_TARGET_DIR="$(TARGET)" RUSTFLAGS="\
	--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}=/cargo --remap-path-prefix=$(CURDIR)=/kitera \
	--remap-path-prefix=$(TARGET)=/kitera/target"
ARCHITECTURE := arm64

package: package-arm64 package-x86_64

# One function after the other, as `sam build` does it: what is chosen together shares its features.
package-%: system target/tools/requirements.txt
	@for function in $(FUNCTIONS); do \
		(cd functions/$$function && $(RELEASE) cargo lambda build --release --$(subst _,-,$*)) || exit 1; \
	done
	@$(RELEASE) python infra/tools/zips.py $(TARGET)/lambda target/packages/$* $(FUNCTIONS)

sam-build: system target/tools/requirements.txt
	$(RELEASE) SAM_CLI_TELEMETRY=0 sam build --parameter-overrides Architecture=$(ARCHITECTURE)

package-check: package-$(ARCHITECTURE)
	$(RELEASE) infra/tools/package-check.sh $(ARCHITECTURE) $(FUNCTIONS)

cost: build
	@$(BINARIES)/cost | grep -v '^{' # metrics, one a line, are not for this page

target/template/requirements.txt: infra/tools/template-requirements.txt | system
	python3 -m venv --clear target/template
	target/template/bin/pip install --quiet --disable-pip-version-check -r $<
	cp $< $@

# SAM, cargo-lambda with zig, and the AWS CLI, pinned.
target/tools/requirements.txt: infra/tools/requirements.txt | system
	python3 -m venv --clear target/tools
	target/tools/bin/pip install --quiet --disable-pip-version-check -r $<
	cp $< $@

# A C compiler for some crates, Python's venv for the stand-in for AWS: installed only if missing.
system:
	@missing=; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	test -e /etc/ssl/certs/ca-certificates.crt || missing="$$missing ca-certificates"; \
	$(INSTALL)

# Chromium with its driver, Japanese letters, and axe-core, which checks pages for accessibility.
AXE := axe-core-4.14.1
browser-tools:
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromedriver >/dev/null || missing="$$missing chromium-driver"; \
	fc-list :lang=ja 2>/dev/null | grep -q . || missing="$$missing fontconfig fonts-noto-cjk"; \
	test -e target/axe/$(AXE).tgz || command -v npm >/dev/null || missing="$$missing npm"; \
	$(INSTALL)
	@test -e target/axe/$(AXE).unpacked || { \
		mkdir -p target/axe && cd target/axe && { tar xzf $(AXE).tgz 2>/dev/null || { \
			npm pack --silent $(subst core-,core@,$(AXE)) && tar xzf $(AXE).tgz; \
		}; } && touch $(AXE).unpacked; \
	}

# The release profile, as deployed; rows of groups only: make bench ROWS="unchanged planner".
bench: system
	cargo build --release --bin bench $(FUNCTIONS:%=--bin %)
	$${CARGO_TARGET_DIR:-target}/release/bench $(ROWS)
