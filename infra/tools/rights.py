#!/usr/bin/env python3
"""Compares what the functions may do with what they did in all stacks since target/rights was emptied: every end-to-end
test, the demo, the operator's and the browser's tests. Fails for a call that was denied. Lists the rights that nothing
used: some are for what no test provokes in a stack, such as the repair of an interrupted disconnect.

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

# What AWS does for a function with the function's role, and the stand-in does without asking: it encrypts with the
# table's key, polls the queues of an event source, and writes traces and what could not be handled.
BY_AWS_ITSELF = [
    "kms:*",
    "xray:*",
    "logs:*",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
]


def is_by_aws(action: str) -> bool:
    return any(fnmatchcase(action, pattern) for pattern in BY_AWS_ITSELF)


def main() -> int:
    functions = set(FUNCTION.findall((ROOT / "infra/template.yaml").read_text()))
    # By function and statement: the actions and the numbers of the resources, and whether a call used them.
    used: dict[tuple[str, str, str], bool] = {}
    denied: set[tuple[str, str, str]] = set()
    calls = 0
    for file in sorted((ROOT / "target/rights").glob("*.json")):
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
                # SAM's own: AWS puts what a schedule could not deliver into the dead-letter queue.
                if not statement["sid"]:
                    continue
                fits = [
                    (action, resource)
                    for action, resource in done.get(role, [])
                    if any(fnmatchcase(action, it) for it in statement["actions"])
                    and any(fnmatchcase(resource, it) for it in statement["resources"])
                ]
                if all(is_by_aws(action) for action in statement["actions"]):
                    continue
                for pattern in statement["actions"]:
                    if not is_by_aws(pattern):
                        right = (found[1], statement["sid"], pattern)
                        used[right] = used.get(right, False) or any(fnmatchcase(it, pattern) for it, _ in fits)
                for number, pattern in enumerate(statement["resources"]):
                    right = (found[1], statement["sid"], f"resource {number + 1}")
                    used[right] = used.get(right, False) or any(fnmatchcase(it, pattern) for _, it in fits)
    unused = sorted(right for right, is_used in used.items() if not is_used)
    missing = sorted(functions - {name for name, _, _ in used})
    for name in missing:
        print(f"no stack ran {name}: its rights are unknown")
    for right in sorted(denied):
        print("denied:", *right)
    for right in unused:
        print("unused:", *right)
    print(f"iam: functions {len(functions - set(missing))}, calls {calls}, denied {len(denied)}, unused {len(unused)}")
    return 1 if denied else 0


if __name__ == "__main__":
    sys.exit(main())
