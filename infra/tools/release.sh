#!/usr/bin/env bash
# release.sh COMMAND…: runs the command with the environment of release builds. What `sam deploy` deploys:
#
#   infra/tools/release.sh sam build --parameter-overrides Architecture=arm64
#
# Builds are the same wherever they are made: no paths of this machine get into the binaries. Functions are built
# in their own folders, so the path of the target folder must be absolute.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
target=$(realpath -m "${CARGO_TARGET_DIR:-$root/target}")
"$root/infra/tools/install.sh" system tools
export CARGO_TARGET_DIR=$target PATH="$root/target/tools/bin:$PATH" SAM_CLI_TELEMETRY=0
export RUSTFLAGS="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo --remap-path-prefix=$root=/kitera \
--remap-path-prefix=$target=/kitera/target"
exec "$@"
