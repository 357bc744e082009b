"""Serve clients, watches, mentions and digests as JSON.

Reads   API Gateway (REST); every route is listed one by one in template.yaml, and a test compares them
Writes  accounts table; everything else is read only
Fails   with a problem document (RFC 9457) whose ``detail`` a client can act on; 500 says only its request id

The routes are in ``vigie.api``, which says how to add one; here Chalice is told of them.
"""

from collections.abc import Callable
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext
from chalice.app import Chalice, Response

from vigie import wiring
from vigie.api.answers import Answer
from vigie.api.door import answer_to
from vigie.api.problems import MethodNotAllowed, problem_of
from vigie.api.routing import Call, Route
from vigie.api.table import ROUTES
from vigie.errors import NotFound
from vigie.requests import language_of

app = Chalice(app_name="vigie")


def _view_of(route: Route) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        return _response(answer_to(_call(route, path)))

    view.__name__ = route.view.__name__
    return view


def _response(answer: Answer) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": answer.content_type, **answer.headers}
    return Response(answer.text, status_code=answer.status, headers=headers)


def _call(route: Route, path: dict[str, str]) -> Call:
    request = app.current_request
    if request is None:
        raise LookupError("asked outside of a request")
    return Call(
        route=route,
        path=path,
        headers=request.headers,
        query=dict(request.query_params or {}),
        body=cast("bytes", request.raw_body),
        request_id=request.context.get("requestId", ""),
        url_path=request.context.get("path")
        or route.path.format_map(path),  # with the stage, where it has one
    )


for each in ROUTES:
    app.route(each.path, methods=[each.method], content_types=[])(_view_of(each))  # the door reads them


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer a request of API Gateway; of a path or a method that is not there, with a problem document too.

    API Gateway lets through what the template lists, so the second is for what stands in its place: the local run.
    """
    asked = event["requestContext"]
    methods = app.routes.get(asked["resourcePath"], {})
    if asked["httpMethod"] in methods:
        with wiring.scoped_request():
            answered: dict[str, Any] = app(event, context)
        return answered
    allowed = ", ".join(sorted(methods))
    refusal = (
        MethodNotAllowed(f"This path takes {allowed}.")
        if methods
        else NotFound(f"There is no path {event.get('path')}.")
    )
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    locale = language_of(headers.get("accept-language")) or "fr"
    answer = problem_of(refusal, locale, asked.get("requestId", ""))
    if allowed:
        answer.headers["Allow"] = allowed
    refused: dict[str, Any] = _response(answer).to_dict()
    return refused
