#!/bin/sh
# Lists what each function is made of (CycloneDX), in target/sbom.
set -eu
cd "$(dirname "$0")/../.."
infra/tools/install.sh cargo cargo-cyclonedx 0.5.9
mkdir -p target/sbom
cargo cyclonedx --quiet --format json --describe binaries --target aarch64-unknown-linux-gnu
for function in functions/*; do
	function=${function#functions/}
	mv "functions/$function/${function}_bin.cdx.json" "target/sbom/$function.cdx.json"
done
find infra shared tests -name '*_bin.cdx.json' -delete
ls target/sbom/*.cdx.json
