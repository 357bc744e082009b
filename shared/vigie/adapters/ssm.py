"""Secrets: encrypted parameters. The stack's own is made by the first worker that needs it, others by ops.

CloudFormation cannot make a SecureString, and a secret in a template is none.
"""

import secrets
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from vigie.adapters.aws import transient_failures
from vigie.errors import NotFound, Transient


def stack_secret(client: Any, name: str) -> str:
    """Return the secret kept under ``name``.

    Raises NotFound when nobody made it yet (then no hub was told anything that derives from it), and Transient when
    it cannot be read now.
    """
    try:
        with transient_failures(f"read the parameter {name}"):
            answer = client.get_parameter(Name=name, WithDecryption=True)
    except client.exceptions.ParameterNotFound as error:
        raise NotFound(f"no parameter {name}") from error
    return str(answer["Parameter"]["Value"])


def make_stack_secret(client: Any, name: str) -> str:
    """Return the secret kept under ``name``, made now when there is none; of two makers the first wins."""
    try:
        return stack_secret(client, name)
    except NotFound:
        pass  # this is the first worker of a new stack to need it
    try:
        with transient_failures(f"write the parameter {name}"):
            client.put_parameter(
                Name=name, Value=secrets.token_urlsafe(32), Type="SecureString", Overwrite=False
            )
    except client.exceptions.ParameterAlreadyExists:
        pass  # another worker was faster: its secret counts
    return stack_secret(client, name)


def parameters_under(client: Any, prefix: str) -> dict[str, str]:
    """Return the decrypted parameters under a path, by the rest of their name.

    Raises Transient when they cannot be read, whatever the reason: who asks goes on with what was read before.
    """
    found: dict[str, str] = {}
    request: dict[str, Any] = {"Path": prefix, "Recursive": True, "WithDecryption": True}
    try:
        while True:
            answer = client.get_parameters_by_path(**request)
            found |= {item["Name"].removeprefix(f"{prefix}/"): item["Value"] for item in answer["Parameters"]}
            if not answer.get("NextToken"):
                return found
            request["NextToken"] = answer["NextToken"]
    except (ClientError, BotoCoreError) as error:
        raise Transient(f"read the parameters under {prefix}: {error}") from error
