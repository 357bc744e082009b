"""The API against its own description: requests made up from the document, right and wrong, by schemathesis."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.builders import CUTOFF, a_client, a_document, a_mention, a_source, a_watch, an_alert
from tests.functions import gateway
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.api.examples import EXAMPLES
from vigie.api.openapi import document
from vigie.api.table import ROUTES
from vigie.domain.alerts.alert import Event
from vigie.domain.alerts.watching import Watching
from vigie.domain.keys import ALL_SCOPES, OPS

EXAMPLES_OF_EACH = 8
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
KNOWN = {
    "client_id": "banque-armelie",
    "watch_id": "brand",
    "mention_id": "d1",
    "story_id": "d1",
    "subject_id": "d1",
    "digest_id": "latest",
    "job_id": "0" * 32,
    "key_id": "0" * 16,
    "email": "veille@banque-armelie.example",
    "correction_id": "1",
    "alert_id": "a1",
}


@pytest.fixture
def ops_key(stack: Stack) -> str:
    """Return a key that may do anything, in a stack where a client has a bit of everything."""
    client = a_client()
    wiring.accounts().put_client(client)
    wiring.accounts().put_watch(a_watch())
    wiring.sources().put_sources([a_source()], 4)
    wiring.appointments().keep(client)
    now = datetime.now(UTC)
    for n in range(3):
        document_ = a_document(f"Titre {n}", document_id=f"d{n}")
        wiring.desk().mentions.record([a_mention(document_, recorded_at=now - timedelta(minutes=n))])
    alert = an_alert(Event(number=1, kind="opened", at=CUTOFF, trigger="crisis"))
    watching = Watching(client_id=client.client_id, since=CUTOFF, open_bin_at=CUTOFF, alerts=(alert,))
    wiring.alert_store().keep(None, watching, [alert], None)
    stack.call("digest", {"cutoff_at": "now"})
    return wiring.desk().issue_key(OPS, ALL_SCOPES)


@pytest.mark.emulator
def test_made_up_requests_get_described_replies(ops_key: str) -> None:
    """No 5xx and no undocumented status, type, header or body, whatever is asked: what fits the document or not."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", gateway.wsgi)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(ROUTES) - 1  # all but the document itself
    for operation in operations:
        _try(operation, schemathesis.GenerationMode.POSITIVE, ops_key)
        if operation.body or operation.query:  # else there is nothing to get wrong
            _try(operation, schemathesis.GenerationMode.NEGATIVE, ops_key)


def _try(operation: Any, mode: Any, key: str) -> None:
    """Ask an operation a few times for things that are there, as its description has it or on purpose not."""
    path = {name: value for name, value in KNOWN.items() if f"{{{name}}}" in operation.path}
    quiet = settings(
        max_examples=EXAMPLES_OF_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(operation.as_strategy(generation_mode=mode, path_parameters=path))
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

    ask()


def test_each_example_is_what_its_route_takes_or_answers() -> None:
    """An example that its own schema refuses would teach a mistake; one of no route, nothing."""
    told = document(ROUTES)
    bodies = {
        operation["operationId"]: operation for path in told["paths"].values() for operation in path.values()
    }
    assert set(EXAMPLES) <= set(bodies)
    for name, example in EXAMPLES.items():
        operation = bodies[name]
        held = {"request": operation.get("requestBody", {}), "answer": operation["responses"].get("200", {})}
        for part, value in example.items():
            schema = held[part]["content"]["application/json"]["schema"]
            Draft202012Validator({**schema, "components": told["components"]}).validate(value)


def test_each_body_that_is_taken_has_an_example() -> None:
    """A newcomer copies an example before reading a schema."""
    assert {route.view.__name__ for route in ROUTES if route.takes} <= {
        name for name, example in EXAMPLES.items() if "request" in example
    }
