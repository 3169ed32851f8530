"""The permissions of the functions' roles, and what the functions did with them: one file a stack in
target/permissions, which infra/tools/check_permissions.py reads when all tests have run."""

import json
import os
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "target/permissions"


class Permissions:
    """What the functions of one stack may do, and what they did."""

    def __init__(self) -> None:
        self.roles: dict[str, list[dict]] = {}
        self.calls: Counter[tuple[str, str, str, str]] = Counter()

    def note(self) -> None:
        """Makes ministack note each call of a role that it allows or denies."""
        from ministack.core import iam_evaluator

        evaluate, enforce = iam_evaluator.evaluate, iam_evaluator.enforce
        role_of = iam_evaluator._role_name_from_assumed_arn

        def evaluated(context, policies, *limits):
            result = evaluate(context, policies, *limits)
            role = role_of(context.principal_arn) if context.principal_type == "AssumedRole" else ""
            # The policies of resources are evaluated as well, after those of the role.
            if role and role not in self.roles:
                self.roles[role] = [
                    {"sid": it.sid, "actions": it.actions, "resources": it.resources}
                    for policy in policies
                    for it in policy
                ]
            if role and result.decision == "Allow":
                self.calls[role, context.action, context.resource_arn, "allowed"] += 1
            return result

        def enforced(access_key, action, service, region, resource_arn="*", service_context=None):
            denied = enforce(access_key, action, service, region, resource_arn, service_context)
            if isinstance(denied, iam_evaluator.EvalResult):
                self.calls[role_of(denied.principal_arn), action, resource_arn, "denied"] += 1
            return denied

        iam_evaluator.evaluate, iam_evaluator.enforce = evaluated, enforced

    def allow(self, role: str, action: str, resource: str) -> bool:
        """Returns whether a role may do what AWS does in its name."""
        from ministack.core import iam_evaluator

        account, region = resource.split(":")[4], resource.split(":")[3]
        context = iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{role}/aws",
            principal_type="AssumedRole",
            principal_account=account,
            action=action,
            resource_arn=resource,
            region=region,
        )
        policies = iam_evaluator._gather_role_policies(role, account)
        is_allowed = iam_evaluator.evaluate(context, policies).decision == "Allow"
        if not is_allowed:
            self.calls[role, action, resource, "denied"] += 1
        return is_allowed

    def write(self) -> None:
        """Writes the file, unless no function called anything."""
        if self.roles:
            FOLDER.mkdir(parents=True, exist_ok=True)
            calls = [[*call, count] for call, count in self.calls.items()]
            text = json.dumps({"roles": self.roles, "calls": calls})
            (FOLDER / f"{os.getpid()}.json").write_text(text)
