"""Roles, enforced: each statement of the template allows what it names, and without it that is denied.

What the pipeline needs of them, the local run shows (``tests/pipeline/test_local_run.py``): it enforces them too.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.cloud import Cloud
from infra.local.deploy import ON_THE_EMULATOR, Blueprint, Deployment, deploy
from infra.local.emulator import ACCOUNT, REGION, Emulator
from infra.local.roles import ASKED_OF_EVERYTHING, POLICY, role_of
from infra.template import Template

KEY = {"pk": {"S": "CLIENT#nobody"}, "sk": {"S": "none"}}
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationErrorException", "AuthorizationError"}

Calls = Mapping[str, Callable[[Any, str], Any]]

DYNAMO: Calls = {
    "GetItem": lambda it, table: it.get_item(TableName=table, Key=KEY),
    "BatchGetItem": lambda it, table: it.batch_get_item(RequestItems={table: {"Keys": [KEY]}}),
    "Query": lambda it, table: it.query(
        TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": KEY["pk"]}
    ),
    "Scan": lambda it, table: it.scan(TableName=table, Limit=1),
    "PutItem": lambda it, table: it.put_item(TableName=table, Item=KEY),
    "UpdateItem": lambda it, table: it.update_item(TableName=table, Key=KEY),
    "DeleteItem": lambda it, table: it.delete_item(TableName=table, Key=KEY),
    "BatchWriteItem": lambda it, table: it.batch_write_item(
        RequestItems={table: [{"PutRequest": {"Item": KEY}}]}
    ),
}
S3: Calls = {
    "GetObject": lambda it, place: it.get_object(Bucket=_bucket(place), Key=_key(place)),
    "PutObject": lambda it, place: it.put_object(Bucket=_bucket(place), Key=_key(place), Body=b"x"),
    "DeleteObject": lambda it, place: it.delete_object(Bucket=_bucket(place), Key=_key(place)),
    "ListBucket": lambda it, place: it.list_objects_v2(Bucket=_bucket(place), MaxKeys=1),
}
OTHERS: Mapping[str, Calls] = {
    "sqs": {
        "SendMessage*": lambda it, queue: it.send_message(QueueUrl=_queue(it, queue), MessageBody="x"),
        "SendMessage": lambda it, queue: it.send_message(QueueUrl=_queue(it, queue), MessageBody="x"),
        "SendMessageBatch": lambda it, queue: it.send_message_batch(
            QueueUrl=_queue(it, queue), Entries=[{"Id": "1", "MessageBody": "x"}]
        ),
        "GetQueueAttributes": lambda it, queue: it.get_queue_attributes(QueueUrl=_queue(it, queue)),
    },
    "ssm": {
        "GetParameter": lambda it, name: it.get_parameter(Name=_parameter(name)),
        "PutParameter": lambda it, name: it.put_parameter(
            Name=_parameter(name), Value="x", Type="String", Overwrite=True
        ),
    },
    "lambda": {
        "InvokeFunction": lambda it, name: it.invoke(FunctionName=name, InvocationType="DryRun"),
    },
    "sns": {"Publish": lambda it, topic: it.publish(TopicArn=topic, Message="x")},
}
CALLS: Mapping[str, Calls] = {"dynamodb": DYNAMO, "s3": S3, **OTHERS}

NOT_TRIED = {
    *ASKED_OF_EVERYTHING,  # the emulator holds them against everything: see infra/local/roles.py
    "sns:Publish on *",  # an SMS goes to a number, which no ARN names
    "ses:GetAccount on *",  # an account has none
}
"""What the emulator cannot tell; ``tests/house/test_template.py`` looks at what these statements name."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A role like a function's, whose statements can be taken away."""

    cloud: Cloud
    name: str

    def allow(self, statements: list[dict[str, Any]]) -> None:
        """Let the role do this, and nothing else."""
        document = {"Version": "2012-10-17", "Statement": statements or [_nothing()]}
        self.cloud.client("iam").put_role_policy(
            RoleName=self.name, PolicyName="own", PolicyDocument=json.dumps(document)
        )

    def session(self) -> boto3.Session:
        """Return what signs as the role."""
        role = f"arn:aws:iam::{ACCOUNT}:role/{self.name}"
        given = self.cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="tried")["Credentials"]
        return boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION
        )


def _nothing() -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::000000000000:user/none"}


def _bucket(arn: str) -> str:
    return arn.removeprefix("arn:aws:s3:::").partition("/")[0]


def _key(arn: str) -> str:
    return arn.removeprefix("arn:aws:s3:::").partition("/")[2].replace("*", "tried")


def _queue(client: Any, arn: str) -> str:
    return f"{client.meta.endpoint_url}/{ACCOUNT}/{arn.rpartition(':')[2]}"


def _parameter(arn: str) -> str:
    return "/" + arn.partition(":parameter/")[2].replace("*", "tried")


@dataclass(frozen=True, slots=True)
class Enforced:
    """A stack deployed where roles are enforced."""

    emulator: Emulator
    cloud: Cloud
    deployment: Deployment


@pytest.fixture(scope="module")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enforced]:
    """Deploy the real template, without code, once for all of it."""
    layer: Path = tmp_path_factory.mktemp("layer") / "layer.zip"
    with ZipFile(layer, "w") as archive:
        archive.writestr("python/nothing.py", "")
    with Emulator(port=0, enforces_iam=True) as emulator:
        cloud = Cloud(emulator.environment())
        blueprint = Blueprint(template=Template.read().document, layer=layer, parameters=ON_THE_EMULATOR)
        yield Enforced(emulator, cloud, deploy(cloud, blueprint))


def statements_of(enforced: Enforced, function: str) -> list[dict[str, Any]]:
    """Return the statements of a function's role as they were deployed."""
    iam, role = enforced.cloud.client("iam"), role_of(enforced.cloud, enforced.deployment.stack, function)
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        if name != POLICY
    ]
    return [statement for document in documents for statement in document["Statement"]]


def pairs_of(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each action with each resource of a statement that the emulator can tell apart."""
    actions, resources = _list(statement["Action"]), _list(statement["Resource"])
    for action in actions:
        for resource in resources:
            if not {action, f"{action} on {resource}"} & NOT_TRIED:
                yield action, resource


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def may(enforced: Enforced, session: boto3.Session, action: str, resource: str) -> bool:
    """Try it, and return whether the role may; that there is nothing to be had is no denial."""
    service, _, name = action.partition(":")
    client: Any = session.client(service, endpoint_url=enforced.emulator.endpoint_url)  # type: ignore[call-overload]
    try:
        CALLS[service][name](client, resource)
    except ClientError as error:
        return error.response["Error"]["Code"] not in DENIED
    return True


@pytest.fixture(scope="module")
def twins(enforced: Enforced) -> Callable[[str], Twin]:
    """Return what makes a role that anybody of this account may take on."""

    def make(name: str) -> Twin:
        everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        iam = enforced.cloud.client("iam")
        with suppress(iam.exceptions.EntityAlreadyExistsException):
            trust = json.dumps({"Version": "2012-10-17", "Statement": [everybody]})
            iam.create_role(RoleName=f"twin-{name}", AssumeRolePolicyDocument=trust)
        return Twin(enforced.cloud, f"twin-{name}")

    return make


@pytest.mark.emulator
@pytest.mark.stacks
@pytest.mark.parametrize("room", sorted(Template.read().functions))
def test_each_statement_is_what_allows_what_it_names(
    enforced: Enforced, twins: Callable[[str], Twin], room: str
) -> None:
    """With its role a function may do all that the template says; without a statement, not what that one says."""
    statements = statements_of(enforced, Template.read().functions[room].name)
    twin = twins(room)
    twin.allow(statements)
    session = twin.session()
    for statement in statements:
        refused = [pair for pair in pairs_of(statement) if not may(enforced, session, *pair)]
        assert refused == [], "the role is said to allow this"
    for statement in statements:
        twin.allow([other for other in statements if other is not statement])
        allowed = [pair for pair in pairs_of(statement) if may(enforced, session, *pair)]
        assert allowed == [], "another statement allows this as well: one of them is of no use"


@pytest.mark.emulator
@pytest.mark.stacks
@pytest.mark.parametrize("room", sorted(Template.read().functions))
def test_a_role_reaches_no_table_that_it_does_not_name(
    enforced: Enforced, twins: Callable[[str], Twin], room: str
) -> None:
    """Neither reads it nor writes it: what one function has no business with stays shut for it."""
    statements = statements_of(enforced, Template.read().functions[room].name)
    twin = twins(room)
    twin.allow(statements)
    session = twin.session()
    named = {resource for statement in statements for resource in _list(statement["Resource"])}
    for table in Template.read().tables:
        arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{enforced.deployment.outputs[table]}"
        if arn not in named:
            assert not may(enforced, session, "dynamodb:GetItem", arn), table
            assert not may(enforced, session, "dynamodb:PutItem", arn), table
