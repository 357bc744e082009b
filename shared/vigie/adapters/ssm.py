"""The stack's secret: one encrypted parameter, made by the first worker that needs it.

CloudFormation cannot make a SecureString, and a secret in a template is none.
"""

import secrets
from typing import Any

from vigie.adapters.aws import transient_failures
from vigie.errors import NotFound


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
