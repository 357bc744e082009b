"""The API through Chalice's own dispatch: what each caller gets, and what no caller ever gets."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.adapters.mail.digests import busy_day
from tests.builders import a_client, a_document, a_mention, a_source
from tests.functions import gateway
from tests.functions.conftest import Stack
from tests.functions.gateway import Reply
from vigie import wiring
from vigie.cli import main
from vigie.domain.clients import Reviewer
from vigie.domain.connectors.followed import ClientPlan, StackPlan
from vigie.domain.keys import OPS

pytestmark = pytest.mark.emulator

WATCH = {"name": "Marque", "purpose": "brand", "query": '"Banque d\'Armélie"'}


Ask = Callable[..., Reply]


@pytest.fixture
def ask(stack: Stack) -> Ask:
    """Return what sends a request as API Gateway does, and holds each reply against the OpenAPI document."""

    def send(
        method: str,
        route: str,
        key: str | None = None,
        body: Any = None,
        query: Any = None,
        *,
        accept: str | None = None,
        headers: dict[str, str] | None = None,
        **path: str,
    ) -> Reply:
        headers = {
            **({"authorization": f"Bearer {key}"} if key else {}),
            **({"accept-language": accept} if accept else {}),
            **(headers or {}),
        }
        sent = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        asked = {name: [value] for name, value in (query or {}).items()}
        reply = gateway.send(method, route.format(**path), headers=headers, query=asked, body=sent)
        gateway.check(method, route, reply)
        return reply

    return send


@dataclass
class Two:
    """Two clients with a watch, mentions and a digest each; their keys, and that of ops."""

    bank: str
    union: str
    ops: str


@pytest.fixture
def two(stack: Stack) -> Two:
    """Return the keys of a stack with two clients."""
    keys = {}
    for client_id in ("banque-armelie", "union"):
        client = a_client(client_id=client_id, name=client_id)
        wiring.accounts().put_client(client)
        wiring.appointments().keep(client)
        keys[client_id] = wiring.desk().issue_key(client_id)
        now = datetime.now(UTC)
        mentions = [
            replace(
                a_mention(
                    a_document(f"Titre {n}", document_id=f"d{n}"), recorded_at=now - timedelta(microseconds=n)
                ),
                client_id=client_id,
            )
            for n in range(5)
        ]
        wiring.desk().mentions.record(mentions)
    stack.call("digest", {"cutoff_at": "now"})
    return Two(keys["banque-armelie"], keys["union"], wiring.desk().issue_key(OPS, ("read", "write")))


def test_the_agencys_pages_are_for_its_keys(ask: Ask, two: Two) -> None:
    """Clients neither list clients nor make them nor see what was parked; ops do."""
    for method, route in (("GET", "/clients"), ("POST", "/clients"), ("GET", "/parked")):
        assert ask(method, route, two.bank, {"name": "x"}).status == 403, route
    listed = ask("GET", "/clients", two.ops).json["clients"]
    assert [client["client_id"] for client in listed] == ["banque-armelie", "union"]
    assert ask("GET", "/parked", two.ops).json == {"parked": []}


def test_ops_create_a_client_that_can_work_at_once(ask: Ask, two: Two) -> None:
    """The key shown at creation opens the new client, whose first digest has its appointment."""
    request = {
        "client_id": "boulangerie",
        "name": "Boulangerie Tournemire",
        "recipients": [{"email": "contact@tournemire.test"}],
        "schedule": {"send_at": "08:00", "days": [0, 1, 2, 3, 4]},
    }
    created = ask("POST", "/clients", two.ops, request)
    assert created.status == 201
    key = created.json["api_key"]
    shown = ask("GET", "/clients/{client_id}", key, client_id="boulangerie").json
    assert shown["schedule"] == {
        "send_at": "08:00",
        "days": [0, 1, 2, 3, 4],
        "cutoff_minutes": 15,
        "only_when_spoken": False,
        "weekly_day": 0,
        "holidays": None,
    }
    assert "api_key" not in shown
    assert wiring.desk().digests.upcoming("boulangerie") is not None
    assert ask("POST", "/clients", two.ops, request).status == 409


def test_a_watch_lives_its_life(ask: Ask, two: Two) -> None:
    """Created, shown, changed, removed; each step is seen by the next."""
    route, one = "/clients/{client_id}/watches", "/clients/{client_id}/watches/{watch_id}"
    me = {"client_id": "banque-armelie"}
    assert ask("POST", route, two.bank, WATCH, **me).json["watch_id"] == "marque"
    assert ask("POST", route, two.bank, WATCH, **me).status == 409
    changed = ask("PUT", one, two.bank, {**WATCH, "query": "guichets"}, watch_id="marque", **me)
    assert changed.json["query"] == "guichets"
    assert [w["query"] for w in ask("GET", route, two.bank, **me).json["watches"]] == ["guichets"]
    assert ask("DELETE", one, two.bank, watch_id="marque", **me).status == 204
    assert ask("GET", one, two.bank, watch_id="marque", **me).status == 404
    assert ask("DELETE", one, two.bank, watch_id="marque", **me).status == 404


def test_a_refused_query_says_where_and_what_to_write(ask: Ask, two: Two) -> None:
    """A problem document carries the code, the position and the remedy; nothing is saved."""
    route, me = "/clients/{client_id}/watches", {"client_id": "banque-armelie"}
    reply = ask("POST", route, two.bank, {**WATCH, "query": 'banque "armélie'}, **me)
    assert (reply.status, reply.headers["Content-Type"]) == (422, "application/problem+json")
    assert (reply.json["field"], reply.json["code"], reply.json["position"]) == ("query", "SYNTAX", 7)
    assert reply.json["remedy"]
    assert reply.json["problem"] == "ce guillemet n’est jamais refermé"
    unanchored = ask("POST", route, two.bank, {**WATCH, "query": "NOT banque"}, accept="en", **me)
    assert unanchored.json["code"] == "UNANCHORED"
    assert unanchored.json["remedy"] == "Add a word, phrase or site that every result holds."
    assert ask("GET", route, two.bank, **me).json == {"watches": []}


def test_a_watch_may_be_written_in_words(ask: Ask, two: Two) -> None:
    """Words of which any, all and none are wanted become the query, and are shown with it ever after."""
    route, one = "/clients/{client_id}/watches", "/clients/{client_id}/watches/{watch_id}"
    me = {"client_id": "banque-armelie"}
    words = {
        "name": "Marque",
        "purpose": "brand",
        "any": ["Banque d'Armélie", "#armelie"],
        "none": ["-rugby"],
    }
    made = ask("POST", route, two.bank, words, **me)
    assert (made.status, made.json["query"]) == (201, '("Banque d\'Armélie" OR #armelie) AND NOT "-rugby"')
    changed = ask("PUT", one, two.bank, {**WATCH, "query": "(a OR b) c"}, watch_id="marque", **me)
    assert (changed.json["any"], changed.json["all"], changed.json["none"]) == (["a", "b"], ["c"], [])
    ask("PUT", one, two.bank, {**WATCH, "query": "banque lang:fr"}, watch_id="marque", **me)
    assert ask("GET", one, two.bank, watch_id="marque", **me).json["any"] is None
    refused = ask("PUT", one, two.bank, {**words, "any": ["!!"]}, watch_id="marque", **me)
    assert (refused.status, refused.json["field"], refused.json["code"]) == (422, "any[0]", "NO_TOKENS")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("not json", "body"),
        ({"name": "x", "zone": "Europe/Paname"}, "zone"),
        ({"name": "x", "schedule": {"send_at": "25:00"}}, "schedule.send_at"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "recipients": [{"email": "nobody"}]}, "recipients.email"),
        ({"zone": "Europe/Paris"}, "name"),
        ({"name": "x", "client_id": "union"}, "client_id"),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(ask: Ask, two: Two, body: Any, field: str) -> None:
    """Whatever is wrong in a request, the answer names it and says what would do."""
    reply = ask("PUT", "/clients/{client_id}", two.bank, body, client_id="banque-armelie")
    assert (reply.status, reply.json["field"]) == (422, field)
    assert reply.json["remedy"]


def test_mentions_come_newest_first_page_by_page(ask: Ask, two: Two) -> None:
    """A cursor leads through all of them once; one of another client, or none of ours, is refused."""
    route, me = "/clients/{client_id}/mentions", {"client_id": "banque-armelie"}
    titles, cursor = [], ""
    while cursor is not None:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = ask("GET", route, two.bank, query=query, **me).json
        titles += [mention["document"]["title"] for mention in page["mentions"]]
        cursor = page["cursor"]
    assert titles == [f"Titre {n}" for n in range(5)]
    theirs = ask("GET", route, two.union, query={"limit": "2"}, client_id="union").json["cursor"]
    for wrong in (theirs, "x", "AAAA"):
        assert ask("GET", route, two.bank, query={"cursor": wrong}, **me).json["field"] == "cursor"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"channel": "null"}, "channel"),
        ({"colour": "red"}, "colour"),
        ({"limit": "²"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-11-22T06:15:00"}, "until"),
    ],
)
def test_a_wrong_parameter_is_named(ask: Ask, two: Two, query: Any, field: str) -> None:
    """Parameters of the address are checked as bodies are."""
    reply = ask("GET", "/clients/{client_id}/mentions", two.bank, query=query, client_id="banque-armelie")
    assert (reply.status, reply.json["field"]) == (422, field)


def test_a_digest_is_the_same_as_json_html_and_text(ask: Ask, two: Two) -> None:
    """The three forms of the latest digest say the same number and the same title."""
    route, me = "/clients/{client_id}/digests/{digest_id}", {"client_id": "banque-armelie"}
    shown = ask("GET", route, two.bank, digest_id="latest", **me)
    html = ask("GET", f"{route}/html", two.bank, digest_id="latest", **me)
    text = ask("GET", f"{route}/text", two.bank, digest_id=shown.json["digest_id"], **me)
    assert shown.json["totals"]["retained"] == 5
    assert "odometer" not in shown.json
    assert html.headers["Content-Type"].startswith("text/html")
    assert "Titre 0" in html.text
    assert "Titre 0" in text.text
    assert ask("GET", route, two.bank, digest_id="20200101T000000Z", **me).status == 404
    listed = ask("GET", "/clients/{client_id}/digests", two.bank, **me).json["digests"]
    assert [entry["digest_id"] for entry in listed] == [shown.json["digest_id"]]
    ledger = ask("GET", "/clients/{client_id}/ledger", two.bank, **me).json["ledgers"][0]
    assert ledger["retained"] == 5


def test_a_digest_comes_as_accept_wants_it(ask: Ask, two: Two) -> None:
    """JSON unless something else is wanted more; what cannot be had is refused with what can."""
    one = "/clients/{client_id}/digests/{digest_id}"
    me = {"client_id": "banque-armelie", "digest_id": "latest"}
    for accept, got in (
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/plain", "text/plain"),
    ):
        reply = ask("GET", one, two.bank, headers={"accept": accept}, **me)
        assert (reply.status, reply.headers["Content-Type"].partition(";")[0]) == (200, got)
    refused = ask("GET", one, two.bank, headers={"accept": "application/pdf"}, **me)
    assert (refused.status, "text/html" in refused.json["detail"]) == (406, True)


def test_a_review_is_decided_by_the_api_until_its_digest_leaves(ask: Ask, two: Two) -> None:
    """What is decided is shown as it will leave, once; whoever had not read the last version is told."""
    review = "/clients/{client_id}/digests/{digest_id}/review"
    me = {"client_id": "banque-armelie", "digest_id": "latest"}
    refused = ask("PUT", review, two.bank, {"note": "Bonjour."}, **me)
    assert refused.status == 409  # nobody was named to look it over
    client = wiring.accounts().client("banque-armelie")
    assert client is not None
    wiring.accounts().put_client(replace(client, reviewer=Reviewer("claire@agence.test", "Claire")))
    digest = replace(busy_day(), client_id="banque-armelie", digest_id="20991231T060000Z")
    wiring.digests().put(digest, digest.built_at, datetime.now(UTC) + timedelta(minutes=25))
    me["digest_id"] = digest.digest_id
    found = ask("GET", review, two.bank, **me)
    assert (found.status, found.json["is_open"], found.json["review"]["version"]) == (200, True, 0)
    decided = ask("PUT", review, two.bank, {"note": "Bonjour.", "by": "Claire"}, **me)
    assert decided.json["digest"]["review"]["note"] == "Bonjour."
    assert decided.json["found"]["review"] is None
    assert ask("PUT", review, two.bank, {"note": "Autre."}, **me).status == 412
    stale = {"if-match": found.headers["ETag"]}
    assert ask("PUT", review, two.bank, {"version": 1}, headers=stale, **me).status == 412


def test_any_key_sees_how_the_sources_do(ask: Ask, two: Two) -> None:
    """Sources belong to the stack and hold nothing of a client."""
    wiring.sources().put_sources([a_source()], 4)
    (source,) = ask("GET", "/sources", two.bank).json["sources"]
    assert (source["source_id"], source["health"]) == ("courrier-armelie", "new")
    assert ask("GET", "/sources").status == 401


def test_a_client_sees_no_words_but_its_own(ask: Ask, two: Two) -> None:
    """Searches hold watches' words: each client sees its own among the sources, the agency all."""
    for number, client_id in enumerate(("banque-armelie", "union")):
        search = a_source(f"bluesky-{number}", connector="bluesky", query=f"words {number}")
        wiring.sources().put_sources([search], 4)
        plan = ClientPlan(client_id=client_id, searches={"bluesky": (search.source_id,)})
        wiring.accounts().put_search_plan(plan)
    assert [source["query"] for source in ask("GET", "/sources", two.bank).json["sources"]] == ["words 0"]
    assert len(ask("GET", "/sources", two.ops).json["sources"]) == 2


def test_a_client_sees_how_the_platforms_stand(ask: Ask, two: Two) -> None:
    """Each platform has a status, and a sentence in the language asked for; what is planned counts."""
    wiring.sources().keep_search_plan(StackPlan(version="1", connectors=("bluesky",)))
    plan = ClientPlan(client_id="banque-armelie", searches={"bluesky": ("bluesky-1",)})
    wiring.accounts().put_search_plan(plan)
    route = "/clients/{client_id}/connectors"
    found = ask("GET", route, two.bank, client_id="banque-armelie").json["connectors"]
    shown = {item["connector"]: item for item in found}
    assert (shown["bluesky"]["status"], shown["bluesky"]["searches"]) == ("active", 1)
    assert (shown["reddit"]["status"], shown["linkedin"]["status"]) == ("needs_contract", "not_offered")
    assert "contrat" in shown["reddit"]["detail"]
    assert ask("GET", "/connectors", two.ops).json["connectors"][1]["searches"] == 0


def test_the_status_needs_no_key(ask: Ask, stack: Stack) -> None:
    """A monitor may ask whether the API answers."""
    assert ask("GET", "/status").json == {"status": "ok"}


def test_a_key_is_kept_as_its_hash_only(ask: Ask, two: Two) -> None:
    """No item of the accounts table holds a key."""
    from vigie.adapters import aws

    items = aws.dynamodb().scan(TableName=wiring.settings().accounts_table)["Items"]
    secret = two.bank.rpartition("_")[2]
    assert items
    assert secret not in json.dumps(items, default=str)


def test_a_story_is_shown_to_the_client_that_found_it(ask: Ask, two: Two) -> None:
    """A mention's story leads to its documents; another client's key finds nothing there."""
    route, me = "/clients/{client_id}/stories/{story_id}", {"client_id": "banque-armelie"}
    mention = ask("GET", "/clients/{client_id}/mentions/{mention_id}", two.bank, mention_id="d1", **me)
    story_id = mention.json["story"]["story_id"]
    shown = ask("GET", route, two.bank, story_id=story_id, **me).json
    assert "d1" in {found["mention_id"] for found in shown["mentions"]}
    assert ask("GET", route, two.union, story_id=story_id, **me).status == 404
    assert ask("GET", route, two.bank, story_id="unknown", **me).status == 404


def test_subjects_are_listed_merged_and_split_within_one_client(ask: Ask, two: Two) -> None:
    """A client corrects its subjects, and its digest's words for them; another client's key finds nothing there."""
    route, me = "/clients/{client_id}/subjects", {"client_id": "banque-armelie"}
    since = {"since": "2026-11-20T00:00:00Z", "until": "2026-12-10T00:00:00Z"}
    listed = ask("GET", route, two.bank, query=since, **me)
    assert listed.status == 200, listed.text
    assert ask("GET", route, two.union, query=since, **me).status == 404
    unknown = ask(
        "POST", f"{route}/{{subject_id}}/merge", two.bank, {"other_subject_id": "x"}, subject_id="y", **me
    )
    assert unknown.status == 404
    wrong = ask("POST", f"{route}/{{subject_id}}/split", two.bank, {}, subject_id="y", **me)
    assert (wrong.status, wrong.json["field"]) == (422, "story_id")


def test_what_the_caller_has_already_is_not_sent_again(ask: Ask, two: Two) -> None:
    """An answer's entity tag given back brings 304 without a body, until the thing changes."""
    route, me = "/clients/{client_id}", {"client_id": "banque-armelie"}
    tag = ask("GET", route, two.bank, **me).headers["ETag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = ask("GET", route, two.bank, headers={"if-none-match": known}, **me)
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag)
    ask("PUT", route, two.bank, {"name": "Banque d'Armélie et du Vaurel"}, **me)
    assert ask("GET", route, two.bank, headers={"if-none-match": tag}, **me).status == 200


def test_a_change_on_a_condition_is_made_once(ask: Ask, two: Two) -> None:
    """Of two that had read the same, the second is told that it has changed, in the caller's language."""
    route, me = "/clients/{client_id}/watches/{watch_id}", {"client_id": "banque-armelie"}
    ask("POST", "/clients/{client_id}/watches", two.bank, WATCH, **me)
    condition = {"if-match": ask("GET", route, two.bank, watch_id="marque", **me).headers["ETag"]}
    changed = {**WATCH, "query": "guichets"}
    first = ask("PUT", route, two.bank, changed, headers=condition, watch_id="marque", **me)
    second = ask("PUT", route, two.bank, WATCH, headers=condition, watch_id="marque", **me)
    assert (first.status, second.status, second.json["type"]) == (200, 412, "urn:vigie:problem:outdated")
    assert second.json["detail"].startswith("Ce n’est plus")


@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [
        ("name=x", "application/x-www-form-urlencoded", (415, "urn:vigie:problem:wrong-type")),
        ('{"name": "' + "x" * 1_000_000 + '"}', "application/json", (413, "urn:vigie:problem:too-large")),
        ('{"name": 7}', "application/json; charset=utf-8", (422, "urn:vigie:problem:bad-field")),
    ],
)
def test_a_body_that_is_not_read_says_why(
    ask: Ask, two: Two, body: str, content_type: str, told: tuple[int, str]
) -> None:
    """A wrong type, too many bytes, a wrong field: each has its status and its type of problem."""
    me, headers = {"client_id": "banque-armelie"}, {"content-type": content_type}
    reply = ask("PUT", "/clients/{client_id}", two.bank, body, headers=headers, **me)
    assert (reply.status, reply.json["type"]) == told


def test_a_path_or_a_method_that_is_not_there_is_told_as_a_problem(stack: Stack) -> None:
    """404 and 405 are problem documents as well, the second with what the path takes."""
    missing = gateway.send("GET", "/nothing", headers={"accept-language": "en"})
    assert (missing.status, missing.json["detail"]) == (404, "There is no path /nothing.")
    wrong = gateway.send("HEAD", "/clients")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, POST")


def test_only_the_origin_that_was_named_may_ask_from_a_browser(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a setting no page may; with one, that page alone."""
    page = {"origin": "https://tableau.example"}
    assert "Access-Control-Allow-Origin" not in gateway.send("GET", "/status", headers=page).headers
    monkeypatch.setenv("VIGIE_API_ALLOWED_ORIGIN", page["origin"])
    wiring.settings.cache_clear()
    allowed = gateway.send("GET", "/status", headers=page).headers
    assert allowed["Access-Control-Allow-Origin"] == page["origin"]
    other = gateway.send("GET", "/status", headers={"origin": "https://autre.example"}).headers
    assert "Access-Control-Allow-Origin" not in other


def test_a_fault_of_ours_says_its_number_and_nothing_else(
    ask: Ask, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks inside answers 500 with the request's id, and none of the cause."""
    monkeypatch.setenv("VIGIE_MENTIONS_TABLE", "no-such-table")
    for cached in (
        wiring.settings,
        wiring.mentions,
        wiring.followed_mentions,
        wiring.current_mentions,
        wiring.desk,
    ):
        cached.cache_clear()
    me = {"client_id": "banque-armelie"}
    reply = ask("GET", "/clients/{client_id}/mentions", two.bank, accept="en", **me)
    assert (reply.status, reply.json["detail"]) == (500, f"Report it with this number: {gateway.REQUEST_ID}.")
    assert "table" not in reply.text


def test_a_search_finds_the_words_of_its_own_client(ask: Ask, two: Two, stack: Stack) -> None:
    """Before the index is made and after: the same mentions, of this client alone; a wrong query says where."""
    route, me = "/clients/{client_id}/mentions", {"client_id": "banque-armelie"}
    for _ in range(2):
        found = ask("GET", route, two.bank, query={"q": "titre AND 3"}, **me).json
        assert [m["document"]["title"] for m in found["mentions"]] == ["Titre 3"]
        assert (found["cursor"], found["complete"]) == (None, True)
        assert stack.call("compact", {})["indexed"]["left"] == 0
    wrong = ask("GET", route, two.bank, query={"q": '"titre'}, **me)
    assert (wrong.status, wrong.json["code"]) == (422, "SYNTAX")
    raw = ask("GET", route, two.bank, query={"q": "raw:Titre"}, **me)
    assert (raw.status, raw.json["field"]) == (422, "q")


def test_a_key_is_issued_replaced_and_revoked(ask: Ask, two: Two) -> None:
    """A client looks after its own keys; a key without the right to does not, nor gives what it has not."""
    route, me = "/clients/{client_id}/keys", {"client_id": "banque-armelie"}
    made = ask("POST", route, two.bank, {"name": "Tableau", "scopes": ["read"], "good_days": 90}, **me)
    assert (made.status, made.json["scopes"]) == (201, ["read"])
    assert made.headers["Cache-Control"] == "no-store"
    reader, key_id = made.json["api_key"], made.json["key_id"]
    assert ask("GET", "/clients/{client_id}", reader, **me).status == 200
    assert ask("PUT", "/clients/{client_id}", reader, {"name": "x"}, **me).status == 403
    assert ask("GET", route, reader, **me).status == 403
    listed = ask("GET", route, two.bank, **me)
    assert reader.rpartition("_")[2] not in listed.text
    assert [key["name"] for key in listed.json["keys"] if key["key_id"] == key_id] == ["Tableau"]
    again = ask("POST", f"{route}/{{key_id}}/rotate", two.bank, {"grace_hours": 1}, key_id=key_id, **me)
    assert (again.status, again.json["scopes"]) == (201, ["read"])
    for text in (reader, again.json["api_key"]):
        assert ask("GET", "/clients/{client_id}", text, **me).status == 200
    assert ask("DELETE", f"{route}/{{key_id}}", two.bank, key_id=key_id, **me).status == 204
    assert ask("GET", "/clients/{client_id}", reader, **me).status == 401
    assert ask("DELETE", f"{route}/{{key_id}}", two.bank, key_id=key_id, **me).status == 404


def test_the_agency_looks_after_its_own_keys(ask: Ask, two: Two) -> None:
    """Ops issue and revoke keys of ops; no client does."""
    boss = wiring.desk().issue_key(OPS)
    made = ask("POST", "/keys", boss, {"name": "Astreinte", "scopes": ["read", "admin"]})
    assert ask("GET", "/parked", made.json["api_key"]).status == 200
    assert ask("POST", "/keys", two.bank, {"name": "x", "scopes": ["read"]}).status == 403
    assert len(ask("GET", "/keys", boss).json["keys"]) == 3
    assert ask("DELETE", "/keys/{key_id}", boss, key_id=made.json["key_id"]).status == 204
    assert ask("GET", "/parked", made.json["api_key"]).status == 401


def test_a_key_that_asks_too_often_is_told_to_wait(
    ask: Ask, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with how long to wait, as a problem; another key goes on."""
    monkeypatch.setenv("VIGIE_KEY_REQUESTS_PER_MINUTE", "2")
    for cached in (wiring.settings, wiring.key_desk, wiring.desk):
        cached.cache_clear()
    me = {"client_id": "banque-armelie"}
    replies = [ask("GET", "/clients/{client_id}", two.bank, accept="en", **me) for _ in range(5)]
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json["type"] == "urn:vigie:problem:too-many"
    assert ask("GET", "/clients/{client_id}", two.union, client_id="union").status == 200


def test_mentions_are_taken_away_as_a_table_as_lines_and_as_a_press_review(ask: Ask, two: Two) -> None:
    """The three hold the same mentions; a file that ends at its limit leads to the next."""
    me = {"client_id": "banque-armelie"}
    base = "/clients/{client_id}/exports"
    table = ask("GET", f"{base}/mentions.csv", two.bank, **me)
    assert table.text.startswith("\ufeffPublié le;")
    assert table.text.count("\r\n") == 6
    assert table.headers["Content-Disposition"] == 'attachment; filename="vigie-banque-armelie.csv"'
    lines = ask("GET", f"{base}/mentions.jsonl", two.bank, query={"limit": "2"}, **me)
    assert [json.loads(line)["mention_id"] for line in lines.text.splitlines()] == ["d0", "d1"]
    address, _, relation = lines.headers["Link"].partition("; ")
    asked = parse_qs(urlsplit(address.strip("<>")).query)
    assert (relation, asked["limit"]) == ('rel="next"', ["2"])
    rest = ask("GET", f"{base}/mentions.jsonl", two.bank, query={"cursor": asked["cursor"][0]}, **me)
    assert [json.loads(line)["mention_id"] for line in rest.text.splitlines()] == ["d2", "d3", "d4"]
    assert "Link" not in rest.headers
    review = ask("GET", f"{base}/press-review.html", two.bank, query={"ids": "d1,d3"}, **me)
    assert ("Titre 1" in review.text, "Titre 2" in review.text) == (True, False)
    assert ask("GET", f"{base}/press-review.html", two.bank, query={"ids": "d1,no"}, **me).status == 404
    reader = wiring.desk().issue_key("banque-armelie", ("read",))
    assert ask("GET", f"{base}/mentions.csv", reader, **me).status == 403


def test_recipients_come_and_go(ask: Ask, two: Two) -> None:
    """Added, shown, replaced, removed, each by its address in any case; an address is there once."""
    route, one = "/clients/{client_id}/recipients", "/clients/{client_id}/recipients/{email}"
    me = {"client_id": "banque-armelie"}
    new = {"email": "Direction@armelie.example", "schedule": {"send_at": "09:00"}}
    assert ask("POST", route, two.bank, new, **me).status == 201
    assert ask("POST", route, two.bank, {"email": "direction@ARMELIE.example"}, **me).status == 409
    shown = ask("GET", one, two.bank, email="direction@armelie.example", **me).json
    assert (shown["email"], shown["schedule"]["send_at"]) == ("Direction@armelie.example", "09:00")
    assert len(ask("GET", route, two.bank, **me).json["recipients"]) == 2
    changed = ask("PUT", one, two.bank, {"email": "dg@armelie.example"}, email=new["email"], **me)
    assert changed.json["email"] == "dg@armelie.example"
    wrong = ask("PUT", one, two.bank, {"email": "nobody"}, email="dg@armelie.example", **me)
    assert (wrong.status, wrong.json["field"]) == (422, "recipients.email")
    assert ask("DELETE", one, two.bank, email="DG@armelie.example", **me).status == 204
    assert ask("GET", one, two.bank, email="dg@armelie.example", **me).status == 404


def test_use_is_counted_against_the_plan(ask: Ask, two: Two, stack: Stack) -> None:
    """Documents, mentions and mails of the month, indexed yet or not; only the agency sets a plan."""
    me, plan = {"client_id": "banque-armelie"}, {"monthly_mentions": 50}
    assert ask("PUT", "/clients/{client_id}/plan", two.bank, plan, **me).status == 403
    assert ask("PUT", "/clients/{client_id}/plan", two.ops, plan, **me).json == plan
    ask("PUT", "/clients/{client_id}", two.bank, {"name": "Banque"}, **me)
    for _ in range(2):
        used = ask("GET", "/clients/{client_id}/usage", two.bank, **me).json
        counts = ("documents", "mentions", "mails", "monthly_mentions", "share_of_plan")
        assert [used[name] for name in counts] == [5, 5, 0, 50, 0.1]
        stack.call("compact", {})


def test_the_first_key_of_the_agency_is_issued_by_hand(ask: Ask, two: Two) -> None:
    """``vigie keys issue`` prints a key that opens what its scopes say; of a client that is not there, none."""
    out, err = io.StringIO(), io.StringIO()
    assert main(["keys", "issue", "ops", "--name", "Astreinte", "--scope", "read"], out, err) == 0
    key = out.getvalue().strip()
    assert len(ask("GET", "/clients", key).json["clients"]) == 2
    assert ask("POST", "/clients", key, {"client_id": "x", "name": "x"}).status == 403
    assert main(["keys", "issue", "nobody"], out, err) == 1
    assert "There is no client nobody." in err.getvalue()
