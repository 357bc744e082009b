"""What went wrong with a fetch, from the client's exceptions to a reason and a sentence."""

from typing import TypeVar

import aiohttp
from aiohttp.http_exceptions import LineTooLong

from vigie.adapters.http_guard import RefusedAddress
from vigie.adapters.inflate import BadEncoding, CutShort, TooLarge
from vigie.domain.fetching import Failure, FailureReason

_Cause = TypeVar("_Cause", bound=BaseException)


class GiveUp(Exception):  # noqa: N818 - carries an outcome out of the hops, nothing else
    """There is no feed at the end of this, and ``failure`` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


EXPECTED = (GiveUp, TooLarge, BadEncoding, CutShort, aiohttp.ClientError, OSError, ValueError)

# From the precise to the general: the first line that fits names the failure.
_REASONS: tuple[tuple[type[Exception], FailureReason, str], ...] = (
    (TooLarge, "too_large", "too much"),
    (BadEncoding, "bad_encoding", "not readable"),
    (CutShort, "truncated", "the answer was cut short"),
    (aiohttp.ClientPayloadError, "truncated", "the answer was cut short"),
    (TimeoutError, "timeout", "the server took too long"),
    (ValueError, "bad_url", "not an address one can fetch"),  # aiohttp.InvalidURL is one
    (aiohttp.ClientSSLError, "tls", "no trustworthy TLS connection"),
    (aiohttp.ClientConnectorDNSError, "dns", "the host name does not resolve"),
    (aiohttp.ClientResponseError, "bad_response", "the answer is not HTTP"),
    (aiohttp.ClientConnectorError, "connect", "no connection"),
    (aiohttp.ServerDisconnectedError, "connect", "the server hung up twice without a whole answer"),
    (aiohttp.ClientOSError, "connect", "the server hung up twice without a whole answer"),
    (Exception, "connect", "no connection"),
)


def explain(error: Exception) -> Failure:
    """Say which failure an exception is, one of ``EXPECTED``."""
    if isinstance(error, GiveUp):
        return error.failure
    if refusal := _behind(error, RefusedAddress):
        return Failure.of("refused_address", refusal.sentence)
    if _behind(error, LineTooLong):
        return Failure.of("too_large", "too much: a header line longer than allowed")
    _, reason, sentence = next(row for row in _REASONS if isinstance(error, row[0]))
    said = short(str(error))
    return Failure.of(reason, f"{sentence}: {said}" if said else sentence)


def _behind(error: BaseException | None, kind: type[_Cause]) -> _Cause | None:
    """Return the error of this kind among the causes of an error: the client wraps ours in its own."""
    while error is not None and not isinstance(error, kind):
        error = error.__cause__
    return error


def short(text: str) -> str:
    """Return hostile text as one bounded, printable line."""
    return "".join(character if character.isprintable() else " " for character in text)[:200]
