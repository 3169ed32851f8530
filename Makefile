# make run      everything on this machine: http://localhost:8080 (LOCAL_PORT), until Ctrl-C
# make test     what must pass before a change goes in
# make browser  the manual, step by step in a real browser (the last part of make test); pictures in
#               target/screenshots
# make lint     formatting and clippy only
# make deny     licences, sources and advisories of everything that comes from elsewhere
# make sbom     what each function is made of (CycloneDX), in target/sbom
# make fuzz     libFuzzer on what comes from outside, FUZZ_SECONDS=60 for each of FUZZ_TARGETS
# make crash    kill runs, mails, callbacks and disconnects at every call, and count what comes of it
# make build    the binaries that `make run` and the tests deploy
# make package  the binaries for AWS, in target/lambda, for `sam deploy` and `sam local invoke`

FUNCTIONS := nightly-sync workspace-sync mail-delivery oauth-callback admin-api first-login provision
BINARIES := $${CARGO_TARGET_DIR:-target}/debug

CRASH_REPORT := $${CARGO_TARGET_DIR:-target}/crash-points.txt

# Installs the Debian packages in $$missing.
INSTALL = if [ -n "$$missing" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -q && \
		$$sudo apt-get install -y -q --no-install-recommends $$missing; \
	fi

.PHONY: deny sbom fuzz run test browser lint crash build package system browser-tools

run: build
	@$(BINARIES)/local

test: lint build
	cargo test --workspace --exclude browser
	@ONCE=1 LOCAL_PORT=0 $(BINARIES)/local
	$(MAKE) browser

browser: build browser-tools
	cargo test -p browser

lint: system
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# Installs a cargo subcommand at the version that is known to work, unless there is one.
CARGO_TOOL = command -v $(1) >/dev/null || cargo install $(1) --version $(2) --locked $(3)

# Advisories need RustSec's database, which is fetched; where it cannot be, that is said.
deny:
	@! grep -L '^\[lints\]' functions/*/Cargo.toml shared/*/Cargo.toml infra/local/Cargo.toml tests/*/Cargo.toml | grep . \
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
	@rm -f infra/*/*_bin.cdx.json tests/*/*_bin.cdx.json shared/*/*_bin.cdx.json
	@ls target/sbom/*.cdx.json

# Starts from the samples and keeps what reaches new code in target/fuzz; stops at the first broken promise
# and names the input, which then becomes a sample. The stable compiler is told to let coverage be counted.
FUZZ_SECONDS := 60
FUZZ_TARGETS := crews callback api csv_cells mails email_address employee_code headers
fuzz: system
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
	@cargo test -p world -p integration --test kill --test kill_mails --test links -- --nocapture that_dies > $(CRASH_REPORT) || { cat $(CRASH_REPORT); exit 1; }
	@awk -F '[:,]' '/crash points:/ { sub(/.*crash points/, "crash points"); points += $$2; recovered += $$4; lost += $$6; twice += $$8 } \
		END { printf "crash points: %d, recovered: %d, lost: %d, mails twice: %d\n", points, recovered, lost, twice }' $(CRASH_REPORT)

# Always the whole workspace: a part of it would compile the AWS SDK with other features, anew.
build: system
	cargo build --workspace --bins

# Needs cargo-lambda and `rustup target add aarch64-unknown-linux-gnu`.
package:
	cargo lambda build --release --arm64 $(FUNCTIONS:%=--bin %)

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
	@test -e target/axe/$(AXE).tgz || { \
		mkdir -p target/axe && cd target/axe && \
		npm pack --silent $(subst core-,core@,$(AXE)) && tar xzf $(AXE).tgz; \
	}
