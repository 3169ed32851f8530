#!/usr/bin/env bash
# package-check.sh ARCHITECTURE FUNCTION…: whether target/packages is what `sam build` makes, and what
# another folder with an empty target makes of the same sources. Takes as long as one more build of all that
# these functions depend on. `make package-check` calls it, with the environment of release builds.
set -euo pipefail
architecture=$1
shift

made=$PWD/target/packages/$architecture
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT

# The template names functions in its own way: nightly-sync is NightlySync.
for function in "$@"; do
	logical=$(sed -E 's/(^|-)(.)/\U\2/g' <<<"$function")
	SAM_CLI_TELEMETRY=0 sam build "$logical" --build-dir "$elsewhere/sam-build" \
		--parameter-overrides "Architecture=$architecture" >"$made.sam.log" 2>&1
	mkdir -p "$elsewhere/sam"
	mv "$elsewhere/sam-build/$logical" "$elsewhere/sam/$function"
done
python infra/tools/zips.py "$elsewhere/sam" "$elsewhere/by-sam" "$@" >/dev/null

# What git would take, as it is here: with its dates, since make compares those of requirements and tools.
comm -z -23 <(git ls-files -z --cached --others --exclude-standard | sort -zu) <(git ls-files -z --deleted | sort -z) |
	xargs -0 cp --parents --preserve=mode,timestamps -t "$elsewhere"
mkdir -p "$elsewhere/target"
cp -a target/tools "$elsewhere/target/tools"
env -u CARGO_TARGET_DIR -u RUSTFLAGS make -C "$elsewhere" "package-$architecture" FUNCTIONS="$*" >"$made.log" 2>&1

for function in "$@"; do
	cmp "$made/$function.zip" "$elsewhere/by-sam/$function.zip"
	cmp "$made/$function.zip" "$elsewhere/target/packages/$architecture/$function.zip"
done
echo "$# zips for $architecture: the same from make package, from sam build, and from another folder"
