"""Subscription desk: what a self-serve client's people see of their plan, and what they do about it.

What is asked of the payment provider is read back at once: the page shows what stands, without waiting to be told.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.domain.clients import Client, Locale
from vigie.domain.payments import Invoice
from vigie.domain.plans import Plan, plan_named, plans_for_sale
from vigie.domain.quotas import QuotaUse
from vigie.domain.site_pages import Standing
from vigie.domain.subscriptions import Subscription, to_erase
from vigie.errors import Conflict, NotFound, Transient
from vigie.ports import AccountStore, BillingStore, CheckoutOrder, Clock, Payments
from vigie.steps.billing.events import Readings

SESSION = "{CHECKOUT_SESSION_ID}"
"""What the provider replaces in the address that a checkout leads back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionDesk:
    """Shows and changes subscriptions, each within one client."""

    billing: BillingStore
    accounts: AccountStore
    payments: Callable[[], Payments]
    readings: Readings
    use: Callable[[str], QuotaUse | None]
    clock: Clock

    def show(self, client: Client) -> Standing:
        """Return how a client's subscription stands. Raises NotFound for a client without one (an agency's)."""
        subscription = self._of(client)
        use = self.use(client.client_id)
        if use is None:
            raise NotFound("There is no subscription here.")
        return Standing(
            subscription=subscription,
            use=use,
            watches=len(self.accounts.watches(client.client_id)),
            plans=tuple(plans_for_sale()),
            invoices=self._invoices(subscription),
            now=self.clock(),
        )

    def paid(self, client: Client, session_id: str) -> None:
        """Take in what a checkout came to, for who comes back from it before we were told. Raises Transient."""
        billing_id = self.payments().bought(session_id, client.client_id)
        if billing_id:
            self.readings.read(client.client_id, billing_id, self.clock())

    def choose(self, client: Client, plan_id: str, *, email: str, locale: Locale, page_url: str) -> str:
        """Subscribe to a plan, or change to it; return where to go next: the provider's page, or ours.

        Raises NotFound for what is no plan for sale, Conflict when the client has more than it includes.
        """
        standing, plan = self._of(client), plan_named(plan_id)
        if plan.is_trial:
            raise NotFound("A trial is not for sale.")
        self._check_room(client, plan)
        if standing.is_paying:
            if plan.plan_id != standing.plan_id:
                self.payments().change_plan(standing.billing_id, plan)
                self._read_back(standing)
            return page_url
        order = CheckoutOrder(
            client_id=client.client_id,
            plan=plan,
            email=email,
            locale=locale,
            paid_url=f"{page_url}?paid={SESSION}",
            back_url=page_url,
            # Of one hour and one state: a button pressed twice is one order, a second try tomorrow another.
            occasion=f"{standing.state} {standing.since.isoformat()} {self.clock():%Y-%m-%dT%H}",
            customer_id=standing.customer_id,
        )
        return self.payments().checkout(order)

    def manage(self, client: Client, *, locale: Locale, page_url: str) -> str:
        """Return the provider's page to change the card or the address. Raises NotFound before anything was paid."""
        standing = self._of(client)
        if not standing.customer_id:
            raise NotFound("Nothing was paid yet.")
        return self.payments().portal(standing.customer_id, locale, page_url)

    def pause(self, client: Client) -> None:
        """Stop mails and invoices until it is resumed; watching goes on."""
        standing = self._paying(client)
        self.payments().set_paused(standing.billing_id, paused=True)
        self._read_back(standing)

    def resume(self, client: Client) -> None:
        """Take a pause back."""
        standing = self._paying(client)
        self.payments().set_paused(standing.billing_id, paused=False)
        self._read_back(standing)

    def cancel(self, client: Client) -> None:
        """End a subscription with the period that is paid."""
        standing = self._paying(client)
        self.payments().set_cancelling(standing.billing_id, cancelling=True)
        self._read_back(standing)

    def keep(self, client: Client) -> None:
        """Take a cancellation back, while the period lasts."""
        standing = self._paying(client)
        self.payments().set_cancelling(standing.billing_id, cancelling=False)
        self._read_back(standing)

    def erase(self, client: Client) -> None:
        """End it at the provider at once, and have all that the client owns erased with the next round.

        What was paid ahead is not paid back here. Raises NotFound for a client without a subscription (an agency's).
        """
        standing = self._of(client)
        if standing.billing_id:
            self.payments().end(standing.billing_id)
        self.billing.change(
            client.client_id, self.clock(), lambda found: found and to_erase(found, self.clock())
        )

    def end(self, client_id: str) -> None:
        """End it at the provider and forget it here: what it belongs to is erased."""
        standing = self.billing.subscription(client_id)
        if standing is not None and standing.billing_id:
            self.payments().end(standing.billing_id)
        self.billing.change(client_id, self.clock(), lambda _: None)

    def _of(self, client: Client) -> Subscription:
        standing = self.billing.subscription(client.client_id)
        if standing is None:
            raise NotFound("There is no subscription here.")
        return standing

    def _paying(self, client: Client) -> Subscription:
        standing = self._of(client)
        if not standing.is_paying:
            raise Conflict("There is no paid subscription to change.")
        return standing

    def _read_back(self, standing: Subscription) -> None:
        self.readings.read(standing.client_id, standing.billing_id, self.clock())

    def _check_room(self, client: Client, plan: Plan) -> None:
        """Refuse a plan that is too small: nothing is taken away by changing plans."""
        watches, recipients = len(self.accounts.watches(client.client_id)), len(client.recipients)
        if watches > plan.watches:
            raise Conflict(
                f"You have {watches} watches, and this plan includes {plan.watches}: remove some first."
            )
        if recipients > plan.recipients:
            raise Conflict(
                f"You have {recipients} recipients, and this plan includes {plan.recipients}: remove some first."
            )

    def _invoices(self, standing: Subscription) -> tuple[Invoice, ...] | None:
        if not standing.customer_id:
            return ()
        try:
            return tuple(self.payments().invoices(standing.customer_id))
        except Transient:
            return None  # the page says so, and shows the rest
