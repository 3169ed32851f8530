"""Deploys infra/template.yaml to ministack as `sam deploy` would to AWS.

Standard input: one JSON object
  endpoint           address of ministack
  template           path of template.yaml
  binaries           folder with the functions' binaries, named like the functions
  stack              name of the stack
  parameters         {name: value} for the template
  mail_identity      address to verify with SES
  smarthr_client     value of the SmartHR client secret
  environment        {name: value} added to the variables of every function
Standard output: one JSON object, the stack's outputs.
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path

import boto3
from botocore.config import Config

CODE_BUCKET = "deployment"
TEMPLATE = "template.yaml"
CODE_URI = re.compile(r"CodeUri: \.\./functions/([a-z-]+)/")
# Where the template begins to say what variables all functions have.
VARIABLES = "    Environment:\n      Variables:\n"


def with_variables(template: str, added: dict[str, str]) -> str:
    """Adds variables that exist only on a local machine, and so are not in the template."""
    lines = [f"        {name}: {json.dumps(value)}\n" for name, value in added.items()]
    return template.replace(VARIABLES, VARIABLES + "".join(lines), 1)


def upload_code(s3, template: str, binaries: Path) -> str:
    """Puts each function's zip into S3, and the template with the zips' addresses; gives the template's."""
    s3.create_bucket(
        Bucket=CODE_BUCKET,
        CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name},
    )
    for function in CODE_URI.findall(template):
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            # The binary stays where cargo put it. Two hundred megabytes of binaries in every stack
            # would cost each test process seconds.
            archive.writestr(entry, f'#!/bin/sh\nexec "{binaries / function}"\n')
        s3.put_object(Bucket=CODE_BUCKET, Key=f"{function}.zip", Body=package.getvalue())
    template = CODE_URI.sub(rf"CodeUri: s3://{CODE_BUCKET}/\1.zip", template)
    # CloudFormation takes no more than 51,200 bytes in the request itself.
    s3.put_object(Bucket=CODE_BUCKET, Key=TEMPLATE, Body=template.encode())
    return f"{s3.meta.endpoint_url}/{CODE_BUCKET}/{TEMPLATE}"


def create_stack(cloudformation, name: str, template_url: str, parameters: dict[str, str]) -> dict[str, str]:
    """Creates the stack, waits for it, gives its outputs."""
    cloudformation.create_stack(
        StackName=name,
        TemplateURL=template_url,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.config.delay = 0.1
    waiter.config.max_attempts = 600
    try:
        waiter.wait(StackName=name)
    except Exception:
        for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]:
            if event["ResourceStatus"].endswith("FAILED"):
                print(event["LogicalResourceId"], event.get("ResourceStatusReason"), file=sys.stderr)
        raise
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def main() -> None:
    request = json.load(sys.stdin)
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="ap-northeast-1"
    )

    def client(service: str):
        return session.client(
            service,
            endpoint_url=request["endpoint"],
            config=Config(
                s3={"addressing_style": "path"},
                retries={"total_max_attempts": 1},
                read_timeout=120,
            ),
        )

    template = with_variables(Path(request["template"]).read_text(), request["environment"])
    template_url = upload_code(client("s3"), template, Path(request["binaries"]))
    outputs = create_stack(client("cloudformation"), request["stack"], template_url, request["parameters"])
    client("secretsmanager").put_secret_value(
        SecretId=outputs["SmartHrClientSecretArn"],
        SecretString=json.dumps(request["smarthr_client"]),
    )
    client("ses").verify_email_identity(EmailAddress=request["mail_identity"])
    json.dump(outputs, sys.stdout)


if __name__ == "__main__":
    main()
