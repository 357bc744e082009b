"""Telling clients' endpoints what happened."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from tests.builders import CUTOFF, a_document, a_mention, an_alert
from tests.fakes import World
from tests.journal import Crash
from vigie import views
from vigie.api.openapi import document
from vigie.api.table import ROUTES
from vigie.domain.alerts.alert import Event, Measure
from vigie.domain.alerts.watching import Watching
from vigie.domain.mentions import Mention
from vigie.domain.notices import Endpoint, Posted, Subscribed, secret_of, signed
from vigie.messages import NoticeDue
from vigie.steps.announce import MENTIONS_AT_ONCE, Announce
from vigie.steps.notify import Notify

CLIENT = "banque-armelie"


@dataclass
class FakeCourier:
    """Receivers that answer as told, by address; and what they were posted."""

    answers: dict[str, list[Posted]] = field(default_factory=dict)
    posted: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def refusal(self, url: str) -> str | None:
        """Refuse nothing."""
        del url

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Take a post, do what the test does meanwhile, answer."""
        self.posted.append((url, headers, body))
        self.meanwhile()
        answers = self.answers.get(url, [])
        return answers.pop(0) if answers else Posted(200)


@dataclass
class Room:
    """A client with two endpoints and a mention."""

    world: World = field(default_factory=World)
    courier: FakeCourier = field(default_factory=FakeCourier)

    def __post_init__(self) -> None:
        world = self.world
        world.clock.instant = CUTOFF
        for name in ("a", "b"):
            world.endpoints.change(CLIENT, name, lambda _, name=name: endpoint_of(name))
        world.mentions.record([a_mention(a_document("Trois guichets ferment", document_id="d1"))])
        self.step = Notify(
            endpoints=world.endpoints,
            mentions=world.mentions,
            courier=self.courier,
            outbox=world.outbox,
            ledger=world.ledger,
            clock=world.clock,
            show=shown,
            alert=world.alerts.alert,
            show_alert=views.of_alert,
            secret=lambda: "stack-secret",
        )
        self.announce = Announce(
            endpoints=world.endpoints, outbox=world.outbox, clock=world.clock, is_on=True
        )

    def drain(self, seconds: float) -> None:
        """Deliver what is queued, each message when its delay is over, for so long."""
        until = self.world.clock() + timedelta(seconds=seconds)
        waiting = [(self.world.clock() + timedelta(seconds=d), m) for m, d in self.world.outbox.sent]
        self.world.outbox.sent.clear()
        while waiting and (due := min(waiting, key=lambda each: each[0]))[0] <= until:
            waiting.remove(due)
            self.world.clock.instant = max(self.world.clock(), due[0])
            self.step.run(due[1])  # type: ignore[arg-type]
            now = self.world.clock()
            waiting += [
                (now + timedelta(seconds=delay), message) for message, delay in self.world.outbox.sent
            ]
            self.world.outbox.sent.clear()
        self.world.outbox.sent += [(m, 0) for _, m in waiting]

    def endpoint(self, name: str = "a") -> Endpoint:
        """Return an endpoint as it stands."""
        found = self.world.endpoints.endpoint(CLIENT, name)
        assert found is not None
        return found


def endpoint_of(name: str, events: tuple[Subscribed, ...] = ("mention.recorded", "digest.ready")) -> Endpoint:
    """Return an endpoint."""
    return Endpoint(
        client_id=CLIENT,
        endpoint_id=name,
        url=f"https://{name}.example/",
        events=events,
        created_at=CUTOFF,
    )


def shown(mention: Mention) -> dict[str, Any]:
    """Show a mention's title."""
    return {"title": mention.document.title}


def notice(name: str = "a", **fields: Any) -> NoticeDue:
    """Return a notice of the mention."""
    told = {
        "client_id": CLIENT,
        "endpoint_id": name,
        "event_id": "evt_1",
        "event": "mention.recorded",
        "happened_at": CUTOFF,
        "mention_ids": ("d1",),
    }
    return NoticeDue(**{**told, **fields})


@pytest.fixture
def room() -> Room:
    """Return a room."""
    return Room()


def test_mentions_are_told_signed_as_they_stand(room: Room) -> None:
    """The body is JSON, its signature that of the endpoint's own secret."""
    assert room.step.run(notice()).outcome == "delivered"
    ((url, headers, body),) = room.courier.posted
    assert url == "https://a.example/"
    assert json.loads(body) == {
        "id": "evt_1",
        "type": "mention.recorded",
        "timestamp": "2026-12-08T06:15:00Z",
        "client_id": CLIENT,
        "data": {"mentions": [{"title": "Trois guichets ferment"}]},
    }
    assert headers == signed([secret_of("stack-secret", CLIENT, "a", 1)], "evt_1", CUTOFF, body)
    (attempt,) = room.world.endpoints.attempts(CLIENT, "a", 10)
    assert (attempt.outcome, attempt.status, attempt.tries) == ("delivered", 200, 1)


def test_a_digest_and_a_ping_are_told_too(room: Room) -> None:
    """A digest by where it is read, a ping with nothing."""
    room.step.run(notice(event="digest.ready", digest_id="20261208T061500Z", mention_ids=()))
    room.step.run(notice(event="ping", event_id="evt_2", mention_ids=()))
    digest, ping = (json.loads(body)["data"] for _, _, body in room.courier.posted)
    assert digest == {
        "digest_id": "20261208T061500Z",
        "path": f"/clients/{CLIENT}/digests/20261208T061500Z",
    }
    assert ping == {}


def test_an_alert_is_told_as_it_stands_with_what_happened_to_it(room: Room) -> None:
    """Who reads late reads what it came to; an alert that is not there, or an event, is not told."""
    opened = Event(number=1, kind="opened", at=CUTOFF, trigger="crisis")
    taken = Event(number=2, kind="acknowledged", at=CUTOFF + timedelta(minutes=3), by="Léa")
    alert = an_alert(opened, taken, alert_id="a1", state="acknowledged")
    watching = Watching(client_id=CLIENT, since=CUTOFF, open_bin_at=CUTOFF, alerts=(alert,))
    room.world.alerts.keep(None, watching, [alert], None)
    asked = {"event": "alert.changed", "alert_id": "a1", "mention_ids": ()}
    assert room.step.run(notice(**asked, alert_event=2)).outcome == "delivered"
    ((_, _, body),) = room.courier.posted
    data = json.loads(body)["data"]
    assert (data["event"]["kind"], data["event"]["by"]) == ("acknowledged", "Léa")
    assert (data["alert"]["alert_id"], data["alert"]["state"]) == ("a1", "acknowledged")
    assert not {"pending", "announced", "client_id"} & data["alert"].keys()
    for gone in ({**asked, "alert_event": 3}, {**asked, "alert_id": "a2", "alert_event": 1}):
        assert room.step.run(notice(**gone)).outcome == "nothing"


KINDS = {
    "mention.recorded": {},
    "alert.opened": {"alert_id": "a1", "alert_event": 1},
    "alert.changed": {"alert_id": "a1", "alert_event": 2},
    "digest.ready": {"digest_id": "20261208T061500Z"},
    "ping": {},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_event_is_told_as_the_published_document_has_it(room: Room, kind: str) -> None:
    """What is posted fits its schema, and the schema names nothing that is not posted."""
    events = [
        Event(
            number=1,
            kind="opened",
            at=CUTOFF,
            trigger="crisis",
            measure=Measure(value=3, baseline=0, z=9, minutes=60),
        ),
        Event(number=2, kind="acknowledged", at=CUTOFF + timedelta(minutes=3), by="Léa"),
    ]
    alert = an_alert(*events, alert_id="a1", state="acknowledged")
    watching = Watching(client_id=CLIENT, since=CUTOFF, open_bin_at=CUTOFF, alerts=(alert,))
    room.world.alerts.keep(None, watching, watching.alerts, None)
    step = replace(room.step, show=views.of_mention)
    assert step.run(notice(event=kind, **KINDS[kind])).outcome == "delivered"
    ((_, headers, body),) = room.courier.posted
    told = document(ROUTES)
    (hook,) = told["webhooks"][kind].values()
    assert {each["name"] for each in hook["parameters"]} == headers.keys()
    schema = hook["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": told["components"]}).validate(json.loads(body))


def test_each_event_that_may_be_asked_for_is_in_the_document() -> None:
    """And the ping, which comes without being asked for."""
    assert {*get_args(Subscribed), "ping"} == document(ROUTES)["webhooks"].keys() == KINDS.keys()


def test_what_was_taken_back_is_not_told(room: Room) -> None:
    """And when nothing is left, nothing is posted."""
    room.world.mentions.withdraw(CLIENT, "d1", CUTOFF)
    assert room.step.run(notice()).outcome == "nothing"
    assert room.step.run(notice(mention_ids=("unknown",))).outcome == "nothing"
    assert room.courier.posted == []
    assert room.endpoint() == endpoint_of("a")


def test_a_receiver_that_fails_is_tried_again_and_then_forgiven(room: Room) -> None:
    """500, then 200: the endpoint was failing for a while, and each try had the same id."""
    room.courier.answers["https://a.example/"] = [Posted(500), Posted(None, "it took more than 10 s")]
    room.world.outbox.send([notice()])
    room.drain(1)
    assert (room.endpoint().standing, room.endpoint().trouble) == ("failing", "it answered 500")
    room.drain(600)
    assert room.endpoint().standing == "active"
    assert {headers["webhook-id"] for _, headers, _ in room.courier.posted} == {"evt_1"}
    (attempt,) = room.world.endpoints.attempts(CLIENT, "a", 10)
    assert (attempt.outcome, attempt.tries) == ("delivered", 3)


def test_a_receiver_is_given_up_on_after_a_day(room: Room) -> None:
    """Tried about a hundred times, never less than half a minute apart; then parked, and shown as failing."""
    room.courier.answers["https://a.example/"] = [Posted(503)] * 1_000
    room.world.outbox.send([notice()])
    room.drain(2 * 86_400)
    assert room.world.outbox.sent == []
    assert 90 <= len(room.courier.posted) <= 110
    (parked,) = room.world.ledger.parked()
    assert (parked.stage, parked.reason) == ("notify", "no receiver in a day: it answered 503")
    assert room.endpoint().standing == "failing"
    (attempt,) = room.world.endpoints.attempts(CLIENT, "a", 10)
    assert attempt.outcome == "given_up"


def test_gone_ends_it(room: Room) -> None:
    """410 disables the endpoint: what is on its way is dropped, nothing more is queued."""
    room.courier.answers["https://a.example/"] = [Posted(410)]
    assert room.step.run(notice()).outcome == "refused"
    assert room.endpoint().standing == "disabled"
    assert room.step.run(notice(event_id="evt_2")).outcome == "gone"
    assert room.step.run(notice("unknown")).outcome == "gone"
    assert len(room.courier.posted) == 1
    assert room.announce.digest(CLIENT, "20261208T061500Z") == 1


def test_a_slow_endpoint_delays_no_other(room: Room) -> None:
    """While one is tried, a second event for it is put off at once, and the other's is delivered."""
    outcomes: list[str] = []

    def meanwhile() -> None:
        if len(room.courier.posted) == 1:
            outcomes.append(room.step.run(notice(event_id="evt_2")).outcome)
            outcomes.append(room.step.run(notice("b")).outcome)

    room.courier.meanwhile = meanwhile
    assert room.step.run(notice()).outcome == "delivered"
    assert outcomes == ["put_off", "delivered"]
    ((message, delay_seconds),) = room.world.outbox.sent
    assert (message.event_id, message.tries) == ("evt_2", 0)
    assert 5 <= delay_seconds <= 60


def test_an_endpoint_that_pauses_is_left_alone(room: Room) -> None:
    """A failure of one event makes the next wait as well: nobody is hammered."""
    room.courier.answers["https://a.example/"] = [Posted(500)]
    room.step.run(notice())
    assert room.step.run(notice(event_id="evt_2")).outcome == "put_off"
    assert len(room.courier.posted) == 1
    late = notice(event_id="evt_3", happened_at=CUTOFF - timedelta(hours=25))
    assert room.step.run(late).outcome == "given_up"


def test_after_a_rotation_two_secrets_sign(room: Room) -> None:
    """The new one first."""
    rotated = replace(endpoint_of("a"), secret_version=2, rotated_at=CUTOFF)
    room.world.endpoints.change(CLIENT, "a", lambda _: rotated)
    room.step.run(notice())
    ((_, headers, _),) = room.courier.posted
    assert len(headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.parametrize("answer", [200, 500])
def test_a_crash_at_any_write_loses_no_event(point: str, answer: int) -> None:
    """It is delivered once at least, under one id."""
    for number in range(1, 7):
        room = Room()
        room.courier.answers["https://a.example/"] = [Posted(answer)]
        room.world.journal.interrupt(**{point: number})
        try:
            room.step.run(notice())
        except Crash:
            room.world.outbox.sent.insert(0, (notice(), 360))
        room.world.journal.interrupt()
        room.drain(3_600)
        taken = [headers["webhook-id"] for _, headers, _ in room.courier.posted]
        assert set(taken) == {"evt_1"}
        assert room.endpoint().standing == "active"
        (attempt,) = room.world.endpoints.attempts(CLIENT, "a", 10)
        assert attempt.outcome == "delivered"


def test_each_endpoint_that_wants_an_event_is_queued_one(room: Room) -> None:
    """Announced again, the events have the same ids; a client without endpoints costs nothing."""
    room.world.endpoints.change(CLIENT, "b", lambda _: endpoint_of("b", ("digest.ready",)))
    mention = a_mention()
    for _ in range(2):
        assert room.announce.mentions([mention, replace(mention, client_id="union")]) == 1
        assert room.announce.digest(CLIENT, "20261208T061500Z") == 2
    told = [(message.endpoint_id, message.event, message.event_id) for message, _ in room.world.outbox.sent]
    assert len(told) == 6
    assert len(set(told)) == 3
    assert len({event_id for _, _, event_id in told}) == 2


def test_mentions_are_told_in_batches(room: Room) -> None:
    """So many at once; what is held or history is not news."""
    mentions = [a_mention(a_document(f"T{n}", document_id=f"n{n}")) for n in range(MENTIONS_AT_ONCE + 1)]
    mentions.append(a_mention(status="held", held_reason="same_address"))
    mentions.append(a_mention(backfilled=True))
    room.world.endpoints.change(CLIENT, "b", lambda _: None)
    assert room.announce.mentions(mentions) == 2
    assert [len(message.mention_ids) for message, _ in room.world.outbox.sent] == [MENTIONS_AT_ONCE, 1]


def test_a_stack_without_webhooks_announces_nothing(room: Room) -> None:
    """Nor looks for endpoints."""
    off = replace(room.announce, is_on=False)
    assert off.mentions([a_mention()]) == off.digest(CLIENT, "x") == 0
    assert room.world.outbox.sent == []
