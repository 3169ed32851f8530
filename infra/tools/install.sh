#!/usr/bin/env bash
# install.sh WHAT…: installs what is missing of
#
#   system    a C compiler for some crates, Python's venv for the stand-in for AWS, CA certificates
#   fuzz      a C++ compiler for libFuzzer
#   browser   Chromium with its driver, Japanese fonts, axe-core in target/axe, which checks accessibility, LibreOffice,
#             which opens the CSV files, an OpenID provider with its Node in target/identity-provider, and SimpleSAMLphp
#   tools     SAM, cargo-lambda with zig, and the AWS CLI, in target/tools; zsh, in which the runbook is run, too
#   template  cfn-lint and checkov, in target/template
#   deny      cargo-deny, in target/deny
#
# or a cargo subcommand: install.sh cargo NAME VERSION OPTION…
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p target
axe=axe-core-4.14.1

packages() {
	[ $# -gt 0 ] || return 0
	local sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	$sudo apt-get update -q
	$sudo apt-get install -y -q --no-install-recommends "$@"
}

system() {
	local missing=()
	command -v cc >/dev/null || missing+=(gcc libc6-dev)
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
	test -e /etc/ssl/certs/ca-certificates.crt || missing+=(ca-certificates)
	packages "${missing[@]}"
}

fuzz() {
	command -v c++ >/dev/null || packages g++
}

browser() {
	local missing=()
	command -v chromium >/dev/null || missing+=(chromium)
	command -v chromedriver >/dev/null || missing+=(chromium-driver)
	fc-list :lang=ja 2>/dev/null | grep -q . || missing+=(fontconfig fonts-noto-cjk)
	command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
	test -e /usr/share/simplesamlphp/www || missing+=(simplesamlphp php-cli php-xml php-mbstring)
	test -e target/axe/$axe.tgz && test -e target/identity-provider/node_modules || command -v npm >/dev/null || missing+=(npm)
	packages "${missing[@]}"
	identity_provider
	test ! -e target/axe/$axe.unpacked || return 0
	mkdir -p target/axe
	cd target/axe
	tar xzf $axe.tgz 2>/dev/null || {
		npm pack --silent ${axe/core-/core@}
		tar xzf $axe.tgz
	}
	touch $axe.unpacked
	cd ../..
}

# Made again when its lock file changes.
identity_provider() {
	cmp -s tests/browser/identity-provider/package-lock.json target/identity-provider/package-lock.json &&
		test -e target/identity-provider/installed && return
	rm -rf target/identity-provider
	cp -r tests/browser/identity-provider target/identity-provider
	npm ci --prefix target/identity-provider --silent --no-audit --no-fund
	touch target/identity-provider/installed
}

# A Python environment in target/NAME; made again when its requirements change.
environment() {
	system
	cmp -s "$2" "target/$1/requirements.txt" && return
	python3 -m venv --clear "target/$1"
	"target/$1/bin/pip" install --quiet --disable-pip-version-check -r "$2"
	cp "$2" "target/$1/requirements.txt"
}

if [ "$1" = cargo ]; then
	system
	command -v "$2" >/dev/null || cargo install "$2" --version "$3" --locked "${@:4}"
	exit
fi
for what in "$@"; do
	case $what in
	system | fuzz | browser) $what ;;
	tools)
		environment tools infra/tools/requirements.txt
		command -v zsh >/dev/null || packages zsh
		;;
	template | deny) environment "$what" "infra/tools/$what-requirements.txt" ;;
	*) echo "nothing is called $what" >&2 && exit 1 ;;
	esac
done
