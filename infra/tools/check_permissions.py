#!/usr/bin/env python3
"""Compares what the functions may do with what they did in all stacks since target/permissions was emptied: every end-to-end
test, the demo, the operator's and the browser's tests. Fails for a call that was denied, and for a permission that nothing used.

Ends with: iam: functions N, calls N, denied N, unused N
"""

import json
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION = re.compile(r"^  (\w+):\n    Type: AWS::Serverless::Function$", re.MULTILINE)
ROLE = re.compile(r"(\w+)Role-[0-9A-F]+$")

# A permission: the function, the statement, and an action of it or the number of a resource of it.
Permission = tuple[str, str, str]

# What AWS does for a function with the function's role, and the stand-in does without asking: it encrypts with the
# table's key, and writes traces and logs.
BY_AWS_ITSELF = ["kms:*", "xray:*", "logs:*"]


def is_by_aws(action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in BY_AWS_ITSELF)


def note_used(used: dict[Permission, bool], function: str, statement: dict, done: list[tuple[str, str]]) -> None:
    """Notes which permissions of a statement the calls of its role, each an action and a resource, used."""
    fits = [
        (action, resource)
        for action, resource in done
        if any(fnmatchcase(action, it) for it in statement["actions"])
        and any(fnmatchcase(resource, it) for it in statement["resources"])
    ]
    actions = [action for action in statement["actions"] if not is_by_aws(action)]
    for pattern in actions:
        permission = (function, statement["sid"], pattern)
        used[permission] = used.get(permission, False) or any(fnmatchcase(it, pattern) for it, _ in fits)
    for number, pattern in enumerate(statement["resources"] if actions else []):
        permission = (function, statement["sid"], f"resource {number + 1}")
        used[permission] = used.get(permission, False) or any(fnmatchcase(it, pattern) for _, it in fits)


def main() -> int:
    functions = set(FUNCTION.findall((ROOT / "infra/template.yaml").read_text()))
    used: dict[Permission, bool] = {}
    denied: set[tuple[str, str, str]] = set()
    calls = 0
    for file in sorted((ROOT / "target/permissions").glob("*.json")):
        stack = json.loads(file.read_text())
        done: dict[str, list[tuple[str, str]]] = {}
        for role, action, resource, decision, count in stack["calls"]:
            calls += count
            if decision == "denied":
                denied.add((role, action, resource))
            else:
                done.setdefault(role, []).append((action, resource))
        for role, statements in stack["roles"].items():
            found = ROLE.search(role)
            if not found or found[1] not in functions:
                continue
            for statement in statements:
                # SAM's own have none: AWS puts what a schedule could not deliver into the dead-letter queue.
                if statement["sid"]:
                    note_used(used, found[1], statement, done.get(role, []))
    missing = sorted(functions - {function for function, _, _ in used})
    unused = sorted(permission for permission, is_used in used.items() if not is_used)
    for name in missing:
        print(f"no stack ran {name}: its permissions are unknown")
    for permission in sorted(denied):
        print("denied:", *permission)
    for permission in unused:
        print("unused:", *permission)
    if unused:
        print("Look for the code that needs a permission before you remove it: the missing part may be its story.")
    counts = f"functions {len(functions - set(missing))}, calls {calls}, denied {len(denied)}, unused {len(unused)}"
    print(f"iam: {counts}")
    return 1 if missing or denied or unused else 0


if __name__ == "__main__":
    sys.exit(main())
