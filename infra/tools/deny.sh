#!/bin/sh
# Checks licences, sources and advisories of all dependencies, and that every crate has the workspace's lints.
# Advisories need RustSec's database, which is fetched; where it cannot be, that is said.
set -eu
cd "$(dirname "$0")/../.."
if find functions shared infra tests -name Cargo.toml -exec grep -L '^\[lints\]' {} + | grep .; then
	echo 'these crates do not have the lints of the workspace, which forbid unsafe code'
	exit 1
fi
infra/tools/install.sh cargo cargo-deny 0.20.2
cargo deny check --hide-inclusion-graph bans licenses sources
if cargo deny fetch db >/dev/null 2>&1; then
	cargo deny check --hide-inclusion-graph advisories
else
	echo 'advisories: NOT CHECKED, the database could not be fetched'
fi
