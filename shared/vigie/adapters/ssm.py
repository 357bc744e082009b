"""The stack's secret: one encrypted parameter, made by the first worker that needs it.

CloudFormation cannot make a SecureString, and a secret in a template is none.
"""

import secrets
from typing import Any

from vigie.adapters.aws import transient_failures


def stack_secret(client: Any, name: str) -> str:
    """Return the secret kept under ``name``. Raises Transient when it cannot be read now.

    It must exist: hubs that call were told something derived from it.
    """
    with transient_failures(f"read the parameter {name}"):
        answer = client.get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


def make_stack_secret(client: Any, name: str) -> str:
    """Return the secret kept under ``name``, made now when there is none; of two makers the first wins."""
    try:
        return stack_secret(client, name)
    except client.exceptions.ParameterNotFound:
        pass  # the first worker of a new stack
    try:
        with transient_failures(f"write the parameter {name}"):
            client.put_parameter(
                Name=name, Value=secrets.token_urlsafe(32), Type="SecureString", Overwrite=False
            )
    except client.exceptions.ParameterAlreadyExists:
        pass  # another worker was faster: its secret counts
    return stack_secret(client, name)
