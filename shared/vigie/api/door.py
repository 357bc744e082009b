"""The door: every request passes it on the way to its view, every answer on the way out.

In: what the address and the body may be, who asks, whose things they ask for. Out: entity tags, languages, origins,
and a problem document for whatever was refused or went wrong.
"""

from dataclasses import replace

from vigie import observe, wiring
from vigie.api.answers import Answer, as_json
from vigie.api.conditions import is_named, tag_of
from vigie.api.problems import fault, problem_of
from vigie.api.routing import Call
from vigie.domain.clients import Locale
from vigie.domain.isolation import ALL
from vigie.domain.keys import OPS, read_authorization
from vigie.errors import Refused, TooLarge, Transient, WrongType
from vigie.requests import language_of, read_query

BODY_LIMIT_BYTES = 1_000_000  # a query of 300 KB, with room for what JSON escapes

logger = observe.make_logger("api")


def answer_to(call: Call) -> Answer:
    """Return the answer to a request: the view's once the caller may have it, else a problem document."""
    answer = _finished(call, _answer(call))
    logger.info(
        "request",
        request_id=call.request_id,
        route=f"{call.route.method} {call.route.path}",
        status=answer.status,
        caller=call.caller.client_id,
    )
    return answer


def _answer(call: Call) -> Answer:
    try:
        _let_in(call)
        answer = call.route.view(call)
    except Refused as refusal:
        return problem_of(refusal, _locale(call), call.request_id)
    except Transient:
        logger.exception("unavailable", request_id=call.request_id, route=call.route.path)
        return fault(_locale(call), call.request_id, passing=True)
    except Exception:
        logger.exception("fault", request_id=call.request_id, route=call.route.path)
        return fault(_locale(call), call.request_id, passing=False)
    return answer if isinstance(answer, Answer) else as_json(answer, call.route.status)


def _let_in(call: Call) -> None:
    """Find who asks, and the client of the path as theirs; then look at what they send. Raises Refused."""
    route = call.route
    if route.scope is not None:
        desk = wiring.desk()
        call.stack_locale = desk.default_locale
        authorization = call.headers.get("authorization")
        # Before the key is looked up: among those of the client it names.
        wiring.enter_scope(read_authorization(authorization).client_id)
        call.caller = desk.caller(authorization)
        if call.caller.client_id == OPS:
            wiring.enter_scope(ALL)
        if "client_id" in call.path:
            call.found = desk.demand(call.caller, route.scope, call.path["client_id"])
        desk.demand_scope(call.caller, route.scope)
        if route.ops:
            desk.demand_ops(call.caller)
    if len(call.body) > BODY_LIMIT_BYTES:
        raise TooLarge(f"The body is over {BODY_LIMIT_BYTES} bytes.")
    sent = call.headers.get("content-type")
    if route.takes is not None and sent and sent.partition(";")[0].strip().lower() != "application/json":
        raise WrongType(f"{sent} is not read here; send application/json.")
    call.parameters = read_query(call.query, route.query)


def _locale(call: Call) -> Locale:
    own = call.found.locale if call.found else call.stack_locale
    return language_of(call.headers.get("accept-language")) or own


def _finished(call: Call, answer: Answer) -> Answer:
    """Add what every answer carries; a GET that the caller has already becomes 304."""
    headers = {"X-Request-Id": call.request_id, "Vary": "Accept, Accept-Language, Authorization, Origin"}
    origin = call.headers.get("origin")
    if origin and origin == wiring.settings().api_allowed_origin:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "ETag, Link, Location, Retry-After, X-Request-Id",
        }
    if answer.status in {200, 201} and answer.content_type != "application/problem+json":
        headers |= {"ETag": tag_of(answer), "Cache-Control": "private, no-cache", **answer.headers}
        known = call.headers.get("if-none-match", "")
        if call.route.method == "GET" and is_named(headers["ETag"], known):
            return Answer(text="", content_type=answer.content_type, status=304, headers=headers)
    else:
        headers |= {"Cache-Control": "no-store", **answer.headers}
    return replace(answer, headers=headers)
