#!/usr/bin/env bash
# docker.sh COMMAND…: runs the command with a Docker engine that has the image `sam local invoke` asks
# for, and ends as it does. Where there can be no such engine, says so and ends with 0 without running it:
#
#     sam local: skipped, …
#
# With DOCKER_NEEDED=1 that is a failure.
#
# The engine is our own, beside any other on the machine: own data (target/sam-local), own bridge, no rules
# in the firewall. It ends with the command. No registry of images is asked: Debian's base system gets the
# name of Lambda's image, which is made once.
#
# The command finds the engine by DOCKER_HOST, and this machine, as containers see it, at SAM_LOCAL_HOST.
set -euo pipefail

folder=$(cd "$(dirname "$0")/../.." && pwd)/target/sam-local
address=198.18.77.1 # Of the range for tests of networks (RFC 2544), which nobody routes.
bridge=kitera-sam
case $(uname -m) in
aarch64) image=public.ecr.aws/lambda/provided:al2023-arm64 ;;
*) image=public.ecr.aws/lambda/provided:al2023-x86_64 ;;
esac

skip() {
	echo "sam local: skipped, $1"
	exit "${DOCKER_NEEDED:-0}"
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

as_root true 2>/dev/null || skip "starting a Docker engine takes root or sudo without a password"

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # One at a time: they share the folder and the bridge.

missing=
command -v dockerd >/dev/null || missing="$missing docker.io"
command -v debootstrap >/dev/null || missing="$missing debootstrap"
command -v ip >/dev/null || missing="$missing iproute2"
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086
	{ as_root apt-get update -q && as_root apt-get install -y -q --no-install-recommends $missing; } \
		>"$folder/packages.log" 2>&1 || skip "$missing cannot be installed: $(tail -1 "$folder/packages.log")"
fi

# A short path: a socket's may have 108 bytes.
run=$(mktemp -d /tmp/sam-local.XXXXXX)
engine=
end() {
	if [ -n "$engine" ]; then
		as_root kill "$engine" 2>/dev/null || true
		# Containers get ten seconds to end.
		timeout 20 tail --pid="$engine" -f /dev/null || as_root kill -9 "$engine" || true
	fi
	as_root ip link delete "$bridge" 2>/dev/null || true
	as_root rm -rf "$run"
}
trap end EXIT

as_root ip link delete "$bridge" 2>/dev/null || true # Left by a run that was killed.
as_root ip link add name "$bridge" type bridge 2>"$run/error" &&
	as_root ip address add "$address/24" dev "$bridge" 2>"$run/error" &&
	as_root ip link set "$bridge" up 2>"$run/error" ||
	skip "this machine allows no network bridge: $(cat "$run/error")"

# An engine remembers its bridge, and would give it the address of an earlier time.
as_root rm -rf "$folder/docker/network"
export DOCKER_HOST="unix://$run/docker.sock"
as_root dockerd --host "$DOCKER_HOST" --group "$(id -g)" --pidfile "$run/pid" \
	--data-root "$folder/docker" --exec-root "$run/exec" --bridge "$bridge" \
	--iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
	>"$folder/dockerd.log" 2>&1 9>&- &
for _ in $(seq 100); do
	docker version >/dev/null 2>&1 && break
	sleep 0.3
done
engine=$(cat "$run/pid" 2>/dev/null || true)
docker version >/dev/null 2>&1 ||
	skip "the Docker engine does not start here: $(tail -1 "$folder/dockerd.log")"

if ! docker image inspect "$image" >/dev/null 2>&1; then
	echo "making the image (once, a minute)"
	as_root rm -rf "$folder/root"
	as_root timeout 600 debootstrap --variant=minbase --include=ca-certificates bookworm \
		"$folder/root" http://deb.debian.org/debian >"$folder/debootstrap.log" 2>&1 ||
		skip "Debian's base system cannot be had: $(tail -1 "$folder/debootstrap.log")"
	as_root tar -C "$folder/root" -c . |
		docker import --change 'WORKDIR /var/task' - "$image" >/dev/null
	as_root rm -rf "$folder/root"
fi

SAM_LOCAL_HOST=$address "$@"
