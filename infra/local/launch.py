"""Runs ministack, the AWS stand-in, until standard input closes.

The runner keeps the other end of standard input open and never writes to it. When the runner ends,
however it ends, the operating system closes that end, and everything started here goes with it: the
server, the functions' processes and their unpacked code.

Prints one line, the port, once the socket is open. Needs: TMPDIR (emptied at the end).
"""

import asyncio
import contextvars
import os
import shutil
import signal
import socket
import sys
import threading
from email.utils import parseaddr
from urllib.parse import parse_qs

from extra_permissions import ask_for_extra_permissions, ask_for_permissions_to_poll
from permissions import Permissions


def end_with_the_runner(permissions: Permissions) -> None:
    sys.stdin.buffer.read()
    permissions.write()
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    # The functions' processes are in this group, the runner is not.
    os.killpg(0, signal.SIGKILL)


def correct_permissions() -> None:
    """Makes ministack ask for the permissions that AWS asks for, where it asks for others."""
    from ministack.core import iam_actions

    action_of = iam_actions.extract_iam_action
    resource_of = iam_actions.extract_resource_arn
    context_of = iam_actions.request_tag_context

    def action(*request):
        # In AWS `sqs:SendMessage` is the permission for `SendMessageBatch`, and so on.
        found = action_of(*request)
        return found.removesuffix("Batch") if found and found.startswith("sqs:") else found

    def resource(service, method, path, headers, body, parameters, region, account):
        # In AWS a mail is sent by the permission to its sender's identity.
        sender = sender_of(service, body)
        if sender:
            return f"arn:aws:ses:{region}:{account}:identity/{sender}"
        return resource_of(service, method, path, headers, body, parameters, region, account)

    def context(service, iam_action, body, parameters):
        sender = sender_of(service, body)
        found = context_of(service, iam_action, body, parameters)
        return found | {"ses:FromAddress": sender} if sender else found

    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context


def sender_of(service: str, body: bytes) -> str | None:
    """Returns the address that a request to SES sends from, if it sends."""
    if service != "ses":
        return None
    source = parse_qs(body.decode(errors="replace")).get("Source")
    return parseaddr(source[0])[1] if source else None


def carry_traces() -> None:
    """Makes ministack keep the trace header of a message in a batch, as it does of a single one."""
    from ministack.services import sqs

    send, send_batch = sqs._act_send_message, sqs._act_send_message_batch
    entries = contextvars.ContextVar("entries", default=None)

    def message(data, url):
        rest = entries.get()
        entry = next(rest, {}) if rest else {}
        return send({"MessageSystemAttributes": entry.get("MessageSystemAttributes")} | data, url)

    def batch(data, url):
        token = entries.set(iter(data.get("Entries") or []))
        try:
            return send_batch(data, url)
        finally:
            entries.reset(token)

    sqs._act_send_message = message
    sqs._HANDLERS["SendMessage"] = message
    sqs._HANDLERS["SendMessageBatch"] = batch


def refuse_odd_dots() -> None:
    """Makes ministack refuse mails to addresses with dots where RFC 5321 has none, as SES does."""
    from ministack.services import ses

    send = ses._send_raw_email

    def send_raw_email(params):
        if any(".." in to or ".@" in to for to in ses._collect_list(params, "Destinations.member")):
            return ses._error("InvalidParameterValue", "Local address contains dot-dot", 400)
        return send(params)

    ses._send_raw_email = send_raw_email


def read_numbers() -> None:
    """Makes ministack take a number of an event source that is a parameter of the template, as AWS does."""
    from ministack.services import lambda_svc

    limit_of = lambda_svc._sqs_esm_concurrency

    def limit(esm, *rest, **named):
        scaling = esm.get("ScalingConfig") or {}
        if "MaximumConcurrency" in scaling:
            scaling["MaximumConcurrency"] = int(scaling["MaximumConcurrency"])
        return limit_of(esm, *rest, **named)

    lambda_svc._sqs_esm_concurrency = limit


def main() -> None:
    os.setpgid(0, 0)
    permissions = Permissions()
    threading.Thread(target=end_with_the_runner, args=[permissions], daemon=True).start()

    # A port of the system's choice that is never let go of: no other program can take it meanwhile.
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)
    print(port, flush=True)
    os.dup2(2, 1)  # Nobody reads on: what comes now belongs into the log.

    # Only now, because ministack reads its settings while it is imported.
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    correct_permissions()
    permissions.note()
    ask_for_extra_permissions()
    ask_for_permissions_to_poll(permissions)
    carry_traces()
    refuse_odd_dots()
    read_numbers()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
