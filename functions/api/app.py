"""Serve clients, watches, mentions and digests as JSON.

Reads   API Gateway (REST); every route is listed one by one in template.yaml, and a test compares them
Writes  accounts table; everything else is read only
Fails   with a problem document (RFC 9457) whose ``detail`` a client can act on; 500 says only its request id
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chalice.app import Chalice, Request, Response

from vigie import observe, views, wiring
from vigie.domain.clients import Client, Locale, Watch
from vigie.domain.query.sentences import told_refusal
from vigie.errors import BadField, BadQuery, Refused
from vigie.requests import (
    BackTestRequest,
    ClientRequest,
    MergeRequest,
    SplitRequest,
    WatchRequest,
    language_of,
    read,
)
from vigie.steps.desk import OPS, Caller

PAGE_LIMIT = 100

app = Chalice(app_name="vigie")
logger = observe.make_logger("api")

View = Callable[..., Any]
Headers = dict[str, str | list[str]]
T = TypeVar("T")


def route(path: str, methods: list[str] | None = None) -> Callable[[View], View]:
    """Declare a route whose refusals become problem documents."""

    def declare(view: View) -> View:
        @wraps(view)
        def answer(**parameters: str) -> Response:
            try:
                result = view(**parameters)
            except Refused as refusal:
                return _problem(refusal)
            return result if isinstance(result, Response) else _json(result)

        app.route(path, methods=methods or ["GET"])(answer)
        return answer

    return declare


def _json(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status_code=status, headers={"Content-Type": "application/json; charset=utf-8"})


def _problem(refusal: Refused) -> Response:
    """Return the refusal as RFC 9457 says, with the field and the remedy when there is one.

    Sentences on a query are in the language that the caller accepts, else in the client's.
    """
    preferred = _preferred_language()
    if preferred and isinstance(refusal, BadQuery):
        refusal = told_refusal(refusal, preferred)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": type(refusal).__name__,
        "status": refusal.status,
        "detail": str(refusal),
    }
    if isinstance(refusal, BadField):
        problem |= {"field": refusal.field, "problem": refusal.problem, "remedy": refusal.remedy}
    if isinstance(refusal, BadQuery):
        problem |= {"code": refusal.code, "position": refusal.position}
    body = json.dumps(problem, ensure_ascii=False)
    headers: Headers = {"Content-Type": "application/problem+json"}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status_code=refusal.status, headers=headers)


def _request() -> Request:
    if app.current_request is None:
        raise LookupError("asked outside of a request")
    return app.current_request


def _preferred_language() -> Locale | None:
    return language_of(_request().headers.get("accept-language"))


def _watch_view(watch: Watch, client: Client) -> Any:
    return views.of_watch(watch, _preferred_language() or client.locale)


def _body(kind: type[T]) -> T:
    body = _request().raw_body
    return read(body if isinstance(body, bytes) else str(body).encode(), kind)


def _caller() -> Caller:
    return wiring.desk().caller(_request().headers.get("authorization"))


def _client(client_id: str, scope: str = "read") -> Client:
    return wiring.desk().demand(_caller(), scope, client_id)


def _query() -> dict[str, str]:
    return dict(_request().query_params or {})


def _instant(query: dict[str, str], field: str) -> datetime | None:
    text = query.get(field)
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadField(field, f"{text!r} is no date", "Write it as 2026-11-22T06:15:00Z.") from error
    if instant.tzinfo is None:
        raise BadField(field, "has no zone", "Write it as 2026-11-22T06:15:00Z.")
    return instant


def _limit(query: dict[str, str]) -> int:
    text = query.get("limit", str(PAGE_LIMIT))
    if not text.isdecimal() or not 1 <= int(text) <= PAGE_LIMIT:
        raise BadField("limit", f"{text!r} is out of range", f"Use 1 to {PAGE_LIMIT}.")
    return int(text)


@route("/status")
def status() -> Any:
    """Say that the API answers; no key needed, nothing read."""
    return {"status": "ok"}


@route("/clients")
def list_clients() -> Any:
    """List every client (ops)."""
    wiring.desk().demand_ops(_caller())
    return {"clients": [views.of_client(client) for client in wiring.accounts().clients()]}


@route("/clients", methods=["POST"])
def create_client() -> Any:
    """Add a client and return its first key, shown this once (ops)."""
    wiring.desk().demand_ops(_caller())
    request = _body(ClientRequest)
    client, key = wiring.desk().create_client(request)
    return _json({**views.of_client(client), "api_key": key}, 201)


@route("/clients/{client_id}")
def show_client(client_id: str) -> Any:
    """Show a client."""
    return views.of_client(_client(client_id))


@route("/clients/{client_id}", methods=["PUT"])
def change_client(client_id: str) -> Any:
    """Replace what a client may change of itself."""
    client = _client(client_id, "write")
    return views.of_client(wiring.desk().change_client(client, _body(ClientRequest)))


@route("/clients/{client_id}/watches")
def list_watches(client_id: str) -> Any:
    """List a client's watches."""
    client = _client(client_id)
    return {"watches": [_watch_view(watch, client) for watch in wiring.accounts().watches(client_id)]}


@route("/clients/{client_id}/watches", methods=["POST"])
def create_watch(client_id: str) -> Any:
    """Add a watch; it matches what is polled from the next minute on."""
    client = _client(client_id, "write")
    request = _body(WatchRequest)
    return _json(_watch_view(wiring.desk().create_watch(client, request), client), 201)


@route("/clients/{client_id}/watches/{watch_id}")
def show_watch(client_id: str, watch_id: str) -> Any:
    """Show a watch."""
    client = _client(client_id)
    return _watch_view(wiring.desk().watch(client, watch_id), client)


@route("/clients/{client_id}/watches/{watch_id}", methods=["PUT"])
def change_watch(client_id: str, watch_id: str) -> Any:
    """Replace a watch."""
    client = _client(client_id, "write")
    request = _body(WatchRequest)
    return _watch_view(wiring.desk().change_watch(client, watch_id, request), client)


@route("/clients/{client_id}/watches/{watch_id}", methods=["DELETE"])
def remove_watch(client_id: str, watch_id: str) -> Any:
    """Stop a watch; its mentions stay."""
    wiring.desk().remove_watch(_client(client_id, "write"), watch_id)
    return Response("", status_code=204)


@route("/clients/{client_id}/mentions")
def list_mentions(client_id: str) -> Any:
    """List mentions, newest first: ``since``, ``until``, ``limit``, ``cursor``."""
    client, query = _client(client_id), _query()
    page = wiring.desk().mention_page(
        client, _instant(query, "since"), _instant(query, "until"), _limit(query), query.get("cursor")
    )
    return {"mentions": [views.of_mention(mention) for mention in page.mentions], "cursor": page.cursor}


@route("/clients/{client_id}/mentions/{mention_id}")
def show_mention(client_id: str, mention_id: str) -> Any:
    """Show a mention."""
    return views.of_mention(wiring.desk().mention(_client(client_id), mention_id))


@route("/clients/{client_id}/stories/{story_id}")
def show_story(client_id: str, story_id: str) -> Any:
    """Show a story of the last month: its mentions, who printed it first, which press groups after, corrections."""
    return views.of_story(wiring.story_desk().show(_client(client_id), story_id))


@route("/clients/{client_id}/subjects")
def list_subjects(client_id: str) -> Any:
    """List subjects with their stories, in the digest's order: ``since``, ``until``; and what was decided by hand."""
    client, query = _client(client_id), _query()
    desk = wiring.subject_desk()
    lines = desk.lines(client, _instant(query, "since"), _instant(query, "until"))
    return {
        "subjects": [views.of_subject(line) for line in lines],
        "decisions": [views.of_decision(decision) for decision in desk.decisions(client)],
    }


@route("/clients/{client_id}/subjects/{subject_id}/merge", methods=["POST"])
def merge_subjects(client_id: str, subject_id: str) -> Any:
    """Make two subjects one, today and as they grow; asked again, it changes nothing."""
    client = _client(client_id, "write")
    lines = wiring.subject_desk().merge(client, subject_id, _body(MergeRequest), _caller().client_id)
    return {"subjects": [views.of_subject(line) for line in lines]}


@route("/clients/{client_id}/subjects/{subject_id}/split", methods=["POST"])
def split_subject(client_id: str, subject_id: str) -> Any:
    """Take a story off a subject, today and as it grows; asked again, it changes nothing."""
    client = _client(client_id, "write")
    lines = wiring.subject_desk().split(client, subject_id, _body(SplitRequest), _caller().client_id)
    return {"subjects": [views.of_subject(line) for line in lines]}


@route("/clients/{client_id}/digests")
def list_digests(client_id: str) -> Any:
    """List the client's digests, newest first."""
    entries = wiring.desk().digest_entries(_client(client_id))
    return {"digests": [views.of_entry(entry) for entry in entries]}


@route("/clients/{client_id}/digests/{digest_id}")
def show_digest(client_id: str, digest_id: str) -> Any:
    """Show a digest; ``latest`` is the newest."""
    return views.of_digest(wiring.desk().digest(_client(client_id), digest_id))


@route("/clients/{client_id}/digests/{digest_id}/html")
def show_digest_html(client_id: str, digest_id: str) -> Any:
    """Show a digest as the mail's HTML."""
    digest = wiring.desk().digest(_client(client_id), digest_id)
    headers: Headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src https:",
    }
    return Response(wiring.renderer()(digest, {}).html, status_code=200, headers=headers)


@route("/clients/{client_id}/digests/{digest_id}/text")
def show_digest_text(client_id: str, digest_id: str) -> Any:
    """Show a digest as the mail's text."""
    digest = wiring.desk().digest(_client(client_id), digest_id)
    headers: Headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(wiring.renderer()(digest, {}).text, status_code=200, headers=headers)


@route("/clients/{client_id}/backtests", methods=["POST"])
def ask_backtest(client_id: str) -> Any:
    """Ask what a query would have brought; 202 and where the answer will be."""
    client = _client(client_id)
    request = _body(BackTestRequest)
    job = wiring.jobs().ask(client, request.query, request.days, request.monthly_mentions)
    answer = _json(views.of_backtest(job), 202)
    path = _request().context.get(
        "path", f"/clients/{client_id}/backtests"
    )  # with the stage, where it has one
    answer.headers["Location"] = f"{path.rstrip('/')}/{job.job_id}"
    return answer


@route("/clients/{client_id}/backtests/{job_id}")
def show_backtest(client_id: str, job_id: str) -> Any:
    """Show a back-test: how far it is, and its result."""
    return views.of_backtest(wiring.jobs().show(_client(client_id), job_id))


@route("/clients/{client_id}/ledger")
def list_ledgers(client_id: str) -> Any:
    """Show the ledger of each of the latest digests, newest first."""
    client = _client(client_id)
    digests = [
        wiring.desk().digest(client, entry.digest_id) for entry in wiring.desk().digest_entries(client)[:14]
    ]
    return {
        "ledgers": [
            {
                "digest_id": digest.digest_id,
                "interval": views.plain(digest.interval),
                **views.of_ledger(digest.ledger),
            }
            for digest in digests
        ]
    }


@route("/sources")
def list_sources() -> Any:
    """List the stack's sources and how they do; any key may, a client sees no searches but its own."""
    caller = _caller()
    return {"sources": wiring.source_views(None if caller.client_id == OPS else caller.client_id)}


@route("/connectors")
def list_connectors() -> Any:
    """List the platforms, how they stand for all clients, and what each needs (ops)."""
    wiring.desk().demand_ops(_caller())
    locale = _preferred_language() or wiring.desk().default_locale
    standings = wiring.connectors().of_stack()
    return {"connectors": [views.of_standing(standing, locale, ZoneInfo("UTC")) for standing in standings]}


@route("/clients/{client_id}/connectors")
def list_client_connectors(client_id: str) -> Any:
    """List the platforms and how they stand for a client: active, or what it would take."""
    client = _client(client_id)
    locale = _preferred_language() or client.locale
    standings = wiring.connectors().of_client(client_id)
    return {"connectors": [views.of_standing(standing, locale, client.tz) for standing in standings]}


@route("/parked")
def list_parked() -> Any:
    """List what was parked, newest first (ops)."""
    wiring.desk().demand_ops(_caller())
    return {"parked": [views.of_parked(parked) for parked in wiring.ledger().parked()]}


handler = app
