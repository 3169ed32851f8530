#!/usr/bin/env python3
"""smoke.py STAGE COMPANY [SAMCONFIG]: runs one night on a deployed stage, as the schedule does at 02:00, and looks at what
came of it for the workspace with this company code, which must be linked and switched on. All workspaces of the stage
are synced.

Prints a line for each check. Exit code: 0 if all are well. Credentials and endpoint are those of the AWS CLI.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from stage import ROOT, Stage

# A run may take 15 minutes and then go on in another invocation.
PATIENCE_WITH_THE_RUN = 30 * 60
PATIENCE_WITH_MAILS = 10 * 60
# CloudWatch looks at five minutes, and the metrics arrive some minutes late.
PATIENCE_WITH_ALARMS = 15 * 60
PAUSE = 2
DEAD_LETTERS = ["SyncDeadLettersUrl", "MailDeadLettersUrl", "FeedbackDeadLettersUrl", "NightDeadLettersUrl"]


class Failed(Exception):
    """A check that failed, and why."""


def until(what: Callable[[], object], patience: int) -> object:
    """Returns what is there at last, or nothing after this many seconds."""
    end = time.monotonic() + patience
    while not (found := what()) and time.monotonic() < end:
        time.sleep(PAUSE)
    return found


class Night:
    """A night on a stage, and the workspace that is looked at."""

    def __init__(self, stage: Stage, company: str) -> None:
        outputs = stage.outputs()
        if outputs is None:
            raise Failed(f"{stage.stack} is not deployed")
        self.stage, self.company, self.outputs = stage, company, outputs
        self.dynamodb, self.sqs = stage.client("dynamodb"), stage.client("sqs")
        self.workspace = self.run = ""
        self.began = datetime.now(timezone.utc).replace(microsecond=0)

    def invoke(self, function: str, event: dict) -> dict:
        """Invokes the live version of a function."""
        answer = self.stage.client("lambda").invoke(
            FunctionName=f"{self.stage.stack}-{function}", Qualifier="live", Payload=json.dumps(event)
        )
        payload = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise Failed(f"{function}: {payload.get('errorMessage')}")
        return payload

    def item(self, table: str, key: dict[str, str]) -> dict:
        typed = {name: {"S": value} for name, value in key.items()}
        found = self.dynamodb.get_item(TableName=self.outputs[table], Key=typed, ConsistentRead=True)
        return found.get("Item", {})

    def is_dispatched(self) -> str:
        owner = self.item("WorkspacesTable", {"pk": f"company-code#{self.company.lower()}", "sk": "owner"})
        if not owner:
            raise Failed(f"no workspace has the company code {self.company}")
        self.workspace = owner["workspace_id"]["S"]
        scheduled_at = self.began.strftime("%Y-%m-%dT%H:%M:%SZ")
        dispatched = self.invoke("nightly-sync", {"scheduled_at": scheduled_at})["dispatched"]
        runs = [it["run_id"] for it in dispatched if it["workspace_id"] == self.workspace]
        if not runs:
            raise Failed(f"{self.company} is not linked, or its sync is switched off")
        self.run = runs[0]
        return f"the night was dispatched to {len(dispatched)} workspaces; {self.workspace} has the run {self.run}"

    def ends_well(self) -> str:
        def ended() -> dict | None:
            record = self.item("RunsTable", {"pk": self.workspace, "sk": self.run})
            is_over = record.get("outcome", {}).get("S", "running") != "running" or "retry" in record
            return record if is_over else None

        record = until(ended, PATIENCE_WITH_THE_RUN)
        if not record:
            raise Failed(f"the run did not end within {PATIENCE_WITH_THE_RUN // 60} minutes")
        self.record = record
        if "retry" in record:
            raise Failed("SmartHR does not answer: the run comes again at 02:30, 03:00, …")
        if record["outcome"]["S"] != "success":
            why = record.get("failure", {}).get("S", "some people failed")
            raise Failed(f"the run failed: {why}. `kitera show {self.company}` says more")
        return "the run ended as success"

    def has_a_log(self) -> str:
        s3, bucket = self.stage.client("s3"), self.outputs["SyncLogsBucket"]
        found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{self.workspace}/{self.run}.").get("Contents", [])
        if not found or not found[0]["Size"]:
            raise Failed("the run has no log in S3")
        return f"its log has {found[0]['Size']} bytes"

    def sends_its_mails(self) -> str:
        def is_empty() -> bool:
            waiting = self.dynamodb.query(
                TableName=self.outputs["OutboxTable"],
                IndexName="waiting",
                KeyConditionExpression="waiting = :workspace",
                ExpressionAttributeValues={":workspace": {"S": self.workspace}},
                Select="COUNT",
            )
            return waiting["Count"] == 0

        if not until(is_empty, PATIENCE_WITH_MAILS):
            minutes = PATIENCE_WITH_MAILS // 60
            raise Failed(f"mails still wait after {minutes} minutes: `kitera mails {self.company}`")
        return "no mail of the workspace waits"

    def is_watched(self) -> str:
        """As at 02:30: also the measure that night-not-watched misses where the schedule is disabled."""
        half_past_two = self.began + timedelta(minutes=30)
        event = {"round": "night", "scheduled_at": half_past_two.strftime("%Y-%m-%dT%H:%M:%SZ")}
        found = self.invoke("night-watch", event)
        if found.get("not_begun"):
            raise Failed(f"runs did not begin: {found['not_begun']}")
        return "the watch misses no run"

    def leaves_no_dead_letters(self) -> str:
        for name in DEAD_LETTERS:
            count = self.sqs.get_queue_attributes(
                QueueUrl=self.outputs[name], AttributeNames=["ApproximateNumberOfMessages"]
            )["Attributes"]["ApproximateNumberOfMessages"]
            if int(count):
                raise Failed(f"{name.removesuffix('Url')} holds {count} messages (docs/runbook.md#dead-letters)")
        return "no queue of dead letters holds anything"

    def rings_no_alarm(self) -> str:
        cloudwatch = self.stage.client("cloudwatch")

        def ringing() -> list[str]:
            pages = cloudwatch.get_paginator("describe_alarms").paginate(
                StateValue="ALARM", AlarmNamePrefix=f"{self.stage.stack}-"
            )
            return [alarm["AlarmName"] for page in pages for alarm in page["MetricAlarms"]]

        if not until(lambda: not ringing(), PATIENCE_WITH_ALARMS):
            raise Failed(f"in alarm: {' '.join(ringing())} (docs/runbook.md#alarms)")
        return "no alarm rings"

    def checks(self) -> Iterator[Callable[[], str]]:
        yield self.is_dispatched
        if self.run:
            yield self.ends_well
            yield self.has_a_log
            yield self.sends_its_mails
            yield self.is_watched
        yield self.leaves_no_dead_letters
        yield self.rings_no_alarm


def main() -> int:
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    stage = Stage(sys.argv[1], Path(sys.argv[3]) if len(sys.argv) == 4 else ROOT / "samconfig.toml")
    failed = 0
    try:
        night = Night(stage, sys.argv[2])
    except Failed as why:
        print(f"failed: {why}")
        return 1
    for check in night.checks():
        try:
            print(f"ok {check()}", flush=True)
        except (Failed, BotoCoreError, ClientError, KeyError) as why:
            failed += 1
            print(f"failed: {why}", flush=True)
    print(f"smoke: {stage.stack}, {'failed ' + str(failed) if failed else 'all well'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
