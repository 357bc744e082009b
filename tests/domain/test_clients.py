"""Clients and watches: what can be kept, and how the rest is refused."""

from dataclasses import replace
from datetime import UTC, time
from typing import Any

import pytest

from tests.builders import a_client, a_watch
from vigie.domain.clients import PURPOSES, DigestSchedule, Recipient, check_client, check_slug, check_watch
from vigie.errors import BadField


@pytest.mark.parametrize("slug", ["a", "7", "banque-armelie", "a--b", "a" * 48])
def test_slug_can_be_an_id(slug: str) -> None:
    """Lower-case letters, digits and inner hyphens make an id."""
    assert slug == check_slug("client_id", slug)


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "é", "a b", "a_b", "a\n", "a" * 49, "../a"])
def test_other_text_is_no_id(text: str) -> None:
    """What could break a key or an address is refused, naming the field."""
    with pytest.raises(BadField) as refusal:
        check_slug("watch_id", text)
    assert refusal.value.field == "watch_id"


@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC", "Asia/Kathmandu", "America/Argentina/Ushuaia"])
def test_client_with_a_known_zone_is_kept(zone: str) -> None:
    """A client whose every field is fine comes back as it is."""
    client = a_client(zone=zone)
    assert client == check_client(client)
    assert zone == client.tz.key


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"client_id": "Armélie"}, "client_id"),
        ({"name": " \t"}, "name"),
        ({"zone": ""}, "zone"),
        ({"zone": "Paris"}, "zone"),
        ({"zone": "Europe"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": "/etc/localtime"}, "zone"),
        ({"zone": "Europe/Paris\0"}, "zone"),
        ({"schedule": DigestSchedule(days=())}, "schedule.days"),
        ({"schedule": DigestSchedule(days=(0, 7))}, "schedule.days"),
        ({"schedule": DigestSchedule(cutoff_minutes=-1)}, "schedule.cutoff_minutes"),
        ({"schedule": DigestSchedule(cutoff_minutes=241)}, "schedule.cutoff_minutes"),
        ({"schedule": DigestSchedule(send_at=time(7, 30, tzinfo=UTC))}, "schedule.send_at"),
        ({"recipients": (Recipient("veille@armelie.example"), Recipient("veille"))}, "recipients.email"),
    ],
)
def test_client_that_cannot_be_kept_is_refused(fields: dict[str, Any], field: str) -> None:
    """The first field that cannot be kept is named as the caller wrote it."""
    with pytest.raises(BadField) as refusal:
        check_client(a_client(**fields))
    assert field == refusal.value.field


@pytest.mark.parametrize(
    "email",
    [
        "a@b.fr",
        "prenom.nom+veille@sous.domaine.example",
        "o'neil@armelie.example",
        "x@xn--armlie-dva.example",
    ],
)
def test_address_a_mail_can_reach_is_kept(email: str) -> None:
    """Ordinary addresses, tags and apostrophes included, are kept."""
    client = a_client(recipients=(Recipient(email),))
    assert client == check_client(client)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@armelie.example",
        "veille@",
        "veille@armelie",
        "veille@.example",
        "veille@armelie..example",
        "veille@-armelie.example",
        "veille@armelie.example.",
        ".veille@armelie.example",
        "veille,presse@armelie.example",
        "Veille <veille@armelie.example>",
        "veille@armelie.example\nBcc: tous@armelie.example",
        "veille\x00@armelie.example",
        "hélène@armelie.example",
        f"{'a' * 65}@armelie.example",
        f"a@{'b.' * 126}example",
    ],
)
def test_address_no_mail_can_reach_is_refused(email: str) -> None:
    """What the mail service would refuse every morning is refused once, at the door."""
    with pytest.raises(BadField, match=r"is no address"):
        check_client(a_client(recipients=(Recipient(email),)))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_watch_of_each_purpose_is_kept(purpose: str) -> None:
    """Every purpose of the design can be kept."""
    watch = a_watch(purpose=purpose)
    assert watch == check_watch(watch)


@pytest.mark.parametrize("wrong", [{"watch_id": "a b"}, {"name": " "}, {"purpose": "spam"}])
def test_watch_that_cannot_be_kept_is_refused(wrong: dict[str, Any]) -> None:
    """A watch's refusal names its field."""
    with pytest.raises(BadField) as refusal:
        check_watch(replace(a_watch(), **wrong))
    assert [*wrong] == [refusal.value.field]
