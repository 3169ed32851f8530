# make run      everything on this machine: http://localhost:8080 (LOCAL_PORT), until Ctrl-C
# make test     what must pass before a change goes in
# make lint     formatting and clippy only
# make build    the binaries that `make run` and the tests deploy
# make package  the binaries for AWS, in target/lambda, for `sam deploy` and `sam local invoke`

FUNCTIONS := nightly-sync workspace-sync mail-delivery oauth-callback admin-api first-login provision
BINARIES := $${CARGO_TARGET_DIR:-target}/debug

.PHONY: run test lint build package system

run: build
	@$(BINARIES)/local

test: lint build
	cargo test --workspace
	@ONCE=1 LOCAL_PORT=0 $(BINARIES)/local

lint: system
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

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
	if [ -n "$$missing" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -q && \
		$$sudo apt-get install -y -q --no-install-recommends $$missing; \
	fi
