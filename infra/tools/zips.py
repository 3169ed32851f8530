"""Zips built functions as `sam deploy` does, and says what is in them.

zips.py FOLDER OUTPUT FUNCTION…   FOLDER/FUNCTION/bootstrap becomes OUTPUT/FUNCTION.zip

A zip depends on nothing but the binary: SAM gives every file the same date. Prints a table: size of binary and
zip, architecture, the newest glibc it asks for (provided.al2023 has 2.34; newer is an error), the AWS services
whose clients are linked, SHA-256 of the zip. A binary that a panic would end, instead of the record that panicked,
is an error: cargo-lambda builds such ones unless the profile says `panic = "unwind"`.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from samcli.lib.package.utils import make_zip_with_lambda_permissions

GLIBC_OF_AL2023 = (2, 34)

# What the standard library says when a caught panic is dropped. It is linked with the runtime that unwinds, and
# not with the one that aborts.
ONLY_WHERE_PANICS_UNWIND = b"Rust panics must be rethrown"


def glibc(binary: Path) -> tuple[int, ...]:
    """The newest version of glibc that the binary asks for; (0,) if it asks for none."""
    needs = subprocess.run(
        ["readelf", "--version-info", binary], check=True, capture_output=True, text=True
    ).stdout
    versions = re.findall(r"GLIBC_([0-9.]+)", needs)
    return max((tuple(map(int, version.split("."))) for version in versions), default=(0,))


def architecture(binary: Path) -> str:
    """As ELF's header names the machine, at byte 18."""
    machine = binary.read_bytes()[18:20]
    return {b"\xb7\x00": "arm64", b"\x3e\x00": "x86_64"}[machine]


def clients(binary: Path) -> str:
    """The AWS services whose clients are in the binary, by what they write into traces."""
    return " ".join(sorted({name.decode() for name in re.findall(rb"aws_sdk_([a-z0-9]+)", binary.read_bytes())}))


def unwinds(binary: Path) -> bool:
    """Whether a panic can be caught."""
    return ONLY_WHERE_PANICS_UNWIND in binary.read_bytes()


def main() -> None:
    folder, output, *functions = sys.argv[1:]
    Path(output).mkdir(parents=True, exist_ok=True)
    print(
        "| function | for | binary MB | zip MB | glibc | AWS clients | SHA-256 of the zip |\n|---|---|--:|--:|--:|---|---|"
    )
    for function in functions:
        binary = Path(folder, function, "bootstrap")
        if not unwinds(binary):
            sys.exit(f"{function} ends at a panic: it was built with panic = abort")
        newest = glibc(binary)
        archive = Path(make_zip_with_lambda_permissions(str(Path(output, function)), str(binary.parent)))
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        sizes = f"{binary.stat().st_size / 1e6:.1f} | {archive.stat().st_size / 1e6:.1f}"
        needs = ".".join(map(str, newest))
        print(f"| {function} | {architecture(binary)} | {sizes} | {needs} | {clients(binary)} | {digest[:16]} |")
        if newest > GLIBC_OF_AL2023:
            sys.exit(f"{function} asks for glibc {needs}, which provided.al2023 does not have")


if __name__ == "__main__":
    main()
