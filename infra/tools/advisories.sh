#!/bin/sh
# Looks for all dependencies in RustSec's database of advisories, which it fetches. A known vulnerability, an abandoned
# crate and a withdrawn version are errors. Where the database cannot be fetched, it says so and fails nothing.
set -eu
cd "$(dirname "$0")/../.."
infra/tools/install.sh deny
if target/deny/bin/cargo-deny fetch db >/dev/null 2>&1; then
	target/deny/bin/cargo-deny check --hide-inclusion-graph advisories
else
	echo 'advisories: NOT CHECKED. RustSec'\''s database (github.com/RustSec/advisory-db) cannot be fetched from here.'
	echo 'Before a release, run infra/tools/advisories.sh where it can be.'
fi
