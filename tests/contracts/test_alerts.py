"""Contract of AlertStore."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from tests.builders import CUTOFF, an_alert
from tests.contracts.together import at_once
from vigie.domain.alerts.alert import Alert, Event, Notice
from vigie.domain.alerts.settings import AlertSettings, Channel, Mute, Person
from vigie.domain.alerts.watching import OWN, Seen, Watching

OURS, THEIRS = "banque-armelie", "union"


def alert_of_day(number: int, client_id: str = OURS) -> Alert:
    """Return an alert opened on a day, of which somebody is to be told."""
    at = CUTOFF + timedelta(days=number)
    return an_alert(
        Event(number=1, kind="opened", at=at),
        client_id=client_id,
        alert_id=f"{at:%Y%m%dT%H%M%S}-own",
        opened_at=at,
        since=at,
        pending=(Notice(event=1, person=0, due_at=at),),
        active_at=at,
    )


def a_watching(version: int, *alerts: Alert, client_id: str = OURS) -> Watching:
    """Return what is remembered of a client, at a version."""
    seen = Seen(mention_id="d1", at=CUTOFF, topic=OWN, press=True, story_id="d1", publisher="courrier.test")
    return Watching(
        client_id=client_id, since=CUTOFF, open_bin_at=CUTOFF, version=version, recent=(seen,), alerts=alerts
    )


def test_what_is_remembered_is_kept_with_its_alerts(stores: Any) -> None:
    """What is remembered, the alerts that changed, and when to look again are kept together."""
    alert = alert_of_day(0)
    assert stores.alerts.watching(OURS) is None
    assert stores.alerts.keep(None, a_watching(1, alert), [alert], CUTOFF + timedelta(hours=1))
    assert stores.alerts.watching(OURS) == a_watching(1, alert)
    assert stores.alerts.alert(OURS, alert.alert_id) == alert
    assert stores.alerts.due(CUTOFF) == []
    assert stores.alerts.due(CUTOFF + timedelta(hours=1)) == [OURS]


def test_of_many_who_keep_one_does(stores: Any) -> None:
    """What was read before somebody else kept it is not kept."""
    first = a_watching(1)
    kept = at_once(6, lambda _: stores.alerts.keep(None, first, [], None))
    assert sorted(kept) == [False] * 5 + [True]
    second = at_once(6, lambda _: stores.alerts.keep(first, a_watching(2), [alert_of_day(0)], None))
    assert sorted(second) == [False] * 5 + [True]
    assert not stores.alerts.keep(first, a_watching(2, alert_of_day(1)), [alert_of_day(1)], None)
    assert stores.alerts.alert(OURS, alert_of_day(1).alert_id) is None


def test_the_next_look_replaces_the_one_before(stores: Any) -> None:
    """A client is due once, at the time said last, or never."""
    later = CUTOFF + timedelta(hours=2)
    stores.alerts.keep(None, a_watching(1), [], CUTOFF)
    stores.alerts.keep(a_watching(1), a_watching(2), [], later)
    assert (stores.alerts.due(CUTOFF), stores.alerts.due(later)) == ([], [OURS])
    stores.alerts.keep(a_watching(2), a_watching(3), [], None)
    assert stores.alerts.due(later) == []


def test_alerts_are_a_clients_own_and_come_newest_first(stores: Any) -> None:
    """One client's alerts are nobody else's."""
    ours = [alert_of_day(number) for number in range(3)]
    theirs = alert_of_day(9, THEIRS)
    stores.alerts.keep(None, a_watching(1, *ours), ours, None)
    stores.alerts.keep(None, a_watching(1, theirs, client_id=THEIRS), [theirs], None)
    assert stores.alerts.alerts(OURS, 2) == [ours[2], ours[1]]
    assert stores.alerts.alert(OURS, theirs.alert_id) is None


def test_settings_are_the_usual_until_said(stores: Any) -> None:
    """Settings come back as they were kept, hours and instants too."""
    assert stores.alerts.settings(OURS) == AlertSettings(client_id=OURS)
    settings = AlertSettings(
        client_id=OURS,
        people=(
            Person(
                name="Ana",
                channels=(Channel("sms", "+33612345678"),),
                quiet_from=time(22),
                quiet_until=time(7, 30),
            ),
        ),
        mutes=(Mute(CUTOFF, CUTOFF + timedelta(days=1), "fête"),),
        factor=1.21,
    )
    assert stores.alerts.change_settings(OURS, lambda _: settings) == settings
    assert stores.alerts.settings(OURS) == settings


def test_settings_changed_by_two_at_once_lose_nothing(stores: Any) -> None:
    """Whoever comes second decides again, on what the first left."""

    def widen(read: AlertSettings) -> AlertSettings:
        return replace(read, factor=read.factor + 1)

    at_once(4, lambda _: stores.alerts.change_settings(OURS, widen))
    assert stores.alerts.settings(OURS).factor == AlertSettings(client_id=OURS).factor + 4
