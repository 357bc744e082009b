"""Serve clients, watches, mentions and digests as JSON.

Reads   API Gateway (REST); every route is listed one by one in template.yaml, and a test compares them
Writes  accounts table; everything else is read only
Fails   with a problem document (RFC 9457) whose ``detail`` a client can act on; 500 says only its request id

The routes are in ``vigie.api``, which says how to add one; here Chalice is told of them.
"""

from collections.abc import Callable
from typing import cast

from chalice.app import Chalice, Response

from vigie import observe
from vigie.api.door import answer_to
from vigie.api.routing import Call, Route
from vigie.api.table import ROUTES

app = Chalice(app_name="vigie")
logger = observe.make_logger("api")


def _view_of(route: Route) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        answer = answer_to(_call(route, path))
        headers: dict[str, str | list[str]] = {"Content-Type": answer.content_type, **answer.headers}
        return Response(answer.text, status_code=answer.status, headers=headers)

    view.__name__ = route.view.__name__
    return view


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
        url_path=request.context.get("path", request.path),  # with the stage, where it has one
    )


for each in ROUTES:
    app.route(each.path, methods=[each.method])(_view_of(each))

handler = app
