"""A stage of samconfig.toml: what it says, and the AWS account that it is deployed to."""

import re
import tomllib
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "infra/template.yaml").read_text()


class Stage:
    """One section `[STAGE.deploy.parameters]`, with clients of its region."""

    def __init__(self, name: str, config_file: Path) -> None:
        stages = tomllib.loads(config_file.read_text())
        if name not in stages:
            raise SystemExit(f"{config_file} has no stage {name}")
        settings = stages[name]["deploy"]["parameters"]
        self.name = name
        self.region: str = settings["region"]
        self.stack: str = settings["stack_name"]
        given = dict(it.split("=", 1) for it in settings["parameter_overrides"])
        self.parameters: dict[str, str] = defaults() | given
        self.session = boto3.Session(region_name=self.region)

    def client(self, service: str, region: str | None = None):
        """Returns a client of the stage's region, or of another."""
        # A run that is asked for again is another run: no call is repeated that may have arrived.
        config = Config(retries={"total_max_attempts": 1}, read_timeout=120)
        return self.session.client(service, region_name=region or self.region, config=config)

    def outputs(self) -> dict[str, str] | None:
        """Returns the stack's outputs; nothing if it is not deployed yet."""
        try:
            stack = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        return {it["OutputKey"]: it["OutputValue"] for it in stack.get("Outputs", [])}


def defaults() -> dict[str, str]:
    """Returns the defaults of the template's parameters."""
    parameters = TEMPLATE.split("\nParameters:\n")[1].split("\nRules:\n")[0]
    found = re.findall(r"^  (\w+):\n(?:    .*\n)*?    Default: (.*)$", parameters, re.MULTILINE)
    return {name: value.strip('"') for name, value in found}


def numbers(property: str, parameters: dict[str, str]) -> list[int]:
    """Returns the values of a property wherever the template has it: numbers, or parameters that are."""
    found = re.findall(rf"\b{property}: (?:!Ref (\w+)|(\d+))", TEMPLATE)
    return [int(parameters[name] if name else number) for name, number in found]
