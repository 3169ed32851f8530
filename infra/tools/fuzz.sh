#!/usr/bin/env bash
# fuzz.sh [TARGET…]: runs libFuzzer on what comes from outside, FUZZ_SECONDS (60) for each target.
#
# Starts from the samples and keeps what reaches new code in target/fuzz. Stops at the first broken promise and
# names the input, which then becomes a sample. --rustc-bootstrap lets the stable compiler count coverage.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2046 # no name of a target has a blank
[ $# -gt 0 ] || set -- $(ls tests/fuzz/samples)
infra/tools/install.sh fuzz
infra/tools/install.sh cargo cargo-bolero 0.13.5 --no-default-features --features libfuzzer
for target in "$@"; do
	corpus=$PWD/target/fuzz/corpus/$target
	mkdir -p "$corpus"
	cp "tests/fuzz/samples/$target"/* "$corpus"
	cargo bolero test -p fuzz "$target" --engine libfuzzer --sanitizer NONE --rustc-bootstrap \
		-T "${FUZZ_SECONDS:-60}s" --corpus-dir "$corpus" --crashes-dir "$PWD/target/fuzz/crashes/$target"
done
