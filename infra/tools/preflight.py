#!/usr/bin/env python3
"""preflight.py STAGE [SAMCONFIG]: looks whether the AWS account can take the stage, before its first deployment and
after it.

Prints a line for each thing: "ok", "ask AWS for" what only AWS can give, or "do" what is to be done here. Only reads.
Exit code: 0 if nothing is to be done. Credentials and endpoint are those of the AWS CLI.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from stage import ROOT, Stage, numbers

# AWS keeps these of an account's executions unreserved (AWS Lambda Developer Guide, "Configuring reserved concurrency").
UNRESERVED = 100
# A request takes less than a quarter of a second, of which hashing a password is the most (docs/performance.md).
REQUESTS_A_SECOND_OF_AN_EXECUTION = 4
# What SES takes in 24 hours and in a second from an account that has just left the sandbox.
MAILS_A_DAY, MAILS_A_SECOND = 50_000, 14
# Above this rate MailsAtOnce has to grow with it.
RATE_OF_THE_DEFAULT = 60


def account(stage: Stage) -> Iterator[str]:
    caller = stage.client("sts").get_caller_identity()
    yield f"ok account {caller['Account']}, region {stage.region}, stack {stage.stack}"


def environment(stage: Stage) -> Iterator[str]:
    """Two stacks with the same Environment would share secrets and metrics."""
    name = f"/kitera/{stage.parameters['Environment']}/stack"
    try:
        owner = stage.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        owner = stage.stack
    environment = stage.parameters["Environment"]
    if owner == stage.stack:
        yield f"ok environment {environment}: no other stack has it"
    else:
        yield f"do deploy to another account or region: {owner} has the environment {environment} here"


def executions(stage: Stage) -> Iterator[str]:
    limit = stage.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    reserved = sum(numbers("ReservedConcurrentExecutions", stage.parameters))
    requests = max(numbers("ThrottlingRateLimit", stage.parameters))
    needed = reserved + max(UNRESERVED, requests // REQUESTS_A_SECOND_OF_AN_EXECUTION)
    what = f'"Concurrent executions" of Lambda: {limit}, of which the template needs {needed}'
    yield f"ok {what}" if limit >= needed else f"ask AWS for more {what} (Service Quotas)"


def requests(stage: Stage) -> Iterator[str]:
    throttle = stage.client("apigateway").get_account().get("throttleSettings", {})
    rate, burst = throttle.get("rateLimit", 0), throttle.get("burstLimit", 0)
    wanted_rate = max(numbers("ThrottlingRateLimit", stage.parameters))
    wanted_burst = max(numbers("ThrottlingBurstLimit", stage.parameters))
    what = f'"Throttle rate" of API Gateway: {rate:.0f} a second and bursts of {burst}'
    enough = rate >= wanted_rate and burst >= wanted_burst
    needed = f"the template's stage has {wanted_rate} and {wanted_burst}"
    yield f"ok {what}" if enough else f"ask AWS for more {what}; {needed} (Service Quotas)"


def sending(stage: Stage) -> Iterator[str]:
    found = stage.client("sesv2").get_account()
    status = found.get("EnforcementStatus", "HEALTHY")
    if not found.get("SendingEnabled") or status == "SHUTDOWN":
        yield "ask AWS for sending mails again: SES has stopped this account (the SES console says why)"
    elif status == "PROBATION":
        yield "do answer AWS's review of bounces and complaints, in the SES console"
    if not found.get("ProductionAccessEnabled"):
        only = "only verified addresses get mails"
        is_for_us = stage.parameters["Environment"] == "dev"
        yield f"ok SES's sandbox: {only}" if is_for_us else f"ask AWS for SES's production access: in the sandbox {only}"
        return
    quota = found["SendQuota"]
    a_day, a_second, sent = quota["Max24HourSend"], quota["MaxSendRate"], quota["SentLast24Hours"]
    what = f"{a_day:.0f} mails in 24 hours, of which {sent:.0f} were sent, and {a_second:.0f} a second"
    if a_day < MAILS_A_DAY or a_second < MAILS_A_SECOND:
        needed = f"{MAILS_A_DAY} and {MAILS_A_SECOND} to begin with"
        yield f"ask AWS for more than {what}: {needed} (Service Quotas, Amazon SES)"
    else:
        yield f"ok SES takes {what}; docs/performance.md says what numbers of companies need"
    if a_second > RATE_OF_THE_DEFAULT and int(stage.parameters["MailsAtOnce"]) < a_second / 5:
        yield f"do set MailsAtOnce to {a_second / 5:.0f} in samconfig.toml, a fifth of SES's rate"


def sender(stage: Stage) -> Iterator[str]:
    identity = stage.parameters["MailIdentity"]
    made_here = stage.parameters["ManageMailIdentity"] == "true"
    is_deployed = stage.outputs() is not None
    try:
        found = stage.client("sesv2").get_email_identity(EmailIdentity=identity)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        if made_here and not is_deployed:
            yield f"ok SES identity {identity}: the stack makes it, then it must be verified"
        else:
            yield f"do make the SES identity {identity}, or name another MailIdentity"
        return
    if made_here and not is_deployed:
        yield f"do name ManageMailIdentity=false in samconfig.toml: SES has {identity} already"
    if found.get("VerifiedForSendingStatus"):
        yield f"ok SES has verified {identity}"
    else:
        tokens = " ".join(found.get("DkimAttributes", {}).get("Tokens", []))
        yield f"do put the DKIM records of {identity} into DNS: {tokens}"
    domain = stage.parameters["MailFromDomain"]
    status = found.get("MailFromAttributes", {}).get("MailFromDomainStatus")
    if domain and status == "SUCCESS":
        yield f"ok bounces go to {domain}"
    elif domain and is_deployed:
        yield f"do put the MX and TXT records of {domain} into DNS: SES says {status}"


def secrets(stage: Stage) -> Iterator[str]:
    outputs = stage.outputs()
    if outputs is None:
        yield "ok secrets: the stack makes them, then SmartHR's client must be put in"
        return
    client = stage.client("secretsmanager")
    try:
        text = client.get_secret_value(SecretId=outputs["SmartHrClientSecretArn"])["SecretString"]
        value = json.loads(text)
        is_filled = bool(value.get("client_id") and value.get("client_secret"))
    except (client.exceptions.ResourceNotFoundException, ValueError, AttributeError):
        is_filled = False
    if is_filled:
        yield "ok the secret of SmartHR's client is filled"
    else:
        yield "do put SmartHR's client_id and client_secret into SmartHrClientSecret (docs/runbook.md)"


def key(stage: Stage) -> Iterator[str]:
    if stage.outputs() is not None:
        resource = stage.client("cloudformation").describe_stack_resource(
            StackName=stage.stack, LogicalResourceId="DataKey"
        )["StackResourceDetail"]
        key_id = resource["PhysicalResourceId"]
        state = stage.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]
        yield "ok the data key is enabled" if state == "Enabled" else f"do enable the data key: it is {state}"
    # Without one nobody hears of a key that is to be deleted.
    client = stage.client("cloudtrail")
    trails = client.describe_trails(includeShadowTrails=True)["trailList"]
    if any(client.get_trail_status(Name=trail["TrailARN"])["IsLogging"] for trail in trails):
        yield "ok CloudTrail logs what is done to the data key"
    else:
        yield "do make a trail in CloudTrail with management events, which the rule about the data key listens to"


def address(stage: Stage) -> Iterator[str]:
    arn, host = stage.parameters["CertificateArn"], stage.parameters["DomainName"]
    if not host:
        return
    found = stage.client("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    names = found.get("SubjectAlternativeNames") or [found["DomainName"]]
    fits = host in names or f"*.{host.split('.', 1)[-1]}" in names
    if found["Status"] == "ISSUED" and fits:
        yield f"ok the certificate of {host}"
    else:
        yield f"do have ACM issue CertificateArn for {host}: it is {found['Status']} for {', '.join(names)}"


def backups(stage: Stage) -> Iterator[str]:
    arn = stage.parameters["BackupCopyVault"]
    if not arn:
        if stage.parameters["Environment"] == "prod":
            yield "do make a backup vault in another region and name it in BackupCopyVault (docs/runbook.md)"
        return
    region, name = arn.split(":")[3], arn.split(":")[-1]
    if region == stage.region:
        yield f"do name a BackupCopyVault in another region than {region}"
        return
    stage.client("backup", region).describe_backup_vault(BackupVaultName=name)
    for place in (stage.region, region):
        found = stage.client("backup", place).describe_region_settings()
        if not found.get("ResourceTypeManagementPreference", {}).get("DynamoDB"):
            yield f"do switch on AWS Backup's advanced features for DynamoDB in {place} (docs/runbook.md)"
            return
    yield f"ok backups are copied to {name} in {region}"


def alarms(stage: Stage) -> Iterator[str]:
    outputs = stage.outputs()
    if not stage.parameters["AlarmEmail"] or outputs is None:
        return
    topic = outputs["AlarmTopicArn"]
    found = stage.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if any(it["SubscriptionArn"].startswith("arn:") for it in found):
        yield "ok somebody has confirmed to get the alarms"
    else:
        yield f"do confirm SNS's mail to {stage.parameters['AlarmEmail']}: nobody gets the alarms"


CHECKS: list[Callable[[Stage], Iterator[str]]] = [
    account,
    environment,
    executions,
    requests,
    sending,
    sender,
    secrets,
    key,
    address,
    backups,
    alarms,
]


def checked(check: Callable[[Stage], Iterator[str]], stage: Stage) -> Iterator[str]:
    """Passes the lines of a check on. What cannot be read is something to do, and no end of the other checks."""
    try:
        yield from check(stage)
    except (BotoCoreError, ClientError, KeyError) as error:
        yield f"do look at {check.__name__} by hand, or with other rights: {error}"


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    stage = Stage(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else ROOT / "samconfig.toml")
    is_ready = True
    for check in CHECKS:
        for line in checked(check, stage):
            print(line, flush=True)
            is_ready = is_ready and line.startswith("ok ")
    return 0 if is_ready else 1


if __name__ == "__main__":
    sys.exit(main())
