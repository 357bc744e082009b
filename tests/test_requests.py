"""What callers write: read, checked, and each wrong field named by the path the caller used."""

import json
from datetime import UTC, datetime, time
from typing import Any

import pytest

from vigie.domain.clients import Client, DigestSchedule, Recipient, Watch
from vigie.errors import BadField
from vigie.requests import ClientRequest, WatchRequest, language_of, read

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def body(**fields: Any) -> bytes:
    """Return a client request with these fields."""
    return json.dumps({"name": "Banque d'Armélie", **fields}).encode()


def test_whole_client_is_read() -> None:
    """Every field a caller gives reaches the client."""
    content = body(
        locale="en",
        zone="Asia/Kathmandu",
        schedule={"send_at": "18:45:00", "days": [0, 4], "cutoff_minutes": 30},
        recipients=[{"email": "veille@armelie.example", "name": "Veille"}],
    )
    expected = Client(
        client_id="banque-armelie",
        name="Banque d'Armélie",
        created_at=NOW,
        locale="en",
        zone="Asia/Kathmandu",
        schedule=DigestSchedule(time(18, 45), (0, 4), 30),
        recipients=(Recipient("veille@armelie.example", "Veille"),),
    )
    assert expected == read(content, ClientRequest).to_client("banque-armelie", NOW)


def test_name_alone_makes_a_client() -> None:
    """What is left out takes the client's own defaults."""
    expected = Client(client_id="armelie", name="Banque d'Armélie", created_at=NOW)
    assert expected == read(body(), ClientRequest).to_client("armelie", NOW)


def test_watch_is_read() -> None:
    """A watch's request makes the watch, its query untouched."""
    content = b'{"name": "Marque", "purpose": "brand", "query": "\\"Banque d\'Arm\\u00e9lie\\""}'
    expected = Watch(
        client_id="armelie",
        watch_id="marque",
        name="Marque",
        purpose="brand",
        query='"Banque d\'Armélie"',
        created_at=NOW,
    )
    assert expected == read(content, WatchRequest).to_watch("armelie", "marque", NOW)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"{}", "name"),
        (b'{"name": 12}', "name"),
        (body(nmae="x"), "nmae"),
        (body(locale="de"), "locale"),
        (body(schedule={"send_at": 730}), "schedule.send_at"),
        (body(schedule={"sent_at": "07:30:00"}), "schedule.sent_at"),
        (body(schedule={"days": ["lundi"]}), "schedule.days[0]"),
        (body(schedule=None), "schedule"),
        (body(recipients=[{"email": "a@b.example"}, {"name": "Léo"}]), "recipients[1].email"),
        (body(recipients=[{"email": "a@b.example", "role": "to"}]), "recipients[0].role"),
        (b"[]", "body"),
        (b"", "body"),
        (b"name=Armelie", "body"),
        (b'{"name": "Arm\xe9lie"}', "body"),
    ],
)
def test_wrong_field_is_named_with_its_path(content: bytes, field: str) -> None:
    """A caller learns which field is wrong, by the path they wrote it at."""
    with pytest.raises(BadField) as refusal:
        read(content, ClientRequest)
    assert field == refusal.value.field


def test_a_client_that_names_no_language_has_the_stacks() -> None:
    """The stack's language is for those that name none."""
    named, unnamed = read(body(locale="fr"), ClientRequest), read(body(), ClientRequest)
    assert [r.to_client("armelie", NOW, "en").locale for r in (named, unnamed)] == ["fr", "en"]


def test_a_watch_may_be_made_of_words() -> None:
    """Words of which a document must hold any, all and none become the query."""
    request = WatchRequest(name="Marque", purpose="brand", any=("a", "b c"), none=("-d",))

    assert request.to_watch("armelie", "marque", NOW).query == '(a OR "b c") AND NOT "-d"'


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"query": "a", "any": ["b"]}, "query"),
        ({}, "query"),
        ({"any": []}, "all"),
        ({"all": ["a", "!"]}, "all[1]"),
    ],
)
def test_a_watch_is_a_query_or_words(wanted: dict[str, Any], field: str) -> None:
    """Both, neither, and words that are none are refused by name."""
    request = read(json.dumps({"name": "Marque", "purpose": "brand", **wanted}).encode(), WatchRequest)
    with pytest.raises(BadField) as refusal:
        request.to_watch("armelie", "marque", NOW)
    assert refusal.value.field == field


def test_a_query_fits_the_table() -> None:
    """A query that no item of the table could hold is refused by name, not by the table."""
    with pytest.raises(BadField, match=r"^query: is longer than 300 KB"):
        WatchRequest(name="Marque", purpose="brand", query="é" * 150_001).to_watch("armelie", "marque", NOW)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, None),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("de, en;q=0.5, fr;q=0.7", "fr"),
        ("EN", "en"),
        ("fr;q=0, en;q=0.001", "en"),
        ("de;q=1, *;q=0.5", None),
        ("fr;q=nonsense", "fr"),
        (",;,=", None),
    ],
)
def test_the_preferred_of_our_languages_is_found(header: str | None, locale: str | None) -> None:
    """The heaviest of French and English, the first of equals, and neither when neither is named."""
    assert language_of(header) == locale


@pytest.mark.parametrize("request_id", ["autre", ""])
def test_an_id_never_changes(request_id: str) -> None:
    """An id in the body that is not the one of the address is refused."""
    client = ClientRequest(name="Armélie", client_id=request_id)
    with pytest.raises(BadField, match=r"^client_id: is not the one of the address"):
        client.to_client("armelie", NOW)
    watch = WatchRequest(name="Marque", purpose="brand", query="armelie", watch_id=request_id)
    with pytest.raises(BadField, match=r"^watch_id: is not the one of the address"):
        watch.to_watch("armelie", "marque", NOW)


@pytest.mark.parametrize("hour", ["7h30", "25:00", "07:30:00+02:00", "07:30:15", ""])
def test_what_cannot_be_kept_is_refused(hour: str) -> None:
    """A body of the right shape still has to make a client: its hour is a local hour and minute."""
    content = body(schedule={"send_at": hour})
    with pytest.raises(BadField) as refusal:
        read(content, ClientRequest).to_client("armelie", NOW)
    assert refusal.value.field == "schedule.send_at"
