"""Letters about a subscription: reminders of a trial's end, payments that failed, what was kept and until when."""

from datetime import datetime

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.adapters.mail.letter import Letter, letter_mail
from vigie.domain.clients import Client, Recipient
from vigie.domain.plans import plans_for_sale
from vigie.domain.subscriptions import GRACE, Notice, Subscription
from vigie.domain.typography import euros, long_date, one_line
from vigie.ports import Mail

SUBSCRIPTION_PATH = "espace/abonnement"


def billing_mail(
    client: Client,
    person: Recipient,
    notice: Notice,
    standing: Subscription,
    *,
    key: str,
    at: datetime,
    site_url: str,
    sender: str,
) -> Mail:
    """Return the mail that tells a notice. Raises Permanent for an address that no mail can carry."""
    locale = person.locale or client.locale
    say = catalogue_for(locale).say

    def day(instant: datetime | None) -> str:
        return long_date(instant.astimezone(client.tz), locale) if instant else ""

    told = {
        "client": one_line(client.name, 60),
        "ends": day(standing.trial_ends_at),
        "pauses": day(standing.past_due_since + GRACE if standing.past_due_since else None),
        "erased": day(standing.erase_at),
        "price": euros(min(plan.price_cents for plan in plans_for_sale()), locale),
    }
    # A payment that failed is mended on the provider's own page of it; all else on ours.
    pays = notice.startswith("payment_") and standing.pay_url
    letter = Letter(
        locale=locale,
        subject=say(f"billing_{notice}_subject", **told),
        heading=say(f"billing_{notice}_subject", **told),
        texts=tuple(say(f"billing_{notice}_text", **told).split("\n")),
        label=say("billing_pay_button" if pays else "billing_button"),
        url=standing.pay_url if pays else f"{site_url}/{SUBSCRIPTION_PATH}",
        notes=(say("billing_note"),),
    )
    return letter_mail(letter, key=key, sender=sender, to=person.email, name=person.name, at=at)
