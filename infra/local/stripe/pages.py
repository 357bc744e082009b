"""Stripe's own pages, reduced to what a person decides there: how the bank answers."""

from html import escape
from urllib.parse import parse_qs

from infra.local.stripe.till import Outcome, Thing, Till

_OUTCOMES: dict[str, Outcome] = {"paid": "paid", "secure": "secure", "declined": "declined"}
Answer = tuple[int, dict[str, str], str]


def answer(till: Till, method: str, path: str, body: str) -> Answer | None:
    """Return a page of Stripe's, or where it leads; None for what is none of its pages."""
    asked = {name: values[0] for name, values in parse_qs(body).items()}
    match path.strip("/").split("/"):
        case ["c", "pay", name] if name in till.sessions:
            return _checkout(till, till.sessions[name], method, asked)
        case ["p", "session", name] if name in till.portals:
            return _portal(till, till.portals[name], method, asked)
        case ["i", name, "pdf"] if name in till.invoices:
            return (
                200,
                {"Content-Type": "text/plain; charset=utf-8"},
                f"Facture {till.invoices[name]['number']}",
            )
        case ["i", name] if name in till.invoices:
            return _invoice(till, till.invoices[name], method, asked)
        case ["stub", "renew", name] if name in till.subscriptions and method == "POST":
            till.customers[till.subscriptions[name]["customer"]]["outcome"] = _OUTCOMES[asked["outcome"]]
            till.renew(till.subscriptions[name])
            return 200, {}, "renewed"
    return None


def _checkout(till: Till, session: Thing, method: str, asked: dict[str, str]) -> Answer:
    if session["status"] == "complete":
        return _page("Déjà payé", "<p>Cette page a servi.</p>")
    price_id = session["line_items"][0]["price"]
    cents = next(each["unit_amount"] for each in till.prices.values() if each["id"] == price_id)
    title = f"{cents / 100:.2f} € HT par mois".replace(".", ",")
    if method == "GET":
        return _page(title, _buttons("Carte 4242", "Carte à confirmer", "Carte refusée"))
    outcome = _OUTCOMES[asked["outcome"]]
    till.pay_session(session, outcome)
    if outcome == "paid":
        return 303, {"Location": session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])}, ""
    if outcome == "secure":
        return _page("Votre banque demande confirmation", _buttons("Confirmer", "", "Refuser"))
    return _page("Paiement refusé", _buttons("Carte 4242", "Carte à confirmer", "Carte refusée"))


def _portal(till: Till, portal: Thing, method: str, asked: dict[str, str]) -> Answer:
    if method == "POST":
        till.customers[portal["customer"]]["outcome"] = _OUTCOMES[asked["outcome"]]
        for invoice in list(till.invoices.values()):
            if invoice["customer"] == portal["customer"] and invoice["status"] == "open":
                till.pay_invoice(invoice, _OUTCOMES[asked["outcome"]])
    back = f'<p><a href="{escape(portal["return_url"])}">Revenir</a></p>'
    return _page("Moyen de paiement", _buttons("Carte 4242", "Carte à confirmer", "Carte refusée") + back)


def _invoice(till: Till, invoice: Thing, method: str, asked: dict[str, str]) -> Answer:
    if method == "POST":
        till.pay_invoice(invoice, _OUTCOMES[asked["outcome"]])
    if invoice["status"] == "paid":
        return _page(f"Facture {invoice['number']}", "<p>Payée</p>")
    return _page(f"Facture {invoice['number']}", _buttons("Confirmer", "", "Refuser"))


def _buttons(paid: str, secure: str, declined: str) -> str:
    labels = (("paid", paid), ("secure", secure), ("declined", declined))
    return "".join(
        f'<form method="post"><button name="outcome" value="{value}">{escape(label)}</button></form>'
        for value, label in labels
        if label
    )


def _page(title: str, body: str) -> Answer:
    head = (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<link rel="icon" href="data:,">'
    )
    shown = f"{head}<title>Stripe (essai)</title><h1>{escape(title)}</h1>{body}"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, shown
