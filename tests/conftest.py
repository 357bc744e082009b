"""What every test may ask for."""

import os
from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from hypothesis import settings

from infra.local.emulator import Emulator
from vigie.adapters import aws
from vigie.adapters.dynamo.table import time_is

# The same code gets the same answer: a property is tried on the same cases each time, and on new ones, many more,
# by `make explore`, which is for who looks for what nobody thought of.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

AWS_CLIENTS = (aws.dynamodb, aws.sqs, aws.s3, aws.ses, aws.ssm, aws.functions)


LONGEST_FIRST = (
    "tests/pipeline/test_local_run.py",
    "tests/infra/stacks/test_side_by_side.py",
    "tests/infra/stacks/test_rollback.py",
    "tests/infra/test_layer.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes longest first: begun last, it would keep one worker busy and the others waiting."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


class Cloud:
    """An emulated cloud of this test run, and things made in it for one test."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def table(self) -> str:
        """Make a table shaped as all of vigie's are; return its name."""
        name = f"table-{uuid4().hex}"
        aws.dynamodb().create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )
        return name

    def bucket(self) -> str:
        """Make a bucket; return its name."""
        name = f"bucket-{uuid4().hex}"
        aws.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        return name

    def function(self) -> str:
        """Make a function that does nothing; return its name."""
        name, code = f"function-{uuid4().hex}", BytesIO()
        with ZipFile(code, "w") as archive:
            archive.writestr("app.py", "def handler(event, context):\n    return None\n")
        aws.functions().create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role="arn:aws:iam::111111111111:role/test",
            Handler="app.handler",
            Code={"ZipFile": code.getvalue()},
        )
        return name

    def queue(self) -> str:
        """Make a queue; return its address."""
        return aws.sqs().create_queue(QueueName=f"queue-{uuid4().hex}")["QueueUrl"]


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """Start one emulated cloud for the run (one a worker, under xdist), and point every AWS client at it."""
    # Tests name their own days: by the reads' clock nothing has expired, unless a test says so.
    with time_is(lambda: 0), Emulator(port=0) as emulator, pytest.MonkeyPatch.context() as environment:
        for name, value in emulator.environment().items():
            environment.setenv(name, value)
        for client in AWS_CLIENTS:
            client.cache_clear()
        yield Cloud(emulator)
        for client in AWS_CLIENTS:
            client().close()
            client.cache_clear()
