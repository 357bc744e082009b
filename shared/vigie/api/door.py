"""The door: every request passes it on the way to its view, every answer on the way out."""

from vigie import wiring
from vigie.api.answers import Answer, as_json
from vigie.api.problems import problem_of
from vigie.api.routing import Call
from vigie.errors import Refused
from vigie.requests import language_of


def answer_to(call: Call) -> Answer:
    """Return the answer to a request: the view's once the caller may have it, else a problem document."""
    try:
        _let_in(call)
        answer = call.route.view(call)
    except Refused as refusal:
        return problem_of(refusal, language_of(call.headers.get("accept-language")))
    return answer if isinstance(answer, Answer) else as_json(answer, call.route.status)


def _let_in(call: Call) -> None:
    """Find who asks, and the client of the path as theirs. Raises Forbidden or NotFound."""
    route, desk = call.route, wiring.desk()
    call.stack_locale = desk.default_locale
    if route.scope is None:
        return
    call.caller = desk.caller(call.headers.get("authorization"))
    if route.ops:
        desk.demand_ops(call.caller)
    if "client_id" in call.path:
        call.found = desk.demand(call.caller, route.scope, call.path["client_id"])
