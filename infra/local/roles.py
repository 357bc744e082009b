"""Roles on the emulated cloud, where they are enforced: what the emulator asks for and AWS does not.

AWS holds ``ssm:GetParametersByPath`` against the parameters under the path, and ``ses:SendEmail`` against the
sender's identity. The emulator holds both against ``*``, which a role that names its own rightly does not give: here
alone it is given beside it. ``tests/house`` looks at what those statements name.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.local.cloud import Cloud
from infra.template import Template

ASKED_OF_EVERYTHING = ("ses:SendEmail", "ses:SendRawEmail", "ssm:GetParametersByPath")
"""Actions whose resource the emulator does not work out."""

POLICY = "what-the-emulator-asks-of-everything"


def make_up(cloud: Cloud, template: Mapping[str, Any], stack: str) -> None:
    """Give each function that may do such a thing the right that the emulator asks for."""
    for function, actions in _asking(Template(template)):
        allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        cloud.client("iam").put_role_policy(
            RoleName=role_of(cloud, stack, function),
            PolicyName=POLICY,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )


def role_of(cloud: Cloud, stack: str, function: str) -> str:
    """Return the name of the role that a function of a stack runs under; the function by its logical id."""
    found = cloud.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId=function
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    role: str = cloud.client("lambda").get_function_configuration(FunctionName=name)["Role"]
    return role.rpartition("/")[2]


def _asking(template: Template) -> Iterator[tuple[str, list[str]]]:
    for function in template.functions.values():
        allowed = {action for statement in function.statements for action in statement.actions}
        if asked := sorted(allowed.intersection(ASKED_OF_EVERYTHING)):
            yield function.name, asked
