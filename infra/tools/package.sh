#!/usr/bin/env bash
# package.sh ARCHITECTURE [FUNCTION…]: builds functions (all of them) for arm64 or x86_64 and zips them into
# target/packages/ARCHITECTURE. One function after the other, as `sam build` does it: what is chosen together
# shares its features.
set -euo pipefail
cd "$(dirname "$0")/../.."
architecture=$1
shift
[ $# -gt 0 ] || set -- $(ls functions)
export architecture
exec infra/tools/release.sh bash -euc '
	for function in "$@"; do
		(cd "functions/$function" && cargo lambda build --release "--${architecture/_/-}")
	done
	python infra/tools/zips.py "$CARGO_TARGET_DIR/lambda" "target/packages/$architecture" "$@"
' package "$@"
