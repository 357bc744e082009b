"""Whose items a request may touch."""

from contextlib import AbstractContextManager
from functools import cache

from vigie.wiring.common import now, settings

_TABLES = ("accounts", "mentions", "digests", "ledger", "sources", "stories")


def scoped_request() -> AbstractContextManager[None]:
    """Answer a request while the block runs, under credentials that open no client's items until one is known."""
    from vigie.adapters import scopes

    if settings().scope_role_arn:
        _sign_by_scope()
    return scopes.request()


def enter_scope(name: str) -> None:
    """Go on under the credentials of a client, by its id, or of ``ALL``."""
    from vigie.adapters import scopes

    scopes.enter(name)


def within_scope(name: str) -> AbstractContextManager[None]:
    """Go on under the credentials of a client while the block runs, then as before."""
    from vigie.adapters import scopes

    return scopes.within(name)


@cache
def _sign_by_scope() -> None:
    """Have what is asked of DynamoDB and S3 signed with the scope's credentials, from a worker's first request on."""
    from vigie.adapters import aws
    from vigie.adapters.scopes import ScopedCredentials
    from vigie.domain.isolation import policy_of

    arns = _table_arns(aws.dynamodb().meta.region_name)
    role_arn = settings().scope_role_arn
    partition = role_arn.split(":")[1]
    credentials = ScopedCredentials(
        sts=aws.sts,
        role_arn=role_arn,
        policy=lambda name: policy_of(name, arns, partition),
        clock=now,
    )
    for client in (aws.dynamodb(), aws.s3()):
        credentials.attach(client)


def _table_arns(region: str) -> dict[str, str]:
    """Return the tables that this function knows, in the account of the role, by what they hold."""
    _, partition, _, _, account, _ = settings().scope_role_arn.split(":", 5)
    names = {name: getattr(settings(), f"{name}_table") for name in _TABLES}
    return {
        holds: f"arn:{partition}:dynamodb:{region}:{account}:table/{name}"
        for holds, name in names.items()
        if name
    }
