"""Makes ministack ask for permissions that AWS asks for besides the one that a call names: to tell that an object is
missing, to send with a configuration set, and to poll a queue for a function."""

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote

from permissions import Permissions

# What a function's role needs for each queue that is an event source (AWS Lambda Developer Guide, "Creating an Amazon SQS
# event source mapping"): Lambda refuses the mapping otherwise.
TO_POLL = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


def ask_for_extra_permissions() -> None:
    """Refuses a call that is allowed by itself, and needs another permission as well."""
    from ministack.core import iam_evaluator

    enforce = iam_evaluator.enforce

    def enforced(access_key, action, service, region, resource_arn="*", service_context=None):
        # Before the first check, which forgets the request.
        extras = list(extra(action, region, resource_arn))
        denied = enforce(access_key, action, service, region, resource_arn, service_context)
        for extra_action, extra_resource in extras:
            denied = denied or enforce(access_key, extra_action, service, region, extra_resource, service_context)
        return denied

    iam_evaluator.enforce = enforced


def extra(action: str, region: str, resource_arn: str) -> Iterator[tuple[str, str]]:
    """Yields the actions and resources that a call needs as well."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id
    from ministack.services import s3

    if action == "s3:GetObject":
        # Without it S3 answers 403 instead of 404 (Amazon S3 API Reference, "GetObject").
        bucket_arn, _, key = resource_arn.partition("/")
        bucket = s3._buckets.get(bucket_arn.removeprefix("arn:aws:s3:::"))
        if bucket and unquote(key) not in bucket["objects"]:
            yield "s3:ListBucket", bucket_arn
    request = iam_evaluator._signed_request.get()
    if action == "ses:SendRawEmail" and request:
        for name in parse_qs(request.body.decode(errors="replace")).get("ConfigurationSetName", []):
            yield action, f"arn:aws:ses:{region}:{get_account_id()}:configuration-set/{name}"


def ask_for_permissions_to_poll(permissions: Permissions) -> None:
    """Refuses an event source whose function may not poll it."""
    from ministack.services import lambda_svc
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]
    create = handlers["create"]

    def created(logical_id, properties, stack):
        queue = properties["EventSourceArn"]
        _, function, _, _ = provisioners._lambda_function_for_cfn_ref(properties["FunctionName"])
        role = lambda_svc._functions[function]["config"]["Role"].rsplit("/", 1)[-1]
        for action in TO_POLL:
            if not permissions.allow(role, action, queue):
                raise ValueError(f"{role} does not have permissions to call {action} on {queue}")
        return create(logical_id, properties, stack)

    handlers["create"] = created
