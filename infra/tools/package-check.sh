#!/usr/bin/env bash
# package-check.sh ARCHITECTURE FUNCTION…: whether target/packages is what `sam build` made, and what
# another folder with an empty target makes of the same sources. Takes as long as two builds.
set -euo pipefail
architecture=$1
shift

made=$PWD/target/packages/$architecture
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT

# `sam build` names folders by the template: nightly-sync is NightlySync.
mkdir "$elsewhere/sam"
for function in "$@"; do
	logical=$(sed -E 's/(^|-)(.)/\U\2/g' <<<"$function")
	cp -r ".aws-sam/build/$logical" "$elsewhere/sam/$function"
done
target/tools/bin/python infra/tools/zips.py "$elsewhere/sam" "$elsewhere/by-sam" "$@" >/dev/null

git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$elsewhere" 2>/dev/null || true
mkdir -p "$elsewhere/target"
cp -a target/tools "$elsewhere/target/tools"
env -u CARGO_TARGET_DIR make -C "$elsewhere" "package-$architecture" >"$made.log" 2>&1

for function in "$@"; do
	cmp "$made/$function.zip" "$elsewhere/by-sam/$function.zip"
	cmp "$made/$function.zip" "$elsewhere/target/packages/$architecture/$function.zip"
done
echo "$# zips for $architecture: the same from make package, from sam build, and from another folder"
