"""The page of a subscription: the plan, what of it is used, what there is to choose, invoices, and ways out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.adapters.mail.catalogue import Catalogue
from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Client, Locale
from vigie.domain.payments import Invoice
from vigie.domain.plans import Plan
from vigie.domain.site_pages import Standing
from vigie.domain.subscriptions import GRACE, Subscription
from vigie.domain.typography import euros, long_date, number, one_line, short_date


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of something is used: a bar of ``width`` percent, negative when it is used up."""

    label: str
    count: str
    share: str
    width: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """A plan to choose. ``button`` is empty for the one that stands."""

    plan_id: str
    name: str
    price: str
    features: tuple[str, ...]
    button: str


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice: its number leads to it at Stripe; ``pdf`` to its file."""

    number: str
    day: str
    total: str
    state: str
    url: str | None
    pdf: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionPage:
    """All that the page shows. ``kind`` colours the band that says how it stands."""

    heading: str
    client: str
    plan: str
    band: str
    kind: str
    pay: LinkView | None
    meters: tuple[Meter, ...]
    held: str
    plans: tuple[PlanCard, ...]
    invoices: tuple[InvoiceRow, ...]
    invoices_note: str
    can_manage: bool
    can_pause: bool
    can_resume: bool
    can_keep: bool
    leave: LinkView | None


def subscription_page(client: Client, standing: Standing, locale: Locale, *, leave: str) -> SubscriptionPage:
    """Return the page; ``leave`` is where one cancels."""
    subscription = standing.subscription
    catalogue = site_catalogue(locale)
    say = catalogue.say
    over = standing.use.held
    cancels = subscription.cancels_at is not None
    pays = subscription.is_paying
    return SubscriptionPage(
        heading=say("plan_title"),
        client=one_line(client.name, 60),
        plan=say(f"plan_name_{subscription.plan_id}"),
        band=_band(client, subscription, locale),
        kind=_kind(subscription),
        pay=_pay(subscription, catalogue),
        meters=_meters(client, standing, catalogue),
        held=catalogue.count("plan_held", over) if over else "",
        plans=tuple(_card(plan, subscription, catalogue) for plan in standing.plans),
        invoices=tuple(_row(invoice, client, locale) for invoice in standing.invoices or ()),
        invoices_note=say("plan_invoices_unread") if standing.invoices is None else "",
        can_manage=bool(subscription.customer_id),
        can_pause=pays and subscription.state == "active" and not cancels,
        can_resume=pays and subscription.pause_reason == "asked",
        can_keep=pays and cancels,
        leave=LinkView(say("plan_cancel"), leave) if pays and not cancels else None,
    )


def _day(client: Client, instant: datetime | None, locale: Locale) -> str:
    return long_date(instant.astimezone(client.tz), locale) if instant else ""


def _band(client: Client, standing: Subscription, locale: Locale) -> str:
    """Return how it stands, in a sentence."""
    say = site_catalogue(locale).say

    def on(instant: datetime | None) -> str:
        return _day(client, instant, locale)

    match standing.state:
        case "trial":
            return say("plan_in_trial", day=on(standing.trial_ends_at))
        case "active" if standing.cancels_at:
            return say("plan_cancelling", day=on(standing.cancels_at))
        case "active":
            return say("plan_in_force", day=on(standing.period_ends_at))
        case "past_due":
            pauses = standing.past_due_since + GRACE if standing.past_due_since else None
            return say("plan_confirm" if standing.needs == "action" else "plan_unpaid", day=on(pauses))
        case "paused":
            return say("plan_paused_unpaid" if standing.pause_reason == "unpaid" else "plan_paused")
    return say("plan_over", day=on(standing.erase_at))


def _kind(standing: Subscription) -> str:
    if standing.state in {"past_due", "cancelled"} or standing.pause_reason == "unpaid":
        return "negative"
    return "positive" if standing.state == "active" else "you"


def _pay(standing: Subscription, catalogue: Catalogue) -> LinkView | None:
    url = web_link(standing.pay_url)
    return LinkView(catalogue.say("plan_pay"), url) if url else None


def _meters(client: Client, standing: Standing, catalogue: Catalogue) -> tuple[Meter, ...]:
    plan = standing.subscription.plan
    return (
        _meter("plan_mentions", standing.use.used, plan.monthly_mentions, catalogue),
        _meter("plan_watches", standing.watches, plan.watches, catalogue),
        _meter("plan_recipients", len(client.recipients), plan.recipients, catalogue),
    )


def _meter(key: str, used: int, included: int, catalogue: Catalogue) -> Meter:
    width = min(100, round(100 * used / included))
    figure, of = number(used, catalogue.locale), number(included, catalogue.locale)
    kind = "negative" if used > included or width == 100 else "you"
    return Meter(catalogue.say(key), figure, catalogue.say("plan_of", included=of), width, kind)


def features_of(plan: Plan, catalogue: Catalogue) -> tuple[str, ...]:
    """Return what a plan includes, in words."""
    return (
        catalogue.count("plan_has_mentions", plan.monthly_mentions),
        catalogue.count("plan_has_watches", plan.watches, keywords=number(plan.keywords, catalogue.locale)),
        catalogue.count("plan_has_recipients", plan.recipients),
        catalogue.count("plan_has_history", plan.history_days),
        *([catalogue.say("plan_has_alerts")] if plan.alerts else []),
        *([catalogue.say("plan_has_editor")] if plan.boolean_editor else []),
    )


def _card(plan: Plan, standing: Subscription, catalogue: Catalogue) -> PlanCard:
    say, locale = catalogue.say, catalogue.locale
    is_own = standing.is_paying and plan.plan_id == standing.plan_id
    return PlanCard(
        plan_id=plan.plan_id,
        name=say(f"plan_name_{plan.plan_id}"),
        price=say("plan_price", price=euros(plan.price_cents, locale)),
        features=features_of(plan, catalogue),
        button="" if is_own else say("plan_choose", plan=say(f"plan_name_{plan.plan_id}")),
    )


def _row(invoice: Invoice, client: Client, locale: Locale) -> InvoiceRow:
    say = site_catalogue(locale).say
    total, tax = euros(invoice.total_cents, locale), euros(invoice.tax_cents, locale)
    return InvoiceRow(
        number=one_line(invoice.number, 40),
        day=short_date(invoice.issued_at.astimezone(client.tz).date(), locale),
        total=say("plan_total", total=total, tax=tax),
        state=say("plan_invoice_paid" if invoice.is_paid else "plan_invoice_due"),
        url=web_link(invoice.page_url),
        pdf=web_link(invoice.pdf_url),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPage:
    """The question whether to cancel: what ends when, what is kept until when."""

    heading: str
    client: str
    texts: Sequence[str]
    button: str
    back: LinkView


def cancel_page(client: Client, standing: Subscription, locale: Locale, *, back: str) -> CancelPage:
    """Return the page to cancel on."""
    say = site_catalogue(locale).say
    ends = _day(client, standing.period_ends_at, locale)
    return CancelPage(
        heading=say("plan_cancel_title"),
        client=one_line(client.name, 60),
        texts=(say("plan_cancel_what", day=ends), say("plan_cancel_kept"), say("plan_cancel_or_pause")),
        button=say("plan_cancel_button"),
        back=LinkView(say("plan_cancel_back"), back),
    )
