"""Policies by scope, and what IAM would answer."""

import json

import pytest

from vigie.domain.isolation import ALL, DOOR, is_allowed, policy_of

ARNS = {name: f"arn:{name}" for name in ("accounts", "mentions", "digests", "ledger", "sources", "stories")}


def may(scope: str, action: str, table: str, *keys: str) -> bool:
    """Ask."""
    return is_allowed(json.loads(policy_of(scope, ARNS)), f"dynamodb:{action}", f"arn:{table}", keys)


@pytest.mark.parametrize("table", ["accounts", "mentions", "digests"])
@pytest.mark.parametrize("action", ["GetItem", "Query", "PutItem", "DeleteItem", "BatchGetItem"])
def test_a_client_has_its_own_keys_and_nobody_elses(table: str, action: str) -> None:
    """Nor those of a client whose name begins alike, nor a batch in which one key is another's, nor none at all."""
    assert may("perrin", action, table, "CLIENT#perrin")
    for keys in (
        ("CLIENT#garage",),
        ("CLIENT#perrin-2",),
        ("CLIENT#perr",),
        ("CLIENT#perrin", "CLIENT#garage"),
        (),
    ):
        assert not may("perrin", action, table, *keys)


@pytest.mark.parametrize(
    "action", ["Scan", "DeleteTable", "PartiQLSelect", "BatchWriteItem", "TransactGetItems"]
)
def test_what_no_request_needs_nobody_may(action: str) -> None:
    """A scan names no key; what is not listed is denied, to all scopes."""
    for scope in ("perrin", DOOR, ALL):
        assert not may(scope, action, "accounts", "CLIENT#perrin")


def test_lists_of_all_clients_are_written_beside_ones_own_and_never_read() -> None:
    """A watch's change and a digest's appointment; the others' are not to be seen."""
    assert may("perrin", "PutItem", "accounts", "CLIENT#perrin", "WATCHES")
    assert may("perrin", "UpdateItem", "accounts", "STACK")
    assert may("perrin", "PutItem", "digests", "CLIENT#perrin", "DUE")
    for table, key in (
        ("accounts", "WATCHES"),
        ("accounts", "CLIENTS"),
        ("digests", "DUE"),
        ("digests", "UNSENT"),
    ):
        assert not may("perrin", "Query", table, key)
        assert not may("perrin", "GetItem", table, key)


def test_at_the_door_nobodys_items_open() -> None:
    """Links, sessions and counts are by their hashes."""
    assert may(DOOR, "GetItem", "accounts", "TOKEN#0a")
    assert may(DOOR, "UpdateItem", "accounts", "ASKED#0a")
    for table in ("accounts", "mentions", "digests"):
        assert not may(DOOR, "GetItem", table, "CLIENT#perrin")
    assert may(DOOR, "Query", "sources", "SHARDS")


def test_the_agencys_own_requests_see_all_clients() -> None:
    """They list and create them."""
    assert may(ALL, "Query", "accounts", "CLIENTS")
    assert may(ALL, "BatchGetItem", "accounts", "CLIENT#perrin", "CLIENT#garage")


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("clients/perrin/digests/2026-11-22.json", True),
        ("search/perrin/manifest.json", True),
        ("frequencies/2026-11-22", True),
        ("clients/perrin-2/digests/2026-11-22.json", False),
        ("clients/garage/digests/perrin", False),
        ("search/garage/manifest.json", False),
        ("archive/2026-11-22/07", False),
        ("payloads/0a", False),
    ],
)
def test_objects_are_a_clients_by_their_names(name: str, held: bool) -> None:
    """Its digests, back-tests and index, and how often words are in the stack's press; nothing of another's."""
    policy = json.loads(policy_of("perrin", ARNS))
    assert is_allowed(policy, "s3:GetObject", f"arn:aws:s3:::vigie-bucket/{name}") == held
    assert not is_allowed(policy, "s3:DeleteObject", f"arn:aws:s3:::vigie-bucket/{name}")


def test_a_policy_fits_into_a_session() -> None:
    """IAM takes 2,048 characters of it, with the longest names."""
    arn = "arn:aws:dynamodb:eu-west-3:123456789012:table/vigie-booost-production-AccountsTable-ABCDEFGHIJKL"
    assert len(policy_of("x" * 48, dict.fromkeys(ARNS, arn))) <= 2_048
