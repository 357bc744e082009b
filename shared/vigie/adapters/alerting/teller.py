"""Tells by whatever channel a person has: one place that knows them all."""

from collections.abc import Callable
from typing import Any

from vigie.adapters.alerting.chat import body_of
from vigie.adapters.alerting.mail import alert_mail
from vigie.adapters.alerting.words import words_of
from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.telling import Telling
from vigie.errors import Permanent
from vigie.ports import Mailer

SMS_CHARACTERS = 300


class ChannelTeller:
    """``Teller`` on mail, webhooks and SMS; a stack without SMS says so of each number.

    ``link`` returns the address to take an alert in charge, for one address of one client; None without a site.
    """

    def __init__(
        self,
        *,
        mailer: Mailer,
        sender: str,
        post: Callable[[str, Any], None],
        sms: Callable[[str, str], None] | None,
        link: Callable[[Alert, str], str | None],
    ) -> None:
        self._mailer, self._sender = mailer, sender
        self._post, self._sms, self._link = post, sms, link

    def __call__(self, telling: Telling) -> None:
        """Tell. Raises Transient, Permanent or Unanswered."""
        channel = telling.channel
        # In a chat many read the link: whoever follows it there takes the alert in the name of the channel's person.
        taker = channel.to if channel.kind == "mail" else telling.person.name
        words = words_of(telling, self._link(telling.alert, taker) or "")
        if channel.kind == "mail":
            self._mailer.send(alert_mail(telling, words, sender=self._sender, to=channel.to))
        elif channel.kind == "sms":
            if self._sms is None:
                raise Permanent("SMS are off on this stack")
            self._sms(channel.to, f"{words.subject}. {words.size}"[:SMS_CHARACTERS])
        else:
            self._post(channel.to, body_of(telling, words))
