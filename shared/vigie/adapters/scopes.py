"""Under whose credentials DynamoDB and S3 are asked: each request of a client under that client's own.

The credentials are of one role, assumed with the client's policy as session policy: whatever the code does, IAM lets
it touch the keys and objects of that client. They are asked of STS once an hour, a client and a worker (STS costs
nothing, and a first request one call), and signed with at the moment of sending: clients of boto3, and the stores
that hold them, are the same for all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from vigie.adapters.aws import transient_failures
from vigie.domain.isolation import ALL, DOOR

LIFETIME_SECONDS = 3600  # the longest that a role may ask for another
_LEAVE_EARLY = timedelta(minutes=5)
_KEPT_AT_MOST = 2_000
_SESSION_NAME = 64  # characters

_scope: ContextVar[str | None] = ContextVar("scope", default=None)


def scope() -> str | None:
    """Return the scope of the request that is being answered; None outside of any."""
    return _scope.get()


@contextmanager
def request() -> Iterator[None]:
    """Answer a request while the block runs: nobody is known yet."""
    before = _scope.set(DOOR)
    try:
        yield
    finally:
        _scope.reset(before)


def enter(name: str) -> None:
    """Go on as a client, or as all. Outside of a request it changes nothing: other functions have their own roles."""
    if _scope.get() is not None:
        _scope.set(name)


@contextmanager
def within(name: str) -> Iterator[None]:
    """Go on as a client while the block runs, then as before."""
    before = _scope.get()
    enter(name)
    try:
        yield
    finally:
        _scope.set(before)


@dataclass(frozen=True, slots=True)
class _Kept:
    credentials: Credentials
    until: datetime


@dataclass(slots=True, kw_only=True)
class ScopedCredentials:
    """Signs what a client of boto3 sends with the credentials of the scope. ``policy`` is a scope's, as JSON."""

    sts: Callable[[], Any]
    role_arn: str
    policy: Callable[[str], str]
    clock: Callable[[], datetime]
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def attach(self, client: Any) -> None:
        """Have a client sign with them from now on."""
        client.meta.events.register("before-sign", self._sign)

    def _sign(self, request: AWSRequest, **_: object) -> None:
        name = _scope.get()
        if name is not None and name != DOOR:  # at the door the function's own role is the narrow one
            signing = {**request.context.get("signing", {}), "request_credentials": self.of(name)}
            request.context["signing"] = signing

    def of(self, name: str) -> Credentials:
        """Return a scope's credentials. Raises Transient when STS cannot answer now."""
        kept = self._kept.get(name)
        if kept is None or self.clock() >= kept.until:
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            kept = self._kept[name] = self._assumed(name)
        return kept.credentials

    def _assumed(self, name: str) -> _Kept:
        with transient_failures(f"take the role of {name}"):
            answer = self.sts().assume_role(
                RoleArn=self.role_arn,
                # Who reads CloudTrail sees for which client it was.
                RoleSessionName="all-clients" if name == ALL else f"client-{name}"[:_SESSION_NAME],
                Policy=self.policy(name),
                DurationSeconds=LIFETIME_SECONDS,
            )
        told = answer["Credentials"]
        credentials = Credentials(told["AccessKeyId"], told["SecretAccessKey"], told["SessionToken"])
        return _Kept(credentials, told["Expiration"] - _LEAVE_EARLY)
