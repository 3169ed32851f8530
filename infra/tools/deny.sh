#!/bin/sh
# Checks licences and sources of all dependencies, and that every crate has the workspace's lints. Needs no network
# once everything is installed. Advisories: infra/tools/advisories.sh.
set -eu
cd "$(dirname "$0")/../.."
if find functions kitera shared infra tests -name Cargo.toml -exec grep -L '^\[lints\]' {} + | grep .; then
	echo 'these crates do not have the lints of the workspace, which forbid unsafe code'
	exit 1
fi
infra/tools/install.sh deny
target/deny/bin/cargo-deny --log-level error check --hide-inclusion-graph bans licenses sources
