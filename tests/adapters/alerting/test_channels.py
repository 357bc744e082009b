"""What each channel is told: the same alert as a mail of one thread, Slack's blocks, Teams' card, JSON, an SMS."""

import email
import email.policy
import json
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from tests.builders import CUTOFF, a_client, an_alert
from vigie.adapters.alerting.teller import SMS_CHARACTERS, ChannelTeller
from vigie.domain.alerts.alert import Event, KeyDocument, Measure, Spread
from vigie.domain.alerts.settings import Channel, ChannelKind, Person
from vigie.domain.alerts.telling import Telling
from vigie.errors import Permanent
from vigie.ports import Mail

LINK = "https://vigie.test/take"


class Channels:
    """Takes what is sent by every channel."""

    def __init__(self, *, sms: bool = True) -> None:
        self.mails: list[Mail] = []
        self.posts: list[Any] = []
        self.texts: list[str] = []
        self.tell = ChannelTeller(
            mailer=self,
            sender="veille@vigie.test",
            post=lambda _url, body: self.posts.append(json.loads(msgspec.json.encode(body))),
            sms=(lambda _number, text: self.texts.append(text)) if sms else None,
            link=lambda _alert, _taker: LINK,
        )

    def send(self, mail: Mail) -> str:
        """Take a mail."""
        self.mails.append(mail)
        return "id"


def a_telling(kind: ChannelKind, to: str, *, event: int = 1) -> Telling:
    """Return an alert's event to be told by a channel."""
    document = KeyDocument(
        mention_id="d1",
        title="Panne <géante> & colère",
        source_name="Le Courrier",
        url="https://courrier.test/1",
        published_at=CUTOFF,
    )
    alert = an_alert(
        Event(number=1, kind="opened", at=CUTOFF),
        Event(number=2, kind="reopened", at=CUTOFF),
        measure=Measure(value=6, baseline=0.4, z=8.8, minutes=60),
        spread=Spread(
            stories=2, mentions=8, families=("a", "b"), copied_share=0.75, loudest=("ana",), authors=3
        ),
        first=document,
        documents=(document,),
        chart=(0, 0, 1, 5),
    )
    person = Person(name="Ana", channels=(Channel(kind, to),))
    return Telling(
        client=a_client(),
        alert=alert,
        event=alert.events[event - 1],
        person=person,
        channel=Channel(kind, to),
        key=f"banque-armelie_{alert.alert_id}_{event}_0_0",
    )


def mail_of(telling: Telling) -> EmailMessage:
    """Return the mail that tells it."""
    channels = Channels()
    channels.tell(telling)
    message = email.message_from_bytes(channels.mails[0].raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_mails_of_one_alert_are_one_thread() -> None:
    """Every event refers to one root, under an id of its own."""
    first, second = (mail_of(a_telling("mail", "ana@b.test", event=number)) for number in (1, 2))
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_says_who_spreads_it_and_what_is_unknown() -> None:
    """The share that is copied, who posts most, the chart as cells of a table, the link to take it."""
    message = mail_of(a_telling("mail", "ana@b.test"))
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert all(part in text for part in ("75", "ana", "Le Courrier", LINK, "0 0 1 5"))
    assert ("<img" not in html, html.count('valign="bottom"') >= 4) == (True, True)


def test_slack_is_told_in_blocks_that_format_nothing() -> None:
    """A header, facts, documents as escaped links, a button, what is unknown."""
    channels = Channels()
    channels.tell(a_telling("slack", "https://hooks.slack.test/x"))
    (body,) = channels.posts
    assert [block["type"] for block in body["blocks"]] == [
        "header",
        "section",
        "section",
        "actions",
        "context",
    ]
    assert "&lt;géante&gt; &amp; colère" in body["blocks"][2]["text"]["text"]
    assert body["blocks"][3]["elements"][0]["url"] == LINK


def test_teams_is_told_by_an_adaptive_card() -> None:
    """One card of version 1.4, whose first action takes the alert."""
    channels = Channels()
    channels.tell(a_telling("teams", "https://teams.test/x"))
    (attachment,) = channels.posts[0]["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["version"], card["actions"][0]["url"]) == ("1.4", LINK)


def test_any_other_webhook_is_told_plainly() -> None:
    """With the key that is the same on every try."""
    channels, telling = Channels(), a_telling("webhook", "https://client.test/x")
    channels.tell(telling)
    (body,) = channels.posts
    assert (body["key"], body["event"], body["severity"]) == (telling.key, "opened", "critical")


def test_an_sms_is_short_and_off_unless_wanted() -> None:
    """A stack without SMS refuses for good, so that the next channel is tried."""
    channels, telling = Channels(), a_telling("sms", "+33612345678")
    channels.tell(telling)
    assert 0 < len(channels.texts[0]) <= SMS_CHARACTERS
    with pytest.raises(Permanent, match="SMS"):
        Channels(sms=False).tell(telling)


def test_alerts_told_together_are_one_message() -> None:
    """The subject counts them; each has its line."""
    channels, telling = Channels(), a_telling("mail", "com@banque.test")
    other = replace(telling.alert, alert_id="20261123T071500-port", trigger="burst")
    channels.tell(replace(telling, also=(other,)))
    (mail,) = channels.mails
    message = email.message_from_bytes(mail.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert "2 alertes" in str(message["Subject"])
    text = message.get_body(("plain",))
    assert text is not None
    assert "Aussi : on parle de vous bien plus que d'habitude" in " ".join(text.get_content().split())


def test_what_is_taken_has_no_link_to_take_it() -> None:
    """Once somebody has it there is nothing to press."""
    channels, telling = Channels(), a_telling("slack", "https://hooks.slack.test/x")
    channels.tell(replace(telling, alert=replace(telling.alert, state="acknowledged", acknowledged_by="Bo")))
    assert "actions" not in [block["type"] for block in channels.posts[0]["blocks"]]
