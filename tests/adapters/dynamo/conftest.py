# ruff: noqa: D102 - stands in for a class of botocore
"""DynamoDB clients whose traffic a test may disturb or measure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session

from tests.conftest import Cloud
from vigie.adapters import aws


class Death(BaseException):
    """A worker dies here."""


class RawBody:
    """An HTTP body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


class Line:
    """The line between a client and DynamoDB: what crosses it may be refused, or its answer lost."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.requests: list[str] = []
        client.meta.events.register("before-call.dynamodb", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.requests.append(model.name)

    def throttle(self, operation: str, times: int) -> None:
        """Refuse the next requests, as DynamoDB does when a table is asked too much."""
        body = b'{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}'

        def refuse(request: AWSPreparedRequest) -> AWSResponse:
            return AWSResponse(request.url, 400, {}, RawBody(body))

        self._disturb(operation, times, refuse)

    def lose_answers(self, operation: str, times: int = 1) -> None:
        """Let the next requests through and lose their answers, as a broken connection does."""

        def send_and_lose(request: AWSPreparedRequest) -> None:
            session = URLLib3Session()
            session.send(request)
            session.close()
            raise ConnectionClosedError(endpoint_url=request.url)

        self._disturb(operation, times, send_and_lose)

    def lag(self) -> None:
        """From now on answer batch reads that need not be consistent from a replica that has nothing yet."""

        def ask(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
            context["lags"] = not all(asked["ConsistentRead"] for asked in params["RequestItems"].values())

        def answer(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
            if context["lags"]:
                parsed["Responses"] = {}

        self.client.meta.events.register("provide-client-params.dynamodb.BatchGetItem", ask)
        self.client.meta.events.register("after-call.dynamodb.BatchGetItem", answer)

    @contextmanager
    def dead_after(self, writes: int) -> Iterator[None]:
        """Let a worker die before the write that follows so many."""
        left = [writes]

        def hook(model: Any, **_: Any) -> None:
            if model.name in {"PutItem", "UpdateItem", "BatchWriteItem"}:
                if left[0] == 0:
                    raise Death
                left[0] -= 1

        event = "before-parameter-build.dynamodb.*"
        self.client.meta.events.register(event, hook)
        try:
            with suppress(Death):
                yield
        finally:
            self.client.meta.events.unregister(event, hook)

    def _disturb(self, operation: str, times: int, do: Callable[[AWSPreparedRequest], Any]) -> None:
        left = [times]

        def hook(request: AWSPreparedRequest, **_: Any) -> Any:
            if left[0] == 0:
                return None
            left[0] -= 1
            return do(request)

        self.client.meta.events.register(f"before-send.dynamodb.{operation}", hook)


@pytest.fixture
def line(cloud: Cloud) -> Iterator[Line]:
    """Return a line of the test's own, with the client our functions use."""
    client = aws.dynamodb.__wrapped__()
    yield Line(client)
    client.close()
