"""What stands around every page of the client area: who is signed in, for which client, and where to go."""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Client, Locale
from vigie.domain.sign_in import Role, Session
from vigie.domain.typography import hour, long_date, one_line

SUBSCRIPTION = "abonnement"
_ROOMS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("", "area_home", frozenset({"reader", "manager", "reviewer"})),
    ("relecture", "area_review", frozenset({"reviewer"})),
    ("envois", "area_digests", frozenset({"reader", "manager", "reviewer"})),
    ("recherche", "area_search", frozenset({"reader", "manager", "reviewer"})),
    ("alertes", "area_alerts", frozenset({"reader", "manager", "reviewer"})),
    ("veilles", "area_watches", frozenset({"reader", "manager", "reviewer"})),
    ("sources", "area_sources", frozenset({"reader", "manager", "reviewer"})),
    ("destinataires", "area_recipients", frozenset({"reader", "manager", "reviewer"})),
    ("exports", "area_exports", frozenset({"manager", "reviewer"})),
    (SUBSCRIPTION, "area_subscription", frozenset({"manager", "reviewer"})),
)


@dataclass(frozen=True, slots=True)
class Room:
    """A link of the area's menu."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFrame:
    """The frame of a page; ``seal`` is what its forms send back."""

    client: str
    email: str
    rooms: tuple[Room, ...]
    here: str
    seal: str
    clients: LinkView | None
    sessions: LinkView
    leave: str


def area_frame(
    client: Client | None,
    email: str,
    locale: Locale,
    *,
    role: Role | None,
    has_several: bool,
    seal: str,
    base: str,
    here: str,
    subscribes: bool = False,
) -> AreaFrame:
    """Return the frame of a page; ``base`` leads to the area, ``here`` is the room the page is in.

    ``subscribes``: the client has a subscription, and with it a room.
    """
    say = site_catalogue(locale).say
    rooms = tuple(
        Room(say(key), f"{base}/{path}" if path else base, path == here)
        for path, key, roles in _ROOMS
        if role in roles and (subscribes or path != SUBSCRIPTION)
    )
    return AreaFrame(
        client=one_line(client.name, 60) if client else "",
        email=one_line(email, 100),
        rooms=rooms,
        here=next((room.label for room in rooms if room.is_here), ""),
        seal=seal,
        clients=LinkView(say("area_other_client"), f"{base}/clients") if has_several else None,
        sessions=LinkView(say("area_sessions"), f"{base}/sessions"),
        leave=f"{base}/sessions",
    )


@dataclass(frozen=True, slots=True)
class ClientChoice:
    """A client to look at."""

    client_id: str
    name: str
    is_here: bool


def client_choices(clients: Sequence[Client], here: str | None) -> tuple[ClientChoice, ...]:
    """Return the clients one may look at, by name."""
    named = (
        ClientChoice(each.client_id, one_line(each.name, 80), each.client_id == here) for each in clients
    )
    return tuple(sorted(named, key=lambda choice: choice.name.casefold()))


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A browser in which somebody is signed in."""

    text: str
    is_here: bool


def session_lines(sessions: Sequence[Session], own: Session, locale: Locale) -> tuple[SessionLine, ...]:
    """Return one's sessions, as sentences."""
    say = site_catalogue(locale).say
    return tuple(
        SessionLine(
            say(
                "session_line",
                day=long_date(each.created_at.date(), locale),
                hour=hour(each.created_at, locale),
                seen=long_date(each.seen_at.date(), locale),
            ),
            each.session_sha256 == own.session_sha256,
        )
        for each in sessions
    )
