#!/usr/bin/env bash
# package-check.sh ARCHITECTURE FUNCTION…: makes the zips of these functions, and checks that `sam build` and
# another folder with an empty target make the same ones. Takes as long as two builds of all that they depend on.
set -euo pipefail
cd "$(dirname "$0")/../.."
architecture=$1
shift
infra/tools/package.sh "$architecture" "$@"

made=$PWD/target/packages/$architecture
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT

# The template names functions in its own way: nightly-sync is NightlySync.
for function in "$@"; do
	logical=$(sed -E 's/(^|-)(.)/\U\2/g' <<<"$function")
	infra/tools/release.sh sam build "$logical" --build-dir "$elsewhere/sam-build" \
		--parameter-overrides "Architecture=$architecture" >"$made.sam.log" 2>&1
	mkdir -p "$elsewhere/sam"
	mv "$elsewhere/sam-build/$logical" "$elsewhere/sam/$function"
done
infra/tools/release.sh python infra/tools/zips.py "$elsewhere/sam" "$elsewhere/by-sam" "$@" >/dev/null

# What git would take, as it is here.
comm -z -23 <(git ls-files -z --cached --others --exclude-standard | sort -zu) <(git ls-files -z --deleted | sort -z) |
	xargs -0 cp --parents --preserve=mode -t "$elsewhere"
mkdir -p "$elsewhere/target"
cp -a target/tools "$elsewhere/target/tools"
env -u CARGO_TARGET_DIR "$elsewhere/infra/tools/package.sh" "$architecture" "$@" >"$made.log" 2>&1

for function in "$@"; do
	cmp "$made/$function.zip" "$elsewhere/by-sam/$function.zip"
	cmp "$made/$function.zip" "$elsewhere/target/packages/$architecture/$function.zip"
done
echo "$# zips for $architecture: the same from package.sh, from sam build, and from another folder"
